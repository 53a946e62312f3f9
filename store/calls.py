"""Calls on the telephone and the recordings that the provider made of them."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.call import Call, CallRecording, CallRecordingState, CallStage
from core.conversation import CallDirection
from core.handoff import Holder
from core.recording import FirstLeg
from store.call_tables import CallRecordingRow, CallRow
from store.tables import ConversationRow

_CALL = ("conversation", "conversation_id")  # the type's name of a column, and the row's
_RECORDING = (_CALL, ("call", "call_sid"), ("recording", "recording_id"))


async def save(session: AsyncSession, call: Call) -> None:
    """Store a call as it is now; the row of a known one is replaced."""
    await session.merge(CallRow(**_columns(asdict(call), _CALL)))
    await session.flush()


async def find(session: AsyncSession, provider: str, sid: str) -> Call | None:
    """The call of a caller's leg, or None."""
    row = await session.get(CallRow, (provider, sid), populate_existing=True)
    return None if row is None else _call_of(row)


async def find_by_conversation(session: AsyncSession, conversation_id: str) -> Call | None:
    """The latest call of a conversation, or None."""
    row = await session.scalar(
        select(CallRow)
        .where(CallRow.conversation_id == conversation_id)
        .order_by(CallRow.began_at.desc())
        .limit(1)
    )
    return None if row is None else _call_of(row)


async def save_recording(session: AsyncSession, recording: CallRecording) -> None:
    """Store what is known of a recording; the row of a known one is replaced."""
    await session.merge(CallRecordingRow(**_columns(asdict(recording), *_RECORDING)))
    await session.flush()


async def find_recording(session: AsyncSession, sid: str) -> CallRecording | None:
    """A recording by the provider's name, or None."""
    row = await session.get(CallRecordingRow, sid, populate_existing=True)
    return None if row is None else _recording_of(row)


async def recording_behind(session: AsyncSession, recording_id: str) -> CallRecording | None:
    """What the provider told of a recording that was fetched; None for any other."""
    row = await session.scalar(
        select(CallRecordingRow).where(CallRecordingRow.recording_id == recording_id).limit(1)
    )
    return None if row is None else _recording_of(row)


async def has_fetched(session: AsyncSession, conversation_id: str) -> bool:
    """Whether a recording of this conversation was fetched already."""
    found = await session.scalar(
        select(CallRecordingRow.sid)
        .where(CallRecordingRow.conversation_id == conversation_id)
        .where(CallRecordingRow.state == CallRecordingState.FETCHED.value)
        .limit(1)
    )
    return found is not None


async def recordings_due(
    session: AsyncSession, *, now: datetime, most: int = 20
) -> tuple[CallRecording, ...]:
    """Those to be fetched: their call is over, so nobody adds turns while theirs are put in."""
    rows = await session.scalars(
        select(CallRecordingRow)
        .join(ConversationRow, ConversationRow.id == CallRecordingRow.conversation_id)
        .where(CallRecordingRow.state == CallRecordingState.DUE.value)
        .where(ConversationRow.holder == Holder.CLOSED.value)
        .where(or_(CallRecordingRow.try_after.is_(None), CallRecordingRow.try_after <= now))
        .order_by(CallRecordingRow.told_at, CallRecordingRow.sid)
        .limit(most)
    )
    return tuple(map(_recording_of, rows))


def _columns(values: dict[str, Any], *renamed: tuple[str, str]) -> dict[str, Any]:
    for name, column in renamed:
        values[column] = values.pop(name)
    return values


def _call_of(row: CallRow) -> Call:
    plain = Call(row.provider, row.sid, row.conversation_id, row.began_at)
    return replace(
        plain,
        direction=CallDirection(row.direction),
        parent=FirstLeg(row.parent),
        stage=CallStage(row.stage),
        step=row.step,
        key=row.key,
        answer=row.answer,
        told_from=row.told_from,
        told_to=row.told_to,
        silences=row.silences,
        misheard=row.misheard,
        is_slow=row.is_slow,
        called=row.called,
        pending=row.pending,
        leg=row.leg,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
    )


def _recording_of(row: CallRecordingRow) -> CallRecording:
    plain = CallRecording(row.sid, row.call_sid, row.conversation_id, row.told_at)
    return replace(
        plain,
        state=CallRecordingState(row.state),
        started_at=row.started_at,
        duration=row.duration,
        channels=row.channels,
        attempts=row.attempts,
        try_after=row.try_after,
        recording=row.recording_id,
        error=row.error,
    )

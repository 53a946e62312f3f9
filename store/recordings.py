"""Recordings and the claim on their next step: the row is the truth, the queue only news."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import CallDirection
from core.errors import NotFound
from core.recording import ChannelLayout, Mute, Recording, RecordingState
from core.spans import TimeSpan
from store import claims
from store.tables import RecordingRow

UNFINISHED = (RecordingState.RECEIVED.value, RecordingState.TRANSCRIBED.value)


async def receive(session: AsyncSession, recording: Recording) -> tuple[Recording, bool]:
    """Store a recording; when its bytes are known already, give that one and False."""
    known = await session.scalar(
        select(RecordingRow).where(RecordingRow.sha256 == recording.sha256)
    )
    if known is not None:
        return _recording_of(known), False
    try:
        async with session.begin_nested():
            session.add(RecordingRow(**_columns(recording)))
    except IntegrityError:  # another program stored the same bytes a moment before
        return await _get_by_hash(session, recording.sha256), False
    return recording, True


async def find(session: AsyncSession, recording_id: str) -> Recording | None:
    """A recording, or None."""
    row = await session.get(RecordingRow, recording_id, populate_existing=True)
    return None if row is None else _recording_of(row)


async def find_by_hash(session: AsyncSession, sha256: str) -> Recording | None:
    """The recording with these bytes, or None."""
    row = await session.scalar(select(RecordingRow).where(RecordingRow.sha256 == sha256))
    return None if row is None else _recording_of(row)


async def get(session: AsyncSession, recording_id: str) -> Recording:
    """A recording.

    Raises:
        NotFound: there is none with this id.
    """
    found = await find(session, recording_id)
    if found is None:
        raise NotFound(f"no recording {recording_id}")
    return found


async def claim(
    session: AsyncSession,
    recording_id: str,
    step: RecordingState,
    *,
    worker: str,
    now: datetime,
    seconds: float,
) -> bool:
    """Take the step that begins at state `step`; False when another has it or it is done.

    Counts one attempt; a worker that already holds the claim may take it again.
    """
    return await claims.take(
        session,
        RecordingRow,
        recording_id,
        when=RecordingRow.state == step.value,
        worker=worker,
        now=now,
        seconds=seconds,
    )


async def renew(
    session: AsyncSession, recording_id: str, *, worker: str, now: datetime, seconds: float
) -> bool:
    """Keep a claim for `seconds` more; False when it was lost."""
    return await claims.renew(
        session, RecordingRow, recording_id, worker=worker, now=now, seconds=seconds
    )


async def advance(
    session: AsyncSession,
    recording_id: str,
    to: RecordingState,
    *,
    worker: str,
    **changes: Any,
) -> bool:
    """Finish the claimed step, storing what it found; False when the claim was lost."""
    return await _change(
        session,
        claims.is_held(RecordingRow, recording_id, worker),
        state=to.value,
        claimed_by=None,
        claimed_until=None,
        attempts=0,
        error=None,
        **changes,
    )


async def release(
    session: AsyncSession,
    recording_id: str,
    *,
    worker: str,
    until: datetime | None = None,
    counted: bool = True,
) -> bool:
    """Give the claim back unfinished; nobody takes it before `until`."""
    return await claims.release(
        session, RecordingRow, recording_id, worker=worker, until=until, counted=counted
    )


async def holder(session: AsyncSession, recording_id: str, *, now: datetime) -> str | None:
    """The worker who has a recording's step; None when nobody has."""
    return await claims.holder(session, RecordingRow, recording_id, now=now)


async def release_all(session: AsyncSession, workers: str, *, counted: bool = True) -> int:
    """Give back every claim of the workers whose names begin with `workers`."""
    return await claims.release_all(session, RecordingRow, workers, counted=counted)


async def settle(
    session: AsyncSession, conversation_id: str, to: RecordingState, *, error: str | None = None
) -> bool:
    """The first score of a transcribed recording's conversation was made, or cannot be.

    Scoring is claimed on the conversation. False when there was nothing to settle: a later score
    that fails leaves the recording scored.
    """
    return await _change(
        session,
        (RecordingRow.conversation_id == conversation_id)
        & (RecordingRow.state == RecordingState.TRANSCRIBED.value),
        state=to.value,
        error=error,
    )


async def fail(session: AsyncSession, recording_id: str, *, worker: str, reason: str) -> bool:
    """Mark it failed, with a sentence that says why and what to do."""
    return await _change(
        session,
        claims.is_held(RecordingRow, recording_id, worker),
        state=RecordingState.FAILED.value,
        error=reason,
        claimed_by=None,
        claimed_until=None,
    )


async def retry(session: AsyncSession, recording_id: str, **changes: Any) -> bool:
    """Put a failed recording back to its beginning; False when it has not failed.

    `changes` are columns that are told differently this time (layout, agent, variables).
    """
    return await _change(
        session,
        (RecordingRow.id == recording_id) & (RecordingRow.state == RecordingState.FAILED.value),
        state=RecordingState.RECEIVED.value,
        error=None,
        attempts=0,
        **changes,
    )


async def hear_again(session: AsyncSession, recording_id: str, mutes: tuple[Mute, ...]) -> None:
    """Silence more of a recording: it is heard anew, and what a worker is at now is lost."""
    await _change(
        session,
        RecordingRow.id == recording_id,
        state=RecordingState.RECEIVED.value,
        error=None,
        attempts=0,
        claimed_by=None,
        claimed_until=None,
        mutes=mutes_out(mutes),
    )


async def due(session: AsyncSession, *, now: datetime, most: int = 200) -> list[str]:
    """The ids of recordings to be heard that no live claim covers, the `most` oldest in order."""
    rows = await session.scalars(
        select(RecordingRow.id)
        .where(RecordingRow.state == RecordingState.RECEIVED.value)
        .where(claims.is_free(RecordingRow, now))
        .order_by(RecordingRow.received_at, RecordingRow.id)
        .limit(most)
    )
    return list(rows)


async def open_list(session: AsyncSession) -> list[Recording]:
    """Recordings that are unfinished or failed, newest first."""
    rows = await session.scalars(
        select(RecordingRow)
        .where(RecordingRow.state.in_((*UNFINISHED, RecordingState.FAILED.value)))
        .order_by(RecordingRow.received_at.desc())
        .limit(200)
    )
    return [_recording_of(row) for row in rows]


async def known(session: AsyncSession) -> frozenset[str]:
    """The ids of all recordings."""
    return frozenset(await session.scalars(select(RecordingRow.id)))


async def set_conversation(session: AsyncSession, recording_id: str, conversation: str) -> None:
    """Link a recording to the conversation it became."""
    await _change(session, RecordingRow.id == recording_id, conversation_id=conversation)


async def update_variables(
    session: AsyncSession, recording_id: str, scorecard: str | None, variables: dict[str, str]
) -> None:
    """Keep the scorecard and the words of the house it is scored with."""
    await _change(
        session, RecordingRow.id == recording_id, scorecard=scorecard, variables=variables
    )


async def _get_by_hash(session: AsyncSession, sha256: str) -> Recording:
    known = await find_by_hash(session, sha256)
    if known is None:
        raise NotFound(f"no recording with the bytes {sha256[:12]}")
    return known


async def _change(session: AsyncSession, where: ColumnElement[bool], **values: Any) -> bool:
    return await claims.change(session, RecordingRow, where, **values) == 1


def _columns(recording: Recording) -> dict[str, Any]:
    return {
        "id": recording.id,
        "sha256": recording.sha256,
        "name": recording.name,
        "state": recording.state.value,
        "received_at": recording.received_at,
        "layout": recording.layout.value if recording.layout else None,
        "duration": recording.duration,
        "sample_rate_hz": recording.sample_rate_hz,
        "consent": recording.consent,
        "delete_after": recording.delete_after,
        "conversation_id": recording.conversation,
        "agent": recording.agent,
        "external_id": recording.external_id,
        "scorecard": recording.scorecard,
        "variables": dict(recording.variables),
        "incomplete_at": recording.incomplete_at,
        "error": recording.error,
        "attempts": recording.attempts,
        "mutes": mutes_out(recording.mutes),
        "notes": list(recording.notes),
        "quality": dict(recording.quality),
        "queue": recording.queue,
        "direction": recording.direction.value if recording.direction else None,
        "opened_at": recording.opened_at,
    }


def _recording_of(row: RecordingRow) -> Recording:
    plain = Recording(row.id, row.sha256, row.name, RecordingState(row.state), row.received_at)
    return replace(
        plain,
        layout=ChannelLayout(row.layout) if row.layout else None,
        duration=row.duration,
        sample_rate_hz=row.sample_rate_hz,
        consent=row.consent,
        delete_after=row.delete_after,
        conversation=row.conversation_id,
        agent=row.agent,
        external_id=row.external_id,
        scorecard=row.scorecard,
        variables=row.variables,
        incomplete_at=row.incomplete_at,
        error=row.error,
        attempts=row.attempts,
        mutes=_mutes_in(row.mutes),
        notes=tuple(row.notes),
        quality=row.quality,
        queue=row.queue,
        direction=CallDirection(row.direction) if row.direction else None,
        opened_at=row.opened_at,
    )


def mutes_out(mutes: tuple[Mute, ...]) -> list[Any]:
    """Stretches to be silenced as JSON values: start, end, channel or None."""
    return [[mute.span.start, mute.span.end, mute.channel] for mute in mutes]


def _mutes_in(rows: list[Any]) -> tuple[Mute, ...]:
    return tuple(Mute(TimeSpan(start, end), channel) for start, end, channel in rows)

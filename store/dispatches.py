"""Messages at Twilio: which part of which turn each is, and how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import new_id
from store.outbox import Delivery
from store.twilio_tables import DispatchRow


class Progress(StrEnum):
    """How far a message has come; a report never takes it back to an earlier place.

    In order: a failure that is reported first gives way to a delivery, never the other way round.
    """

    TRYING = "trying"
    ACCEPTED = "accepted"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"


_ORDER = tuple(Progress)
_DELIVERY = {
    Progress.TRYING: Delivery.PENDING,
    Progress.ACCEPTED: Delivery.SENT,
    Progress.SENT: Delivery.SENT,
    Progress.FAILED: Delivery.FAILED,
    Progress.DELIVERED: Delivery.DELIVERED,
    Progress.READ: Delivery.READ,
}


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One message; `code` is Twilio's number for why it failed."""

    id: str
    conversation: str
    turn: str
    part: int
    sid: str | None
    progress: Progress
    code: int | None
    is_numbered: bool


async def begin(
    session: AsyncSession,
    conversation_id: str,
    turn_id: str,
    part: int,
    *,
    is_numbered: bool,
    now: datetime,
) -> Dispatch:
    """The message of this part, made when it is tried for the first time."""
    row = await session.scalar(
        select(DispatchRow)
        .where(DispatchRow.conversation_id == conversation_id)
        .where(DispatchRow.turn_id == turn_id, DispatchRow.part == part)
    )
    if row is None:
        row = DispatchRow(
            id=new_id(),
            conversation_id=conversation_id,
            turn_id=turn_id,
            part=part,
            state=Progress.TRYING.value,
            is_numbered=is_numbered,
            changed_at=now,
        )
        session.add(row)
    elif row.sid is None:
        row.is_numbered = is_numbered
    await session.flush()
    return _dispatch_of(row)


async def report(
    session: AsyncSession,
    dispatch_id: str,
    progress: Progress,
    *,
    now: datetime,
    sid: str | None = None,
    code: int | None = None,
) -> Dispatch | None:
    """Note how far it has come, unless it is further already; None when it is not known (any more).

    One report waits for another, so that none is lost.
    """
    row = await session.get(DispatchRow, dispatch_id, with_for_update=True, populate_existing=True)
    if row is None:
        return None
    row.sid = row.sid or sid
    if _ORDER.index(progress) > _ORDER.index(Progress(row.state)):
        row.state, row.changed_at = progress.value, now
        row.code = code if progress is Progress.FAILED else None
    await session.flush()
    return _dispatch_of(row)


async def of_turn(
    session: AsyncSession, conversation_id: str, turn_id: str
) -> tuple[Dispatch, ...]:
    """The messages of a turn, in order."""
    rows = await session.scalars(
        select(DispatchRow)
        .where(DispatchRow.conversation_id == conversation_id, DispatchRow.turn_id == turn_id)
        .order_by(DispatchRow.part)
    )
    return tuple(map(_dispatch_of, rows))


async def numbered(session: AsyncSession, conversation_id: str) -> frozenset[str]:
    """The turns whose choices were sent as numbers to be typed."""
    rows = await session.scalars(
        select(DispatchRow.turn_id)
        .where(DispatchRow.conversation_id == conversation_id)
        .where(DispatchRow.is_numbered.is_(True))
    )
    return frozenset(rows)


def delivery_of(parts: Sequence[Dispatch]) -> Delivery:
    """How far a turn has come: one part that failed fails it, else the last of its parts counts."""
    if any(part.progress is Progress.FAILED for part in parts):
        return Delivery.FAILED
    return _DELIVERY[min((part.progress for part in parts), key=_ORDER.index)]


def _dispatch_of(row: DispatchRow) -> Dispatch:
    return Dispatch(
        id=row.id,
        conversation=row.conversation_id,
        turn=row.turn_id,
        part=row.part,
        sid=row.sid,
        progress=Progress(row.state),
        code=row.code,
        is_numbered=row.is_numbered,
    )

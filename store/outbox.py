"""Turns on their way to the customer: pending → sent → delivered → read, or failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Update, bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Channel
from store.columns import table_of
from store.prepared import often
from store.tables import ConversationRow, OutboxRow, TurnRow


class Delivery(StrEnum):
    """How far a turn has come on its way."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


# Built once, of the tables' columns: store/identity.py says why.
_ROWS, _TURNS = table_of(OutboxRow).c, table_of(TurnRow).c
_CONVERSATION = bindparam("conversation", type_=_ROWS.conversation_id.type)
_TURN = bindparam("turn", type_=_ROWS.turn_id.type)
_NOW = bindparam("now", type_=_ROWS.sent_at.type)
_ON_ITS_WAY = or_(  # no IN, which takes no list of parameters at once
    _ROWS.state == Delivery.PENDING.value, _ROWS.state == Delivery.SENT.value
)
_NEW = often(  # nobody asks for its number
    insert(table_of(OutboxRow))
    .inline()
    .values(
        conversation_id=_CONVERSATION,
        turn_id=_TURN,
        state=Delivery.PENDING.value,
        attempts=0,
        created_at=_NOW,
    )
)
_SENT = (
    update(table_of(OutboxRow))
    .where(_ROWS.conversation_id == _CONVERSATION)
    .where(_ROWS.turn_id == _TURN, _ON_ITS_WAY)
    .values(state=Delivery.SENT.value, sent_at=_NOW, attempts=_ROWS.attempts + 1)
)
_ARRIVED = (
    select(_TURNS.id)
    .where(_TURNS.conversation_id == _CONVERSATION)
    .where(_TURNS.position <= bindparam("position", type_=_TURNS.position.type))
)
_SEEN = (
    update(table_of(OutboxRow))
    .where(_ROWS.conversation_id == _CONVERSATION, _ROWS.turn_id.in_(_ARRIVED), _ON_ITS_WAY)
    .values(state=Delivery.DELIVERED.value, delivered_at=_NOW)
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One turn to be sent."""

    conversation: str
    turn: str
    state: Delivery
    attempts: int
    created_at: datetime
    next_at: datetime | None = None  # not to be tried before


@dataclass(frozen=True, slots=True)
class Report:
    """How a turn fares on its way; `reason` says in words why it failed."""

    state: Delivery
    reason: str | None = None


async def enqueue(
    session: AsyncSession, conversation_id: str, turn_id: str, *, now: datetime
) -> None:
    """Put a turn into the outbox, in the transaction that stores it."""
    asked = {"conversation": conversation_id, "turn": turn_id, "now": now}
    await session.execute(_NEW, asked)


async def undelivered(session: AsyncSession, conversation_id: str) -> tuple[Parcel, ...]:
    """What the customer has not acknowledged yet, in order."""
    rows = await session.scalars(
        select(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id)
        .where(OutboxRow.state.in_((Delivery.PENDING.value, Delivery.SENT.value)))
        .order_by(OutboxRow.id)
    )
    return tuple(map(_parcel_of, rows))


async def next_pending(session: AsyncSession, conversation_id: str) -> Parcel | None:
    """The first turn of a conversation that has not gone out; those behind it wait for it."""
    row = await session.scalar(
        select(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id)
        .where(OutboxRow.state == Delivery.PENDING.value)
        .order_by(OutboxRow.id)
        .limit(1)
    )
    return None if row is None else _parcel_of(row)


async def with_pending(session: AsyncSession, channels: Sequence[Channel]) -> tuple[str, ...]:
    """The conversations on these channels from which something has not gone out."""
    rows = await session.scalars(
        select(OutboxRow.conversation_id)
        .join(ConversationRow, ConversationRow.id == OutboxRow.conversation_id)
        .where(OutboxRow.state == Delivery.PENDING.value)
        .where(ConversationRow.channel.in_([channel.value for channel in channels]))
        .distinct()
        .order_by(OutboxRow.conversation_id)
    )
    return tuple(rows)


async def postpone(
    session: AsyncSession, conversation_id: str, turn_id: str, *, next_at: datetime
) -> None:
    """It could not be sent now; it is tried again then."""
    await session.execute(
        _of(conversation_id, turn_id).values(attempts=OutboxRow.attempts + 1, next_at=next_at)
    )


async def set_state(
    session: AsyncSession,
    conversation_id: str,
    turn_id: str,
    state: Delivery,
    *,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """Note how it fares, as its carrier says; False when that was known."""
    values: dict[str, object] = {"state": state.value, "error": reason, "next_at": None}
    if state is Delivery.SENT:
        values["sent_at"] = now
    if state is Delivery.DELIVERED:
        values["delivered_at"] = now
    done = await session.execute(
        _of(conversation_id, turn_id).where(OutboxRow.state != state.value).values(**values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined] # an UPDATE has a rowcount


async def mark_sent(
    session: AsyncSession, conversation_id: str, turn_id: str, *, now: datetime
) -> None:
    """The turn went out on a connection; whether it arrived is not known yet."""
    await mark_all_sent(session, {(conversation_id, turn_id): now})


async def mark_all_sent(session: AsyncSession, sent: Mapping[tuple[str, str], datetime]) -> None:
    """The same of many: (conversation, turn) → when it went out."""
    rows = [
        {"conversation": conversation, "turn": turn, "now": at}
        for (conversation, turn), at in sent.items()
    ]
    if rows:
        await session.execute(_SENT, rows)


async def mark_delivered(
    session: AsyncSession, conversation_id: str, turn_ids: list[str], *, now: datetime
) -> None:
    """The customer's side has acknowledged these turns."""
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.turn_id.in_(turn_ids))
        .where(OutboxRow.state.not_in((Delivery.DELIVERED.value, Delivery.READ.value)))
        .values(state=Delivery.DELIVERED.value, delivered_at=now)
    )


async def mark_seen(
    session: AsyncSession, conversation_id: str, position: int, *, now: datetime
) -> None:
    """The customer's side has every turn up to `position`."""
    await mark_all_seen(session, {conversation_id: (position, now)})


async def mark_all_seen(session: AsyncSession, seen: Mapping[str, tuple[int, datetime]]) -> None:
    """The same of many: conversation → the last position that its customer has, and since when."""
    rows = [
        {"conversation": conversation, "position": position, "now": at}
        for conversation, (position, at) in seen.items()
    ]
    if rows:
        await session.execute(_SEEN, rows)


async def states(session: AsyncSession, conversation_id: str) -> dict[str, Delivery]:
    """The delivery of each turn that was sent: turn id → state."""
    rows = await session.scalars(
        select(OutboxRow).where(OutboxRow.conversation_id == conversation_id)
    )
    return {row.turn_id: Delivery(row.state) for row in rows}


async def reports(session: AsyncSession, conversation_id: str) -> dict[str, Report]:
    """The same with the reason of a failure: turn id → how it fares."""
    rows = await session.scalars(
        select(OutboxRow).where(OutboxRow.conversation_id == conversation_id)
    )
    return {row.turn_id: Report(Delivery(row.state), row.error) for row in rows}


def _of(conversation_id: str, turn_id: str) -> Update:
    return (
        update(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.turn_id == turn_id)
        .execution_options(synchronize_session=False)
    )


def _parcel_of(row: OutboxRow) -> Parcel:
    return Parcel(
        row.conversation_id,
        row.turn_id,
        Delivery(row.state),
        row.attempts,
        row.created_at,
        row.next_at,
    )


async def failures(session: AsyncSession, conversation_id: str) -> dict[str, str]:
    """Why turns could not be delivered, in words: turn id → reason, where one is known."""
    rows = await session.scalars(
        select(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id)
        .where(OutboxRow.state == Delivery.FAILED.value)
    )
    return {row.turn_id: row.error for row in rows if row.error}

"""Turns on their way to the customer: pending → sent → delivered, or failed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import OutboxRow, TurnRow


class Delivery(StrEnum):
    """How far a turn has come on its way."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One turn to be sent."""

    conversation: str
    turn: str
    state: Delivery
    attempts: int
    created_at: datetime


async def enqueue(
    session: AsyncSession, conversation_id: str, turn_id: str, *, now: datetime
) -> None:
    """Put a turn into the outbox, in the transaction that stores it."""
    session.add(
        OutboxRow(
            conversation_id=conversation_id,
            turn_id=turn_id,
            state=Delivery.PENDING.value,
            attempts=0,
            created_at=now,
        )
    )
    await session.flush()


async def undelivered(session: AsyncSession, conversation_id: str) -> tuple[Parcel, ...]:
    """What the customer has not acknowledged yet, in order."""
    rows = await session.scalars(
        select(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id)
        .where(OutboxRow.state.in_((Delivery.PENDING.value, Delivery.SENT.value)))
        .order_by(OutboxRow.id)
    )
    return tuple(
        Parcel(row.conversation_id, row.turn_id, Delivery(row.state), row.attempts, row.created_at)
        for row in rows
    )


async def mark_sent(
    session: AsyncSession, conversation_id: str, turn_id: str, *, now: datetime
) -> None:
    """The turn went out on a connection; whether it arrived is not known yet."""
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.turn_id == turn_id)
        .where(OutboxRow.state.in_((Delivery.PENDING.value, Delivery.SENT.value)))
        .values(state=Delivery.SENT.value, sent_at=now, attempts=OutboxRow.attempts + 1)
    )


async def mark_delivered(
    session: AsyncSession, conversation_id: str, turn_ids: list[str], *, now: datetime
) -> None:
    """The customer's side has acknowledged these turns."""
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.turn_id.in_(turn_ids))
        .where(OutboxRow.state != Delivery.DELIVERED.value)
        .values(state=Delivery.DELIVERED.value, delivered_at=now)
    )


async def mark_seen(
    session: AsyncSession, conversation_id: str, position: int, *, now: datetime
) -> None:
    """The customer's side has every turn up to `position`."""
    arrived = select(TurnRow.id).where(
        TurnRow.conversation_id == conversation_id, TurnRow.position <= position
    )
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.turn_id.in_(arrived))
        .where(OutboxRow.state.in_((Delivery.PENDING.value, Delivery.SENT.value)))
        .values(state=Delivery.DELIVERED.value, delivered_at=now)
        .execution_options(synchronize_session=False)
    )


async def states(session: AsyncSession, conversation_id: str) -> dict[str, Delivery]:
    """The delivery of each turn that was sent: turn id → state."""
    rows = await session.scalars(
        select(OutboxRow).where(OutboxRow.conversation_id == conversation_id)
    )
    return {row.turn_id: Delivery(row.state) for row in rows}

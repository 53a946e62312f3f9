"""The lists of the inbox: who waits, what each person holds, and all that is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Channel, Role
from core.handoff import Holder
from store.inbox_tables import OfferRow
from store.outbox import Delivery
from store.tables import ConversationRow, OutboxRow, TurnRow

MOST_ROWS = 200  # of one list: longer ones are read by nobody, and the first are the urgent ones


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One open conversation.

    `waits_since` is since when its customer has waited for a person's words, None while the last
    word is the person's or the bot has it. `unsent` counts turns that could not be delivered.
    """

    id: str
    channel: Channel
    holder: Holder
    since: datetime
    held_by: str | None
    reason: str | None
    summary: str | None
    packet: str | None
    priority: int
    queue: str | None
    last_turn_at: datetime | None
    waits_since: datetime | None
    unsent: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """What makes somebody's inbox look different; compared, never shown."""

    id: str
    holder: str
    held_by: str | None
    version: int
    priority: int
    customer_turns: int
    offered_to: str | None
    offered_until: datetime | None


async def waiting(session: AsyncSession) -> tuple[InboxRow, ...]:
    """Who waits for a person, the first to be taken on top."""
    return await _rows(session, ConversationRow.holder == Holder.WAITING.value)


async def held_by(session: AsyncSession, user_id: str) -> tuple[InboxRow, ...]:
    """What a person holds; whose customer has waited longest comes first."""
    rows = await _rows(session, _is_held(user_id))
    return tuple(sorted(rows, key=_urgency))


async def open_ones(session: AsyncSession) -> tuple[InboxRow, ...]:
    """All that is open: who waits, then what people hold, then what the bot does."""
    rows = await _rows(session, ConversationRow.holder != Holder.CLOSED.value)
    order = {Holder.WAITING: 0, Holder.PERSON: 1, Holder.BOT: 2}
    return tuple(sorted(rows, key=lambda row: order[row.holder]))


async def load(session: AsyncSession) -> dict[str, int]:
    """How many conversations each person holds."""
    rows = await session.execute(
        select(ConversationRow.held_by, func.count())
        .where(ConversationRow.holder == Holder.PERSON.value)
        .group_by(ConversationRow.held_by)
    )
    return {user: count for user, count in rows.all() if user is not None}


async def holds_another_of(session: AsyncSession, conversation_id: str, user_id: str) -> bool:
    """Whether a person holds a conversation of the same customer at this moment."""
    of = select(ConversationRow.customer_id).where(ConversationRow.id == conversation_id)
    found = await session.scalar(
        select(ConversationRow.id)
        .where(_is_held(user_id))
        .where(ConversationRow.customer_id == of.scalar_subquery())
        .limit(1)
    )
    return found is not None


async def pulse(session: AsyncSession) -> tuple[Pulse, ...]:
    """All that waits or is held, as small as it can be read: it is asked every second."""
    said = (
        select(func.count())
        .select_from(TurnRow)
        .where(TurnRow.conversation_id == ConversationRow.id)
        .where(TurnRow.role == Role.CUSTOMER.value)
        .correlate(ConversationRow)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(
            ConversationRow.id,
            ConversationRow.holder,
            ConversationRow.held_by,
            ConversationRow.version,
            ConversationRow.handoff_priority,
            said,
            OfferRow.user_id,
            OfferRow.until,
        )
        .outerjoin(
            OfferRow,
            and_(
                OfferRow.conversation_id == ConversationRow.id,
                OfferRow.version == ConversationRow.version,
            ),
        )
        .where(ConversationRow.holder.in_((Holder.WAITING.value, Holder.PERSON.value)))
        .order_by(ConversationRow.id)
    )
    return tuple(Pulse(*row) for row in rows.all())


def _is_held(user_id: str) -> ColumnElement[bool]:
    return and_(ConversationRow.holder == Holder.PERSON.value, ConversationRow.held_by == user_id)


def _urgency(row: InboxRow) -> tuple[bool, float]:
    """Who waits comes before who was answered, the longest first."""
    since = row.waits_since or row.last_turn_at or row.since
    return row.waits_since is None, since.timestamp()


async def _rows(session: AsyncSession, which: ColumnElement[bool]) -> tuple[InboxRow, ...]:
    found = list(
        await session.scalars(
            select(ConversationRow)
            .where(which)
            .order_by(
                ConversationRow.handoff_priority.desc(),
                ConversationRow.holder_since,
                ConversationRow.id,
            )
            .limit(MOST_ROWS)
        )
    )
    ids = [row.id for row in found]
    answered = await _answered_until(session, ids)
    unsent = await _unsent(session, ids)
    return tuple(
        InboxRow(
            id=row.id,
            channel=Channel(row.channel),
            holder=Holder(row.holder),
            since=row.holder_since,
            held_by=row.held_by,
            reason=row.handoff_reason,
            summary=row.handoff_summary,
            packet=row.handoff_packet,
            priority=row.handoff_priority,
            queue=row.queue,
            last_turn_at=row.last_turn_at,
            waits_since=_waits_since(row, answered.get(row.id, ())),
            unsent=unsent.get(row.id, 0),
        )
        for row in found
    )


def _waits_since(
    row: ConversationRow, said: Sequence[tuple[str, datetime | None]]
) -> datetime | None:
    """Since when the customer waits for a person; `said` are roles and times since they hold it.

    Who has just been taken waits until the first word.
    """
    if row.holder == Holder.WAITING.value:
        return row.holder_since
    if row.holder != Holder.PERSON.value:
        return None
    waits: datetime | None = row.holder_since
    for role, at in said:
        waits = None if role == Role.AGENT.value else waits or at
    return waits


async def _answered_until(
    session: AsyncSession, ids: Sequence[str]
) -> dict[str, list[tuple[str, datetime | None]]]:
    """Roles and times of what customers and people said since a person holds it, in order."""
    rows = await session.execute(
        select(TurnRow.conversation_id, TurnRow.role, TurnRow.said_at)
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .where(TurnRow.conversation_id.in_(ids))
        .where(ConversationRow.holder == Holder.PERSON.value)
        .where(TurnRow.position >= ConversationRow.holder_from)
        .where(TurnRow.role.in_((Role.CUSTOMER.value, Role.AGENT.value)))
        .order_by(TurnRow.conversation_id, TurnRow.position)
    )
    said: dict[str, list[tuple[str, datetime | None]]] = {}
    for conversation, role, at in rows.all():
        said.setdefault(conversation, []).append((role, at))
    return said


async def _unsent(session: AsyncSession, ids: Sequence[str]) -> dict[str, int]:
    rows = await session.execute(
        select(OutboxRow.conversation_id, func.count())
        .where(OutboxRow.conversation_id.in_(ids))
        .where(OutboxRow.state == Delivery.FAILED.value)
        .group_by(OutboxRow.conversation_id)
    )
    return {row[0]: row[1] for row in rows.all()}

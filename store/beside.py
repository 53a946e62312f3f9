"""What an agent sees beside a conversation: the customer's other ones, and their orders."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Channel
from core.handoff import Holder
from core.shop import Order
from store import identity
from store.persons import person_of
from store.shop.orders import find_order, orders_of
from store.tables import ConversationRow

MOST_OTHERS = 20  # of the latest: what is older is found through the list


@dataclass(frozen=True, slots=True)
class Other:
    """Another conversation of the same customer."""

    id: str
    channel: Channel
    at: datetime
    holder: Holder
    reason: str | None


@dataclass(frozen=True, slots=True)
class CustomerOrders:
    """Whose orders these are, and how far that was shown: `verified` are numbers shown today."""

    name: str | None
    verified: tuple[str, ...]
    orders: tuple[Order, ...]


async def others(session: AsyncSession, conversation_id: str) -> tuple[Other, ...]:
    """The customer's other conversations, the latest first; none when nobody knows who it is."""
    rows = await session.scalars(
        select(ConversationRow)
        .where(ConversationRow.customer_id == person_of(literal(conversation_id)))
        .where(ConversationRow.id != conversation_id)
        .order_by(ConversationRow.listed_at.desc(), ConversationRow.id.desc())
        .limit(MOST_OTHERS)
    )
    return tuple(
        Other(row.id, Channel(row.channel), row.listed_at, Holder(row.holder), row.handoff_reason)
        for row in rows
    )


async def orders(
    session: AsyncSession, conversation_id: str, *, now: datetime, zone: tzinfo
) -> CustomerOrders:
    """The orders of who the customer has shown to be today, out of the embedded shop.

    Who has shown nothing has none here: a number that was only named may be anybody's.
    """
    known = await identity.known(session, conversation_id, now=now, zone=zone)
    found = {
        number: order
        for number in known.verified_orders
        if (order := await find_order(session, number)) is not None
    }
    if known.shop_customer:
        found |= {one.number: one for one in await orders_of(session, known.shop_customer)}
    latest = sorted(found.values(), key=lambda one: (one.ordered_on, one.number), reverse=True)
    return CustomerOrders(known.name, known.verified_orders, tuple(latest))

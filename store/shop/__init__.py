"""The embedded shop: a small back end in the store, for the demo and for who has none of their own.

One module a noun: orders, returns, fittings, tickets, customers, stores; `keys` makes a repeated
change change nothing, `demo` fills an empty shop. Functions take a transaction and raise Refused
when the shop's rules say no; `actions.embedded` joins them to the back end the bot speaks to.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.identity import record_failure, record_verification, wrong_tries
from store.shop.demo import seed_demo
from store.shop.orders import add_order, find_order
from store.tables import VerificationRow

__all__ = [
    "add_order",
    "failed_lookups",
    "find_order",
    "is_verified",
    "record_failed_lookup",
    "record_verification",
    "seed_demo",
    "verified_orders",
]

failed_lookups = wrong_tries


async def record_failed_lookup(
    session: AsyncSession, conversation_id: str, order_number: str, *, now: datetime
) -> None:
    """As `store.identity.record_failure`."""
    await record_failure(session, conversation_id, order_number, now=now)


async def is_verified(session: AsyncSession, conversation_id: str, order_number: str) -> bool:
    """Whether the order was ever shown to be this customer's, in this very conversation."""
    return order_number.upper() in await verified_orders(session, conversation_id)


async def verified_orders(session: AsyncSession, conversation_id: str) -> tuple[str, ...]:
    """The orders that were ever shown in this very conversation; see `store.identity.known`."""
    rows = await session.scalars(
        select(VerificationRow.order_number)
        .where(VerificationRow.conversation_id == conversation_id)
        .order_by(VerificationRow.at)
    )
    return tuple(rows)

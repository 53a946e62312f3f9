"""The embedded shop: a small back end in the store, for the demo and for who has none of their own.

One module a noun: orders, returns, fittings, tickets, customers, stores; `keys` makes a repeated
change change nothing, `demo` fills an empty shop. Functions take a transaction and raise Refused
when the shop's rules say no; `actions.embedded` joins them to the back end the bot speaks to.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from store.identity import record_verification, shown_in
from store.shop.demo import seed_demo
from store.shop.orders import add_order, find_order

__all__ = [
    "add_order",
    "find_order",
    "is_verified",
    "record_verification",
    "seed_demo",
]


async def is_verified(session: AsyncSession, conversation_id: str, order_number: str) -> bool:
    """Whether the order was ever shown to be this customer's, in this very conversation."""
    return order_number.upper() in await shown_in(session, conversation_id)

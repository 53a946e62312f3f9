"""The order that a task is about."""

from actions.fields import ORDER
from actions.task import Collected, Desk
from core.errors import NotFound
from core.shop import Order


async def order_of(desk: Desk, known: Collected) -> Order:
    """The customer's order.

    Raises:
        NotFound: it was shown to be theirs, and is gone since.
    """
    order = await desk.backend.find_order(known[ORDER])
    if order is None:
        raise NotFound(f"no order {known[ORDER]}")
    return order

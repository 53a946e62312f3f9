"""The order that a task is about, and which of its items."""

from collections.abc import Sequence

from actions.fields import ORDER
from actions.task import Ask, Choice, Collected, Desk
from core.errors import NotFound
from core.shop import Order, OrderStatus

CHANGEABLE = (OrderStatus.PLACED, OrderStatus.PACKED)  # not on its way yet
PAID_BACK = "What you paid goes back the way it came."  # of an order that was cancelled
EVERYTHING = "*"  # no item of a shop is called so
SEVERAL = "\n"  # between the items of several that were chosen


async def order_of(desk: Desk, known: Collected) -> Order:
    """The customer's order.

    Raises:
        NotFound: it was shown to be theirs, and is gone since.
    """
    order = await desk.backend.find_order(known[ORDER])
    if order is None:
        raise NotFound(f"no order {known[ORDER]}")
    return order


def ask_item(text: str, items: Sequence[str]) -> Ask:
    """Which of an order's items; those that were bought twice are named once."""
    titles = tuple(dict.fromkeys(items))
    everything = (Choice("All of it", EVERYTHING),) if len(items) > 1 else ()
    return Ask("item", text, (*(Choice(item, item) for item in titles), *everything))


def items_meant(known: Collected, items: tuple[str, ...]) -> tuple[str, ...]:
    """The items that were chosen out of these; all of them when there was no choice."""
    item = known.get("item")
    return items if item is None or item == EVERYTHING else tuple(item.split(SEVERAL))


def is_still_coming(order: Order, desk: Desk) -> bool:
    """Whether it is only to be delivered yet, today at the latest or later."""
    is_ahead = order.delivery_on is None or order.delivery_on >= desk.today
    return order.status not in (OrderStatus.DELIVERED, OrderStatus.CANCELLED) and is_ahead

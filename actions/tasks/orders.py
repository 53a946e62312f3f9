"""The order that a task is about, and which of its items."""

import re
from collections.abc import Sequence

from actions.fields import ORDER
from actions.task import Ask, Choice, Collected, Desk
from actions.wording import say_money
from core.errors import NotFound, Unavailable
from core.shop import Order, OrderStatus
from language.values.matching import find_name, find_names

CHANGEABLE = (OrderStatus.PLACED, OrderStatus.PACKED)  # not on its way yet
PAID_BACK = "What you paid goes back the way it came."  # of an order that was cancelled
AT_ONCE = "goes back the way it came as soon as it is cancelled"
EVERYTHING = "*"  # no item of a shop is called so
SEVERAL = "\n"  # between the items of several that were chosen
BOTH = "\t"  # before an item that is meant twice if there are two; alone, both that there are
_WHOLE = r"(?:orders?|lot|whole|entire|all|thing|it|this|that|one|other|last|same|parcel|delivery)"
_A_THING = rf"(?:the|my|those|these|one|two|three)\s+(?:of\s+the\s+)?(?!{_WHOLE}\b)[a-z]"
# 'just the pole', 'i only want to cancel the chairs', 'take the pole off', 'but keep the curtains'
_PART = re.compile(
    r"\b(?:just|only)\s+(?:(?:want|wanted|need|would\s+like)\s+to\s+)?(?:cancel(?:ling)?\s+)?"
    rf"{_A_THING}"
    rf"|\b(?:take|remove|drop|knock|strike)\s+{_A_THING}[a-z\s-]*\b(?:off|out\s+of|from)\b"
    rf"|(?<!to\s)(?<!n't\s)\bkeep\s+(?:the\s+rest|everything\s+else|the\s+others?|{_A_THING})"
    rf"|\b(?:but|and|still)\s+(?:i\s+)?(?:want\s+to\s+)?keep\s+{_A_THING}"
    rf"|\bcancel\s+{_A_THING}[a-z\s-]*,?\s+(?:but\s+)?not\s+{_A_THING}[a-z\s-]*$"
    r"|\b(?:part|some)\s+of\s+(?:it|the\s+order|my\s+order|order)\b",
    re.IGNORECASE,
)
_AND_MORE = re.compile(r"(?:\band|\bplus|&|,)\s+(?:the|my)\s+[a-z]", re.IGNORECASE)


async def order_of(desk: Desk, known: Collected) -> Order:
    """The customer's order.

    Raises:
        NotFound: it was shown to be theirs, and is gone since.
    """
    order = await desk.backend.find_order(known[ORDER])
    if order is None:
        raise NotFound(f"no order {known[ORDER]}")
    return order


async def say_paid_back(desk: Desk, order: Order) -> str:
    """What comes back when it is cancelled; without the sum where the shop cannot tell it."""
    try:
        due = (await desk.backend.amount_due(order.number)).amount_pence
    except (NotFound, Unavailable):  # a yes needs no sum
        return f"What you paid {AT_ONCE}."
    if order.total_pence is None:
        return f"What you paid {AT_ONCE}."
    paid = order.total_pence - due
    if paid <= 0:
        return "Nothing is paid for it yet, so nothing has to be paid back."
    return f"All of the {say_money(paid)} you paid {AT_ONCE}."


def ask_item(text: str, items: Sequence[str]) -> Ask:
    """Which of an order's items; those that were bought twice are named once."""
    titles = tuple(dict.fromkeys(items))
    everything = (Choice("All of it", EVERYTHING),) if len(items) > 1 else ()
    return Ask("item", text, (*(Choice(item, item) for item in titles), *everything))


def items_meant(known: Collected, items: tuple[str, ...]) -> tuple[str, ...]:
    """The items that were chosen out of these; all of them when there was no choice."""
    item = known.get("item")
    if item is not None and item.startswith(BOTH):
        one = item.removeprefix(BOTH)
        return (one, one) if items.count(one) > 1 else items
    return items if item is None or item == EVERYTHING else tuple(item.split(SEVERAL))


def names_part(text: str) -> bool:
    """Whether the words want something done with a part of an order alone: 'just the pole'."""
    return _PART.search(text) is not None


def is_part(text: str, items: Sequence[str]) -> bool:
    """Whether the words mean some of these items and not all of them."""
    own = tuple(dict.fromkeys(items))
    if len(own) > 1:
        several = find_names(text, own)
        if several:
            return len(several) < len(own) or names_part(text)
        if find_name(text, own) is not None:
            return names_part(text) or _AND_MORE.search(text) is None
    is_all = len(own) == 1 and find_name(text, own) is not None
    return names_part(text) and not is_all


def is_still_coming(order: Order, desk: Desk) -> bool:
    """Whether it is only to be delivered yet, today at the latest or later."""
    is_ahead = order.delivery_on is None or order.delivery_on >= desk.today
    return order.status not in (OrderStatus.DELIVERED, OrderStatus.CANCELLED) and is_ahead

"""Send something back."""

from collections import Counter
from dataclasses import dataclass

from actions.fields import IDENTITY, ORDER
from actions.task import CONFIRM, Ask, Choice, Collected, Desk, Outcome, Result, confirm
from actions.tasks.orders import ask_item, items_meant, order_of
from actions.wording import say_items, say_money
from core.shop import Order, OrderStatus

WHY = Ask(
    "reason",
    "What is the reason? You can choose one, or say it in your own words.",
    tuple(
        Choice(reason, reason)
        for reason in (
            "It does not fit",
            "It is not what I expected",
            "It is faulty",
            "I changed my mind",
        )
    ),
)


@dataclass(frozen=True, slots=True)
class StartReturn:
    """Asks which items and why, and starts the return."""

    name: str = "start_return"
    fields: tuple[str, ...] = (*IDENTITY, "item", "reason")
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """Which items, why, and a yes; nothing when it cannot come back."""
        order = await order_of(desk, known)
        left = await _items_left(desk, order)
        if order.status is not OrderStatus.DELIVERED or not left:
            return None
        if len(left) > 1 and "item" not in known:
            return ask_item("What would you like to return?", left)
        if "reason" not in known:
            return WHY
        if CONFIRM in known:
            return None
        items = say_items(items_meant(known, left))
        return confirm(
            f"I will start the return of the {items} from order {order.number}. Shall I?"
        )

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Start it; the shop's rules may refuse."""
        order = await order_of(desk, known)
        items = items_meant(known, await _items_left(desk, order)) or order.items
        reason = known.get("reason") or "not given"
        started = await desk.backend.start_return(known[ORDER], items, reason, key=desk.turn)
        return Outcome(
            Result.RESOLVED,
            f"Your return {started.number} is started: {say_items(started.items)}. "
            f"We pay {say_money(started.amount_pence)} back once it has arrived with us.",
        )


async def _items_left(desk: Desk, order: Order) -> tuple[str, ...]:
    """The items that are not on their way back yet, one that was bought twice twice."""
    if order.status is not OrderStatus.DELIVERED:
        return order.items
    returns = await desk.backend.returns_of(order.number)
    gone = Counter(item for back in returns for item in back.items)
    left = Counter(order.items) - gone
    return tuple(left.elements())


TASK = StartReturn()

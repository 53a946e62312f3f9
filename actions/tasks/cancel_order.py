"""Cancel an order: while it is in the house; later, what can be done instead."""

from dataclasses import dataclass, replace

from actions.endings import PERSON, RETURN, STATUS
from actions.fields import IDENTITY, ORDER
from actions.task import CONFIRM, WISH, Ask, Collected, Desk, Outcome, Result, confirm
from actions.tasks.orders import CHANGEABLE, PAID_BACK, is_part, order_of, say_paid_back
from actions.wording import say_items
from core.shop import Order, OrderStatus, Refused

ONLY_WHOLE = "I can only cancel the whole order; one of our people can take a single item off it."


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Asks once more, cancels, or says why not."""

    name: str = "cancel_order"
    fields: tuple[str, ...] = IDENTITY
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """A yes, unless it is too late already; who wants a part cancelled is told first."""
        order = await order_of(desk, known)
        if CONFIRM in known or order.status not in CHANGEABLE:
            return None
        what = f"I will cancel order {order.number}, the {say_items(order.items)}."
        asked = f"{what} {await say_paid_back(desk, order)} Shall I?"
        if is_part(known.get(WISH) or "", order.items):
            return replace(confirm(f"{ONLY_WHOLE} {asked}"), buttons=(PERSON,))
        return confirm(asked)

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Cancel it; without a yes nothing is, whatever the back end would let pass."""
        if CONFIRM not in known:
            order = await order_of(desk, known)
            is_cancelled = order.status is OrderStatus.CANCELLED
            return _refused(order, Refused("already_cancelled" if is_cancelled else "too_late"))
        try:
            order = await desk.backend.cancel_order(known[ORDER], key=desk.turn)
        except Refused as refusal:
            return _refused(await order_of(desk, known), refusal)
        return Outcome(
            Result.RESOLVED,
            f"Order {order.number} is cancelled: {say_items(order.items)}. {PAID_BACK}",
        )


def _refused(order: Order, refusal: Refused) -> Outcome:
    """Why not, and what can be done instead."""
    if order.status is OrderStatus.DELIVERED:
        text = (
            f"Order {order.number} is delivered, so it cannot be cancelled, I am sorry. "
            "You can return it instead."
        )
        return Outcome(Result.REFUSED, text, (RETURN, PERSON))
    if refusal.reason == "too_late":
        text = (
            f"Order {order.number} is on its way, so it is too late to cancel it, I am sorry. "
            "You can refuse it at the door, or return it once it is there."
        )
        return Outcome(Result.REFUSED, text, (STATUS, PERSON))
    if refusal.reason != "already_cancelled":
        raise refusal
    text = f"Order {order.number} was cancelled before, so there is nothing left to do. {PAID_BACK}"
    return Outcome(Result.REFUSED, text, (PERSON,))


TASK = CancelOrder()

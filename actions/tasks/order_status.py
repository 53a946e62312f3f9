"""Where is my order?"""

from dataclasses import dataclass

from actions.fields import IDENTITY
from actions.task import Ask, Collected, Desk, Outcome, Result
from actions.tasks.orders import order_of
from actions.wording import say_order


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """Tells what was ordered, where it is, and when it comes."""

    name: str = "order_status"
    fields: tuple[str, ...] = IDENTITY
    is_personal: bool = True

    async def next(self, _desk: Desk, _known: Collected) -> Ask | None:
        """Nothing but whose order it is."""
        return None

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Tell it."""
        return Outcome(Result.RESOLVED, say_order(await order_of(desk, known)))


TASK = OrderStatus()

"""Where is my return, or my money?"""

from dataclasses import dataclass

from actions.endings import PERSON, RETURN
from actions.fields import IDENTITY, ORDER, RETURN_NUMBER
from actions.task import Ask, Collected, Desk, Outcome, Result
from actions.tasks.orders import PAID_BACK, order_of
from actions.wording import say_items, say_money
from core.shop import OrderStatus, Return, ReturnState
from language.saying import say_day


@dataclass(frozen=True, slots=True)
class ReturnStatus:
    """Tells how far a return is: the one that was named, else all of the order, newest first."""

    name: str = "return_status"
    fields: tuple[str, ...] = (*IDENTITY, RETURN_NUMBER)
    is_personal: bool = True

    async def next(self, _desk: Desk, _known: Collected) -> Ask | None:
        """Nothing but whose order it is."""
        return None

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Tell it."""
        returns = await desk.backend.returns_of(known[ORDER])
        named = [back for back in returns if back.number == known.get(RETURN_NUMBER)]
        if not returns and (await order_of(desk, known)).status is OrderStatus.CANCELLED:
            return Outcome(Result.RESOLVED, f"Order {known[ORDER]} was cancelled. {PAID_BACK}")
        if not returns:
            text = f"There is no return of order {known[ORDER]} yet."
            return Outcome(Result.REFUSED, text, (RETURN, PERSON))
        return Outcome(Result.RESOLVED, "\n\n".join(map(say_return, named or returns)))


def say_return(back: Return) -> str:
    """What comes back, how far it is, and what becomes of the money."""
    amount, items = say_money(back.amount_pence), say_items(back.items)
    about = f"Return {back.number} of order {back.order}: {items}."
    match back.state:
        case ReturnState.STARTED:
            return f"{about} It is started; we pay {amount} back once it has arrived with us."
        case ReturnState.COLLECTED:
            return f"{about} It is collected and on its way to us; then we pay {amount} back."
        case ReturnState.RECEIVED:
            return f"{about} It has arrived with us, and {amount} is about to be paid back."
        case ReturnState.REFUNDED:
            day = f" on {say_day(back.refunded_on)}" if back.refunded_on else ""
            return f"{about} {amount} was paid back{day}."


TASK = ReturnStatus()

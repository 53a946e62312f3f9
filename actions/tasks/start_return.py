"""Send something back."""

import re
from dataclasses import dataclass

from actions.endings import PERSON, STATUS
from actions.fields import IDENTITY, ORDER
from actions.task import (
    CONFIRM,
    MEANT,
    WISH,
    Ask,
    Choice,
    Collected,
    Desk,
    Outcome,
    Result,
    confirm,
)
from actions.tasks.orders import ask_item, items_meant, order_of
from actions.wording import say_items, say_money
from core.shop import OrderStatus, Refused

ON_ITS_WAY = (
    "Order {order} is on its way to you, so there is nothing to send back yet. You can refuse it "
    "at the door, or start the return here once it is there."
)
_WHY = re.compile(
    r"\b(?:fits?|wrong|crack\w*|broken?|damag\w*|fault\w*|scratch\w*|chang\w+ my mind|too \w+"
    r"|not what|expected|(?:don[’']?t|do not) (?:like|want|need)|because|since)\b",
    re.IGNORECASE,
)
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
        """Which items, why, and a yes; the shop refuses first when it cannot come back."""
        if CONFIRM in known:
            return None
        if await _is_on_its_way(desk, known):
            return None
        left = await desk.backend.returnable_items(known[ORDER])
        if not left:  # nothing is no answer by the document, but one that is easily given
            raise Refused("not_returnable")
        if len(left) > 1 and "item" not in known:
            return ask_item("What would you like to return?", left)
        reason = known.get("reason") or _reason_given_early(known)
        if reason is None:
            return WHY
        items = items_meant(known, left)
        text = f"I will start the return of the {say_items(items)} from order {known[ORDER]}."
        return confirm(f"{text} Shall I?", {MEANT: "\n".join(items), "reason": reason})

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Start it; the shop's rules may refuse."""
        if MEANT not in known:
            return Outcome(Result.REFUSED, ON_ITS_WAY.format(order=known[ORDER]), (STATUS, PERSON))
        items = tuple(known[MEANT].split("\n"))
        started = await desk.backend.start_return(
            known[ORDER], items, known["reason"], key=desk.turn
        )
        return Outcome(
            Result.RESOLVED,
            f"Your return {started.number} is started: {say_items(started.items)}. "
            f"We pay {say_money(started.amount_pence)} back once it has arrived with us.",
        )


async def _is_on_its_way(desk: Desk, known: Collected) -> bool:
    """Whether it can neither be cancelled any more nor come back yet."""
    if MEANT in known:
        return False
    return (await order_of(desk, known)).status is OrderStatus.ON_ITS_WAY


def _reason_given_early(known: Collected) -> str | None:
    """The words that began the task, when they say why already."""
    wish = known.get(WISH) or ""
    return wish if _WHY.search(wish) else None


TASK = StartReturn()

"""Where is my order?"""

import re
from dataclasses import dataclass

from actions.endings import PERSON
from actions.fields import IDENTITY
from actions.task import TOLD_BEFORE, WISH, Ask, Button, Collected, Desk, Outcome, Result
from actions.tasks.orders import order_of
from actions.wording import say_order, say_status
from core.shop import Order
from core.shop import OrderStatus as Status

MISSING = Button("It is not here", "/report_missing")
NOT_HERE = (
    "If it is not with you, I can open a ticket, and our people find out where it went; or I can "
    "get you a person."
)
_NEVER_CAME = re.compile(
    r"\b(?:never|not|nothing|nobody|no\s+sign|\w+n[’']?t)\b.{0,40}"
    r"\b(?:get|got|had|receiv\w+|arriv\w+|came|come|here|there|turned\s+up|seen|see|delivered)\b"
    r"|\b(?:says?|said|marked|shows?|apparently|supposedly)\b.{0,20}\bdelivered\b"
    r"|\b(?:missing|stolen|lost)\b",
    re.IGNORECASE,
)
CLOSER = "I can follow it no closer than this."
NO_PROMISE = "I cannot promise it, but this is what is planned."
_TRACKS = re.compile(r"\btrack\w*\b|\bfollow\b|\bexactly\b|\bright now\b", re.IGNORECASE)
_IS_IT_SURE = re.compile(
    r"\b(?:def(?:o|initely|initly)?|sure|certain(?:ly)?|guarantee\w*|promise\w*|really|actually)\b",
    re.IGNORECASE,
)


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
        """Tell it; who says that what was delivered never came is offered a ticket."""
        order = await order_of(desk, known)
        if order.status is Status.DELIVERED and _NEVER_CAME.search(known.get(WISH) or ""):
            return Outcome(Result.REFUSED, f"{say_order(order)} {NOT_HERE}", (MISSING, PERSON))
        if known.get(TOLD_BEFORE) == order.number:
            return Outcome(Result.RESOLVED, _say_again(order, known.get(WISH) or ""), (PERSON,))
        return Outcome(Result.RESOLVED, say_order(order))


def _say_again(order: Order, wish: str) -> str:
    """What was told a message ago, by what is asked of it now."""
    lead = "Nothing has changed since."
    if order.status not in (Status.DELIVERED, Status.CANCELLED):
        lead = CLOSER if _TRACKS.search(wish) else lead
        lead = NO_PROMISE if _IS_IT_SURE.search(wish) else lead
    return f"{lead} {say_status(order)}"


TASK = OrderStatus()

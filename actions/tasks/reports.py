"""Something arrived damaged, or did not arrive: a ticket with its number and clock."""

import re
from dataclasses import dataclass

from actions.endings import PERSON, STATUS
from actions.fields import IDENTITY, ORDER
from actions.task import WISH, Ask, Collected, Desk, Outcome, Result
from actions.tasks.notes import NOTE, PICTURES, ask_note, note_of
from actions.tasks.orders import ask_item, is_still_coming, items_meant, order_of
from actions.wording import say_items, say_order
from core.shop import Order, TicketKind
from language.saying import say_moment

_ARRIVED = re.compile(
    r"\b(?:did|has|have|already)\s+(?:already\s+)?(?:arrived?|come|been\s+delivered)\b"
    r"|\b(?:it|they|one)\s?(?:is|are|[’']s|[’']re)\s+(?:already\s+)?(?:right\s+)?here\b"
    r"|\bin front of me\b|\bi(?:\s+have|[’']ve\s+got|[’']ve)\s+(?:it|them)\b",
    re.IGNORECASE,
)

A_PHOTO = " If you have a photo of it, you can send it here: it helps them decide."


@dataclass(frozen=True, slots=True)
class Report:
    """Asks which item and what happened, and opens a ticket."""

    name: str
    kind: TicketKind
    which: str
    what: str
    fields: tuple[str, ...] = (*IDENTITY, "item", NOTE)
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """Which item, and what happened; nothing while the order is still to come."""
        order = await order_of(desk, known)
        if is_still_coming(order, desk) and not _insists(known):
            return None
        if len(order.items) > 1 and "item" not in known:
            return ask_item(self.which, order.items)
        return None if NOTE in known else ask_note(self.what, known)

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Open the ticket."""
        order = await order_of(desk, known)
        if is_still_coming(order, desk) and not _insists(known):
            text = (
                f"By our records that order has not arrived yet. {say_order(order)} If it is with "
                "you already, tell me that it has arrived, and I open a ticket."
            )
            return Outcome(Result.REFUSED, text, (STATUS, PERSON))
        items = say_items(items_meant(known, order.items))
        ticket = await desk.backend.open_ticket(
            self.kind,
            f"{items}: {note_of(known)}{_against_records(order, desk)}{await _pictures(desk)}",
            order=known[ORDER],
            key=desk.turn,
        )
        due = say_moment(ticket.due_at.astimezone(desk.now.tzinfo))
        return Outcome(
            Result.RESOLVED,
            f"I am sorry about that. I have opened ticket {ticket.number} about the {items}; "
            f"our people answer by {due} at the latest.{await self._may_send(desk)}",
            ticket=ticket,
        )

    async def _may_send(self, desk: Desk) -> str:
        """That a photo of damage can be sent, where it can be and none was yet."""
        is_wanted = self.kind is TicketKind.DAMAGED and await desk.pictures.are_taken()
        return A_PHOTO if is_wanted and not await desk.pictures.were_sent() else ""


async def _pictures(desk: Desk) -> str:
    """Where pictures are that came before the ticket was opened."""
    if not await desk.pictures.were_sent():
        return ""
    return f" ({PICTURES.format(conversation=desk.conversation)})"


def _insists(known: Collected) -> bool:
    """Whether the customer says that it has arrived, whatever our records say."""
    return _ARRIVED.search(known.get(WISH) or "") is not None


def _against_records(order: Order, desk: Desk) -> str:
    return " (not delivered yet by our records)" if is_still_coming(order, desk) else ""


DAMAGED = Report(
    "report_damaged",
    TicketKind.DAMAGED,
    "Which of these is damaged?",
    "What is wrong with it? A sentence or two is enough.",
)
MISSING = Report(
    "report_missing",
    TicketKind.MISSING,
    "Which of these is missing?",
    "What is missing, and what did arrive? A sentence or two is enough.",
)

"""Add to a ticket what the customer has told since it was opened."""

import re
from dataclasses import dataclass

from actions.endings import PERSON
from actions.fields import IDENTITY, ORDER, TICKET_NUMBER
from actions.task import (
    CONFIRM,
    OWN_TICKET,
    WISH,
    Ask,
    Button,
    Collected,
    Desk,
    Outcome,
    Result,
    confirm,
)
from actions.tasks.notes import NOTE
from core.shop import Refused, Ticket, TicketState
from language.saying import say_moment

NEW = Button("Make a complaint", "/complain")
WHAT = "What shall I add to ticket {number}? A sentence or two is enough."
LEAST_TOLD = 4  # words; 'add that to my ticket' tells nothing yet
# 'oh and the shelf is scratched', 'the box was wet as well': more of what was told before
_ADDS = re.compile(
    r"^\W*(?:oh\W+)?(?:and|also|plus|besides|by the way|btw|(?:one more|another) thing"
    r"|i (?:also )?forgot)\b|\b(?:too|as well|also|another complaint)\b",
    re.IGNORECASE,
)
_ONLY_ASKS = re.compile(
    r"\b(?:add|put|write|note)\b.{0,40}\b(?:ticket|case|complaint|report|it)\b|\btickets?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AddToTicket:
    """Takes the words that began it when they tell something, else asks for them."""

    name: str = "add_to_ticket"
    fields: tuple[str, ...] = (*IDENTITY, TICKET_NUMBER, NOTE)
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """What to add; and a yes, when the words may have meant something else."""
        ticket = await _ticket_of(desk, known)
        if ticket is None or NOTE in known or not _is_open(ticket):
            return None
        wish = known.get(WISH) or ""
        if not tells_more(wish):
            return Ask(NOTE, WHAT.format(number=ticket.number))
        if adds(wish) or CONFIRM in known:
            return None
        return confirm(f"Shall I add that to your ticket {ticket.number}?")

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Add it."""
        ticket = await _ticket_of(desk, known)
        if ticket is None:
            return Outcome(Result.REFUSED, "I cannot find such a ticket of yours.", (NEW, PERSON))
        if not _is_open(ticket):
            raise Refused("already_solved")
        note = known.get(NOTE) or known[WISH]
        ticket = await desk.backend.add_to_ticket(ticket.number, note, key=desk.turn)
        due = say_moment(ticket.due_at.astimezone(desk.now.tzinfo))
        added = f"I have added that to ticket {ticket.number}"
        text = f"{added}; our people answer by {due} at the latest."
        return Outcome(Result.RESOLVED, text, (PERSON,), ticket=ticket)


def adds(text: str) -> bool:
    """Whether the words add to what was told before."""
    return _ADDS.search(text) is not None


def tells_more(text: str) -> bool:
    """Whether the words say something that could be added, and do not only ask to."""
    return len(text.split()) >= LEAST_TOLD and _ONLY_ASKS.search(text) is None


def _is_open(ticket: Ticket) -> bool:
    return ticket.state is not TicketState.SOLVED


async def _ticket_of(desk: Desk, known: Collected) -> Ticket | None:
    """The one that is named, if it is theirs; else the newest of their order."""
    number, order = known.get(TICKET_NUMBER), known.get(ORDER)
    if number is None:
        tickets = await desk.backend.tickets_of(order) if order else ()
        return tickets[0] if tickets else None
    ticket = await desk.backend.find_ticket(number)
    if ticket is None:
        return None
    is_theirs = ticket.order == order if ticket.order else known.get(OWN_TICKET) == number
    return ticket if is_theirs else None


TASK = AddToTicket()

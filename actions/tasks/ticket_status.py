"""How far is my ticket?"""

from dataclasses import dataclass

from actions.endings import PERSON
from actions.fields import IDENTITY, ORDER, TICKET_NUMBER
from actions.task import Ask, Collected, Desk, Outcome, Result
from core.shop import Ticket, TicketKind, TicketState
from language.saying import say_day, say_moment

ABOUT = {
    TicketKind.DAMAGED: "something damaged",
    TicketKind.MISSING: "something missing",
    TicketKind.COMPLAINT: "your complaint",
    TicketKind.CALL_BACK: "your call-back",
    TicketKind.OTHER: "your matter",
}


@dataclass(frozen=True, slots=True)
class TicketStatus:
    """Tells how far a ticket is: the one that was named, else the newest of the order."""

    name: str = "ticket_status"
    fields: tuple[str, ...] = (*IDENTITY, TICKET_NUMBER)
    is_personal: bool = True

    async def next(self, _desk: Desk, _known: Collected) -> Ask | None:
        """Nothing but whose order it is."""
        return None

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Tell it."""
        number = known.get(TICKET_NUMBER)
        ticket = await desk.backend.find_ticket(number) if number else None
        if ticket is not None and ticket.order is None:
            return Outcome(Result.RESOLVED, say_ticket(ticket, desk), (PERSON,))
        tickets = await desk.backend.tickets_of(known[ORDER])
        named = tuple(one for one in tickets if one.number == number)
        if not tickets:
            text = f"There is no ticket about order {known[ORDER]}."
            return Outcome(Result.REFUSED, text, (PERSON,))
        if number and not named:
            text = f"Ticket {number} is not about order {known[ORDER]}."
            return Outcome(Result.REFUSED, text, (PERSON,))
        text = say_ticket((named or tickets)[0], desk)
        return Outcome(Result.RESOLVED, text, (PERSON,))


def say_ticket(ticket: Ticket, desk: Desk) -> str:
    """What it is about, since when, how far it is and by when it is answered."""
    opened = say_day(ticket.opened_at.astimezone(desk.now.tzinfo).date())
    due = ticket.due_at.astimezone(desk.now.tzinfo)
    about = f"Ticket {ticket.number}, about {ABOUT[ticket.kind]}, was opened on {opened}."
    if ticket.state is TicketState.SOLVED:
        return f"{about} It is solved."
    state = "is being worked on" if ticket.state is TicketState.IN_PROGRESS else "is open"
    if due < desk.now:
        return f"{about} It {state}, and later than we promised ({say_moment(due)}), I am sorry."
    return f"{about} It {state}; you have our answer by {say_moment(due)} at the latest."


TASK = TicketStatus()

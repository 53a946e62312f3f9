"""Make a complaint: a ticket with its number and clock, and a person if they want one now."""

from dataclasses import dataclass

from actions.endings import CALL_BACK, PERSON
from actions.fields import ORDER, read_order
from actions.task import Ask, Collected, Desk, Outcome, Result
from actions.tasks.notes import NOTE, ask_note, note_of
from core.shop import TicketKind
from language.saying import say_moment

WHAT = "I am sorry to hear that. What went wrong? A sentence or two is enough."

MORE = "I am sorry to hear that, and have noted it for our people. What else should they know?"


@dataclass(frozen=True, slots=True)
class Complain:
    """Asks what went wrong, and opens a ticket, about the order when it is shown to be theirs.

    It asks for no proof: who is angry is not first asked for a postcode.
    """

    name: str = "complain"
    fields: tuple[str, ...] = (ORDER, NOTE)
    is_personal: bool = False

    async def next(self, _desk: Desk, known: Collected) -> Ask | None:
        """What went wrong."""
        return None if NOTE in known else ask_note(WHAT, known, more=MORE)

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Open the ticket."""
        note = note_of(known)
        order = known.get(ORDER) or read_order(note, desk.now)
        is_theirs = order is not None and await desk.identity.is_verified(order)
        if order is not None and not is_theirs:
            note = f"{note} (names order {order}, not verified)"
        ticket = await desk.backend.open_ticket(
            TicketKind.COMPLAINT, note, order=order if is_theirs else None, key=desk.turn
        )
        due = say_moment(ticket.due_at.astimezone(desk.now.tzinfo))
        text = (
            f"Thank you for telling us. Your complaint is ticket {ticket.number}; our people "
            f"answer by {due} at the latest. You can also talk to a person now."
        )
        return Outcome(Result.RESOLVED, text, (PERSON, CALL_BACK), ticket=ticket)


TASK = Complain()

"""A copy of an invoice, by e-mail."""

from dataclasses import dataclass

from actions.endings import PERSON
from actions.fields import IDENTITY, ORDER
from actions.task import WISH, Ask, Button, Collected, Desk, Outcome, Result
from language.values.contacts import find_emails

ONLY_ON_FILE = (
    "For safety I can only send it to the address on file: please forward it from there, or change "
    "your e-mail address first."
)
CHANGE_EMAIL = Button("Change my e-mail address", "/change_contact")


@dataclass(frozen=True, slots=True)
class SendInvoice:
    """Sends it to the address on file; that changes nothing, so no yes is asked."""

    name: str = "send_invoice"
    fields: tuple[str, ...] = IDENTITY
    is_personal: bool = True

    async def next(self, _desk: Desk, _known: Collected) -> Ask | None:
        """Nothing but whose order it is."""
        return None

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Send it; the shop refuses when it has no address."""
        invoice = await desk.backend.send_invoice(known[ORDER], key=desk.turn)
        text = f"I have sent a copy of the invoice for order {invoice.order} to {invoice.sent_to}."
        if _wants_it_elsewhere(known, invoice.sent_to):
            return Outcome(Result.RESOLVED, f"{text} {ONLY_ON_FILE}", (CHANGE_EMAIL, PERSON))
        return Outcome(Result.RESOLVED, text)


def _wants_it_elsewhere(known: Collected, sent_to: str) -> bool:
    """Whether the wish names another address than the one on file, as far as that is shown."""
    named = find_emails(known.get(WISH) or "")
    return bool(named) and all(
        one.value[:1].lower() != sent_to[:1].lower()
        or one.value.rpartition("@")[2].lower() != sent_to.rpartition("@")[2].lower()
        for one in named
    )


TASK = SendInvoice()

"""A copy of an invoice, by e-mail; who only asks what they paid is told the sum."""

import re
from dataclasses import dataclass

from actions.endings import PERSON
from actions.fields import IDENTITY, ORDER
from actions.task import WISH, Ask, Button, Collected, Desk, Outcome, Result
from actions.tasks.orders import order_of
from actions.wording import say_money
from language.values.contacts import find_emails

ONLY_ON_FILE = (
    "For safety I can only send it to the address on file: please forward it from there, or change "
    "your e-mail address first."
)
CHANGE_EMAIL = Button("Change my e-mail address", "/change_contact")
SEND_IT = Button("Send me the invoice", "/send_invoice")
NO_SUM = "I do not have the total of order {order} here; it stands on the invoice."
_SUM = re.compile(
    r"\bhow\s+much\b|\b(?:sum|total|price|cost|charged?)\b|\bwhat\b.{0,30}\b(?:pa(?:y|id)|spen[dt])\b",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"\b(?:invoic\w*|receipts?|cop(?:y|ies)|bills?|statement|proof|paperwork|documents?|vat|pdf"
    r"|e-?mail\w*|send\w*|something\s+(?:that|to)\s+shows?)\b",
    re.IGNORECASE,
)


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
        """Send it, or say the sum alone; the shop refuses when it has no address."""
        if _asks_sum(known.get(WISH) or ""):
            return await _tell_sum(desk, known)
        invoice = await desk.backend.send_invoice(known[ORDER], key=desk.turn)
        text = f"I have sent a copy of the invoice for order {invoice.order} to {invoice.sent_to}."
        if _wants_it_elsewhere(known, invoice.sent_to):
            return Outcome(Result.RESOLVED, f"{text} {ONLY_ON_FILE}", (CHANGE_EMAIL, PERSON))
        return Outcome(Result.RESOLVED, text)


def _asks_sum(wish: str) -> bool:
    """Whether the words ask what was paid, and for no paper: 'what did that cost me'."""
    return _SUM.search(wish) is not None and _PAPER.search(wish) is None


async def _tell_sum(desk: Desk, known: Collected) -> Outcome:
    order = await order_of(desk, known)
    if order.total_pence is None:
        return Outcome(Result.RESOLVED, NO_SUM.format(order=order.number), (SEND_IT,))
    due = (await desk.backend.amount_due(order.number)).amount_pence
    left = f", of which {say_money(due)} is still open to be paid" if due else ""
    text = f"Order {order.number} comes to {say_money(order.total_pence)} in all{left}."
    return Outcome(Result.RESOLVED, text, (SEND_IT,))


def _wants_it_elsewhere(known: Collected, sent_to: str) -> bool:
    """Whether the wish names another address than the one on file, as far as that is shown."""
    named = find_emails(known.get(WISH) or "")
    return bool(named) and all(
        one.value[:1].lower() != sent_to[:1].lower()
        or one.value.rpartition("@")[2].lower() != sent_to.rpartition("@")[2].lower()
        for one in named
    )


TASK = SendInvoice()

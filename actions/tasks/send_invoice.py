"""A copy of an invoice, by e-mail."""

from dataclasses import dataclass

from actions.fields import IDENTITY, ORDER
from actions.task import Ask, Collected, Desk, Outcome, Result


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
        return Outcome(
            Result.RESOLVED,
            f"I have sent a copy of the invoice for order {invoice.order} to {invoice.sent_to}.",
        )


TASK = SendInvoice()

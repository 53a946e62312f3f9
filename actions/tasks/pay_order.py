"""Pay what is open for an order: by card on the telephone's keypad, elsewhere by the shop's link.

The bot never has a card. It asks for a yes; the telephone takes the digits and gives them to the
payment service (channels/phone/till.py), and the bot hears what came of it: amount and reference.
"""

from dataclasses import dataclass

from actions.endings import CALL_BACK, PERSON
from actions.fields import IDENTITY, ORDER
from actions.task import CONFIRM, Ask, Button, Collected, Desk, Outcome, Result, confirm
from actions.wording import say_money
from core.errors import Unavailable
from core.payment import CARD_BUTTON
from core.shop import AmountDue, Refused

AMOUNT, REFERENCE = "amount", "reference"  # pence, and the payment service's name for the payment
PAY_ORDER = "pay_order"
NOT_HERE = (
    "I do not take cards here, so please do not write your card number. One of our people can take "
    "the payment with you."
)
KEY_IT_IN = "All right. Nobody hears what you key, and it is not recorded."


@dataclass(frozen=True, slots=True)
class PayOrder:
    """Says what is open, and how it is paid from where the customer is."""

    name: str = PAY_ORDER
    fields: tuple[str, ...] = IDENTITY
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """A yes, where a card can be keyed in and something is open."""
        if REFERENCE in known or CONFIRM in known or not await desk.keypad.is_here():
            return None
        due = await desk.backend.amount_due(known[ORDER])
        if not due.amount_pence:
            return None
        return confirm(
            f"{_open(due)} I can take it by card now: you key the digits in on your telephone. "
            "Shall I?",
            {AMOUNT: str(due.amount_pence)},
        )

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Leave it to the keypad, tell the link, or note what was paid."""
        if REFERENCE in known:
            return await _note(desk, known)
        due = await desk.backend.amount_due(known[ORDER])
        if not due.amount_pence:
            text = f"Nothing is open to be paid for order {due.order}."
            return Outcome(Result.RESOLVED, text)
        if CONFIRM in known:
            card = Button("Pay by card", f"{CARD_BUTTON}{due.order}:{due.amount_pence}")
            return Outcome(Result.PENDING, KEY_IT_IN, (card,))
        if due.link:
            text = f"{_open(due)} I do not take cards here; you can pay it on this page: {due.link}"
            return Outcome(Result.RESOLVED, text)
        return Outcome(Result.REFUSED, f"{_open(due)} {NOT_HERE}", (PERSON, CALL_BACK))


async def _note(desk: Desk, known: Collected) -> Outcome:
    """Tell the shop; what was charged is charged, so a refusal is for a person to settle."""
    amount, reference = int(known[AMOUNT]), known[REFERENCE]
    told = f"{say_money(amount)} was taken from your card; the reference is {reference}."
    try:
        left = await desk.backend.record_payment(
            known[ORDER], amount, reference, key=f"payment-{reference}"
        )
    except Refused:
        text = f"{told} Our books do not fit that, so one of our people should look at it."
        return Outcome(Result.FAILED, text, (PERSON, CALL_BACK))
    except Unavailable:  # the money is taken: "nothing was changed" would be a lie
        text = f"{told} I could not note it in our system just now; our people do it by that."
        return Outcome(Result.FAILED, text, (PERSON, CALL_BACK))
    rest = f" {say_money(left.amount_pence)} is still open." if left.amount_pence else ""
    return Outcome(Result.RESOLVED, f"Thank you. {told} Order {left.order} is paid.{rest}")


def _open(due: AmountDue) -> str:
    return f"{say_money(due.amount_pence)} is open to be paid for order {due.order}."


TASK = PayOrder()

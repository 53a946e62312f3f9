"""Change the e-mail address or the phone number on file."""

from dataclasses import dataclass

from actions.endings import CALL_BACK, PERSON
from actions.fields import EMAIL, IDENTITY, ORDER, PHONE, WHICH, read_which
from actions.task import CONFIRM, WISH, Ask, Choice, Collected, Desk, Outcome, Result, confirm
from actions.tasks.orders import order_of
from language.values.contacts import say_phone
from mail.letter import MailUnavailable

ASK_WHICH = Ask(
    WHICH,
    "What shall I change?",
    (Choice("My e-mail address", EMAIL), Choice("My phone number", PHONE)),
)
QUESTIONS = {
    EMAIL: "What is your new e-mail address?",
    PHONE: "What is your new phone number, with its area code?",
}
PLAIN = "I can only take e-mail addresses with plain letters, a to z. What is another of yours?"
UNTOLD = Outcome(
    Result.FAILED,
    "I could not send the notice to your old e-mail address, so I have changed nothing. I am "
    "sorry. You can try again later, or a person can look into it.",
    (CALL_BACK, PERSON),
)
NAMES = {EMAIL: "e-mail address", PHONE: "phone number"}


@dataclass(frozen=True, slots=True)
class ChangeContact:
    """Asks which and what to, reads it back, and changes it; the old address is told."""

    name: str = "change_contact"
    fields: tuple[str, ...] = (*IDENTITY, EMAIL, PHONE, WHICH)
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """Which, what to, and a yes; nothing when the order has no customer on file."""
        if (await order_of(desk, known)).customer is None:
            return None
        news = _news(known)
        if not news.get(EMAIL, "").isascii():
            return Ask(EMAIL, PLAIN)
        if not news:
            which = known.get(WHICH) or read_which(known.get(WISH) or "", desk.now)
            if which is None:
                return ASK_WHICH
            return Ask(which, QUESTIONS[which], settles={WHICH: which})
        return None if CONFIRM in known else _confirm(news, known[ORDER])

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Change it."""
        customer, news = (await order_of(desk, known)).customer, _news(known)
        if customer is None:
            text = "I cannot change the contact details of that order, I am sorry."
            return Outcome(Result.REFUSED, text, offers="order_change")
        if EMAIL in news:
            await desk.identity.expect_new_email(customer)
        try:
            await desk.backend.change_contact(
                customer, email=news.get(EMAIL), phone=news.get(PHONE), key=desk.turn
            )
        except MailUnavailable:
            return UNTOLD
        return Outcome(Result.RESOLVED, f"I have changed {_say(news)}.")


def _confirm(news: dict[str, str], order: str) -> Ask:
    """Names the order, for whose customer it is: it may be another than they think of."""
    return confirm(f"I will change {_say(news)}, for the customer of order {order}. Shall I?")


def _news(known: Collected) -> dict[str, str]:
    return {name: known[name] for name in (EMAIL, PHONE) if name in known}


def _say(news: dict[str, str]) -> str:
    said = {name: say_phone(value) if name == PHONE else value for name, value in news.items()}
    return " and ".join(f"your {NAMES[name]} to {value}" for name, value in said.items())


TASK = ChangeContact()

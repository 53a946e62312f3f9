"""Be called back: the number, when, read back, and then a promise that channels keeps."""

from dataclasses import dataclass
from datetime import datetime

from actions.endings import PERSON
from actions.fields import PHONE, WHEN
from actions.task import ABOUT, CONFIRM, Ask, Choice, Collected, Desk, Outcome, Result, confirm
from actions.wording import say_day, say_time
from core.errors import Unavailable
from language.values.contacts import say_phone

ASK_PHONE = "Which number may we ring? Please give it with its area code."
ASK_WHEN = "When suits you? For example: tomorrow after four, or as soon as possible."
CLOSED = "Nobody is at work then; the next time is {next}. Does that suit you, or when does?"
SHOWN_DIGITS = 3  # enough to know one's own number by


@dataclass(frozen=True, slots=True)
class CallBack:
    """Asks for number and time, reads both back, and tells channels."""

    name: str = "call_back"
    fields: tuple[str, ...] = (PHONE, WHEN)
    is_personal: bool = False

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """Which number, when, and a yes."""
        if PHONE not in known:
            return Ask(PHONE, ASK_PHONE, await _on_file(desk))
        if WHEN not in known:
            return Ask(WHEN, ASK_WHEN)
        opening = _opening_if_closed(desk, known[WHEN])
        if opening is not None:
            said = _say_moment(opening, desk)
            return Ask(WHEN, CLOSED.format(next=said), (Choice(said, f"{opening.isoformat()}/"),))
        if CONFIRM in known:
            return None
        phone = say_phone(known[PHONE])
        return confirm(f"We will ring {phone}, {say_window(known[WHEN], desk)}. Is that right?")

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Promise it."""
        start, end = ends_of(known[WHEN])
        facts = {"phone": known[PHONE], "when": start.isoformat()}
        facts |= {"until": end.isoformat()} if end else {}
        facts |= {"about": known[ABOUT]} if ABOUT in known else {}
        text = f"All right: we ring {say_phone(known[PHONE])}, {say_window(known[WHEN], desk)}."
        message = {"parley": "call_back", "facts": facts}
        return Outcome(Result.RESOLVED, text, (PERSON,), messages=(message,))


def ends_of(value: str) -> tuple[datetime, datetime | None]:
    """The two moments of a window as it is kept: '2026-11-24T16:00:00+00:00/'."""
    start, _, end = value.partition("/")
    return datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None


def say_window(value: str, desk: Desk) -> str:
    """A window as people say it: 'on Tuesday 24 November from 4 pm'."""
    start, end = _local(value, desk)
    until = ""
    if end is not None:
        is_one_day = end.date() == start.date()
        until = f" to {say_time(end) if is_one_day else _say_moment(end, desk)}"
    return f"on {say_day(start.date())} from {say_time(start)}{until}"


async def _on_file(desk: Desk) -> tuple[Choice, ...]:
    """The number of a customer who has shown who they are today."""
    shown = (await desk.identity.known()).shop_customer
    try:
        customer = await desk.backend.find_customer(shown) if shown else None
    except Unavailable:  # they may want the call for that very reason
        return ()
    if customer is None or customer.phone is None:
        return ()
    title = f"The number we have, ending in {customer.phone[-SHOWN_DIGITS:]}"
    return (Choice(title, customer.phone),)


def _opening_if_closed(desk: Desk, value: str) -> datetime | None:
    """When people are next at work, when nobody is within the window."""
    start, end = _local(value, desk)
    if desk.hours.is_open(start):
        return None
    opening = desk.hours.next_opening(start)
    is_within = opening is None or (
        opening < end if end is not None else opening.date() == start.date()
    )
    return None if is_within else opening


def _local(value: str, desk: Desk) -> tuple[datetime, datetime | None]:
    start, end = ends_of(value)
    return start.astimezone(desk.now.tzinfo), end and end.astimezone(desk.now.tzinfo)


def _say_moment(moment: datetime, desk: Desk) -> str:
    local = moment.astimezone(desk.now.tzinfo)
    return f"{say_day(local.date())}, {say_time(local)}"


TASK = CallBack()

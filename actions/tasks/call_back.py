"""Be called back: the number, when, read back, and then a promise that channels keeps.

Who has a call promised already is told when, may have it at another time, and may take it back.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from actions.endings import PERSON
from actions.fields import PHONE, WHEN
from actions.task import (
    ABOUT,
    CONFIRM,
    WISH,
    Ask,
    Choice,
    Collected,
    Desk,
    Outcome,
    Result,
    confirm,
)
from core.call_back import CallBack as Promise
from core.errors import Unavailable
from language.saying import say_moment, say_window
from language.values.contacts import say_phone

ASK_PHONE = "Which number may we ring? Please give it with its area code."
ASK_WHEN = "When suits you? For example: tomorrow after four, or as soon as possible."
ASK_OTHER = "We ring {call}. When would suit you instead?"
CLOSED = "Nobody is at work then; the next time is {next}. Does that suit you, or when does?"
NONE_YET = f"I have no call noted for you yet. {ASK_PHONE}"
NONE_PROMISED = "I have no call noted for you, so there is nothing to cancel."
SHOWN_DIGITS = 3  # enough to know one's own number by
_A_CALL = r"(?:(?:the|that|this|a|any|my|your)\s+)?(?:phone\s+)?(?:call|ring)"
_CANCELS = re.compile(
    rf"\b(?:cancel|scrap|drop|stop|forget(?:\s+about)?|leave|remove)\s+{_A_CALL}", re.IGNORECASE
)
_REFUSES = re.compile(
    r"\b(?:no\s+longer|do\s+not|don[’']?t)\s+"
    rf"(?:(?:need|want)\s+(?:{_A_CALL}|(?:you|anyone|anybody|someone|somebody)\s+to\s+(?:call|ring))"
    r"|(?:call|ring|phone|bother)\b)",
    re.IGNORECASE,
)
_ASKS_WHEN = re.compile(
    r"\b(?:when|what\s+time|what\s+day)\b.*\b(?:call|ring|rung|phon)|\bhave\s+you\s+(?:got|noted)\b"
    r"|\b(?:nobody|no[\s-]?one)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CallBack:
    """Asks for number and time, reads both back, and tells channels."""

    name: str = "call_back"
    fields: tuple[str, ...] = (PHONE, WHEN)
    is_personal: bool = False

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """Which number, when, and a yes; of a call that is promised, what is to become of it."""
        promised = await desk.calls.promised()
        if takes_back(known):
            return _ask_to_cancel(promised, known, desk)
        if promised is not None and _only_asks(known):
            return None
        return await _missing(desk, _with_number(known, promised), promised)

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Promise it, take it back, or only tell of it."""
        promised = await desk.calls.promised()
        if takes_back(known):
            return _taken_back(promised)
        if promised is not None and _only_asks(known):
            text = f"We ring {say_call(promised, desk)}. Tell me if another time suits better."
            return Outcome(Result.RESOLVED, text, (PERSON,))
        known = _with_number(known, promised)
        start, end = ends_of(known[WHEN])
        facts = {"phone": known[PHONE], "when": start.isoformat()}
        facts |= {"until": end.isoformat()} if end else {}
        facts |= {"about": known[ABOUT]} if ABOUT in known else {}
        text = f"All right: we ring {_say_wanted(known, promised, desk)}."
        message = {"parley": "call_back", "facts": facts}
        return Outcome(Result.RESOLVED, text, (PERSON,), messages=(message,))


def takes_back(known: Collected) -> bool:
    """Whether the words that began it want no call; a time that was named since wants one."""
    wish, told = known.get(WISH), list(known)
    if wish is None or (WHEN in known and told.index(WHEN) > told.index(WISH)):
        return False
    refuses = WHEN not in known and _REFUSES.search(wish) is not None
    return refuses or _CANCELS.search(wish) is not None


def ends_of(value: str) -> tuple[datetime, datetime | None]:
    """The two moments of a window as it is kept: '2026-11-24T16:00:00+00:00/'."""
    start, _, end = value.partition("/")
    return datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None


def say_call(promised: Promise, desk: Desk) -> str:
    """A call that is promised: '07700 900123, on Tuesday 24 November from 4 pm'."""
    when = "at a time to be agreed"
    if promised.wanted_from is not None:
        when = _say_ends((promised.wanted_from, promised.wanted_to), desk)
    return f"{say_phone(promised.phone or '')}, {when}"


async def _missing(desk: Desk, known: Collected, promised: Promise | None) -> Ask | None:
    """What a call still lacks; beside one that is promised, it takes its place."""
    if PHONE not in known:
        is_news = promised is None and _only_asks(known)
        return Ask(PHONE, NONE_YET if is_news else ASK_PHONE, await _on_file(desk))
    if WHEN not in known:
        asked = ASK_OTHER.format(call=say_call(promised, desk)) if promised else ASK_WHEN
        return Ask(WHEN, asked)
    opening = _opening_if_closed(desk, known[WHEN])
    if opening is not None:
        said = say_moment(_local(opening, desk))
        return Ask(WHEN, CLOSED.format(next=said), (Choice(said, f"{opening.isoformat()}/"),))
    if CONFIRM in known:
        return None
    return confirm(f"We will ring {_say_wanted(known, promised, desk)}. Is that right?")


def _say_wanted(known: Collected, promised: Promise | None, desk: Desk) -> str:
    instead = " instead" if promised else ""
    return f"{say_phone(known[PHONE])}, {_say_ends(ends_of(known[WHEN]), desk)}{instead}"


def _ask_to_cancel(promised: Promise | None, known: Collected, desk: Desk) -> Ask | None:
    if promised is None or CONFIRM in known:
        return None
    return confirm(f"I will cancel the call to {say_call(promised, desk)}. Shall I?")


def _taken_back(promised: Promise | None) -> Outcome:
    if promised is None:
        return Outcome(Result.REFUSED, NONE_PROMISED, (PERSON,))
    message = {"parley": "call_back", "cancels": promised.id}
    text = "The call is cancelled; nobody will ring you."
    return Outcome(Result.RESOLVED, text, (PERSON,), messages=(message,))


def _only_asks(known: Collected) -> bool:
    """Whether they ask when we ring, and name no time of their own."""
    return _ASKS_WHEN.search(known.get(WISH) or "") is not None and WHEN not in known


def _with_number(known: Collected, promised: Promise | None) -> Collected:
    """With the number of the call that is promised, unless another was given."""
    if promised is None or PHONE in known or promised.phone is None:
        return known
    return known.with_values({PHONE: promised.phone})


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
    start, end = (_local(moment, desk) if moment else None for moment in ends_of(value))
    if start is None or desk.hours.is_open(start):
        return None
    opening = desk.hours.next_opening(start)
    is_within = opening is None or (
        opening < end if end is not None else opening.date() == start.date()
    )
    return None if is_within else opening


def _say_ends(ends: tuple[datetime, datetime | None], desk: Desk) -> str:
    start, end = ends
    return say_window(_local(start, desk), _local(end, desk) if end else None)


def _local(moment: datetime, desk: Desk) -> datetime:
    return moment.astimezone(desk.now.tzinfo)


TASK = CallBack()

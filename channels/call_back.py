"""Leaving a call-back while a customer waits: number, time, read back, then a promise kept in rows.

Pure: a turn and the draft as it stands go in, what is said and what is kept come out. With the bot
the task `call_back` of the actions does the talking; here nobody else may, for the bot is silent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from channels.call_back_words import asks_call_back, gives_up, read_phone, read_window
from channels.reply import Line
from channels.requests import CALL_BACK
from core.call_back import CallBack, CallBackState
from core.hours import Hours
from core.ids import new_id
from language.saying import say_window
from language.values.contacts import say_phone
from language.values.yes_no import read_yes_no

YES, NO, LEAVE = "callback:yes", "callback:no", "callback:leave"
KEEP_WAITING = ("I will wait here", LEAVE)

ASK_PHONE = "Which number may we ring? Please give it with its area code."
ASK_WHEN = "When suits you? For example: tomorrow after four, or as soon as possible."
NOT_A_PHONE = "I could not read a telephone number in that. " + ASK_PHONE
NOT_A_TIME = "I could not read a time in that. " + ASK_WHEN
LEFT = "All right, no call-back. You keep your place in line, and somebody will answer you here."
CHANGE = "What shall I change: the number, or the time?"


@dataclass(frozen=True, slots=True)
class CallBackStep:
    """What is said, and the call-back as it is from now on."""

    line: Line
    call_back: CallBack

    @property
    def is_promised(self) -> bool:
        """Whether number and time are agreed, so that the customer leaves the queue."""
        return self.call_back.state is CallBackState.OPEN


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, as the customer's words are read: in the house's zone, within its hours."""

    now: datetime
    zone: ZoneInfo
    hours: Hours

    @property
    def local(self) -> datetime:
        """The house's wall clock."""
        return self.now.astimezone(self.zone)


def step_call_back(
    conversation_id: str,
    draft: CallBack | None,
    text: str,
    payload: str | None,
    clock: Clock,
    *,
    phone: str | None = None,
) -> CallBackStep | None:
    """Offer a customer's turn to the draft; None when it is about something else.

    Args:
        phone: a number that is known already, such as the one they write from.
    """
    is_asked = payload == CALL_BACK or (payload is None and asks_call_back(text))
    if draft is None:
        if not is_asked:
            return None
        new = CallBack(new_id(), conversation_id, clock.now, phone=phone)
        return _go_on(_with_words(new, text, clock), clock)
    if payload == LEAVE or (payload is None and gives_up(text)):
        return CallBackStep(Line(LEFT), replace(draft, state=CallBackState.CANCELLED))
    return _heard(draft, text, payload, clock, is_asked=is_asked)


def promised_by_bot(
    conversation_id: str, facts: Mapping[str, object], clock: Clock
) -> CallBack | None:
    """What the bot's task agreed: a number, and a time in words or as a moment; None without.

    Beside a moment in `when` there may be one in `until`; one that is not later is no end.
    """
    phone = read_phone(str(facts.get("phone") or ""))
    said = str(facts.get("when") or "")
    start, end = _moment(said, clock), _moment(str(facts.get("until") or ""), clock)
    words = None
    if start is None:
        window = read_window(said, clock.local, clock.hours, is_asked=True)
        start, end, words = (window.start, window.end, said) if window else (None, None, None)
    if phone is None or start is None:
        return None
    is_later = end is not None and end > start
    return CallBack(
        new_id(), conversation_id, clock.now, CallBackState.OPEN, phone, words,
        start.astimezone(UTC), end.astimezone(UTC) if end and is_later else None,
    )  # fmt: skip


def _moment(said: str, clock: Clock) -> datetime | None:
    """A moment as programs write it; without a zone it is the house's."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=clock.zone)


def _heard(
    draft: CallBack, text: str, payload: str | None, clock: Clock, *, is_asked: bool
) -> CallBackStep:
    """A turn while number, time or a yes is awaited."""
    changed = draft if payload else _with_words(draft, text, clock)
    if changed != draft or is_asked:
        return _go_on(changed, clock)
    if draft.is_complete:
        said = payload == YES if payload in (YES, NO) else read_yes_no(text)
        return _answered(draft, said, clock)
    return _go_on(draft, clock, is_missed=payload is None)


def _answered(draft: CallBack, said: bool | None, clock: Clock) -> CallBackStep:
    """Yes or no to what was read back."""
    if said is None:
        return CallBackStep(_read_back(draft, clock), draft)
    if not said:
        return CallBackStep(Line(CHANGE, (KEEP_WAITING,)), draft)
    promised = replace(draft, state=CallBackState.OPEN)
    return CallBackStep(Line(tell_promise(promised, clock)), promised)


def _with_words(draft: CallBack, text: str, clock: Clock) -> CallBack:
    """The draft with the number and the time that a text gives."""
    is_asked = draft.phone is not None and not asks_call_back(text)
    phone = read_phone(text)
    window = read_window(text, clock.local, clock.hours, is_asked=is_asked)
    changed = draft if phone is None else replace(draft, phone=phone)
    if window is None:
        return changed
    return replace(
        changed,
        words=window.words,
        wanted_from=window.start.astimezone(clock.now.tzinfo),
        wanted_to=window.end.astimezone(clock.now.tzinfo) if window.end else None,
    )


def _go_on(draft: CallBack, clock: Clock, *, is_missed: bool = False) -> CallBackStep:
    """Ask for what is missing, saying so when it was asked before, or read it all back."""
    if draft.phone is None:
        return CallBackStep(Line(NOT_A_PHONE if is_missed else ASK_PHONE, (KEEP_WAITING,)), draft)
    if draft.wanted_from is None:
        return CallBackStep(Line(NOT_A_TIME if is_missed else ASK_WHEN, (KEEP_WAITING,)), draft)
    return CallBackStep(_read_back(draft, clock), draft)


def _read_back(draft: CallBack, clock: Clock) -> Line:
    return Line(
        f"We will ring {_phone(draft)}, {say_when(draft, clock.zone)}. Is that right?",
        (("Yes, please", YES), ("No, change it", NO), KEEP_WAITING),
    )


def tell_promise(promised: CallBack, clock: Clock) -> str:
    """What the customer reads once it is agreed."""
    return (
        f"All right: we ring {_phone(promised)}, {say_when(promised, clock.zone)}. Whoever rings "
        "will have read all of this. You need not wait here; I am here if you need anything else."
    )


def _phone(call_back: CallBack) -> str:
    return say_phone(call_back.phone or "")


def say_when(call_back: CallBack, zone: ZoneInfo) -> str:
    """When it is to be: 'on Tuesday 24 November from 4 pm'."""
    if call_back.wanted_from is None:
        return "at a time to be agreed"
    start, end = call_back.wanted_from.astimezone(zone), call_back.wanted_to
    return say_window(start, end.astimezone(zone) if end else None)

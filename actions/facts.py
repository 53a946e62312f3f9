"""What a person is told of a task: the values it collected, in words that people read."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from actions.fields import DAY, FITTING_NUMBER, HOURS, ORDER, RETURN_NUMBER, TICKET_NUMBER, WHICH
from actions.identify import PRIVATE
from actions.task import (
    ABOUT,
    ATTEMPT,
    CONFIRM,
    MEANT,
    NO_ONCE,
    OTHER_THAN,
    OWN_TICKET,
    TOLD_BEFORE,
    WISH,
    Collected,
)
from actions.tasks.notes import NOTE, SAID
from actions.tasks.orders import BOTH, EVERYTHING
from actions.wording import say_money
from language.saying import say_day, say_moment, say_time

LONGEST = 25  # words of one fact; a packet has 120 in all, and the turns themselves hold the rest
NO_DAY = "2000-01-01T"  # a time of day is read as a moment of any day
_OF_OURS = {ABOUT, ATTEMPT, CONFIRM, MEANT, NO_ONCE, OTHER_THAN, OWN_TICKET, TOLD_BEFORE, WISH}
_HIDDEN = frozenset({*_OF_OURS, WHICH, *PRIVATE})
_NAMES = {
    ORDER: "order_number",
    RETURN_NUMBER: "return_number",
    TICKET_NUMBER: "ticket_number",
    FITTING_NUMBER: "fitting_number",
}


def facts_of(known: Collected) -> dict[str, str]:
    """What was collected, without what only proves who they are."""
    is_timed = "slot" in known or "time" in known
    told = [
        name for name in known if name not in _HIDDEN and not (is_timed and name in (DAY, HOURS))
    ]
    facts = {_NAMES.get(name, name): _say(name, known) for name in told}
    return {name: value for name, value in facts.items() if value}


def _say(name: str, known: Collected) -> str:
    value = known[name]
    if name in _WORDED:
        return _WORDED[name](value)
    if name == NOTE and value == SAID:
        value = known.get(WISH) or ""
    words = value.split()
    return f"{' '.join(words[:LONGEST])} …" if len(words) > LONGEST else value


def _say_item(value: str) -> str:
    if value.startswith(BOTH):
        return f"both {value.removeprefix(BOTH)}".strip()
    return "all of it" if value == EVERYTHING else value


def _say_slot(value: str) -> str:
    day, window = value.split("|", 1)
    return f"{_say_day(day)}, {window}"


def _say_time(value: str) -> str:
    return say_moment(datetime.fromisoformat(value))


def _say_day(value: str) -> str:
    return say_day(date.fromisoformat(value))


def _say_hour(value: str) -> str:
    return say_time(datetime.fromisoformat(f"{NO_DAY}{value}"))


def _say_ends(value: str, say: Callable[[str], str]) -> str:
    """Both ends of a stretch, or the one that is known: '2025-06-10/2025-06-12', '12:00/'."""
    first, _, last = value.partition("/")
    if not last:
        return f"from {say(first)}"
    if not first:
        return f"until {say(last)}"
    return say(first) if first == last else f"{say(first)} to {say(last)}"


_WORDED: Mapping[str, Callable[[str], str]] = {
    "amount": lambda value: say_money(int(value)),
    "item": _say_item,
    "slot": _say_slot,
    "time": _say_time,
    "when": lambda value: _say_ends(value, _say_time),
    "day": lambda value: _say_ends(value, _say_day),
    "hours": lambda value: _say_ends(value, _say_hour),
}

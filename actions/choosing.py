"""Which of the offered choices words mean: by number, by name, or by day and time."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from actions.task import Choice
from language.values.choices import choose
from language.values.dates import find_dates, find_excluded_dates
from language.values.moments import find_hours

_NUMBER = re.compile(r"\W*(?:number|no\.?|option)?\s*(\d{1,2})\W*", re.IGNORECASE)
PLACE = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|last|one|earlie\w+|late\w+|soonest)\b",
    re.IGNORECASE,
)


def choose_from(
    text: str, choices: Sequence[Choice], *, now: datetime, days: str | None = None
) -> Choice | None:
    """The one choice that is meant; None when none or several are.

    A bare number is that of a button. A day or a time picks among moments, unless the words are
    those of a place in the list: 'the second' is a date too. `days` are those that the words name,
    where that is known better than by the words alone.
    """
    number = _NUMBER.fullmatch(text)
    if number:
        place = int(number[1]) - 1
        return choices[place] if 0 <= place < len(choices) else None
    named = choose(text, [choice.title for choice in choices])
    timed = [choice for choice in choices if choice.at is not None]
    moments = not_on(timed, text, now)
    if len(moments) == 1 < len(timed):
        return moments[0]
    days, hours = days or read_days(text, now), read_hours(text, now)
    if moments and (days or hours):
        meant = in_hours(in_days(moments, days), hours)
        if len(meant) == 1:
            return meant[0]
        if meant or not PLACE.search(text):
            return None
    return None if named is None else choices[named]


A_DAY = timedelta(days=1)
_OR = re.compile(r"\s*,?\s*or\s+(?:on\s+)?(?:the\s+)?", re.IGNORECASE)


def read_days(text: str, now: datetime) -> str | None:
    """The first days that are named, as '2026-11-24/2026-11-25' of 'Tuesday or Wednesday'."""
    found = find_dates(text, today=now.date())
    if not found:
        return None
    first, last = found[0].first, found[0].last
    for one, before in zip(found[1:], found, strict=False):
        if one.first != last + A_DAY or not _OR.fullmatch(text[before.span.end : one.span.start]):
            break
        last = one.last
    return f"{first}/{last}"


def read_hours(text: str, now: datetime) -> str | None:
    """The first time that is named, as '12:00/18:00'; an end that is open is empty."""
    found = find_hours(text, today=now.date())
    if not found:
        return None
    ends = (found[0].earliest, found[0].latest)
    return "/".join(f"{end:%H:%M}" if end else "" for end in ends)


def not_on(choices: Sequence[Choice], text: str, now: datetime) -> list[Choice]:
    """Those that are left when days are refused: 'not Tuesday', of two days, is the other."""
    refused = find_excluded_dates(text, today=now.date())
    days = [(one.first.isoformat(), one.last.isoformat()) for one in refused]
    return [c for c in choices if not any(first <= _day(c) <= last for first, last in days)]


def in_days(choices: Sequence[Choice], days: str | None) -> list[Choice]:
    """Those within the days; all of them when none are named."""
    if days is None:
        return list(choices)
    first, last = days.split("/")
    return [choice for choice in choices if first <= _day(choice) <= last]


def in_hours(choices: Sequence[Choice], hours: str | None) -> list[Choice]:
    """Those that begin within the hours, else those that share some of them."""
    if hours is None:
        return list(choices)
    first, last = hours.split("/")
    last = last or "24:00"
    begin = [choice for choice in choices if first <= _hour(choice.at) < last]
    begin = begin or [choice for choice in choices if _hour(choice.at) == first]
    share = [choice for choice in choices if _hour(choice.at) < last and first < _end(choice)]
    return begin or share


def _day(choice: Choice) -> str:
    return choice.at.date().isoformat() if choice.at else ""


def _hour(at: datetime | None) -> str:
    return f"{at:%H:%M}" if at else "24:00"


def _end(choice: Choice) -> str:
    return _hour(choice.until or choice.at)

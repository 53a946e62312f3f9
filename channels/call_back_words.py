"""What a customer says about a call-back: that they want one, the number, and when."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import phonenumbers

from core.hours import DAYS, Hours

LONGEST = 200  # characters; a longer text tells a story
REGION = "GB"  # whose numbers need no country code, as in the demo shop
FEWEST_DIGITS = 9  # without the country code; shorter ones cannot be rung from elsewhere
SOON = timedelta(hours=2)  # 'as soon as possible' promises no minute, and is late after this
FURTHEST = timedelta(days=60)  # 'on the 3rd' of next month fits; a typing error of a year does not

_ASKS = re.compile(
    r"\b(?:(?:call|phone|ring|telephone)\s+(?:me|us)\b|call(?:ing)?[- ]?backs?"
    r"|(?:give|gimme)\s+(?:me\s+)?a\s+(?:call|ring|bell))",
    re.IGNORECASE,
)
_NOT_ASKED = re.compile(
    r"\b(?:don'?t|not|never|no need|nobody|no one|didn'?t|promised|supposed|was going to"
    r"|they|he|she|said)\b",
    re.IGNORECASE,
)
_GIVES_UP = re.compile(
    r"(?:no[,.]?\s+)?(?:never ?mind|forget (?:it|about it)|cancel(?: (?:it|that))?|leave it|stop"
    r"|no call[- ]?back|i(?:'ll| will) (?:just )?wait(?: here)?|don'?t (?:call|bother))"
    r"(?:[,.]?\s*(?:thanks|thank you|please))?[\s.!]*",
    re.IGNORECASE,
)
_SOON = re.compile(
    r"\b(?:as soon as (?:possible|you can)|asap|right (?:now|away)|straight away|immediately"
    r"|any ?time|whenever|now)\b",
    re.IGNORECASE,
)
_IN = re.compile(r"\bin (?:(\d{1,3}) (minutes?|mins?|hours?)|(an|half an) hour)\b", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\b(next )?(monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"\b(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}\b|\bthe (\d{{1,2}})(?:st|nd|rd|th)\b"
    rf"|\b(\d{{1,2}})/(\d{{1,2}})\b",
    re.IGNORECASE,
)
_NUMBER = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "noon": 12, "midday": 12,
}  # fmt: skip
_CLOCK = rf"(\d{{1,2}}(?:[:.]\d\d)?|{'|'.join(_NUMBER)})\s*(am|pm|a\.m\.?|p\.m\.?|o'?clock)?"
_BETWEEN = re.compile(
    rf"\b(?:between|from)\s+{_CLOCK}\s*(?:and|to|till|until|-)\s*{_CLOCK}", re.IGNORECASE
)
_AT = re.compile(rf"\b(after|from|before|by|at|around|about)\s+{_CLOCK}(?![\d/])", re.IGNORECASE)
_BARE = re.compile(r"\b(\d{1,2}(?:[:.]\d\d)?)\s*(am|pm|a\.m\.?|p\.m\.?|o'?clock)\b", re.IGNORECASE)
_PARTS = {
    "morning": (time(9), time(12)), "lunchtime": (time(12), time(14)),
    "afternoon": (time(12), time(17)), "evening": (time(17), time(20)),
}  # fmt: skip
_PART = re.compile(rf"\b({'|'.join(_PARTS)}|tonight)\b", re.IGNORECASE)
_DAY_BEGINS, _DAY_ENDS = time(9), time(18)  # of a day named without a time and without hours


@dataclass(frozen=True, slots=True)
class Window:
    """When to ring, local time; no end is 'after'. `words` is what was said."""

    start: datetime
    end: datetime | None
    words: str


def asks_call_back(text: str) -> bool:
    """Whether somebody wants to be rung; that nobody rang as promised is no such wish."""
    plain = text.replace("’", "'")
    found = _ASKS.search(plain) if len(plain) <= LONGEST else None
    return found is not None and _NOT_ASKED.search(plain[: found.start()]) is None


def gives_up(text: str) -> bool:
    """Whether the whole text takes the wish for a call-back back."""
    return _GIVES_UP.fullmatch(text.replace("’", "'").strip()) is not None


def read_phone(text: str) -> str | None:
    """The telephone number of a text, as E.164; the last one when there are several.

    Possible is enough: Ofcom's numbers for fiction, and the newest ones, are in no list.
    """
    possible = phonenumbers.Leniency.POSSIBLE
    numbers = [
        match.number
        for match in phonenumbers.PhoneNumberMatcher(text[:LONGEST], REGION, leniency=possible)
        if len(str(match.number.national_number)) >= FEWEST_DIGITS
    ]
    if not numbers:
        return None
    return phonenumbers.format_number(numbers[-1], phonenumbers.PhoneNumberFormat.E164)


def read_window(text: str, now: datetime, hours: Hours) -> Window | None:
    """When a text says to ring, in the future; None when it names no time."""
    plain = text[:LONGEST].replace("’", "'")
    soon = _in_a_while(plain, now)
    if soon is not None:
        return Window(soon, soon + SOON, text[:LONGEST])
    day, clock = _day(plain, now), _clock(plain)
    if day is None and clock is None:
        return _at_once(text, now, hours) if _SOON.search(plain) else None
    start, end = clock or (_DAY_BEGINS, _DAY_ENDS)
    on = day or now.date()
    begins = datetime.combine(on, start, now.tzinfo)
    ends = datetime.combine(on, end, now.tzinfo) if end else None
    if day is None and (ends or begins) <= now:
        begins, ends = begins + timedelta(days=1), ends + timedelta(days=1) if ends else None
    if not now < (ends or begins) <= now + FURTHEST:
        return None
    return Window(max(begins, now), ends, text[:LONGEST])


def _at_once(text: str, now: datetime, hours: Hours) -> Window:
    """Now, or when people are next at work."""
    start = now if hours.is_open(now) else hours.next_opening(now) or now
    return Window(start, start + SOON, text[:LONGEST])


def _in_a_while(text: str, now: datetime) -> datetime | None:
    found = _IN.search(text)
    if found is None:
        return None
    if found[3]:
        return now + (timedelta(hours=1) if found[3].lower() == "an" else timedelta(minutes=30))
    unit = timedelta(hours=1) if found[2].lower().startswith("h") else timedelta(minutes=1)
    return now + int(found[1]) * unit


def _day(text: str, now: datetime) -> date | None:
    lower, today = text.lower(), now.date()
    if "tomorrow" in lower:
        return today + timedelta(days=2 if "day after tomorrow" in lower else 1)
    if re.search(r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b", lower):
        return today
    named = _WEEKDAY.search(text)
    if named:
        ahead = (DAYS.index(named[2][:3].lower()) - today.weekday()) % 7
        return today + timedelta(days=ahead or 7)
    return _date(text, today)


def _date(text: str, today: date) -> date | None:
    """A day of a month, British order; the next one to come."""
    found = _DATE.search(text)
    if found is None:
        return None
    day = int(found[1] or found[3] or found[4])
    if found[2]:
        month = _MONTHS.index(found[2].lower()) + 1
    else:
        month = int(found[5]) if found[5] else today.month + (day < today.day)
    year = today.year + (month > 12)
    try:
        made = date(year, (month - 1) % 12 + 1, day)
        return made if made >= today else made.replace(year=made.year + 1)
    except ValueError:
        return None


def _clock(text: str) -> tuple[time, time | None] | None:
    between = _BETWEEN.search(text)
    if between:
        start, end = _time(between[1], between[2] or between[4]), _time(between[3], between[4])
        if start is not None and end is not None:
            return (start, end) if start < end else None
    found = _AT.search(text)
    named = _time(found[2], found[3]) if found else None
    if found and named:
        word = found[1].lower()
        if word in ("before", "by"):
            return (_DAY_BEGINS, named) if named > _DAY_BEGINS else None
        return (named, None) if word in ("after", "from") else (named, _later(named))
    part = _PART.search(text)
    if part:
        return _PARTS["evening" if part[1].lower() == "tonight" else part[1].lower()]
    bare = _BARE.search(text)
    at = _time(bare[1], bare[2]) if bare else None
    return (at, _later(at)) if at else None


def _later(at: time) -> time | None:
    """An hour on: 'at three' is no second to the minute."""
    return at.replace(hour=at.hour + 1) if at.hour < 23 else None


def _time(said: str, half: str | None) -> time | None:
    """A time of day; without am or pm 1 to 7 are of the afternoon, when people are at work."""
    hour_said, _, minute_said = said.lower().replace(".", ":").partition(":")
    hour = _NUMBER.get(hour_said) or int(hour_said)
    mark = (half or "").lower().replace(".", "")
    if (mark == "pm" and hour < 12) or (mark not in ("am", "pm") and 1 <= hour <= 7):
        hour += 12
    if mark == "am" and hour == 12:
        hour = 0
    minute = int(minute_said or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None

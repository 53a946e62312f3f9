"""A day and a time said together: 'next Tuesday after four', 'in two hours', 'tonight'."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.spans import TextSpan
from language.values.date_words import ANY_DAY, COUNT, number_of
from language.values.dates import find_dates, is_contrary
from language.values.day_parts import FoundTime
from language.values.found import level
from language.values.times import find_time_behind, find_times


@dataclass(frozen=True, slots=True)
class Moment:
    """Days and hours, each from and to; None where that side is open or was not said."""

    first: date | None
    last: date | None
    earliest: time | None
    latest: time | None
    span: TextSpan


_SOON = re.compile(
    r"\b(?:now|right away|straight ?away|immediately|as soon as (?:possible|you can)|asap)\b"
)
_IN_HOURS = re.compile(
    rf"\bin\s(?:about\s)?(?P<count>half an|{COUNT})\s(?P<unit>minute|min|hour|hr)s?"
    r"(?P<half>\sand\sa\shalf)?\b"
)
_LEADS_TO_DAY = re.compile(r"\s*\b(?:on\s*)?\Z", re.IGNORECASE)
_A_WEEKDAY = re.compile(rf"\b(?:{ANY_DAY}|tomorrow|today)\Z")
_OF_TODAY = re.compile(r"\bthis\s(?:early\s|late\s)?(?:morning|afternoon|evening)\b|\btonight\b")


def find_moment(text: str, *, now: datetime, is_asked: bool = False) -> Moment | None:
    """The first day and the first time that a text offers; None when it offers neither.

    Args:
        now: aware; 'tomorrow' is tomorrow there.
        is_asked: whether a time was asked for, so that 'four' alone is one.
    """
    soon = _soon(text, now)
    if soon is not None:
        return soon
    today = now.date()
    if is_contrary(text, today=today):
        return None
    dates, times = find_dates(text, today=today), find_hours(text, today=today, is_asked=is_asked)
    day = dates[0] if dates else None
    if is_asked and day is not None and not times:  # 'five tomorrow', '5 on Monday'
        ahead = _LEADS_TO_DAY.sub("", text[: day.span.start])
        times = find_times(ahead, is_asked=True)
    hours = times[0] if times else None
    spans = [one.span for one in (day, hours) if one is not None]
    if not spans:
        return None
    first = last = today if day is None and _OF_TODAY.search(level(text)) else None
    return Moment(
        day.first if day else first,
        day.last if day else last,
        hours.earliest if hours else None,
        hours.latest if hours else None,
        TextSpan(min(spans).start, max(one.end for one in spans)),
    )


def find_hours(text: str, *, today: date, is_asked: bool = False) -> tuple[FoundTime, ...]:
    """The times that a text offers, or the bare hour behind a day: 'Monday 10' of no 10th."""
    times = find_times(text, is_asked=is_asked)
    if times:
        return times
    days = [one.span for one in find_dates(text, today=today)]
    hours = [
        find_time_behind(text, span.end) for span in days if _A_WEEKDAY.search(level(span.of(text)))
    ]
    return tuple(hour for hour in hours if hour is not None)


def _soon(text: str, now: datetime) -> Moment | None:
    """'now', 'in half an hour', 'in two hours'; from then on, on that day."""
    plain = level(text)
    counted = _IN_HOURS.search(plain)
    match = counted or _SOON.search(plain)
    if match is None:
        return None
    then = now + timedelta(minutes=_minutes(counted) if counted else 0)
    at = then.time().replace(second=0, microsecond=0)
    return Moment(then.date(), then.date(), at, None, TextSpan(match.start(), match.end()))


def _minutes(match: re.Match[str]) -> int:
    factor = 60 if match["unit"] in ("hour", "hr") else 1
    if match["count"] == "half an":
        return factor // 2
    return number_of(match["count"]) * factor + (factor // 2 if match["half"] else 0)

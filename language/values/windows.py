"""A stretch of time that a text offers, as two moments: 'tomorrow after four', 'on Monday'."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.hours import ALWAYS, Hours
from language.values.moments import Moment, find_moment

DAY_BEGINS, DAY_ENDS = time(9), time(18)  # of a day that is named without a time
FURTHEST = timedelta(days=60)  # 'on the 3rd' of next month fits; a typing error of a year does not
AN_HOUR = timedelta(hours=1)
# 'no, five' is five, as 'five' is
_OPENS = re.compile(
    r"\A\W*(?:(?:no|nope|sorry|actually|rather|make it|say)\b[\s,.]*){1,3}", re.IGNORECASE
)
_ANY_TIME = re.compile(
    r"\b(?:any\s?time|whenever|soon|i (?:don[’']?t|do not) mind|as early as)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Window:
    """From one moment to another, both aware; no end is 'after', and it is after `start`."""

    start: datetime
    end: datetime | None


def find_window(
    text: str, *, now: datetime, is_asked: bool = False, hours: Hours = ALWAYS
) -> Window | None:
    """The first stretch of time ahead that a text offers, within 60 days; None without one.

    Args:
        now: aware; the window is in its zone. A time without a day is the next one to come.
        is_asked: whether a time was asked for, so that 'four' alone is one.
        hours: when people are at work: 'as soon as possible' is their next opening.
    """
    found = _find(text, now, is_asked=is_asked)
    if found is None or found.end is not None or found.start > now or hours.is_open(now):
        return found
    opening = hours.next_opening(now)
    return found if opening is None else Window(opening, None)


def _find(text: str, now: datetime, *, is_asked: bool) -> Window | None:
    moment = find_moment(_OPENS.sub("", text) if is_asked else text, now=now, is_asked=is_asked)
    if moment is None:
        is_open = is_asked and _ANY_TIME.search(text) is not None
        return Window(now.replace(second=0, microsecond=0), None) if is_open else None
    first = moment.first or now.date()
    last = moment.last or first
    if last < now.date() or first > now.date() + FURTHEST:
        return None
    minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    window = _on(moment, first, last, now)
    if moment.first is None and _is_over(window, minute):
        tomorrow = first + timedelta(days=1)
        window = _on(moment, tomorrow, tomorrow, now)
    if _is_over(window, minute):
        return None
    start, end = max(window.start, minute), window.end
    return Window(start.astimezone(now.tzinfo), end and end.astimezone(now.tzinfo))


def _on(moment: Moment, first: date, last: date, now: datetime) -> Window:
    """The moment's hours on these days, in UTC, where clocks do not change; 'at three' lasts an
    hour.
    """
    starts, ends = moment.earliest, moment.latest
    if starts is None and ends is None:
        starts, ends = DAY_BEGINS, DAY_ENDS
    start = _utc(first, starts or min(DAY_BEGINS, ends or DAY_BEGINS), now)
    if ends is None:
        return Window(start, None)
    end = _utc(last, ends, now)
    return Window(start, end if end > start else start + AN_HOUR)


def _utc(day: date, at: time, now: datetime) -> datetime:
    """A time of now's zone; of an hour that is there twice, the one it is now, else the first."""
    return datetime.combine(day, at.replace(fold=now.fold), now.tzinfo).astimezone(UTC)


def _is_over(window: Window, minute: datetime) -> bool:
    """Whether nothing of it is left; one without an end has its first minute."""
    return window.start < minute if window.end is None else window.end <= minute

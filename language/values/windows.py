"""A stretch of time that a text offers, as two moments: 'tomorrow after four', 'on Monday'."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from language.values.moments import Moment, find_moment

DAY_BEGINS, DAY_ENDS = time(9), time(18)  # of a day that is named without a time
FURTHEST = timedelta(days=60)  # 'on the 3rd' of next month fits; a typing error of a year does not
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From one moment to another, both aware; no end is 'after', and it is after `start`."""

    start: datetime
    end: datetime | None


def find_window(text: str, *, now: datetime, is_asked: bool = False) -> Window | None:
    """The first stretch of time ahead that a text offers, within 60 days; None without one.

    Args:
        now: aware; the window is in its zone. A time without a day is the next one to come.
        is_asked: whether a time was asked for, so that 'four' alone is one.
    """
    moment = find_moment(text, now=now, is_asked=is_asked)
    if moment is None:
        return None
    first = moment.first or now.date()
    window = _on(moment, first, moment.last or first, now)
    if moment.first is None and _is_over(window, now):
        window = _on(moment, first + timedelta(days=1), first + timedelta(days=1), now)
    if _is_over(window, now) or window.start > now + FURTHEST:
        return None
    return Window(max(window.start, now.replace(second=0, microsecond=0)), window.end)


def _on(moment: Moment, first: date, last: date, now: datetime) -> Window:
    """The moment's hours on these days; 'at three' lasts an hour."""
    starts, ends = moment.earliest, moment.latest
    if starts is None and ends is None:
        starts, ends = DAY_BEGINS, DAY_ENDS
    start = datetime.combine(first, starts or min(DAY_BEGINS, ends or DAY_BEGINS), now.tzinfo)
    if ends is None:
        return Window(start, None)
    end = datetime.combine(last, ends, now.tzinfo)
    return Window(start, end if end > start else start + AN_HOUR)


def _is_over(window: Window, now: datetime) -> bool:
    return (window.end or window.start) <= now - timedelta(minutes=1)

"""Arithmetic of days as British speakers mean it: weeks begin on Monday, the day comes first."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

Prefer = Literal["future", "past"]
HORIZON_DAYS = 730  # two years each way; a shop promises and remembers no longer
OPEN_DAYS = 28  # how far 'after the 14th' reaches, as far as slots are offered at most
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included."""

    first: date
    last: date


def one(day: date) -> Days:
    """A single day."""
    return Days(day, day)


def is_near(days: Days, today: date) -> bool:
    """Whether both ends lie within the horizon, in order."""
    horizon = timedelta(days=HORIZON_DAYS)
    return (
        days.first <= days.last and max(abs(days.first - today), abs(days.last - today)) <= horizon
    )


def week_of(day: date) -> Days:
    """Monday to Sunday."""
    monday = day - day.weekday() * DAY
    return Days(monday, monday + 6 * DAY)


def weekend_of(day: date) -> Days:
    """Saturday and Sunday of the day's week."""
    return Days(week_of(day).last - DAY, week_of(day).last)


def month_of(day: date) -> Days:
    """The first to the last day of the day's month."""
    first = day.replace(day=1)
    return Days(first, first + (monthrange(day.year, day.month)[1] - 1) * DAY)


def month_after(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def part_of(days: Days, part: str) -> Days:
    """The beginning, middle or end of a week or a month: about a third of it."""
    third = max(2, ((days.last - days.first).days + 1) // 3) * DAY
    if part == "end":
        return Days(days.last - third + DAY, days.last)
    if part == "start":
        return Days(days.first, days.first + third - DAY)
    return Days(days.first + third, days.last - third)


def coming(weekday: int, today: date, prefer: Prefer) -> date:
    """The next such day after today, or the last one before it."""
    if prefer == "past":
        return today - ((today.weekday() - weekday - 1) % 7 + 1) * DAY
    return today + ((weekday - today.weekday() - 1) % 7 + 1) * DAY


def day_of_month(number: int, today: date, prefer: Prefer) -> date | None:
    """The next such day of a month, today included; short months are passed over."""
    step = 1 if prefer == "future" else -1
    for months in range(0, 4 * step, step):
        first = month_after(today, months)
        if number > month_of(first).last.day or number < 1:
            continue
        day = first.replace(day=number)
        if day >= today if prefer == "future" else day <= today:
            return day
    return None


def dated(day: int, month: int | str, year: int | None, today: date, prefer: Prefer) -> date | None:
    """A day of a month; without a year the next one, today included, or the last one."""
    years = _years(today, prefer) if year is None else iter((year + 2000 if year < 100 else year,))
    for each in years:
        found = _figured(day, month, each) if isinstance(month, int) else _parsed(day, month, each)
        if found is None:
            continue
        is_right = found >= today if prefer == "future" else found <= today
        if year is not None or is_right:
            return found
    return None


def relative(phrase: str, today: date) -> date | None:
    """'in two weeks', '3 days ago': what dateparser makes of it."""
    found = _relative(phrase, today)
    return found if found and is_near(one(found), today) else None


def load() -> None:
    """Import and build what the first date would otherwise wait for, about 0.8 s."""
    _parsed(14, "march", 2027)


def _years(today: date, prefer: Prefer) -> Iterator[int]:
    step = 1 if prefer == "future" else -1
    return iter(range(today.year, today.year + 3 * step, step))


def _figured(day: int, month: int, year: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


@lru_cache(maxsize=2048)
def _parsed(day: int, month: str, year: int) -> date | None:
    if not 1000 <= year <= 9999:
        return None
    found = _parser(date(2000, 1, 1)).get_date_data(f"{day} {month} {year}").date_obj
    return found.date() if found is not None and found.day == day else None


@lru_cache(maxsize=512)
def _relative(phrase: str, today: date) -> date | None:
    found = _parser(today).get_date_data(phrase).date_obj
    return None if found is None else found.date()


@lru_cache(maxsize=4)
def _parser(today: date) -> "DateDataParser":
    """English, the day before the month; imported late, because it takes a quarter of a second."""
    from dateparser.date import DateDataParser  # noqa: PLC0415

    base = datetime(today.year, today.month, today.day)  # noqa: DTZ001 - a plain calendar day
    return DateDataParser(
        languages=["en"],
        settings={
            "DATE_ORDER": "DMY",
            "RELATIVE_BASE": base,
            "PARSERS": ["relative-time", "absolute-time"],
        },
    )

"""Days on which a shop is closed although its week says otherwise."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from core.errors import BadInput

BANK_HOLIDAYS = "bank-holidays"
SATURDAY = 5
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Single days, and the bank holidays of every year if `bank_holidays`."""

    days: frozenset[date] = frozenset()
    bank_holidays: bool = False

    def __contains__(self, day: date) -> bool:
        return day in self.days or (self.bank_holidays and day in bank_holidays(day.year))


def parse_closed_days(text: str) -> ClosedDays:
    """Read 'bank-holidays, 2027-01-04'; empty is none.

    Raises:
        BadInput: naming the part that is wrong.
    """
    parts = [part.strip().casefold() for part in text.split(",") if part.strip()]
    days = frozenset(_day(part) for part in parts if part != BANK_HOLIDAYS)
    return ClosedDays(days, BANK_HOLIDAYS in parts)


def _day(part: str) -> date:
    try:
        return date.fromisoformat(part)
    except ValueError as error:
        raise BadInput(f"{part!r} is no day like 2027-01-04, nor {BANK_HOLIDAYS}") from error


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Those of England and Wales, and the days themselves that a weekday stands in for.

    Without those that are proclaimed for one year only.

    Source: Banking and Financial Dealings Act 1971, schedule 1; gov.uk/bank-holidays.
    """
    sunday = easter_sunday(year)
    fixed = (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
    found = {
        *fixed,
        sunday - 2 * A_DAY,
        sunday + A_DAY,
        _first_monday(date(year, 5, 1)),
        _first_monday(date(year, 6, 1)) - A_WEEK,
        _first_monday(date(year, 9, 1)) - A_WEEK,
    }
    for day in fixed:
        if day.weekday() >= SATURDAY:
            found.add(_next_working(day, found))
    return frozenset(found)


def easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar.

    Source: the anonymous algorithm (Nature, 1876), as in Meeus, Astronomical Algorithms, chapter 8.
    """
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (
        19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def _first_monday(day: date) -> date:
    """The first Monday from a day on."""
    return day + timedelta(days=-day.weekday() % 7)


def _next_working(day: date, taken: set[date]) -> date:
    while day.weekday() >= SATURDAY or day in taken:
        day += A_DAY
    return day

"""When people are at work: weekdays and times of day, as one line of the settings."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.errors import BadInput

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RANGE = re.compile(
    r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+(?P<from>\d\d:\d\d)-(?P<to>\d\d:\d\d)"
)


@dataclass(frozen=True, slots=True)
class Shift:
    """One stretch of one weekday, Monday is 0; the end is no longer part of it."""

    day: int
    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise BadInput(f"{self.start:%H:%M}-{self.end:%H:%M} ends before it begins")


@dataclass(frozen=True, slots=True)
class Hours:
    """All stretches of a week; none at all means always."""

    shifts: tuple[Shift, ...] = ()

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is at work at this local time."""
        if not self.shifts:
            return True
        return any(
            shift.day == at.weekday() and shift.start <= at.time() < shift.end
            for shift in self.shifts
        )

    def next_opening(self, at: datetime) -> datetime | None:
        """When work begins next, in the zone of `at`; None when it never rests."""
        begins = [
            datetime.combine(
                at.date() + timedelta(days=(shift.day - at.weekday()) % 7 + extra),
                shift.start,
                at.tzinfo,
            )
            for shift in self.shifts
            for extra in (0, 7)
        ]
        return min((begin for begin in begins if begin > at), default=None)

    def next_close(self, at: datetime) -> datetime | None:
        """When the stretch ends that `at` lies in; None outside of one, or when it never rests."""
        ends = [
            shift.end
            for shift in self.shifts
            if shift.day == at.weekday() and shift.start <= at.time() < shift.end
        ]
        return datetime.combine(at.date(), max(ends), at.tzinfo) if ends else None


ALWAYS = Hours()


def parse_hours(text: str) -> Hours:
    """Read 'mon-fri 09:00-18:00, sat 10:00-16:00'; empty is always.

    Raises:
        BadInput: naming the part that is wrong.
    """
    parts = [part.strip().casefold() for part in text.split(",") if part.strip()]
    return Hours(tuple(shift for part in parts for shift in _shifts(part)))


def _shifts(part: str) -> list[Shift]:
    found = _RANGE.fullmatch(part)
    if found is None:
        raise BadInput(f"{part!r} is not like 'mon-fri 09:00-18:00'")
    first, last = _day(found["first"]), _day(found["last"] or found["first"])
    if last < first:
        raise BadInput(f"{part!r}: the days run from Monday to Sunday")
    try:
        start, end = time.fromisoformat(found["from"]), time.fromisoformat(found["to"])
    except ValueError as error:
        raise BadInput(f"{part!r}: {error}") from error
    return [Shift(day, start, end) for day in range(first, last + 1)]


def _day(name: str) -> int:
    if name not in DAYS:
        raise BadInput(f"{name!r} is no day; they are {', '.join(DAYS)}")
    return DAYS.index(name)

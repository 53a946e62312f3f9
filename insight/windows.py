"""Stretches of days in the company's zone, and the weeks that they are cut into."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import BadInput

LONGEST = 3 * 366  # days; a mistyped year is no report


@dataclass(frozen=True, slots=True)
class Window:
    """The days from `first` to `last`, both of them in it, as the company's clocks have them."""

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput(f"the days run from {self.first} to {self.last}, which is backwards")
        if self.days > LONGEST:
            raise BadInput(f"{self.days} days are more than the {LONGEST} of one report")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """The first moment of it."""
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        """The first moment behind it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def before(self) -> "Window":
        """As many days, directly before it."""
        return Window(
            self.first - timedelta(days=self.days), self.first - timedelta(days=1), self.zone
        )

    def day_of(self, at: datetime) -> date:
        """Which day it was where the company is."""
        return at.astimezone(self.zone).date()

    def contains(self, at: datetime) -> bool:
        """Whether the moment lies in it."""
        return self.start <= at < self.end

    def weeks(self) -> tuple["Window", ...]:
        """Its weeks from Monday to Sunday; the first and the last are cut where it is.

        Source: ISO 8601, in which a week begins on Monday.
        """
        weeks: list[Window] = []
        first = self.first
        while first <= self.last:
            last = min(first + timedelta(days=6 - first.weekday()), self.last)
            weeks.append(Window(first, last, self.zone))
            first = last + timedelta(days=1)
        return tuple(weeks)

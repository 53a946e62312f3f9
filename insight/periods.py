"""Which stretch of a report a moment lies in: a week of it, or the days before it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from insight.windows import Window

BEFORE = -1  # the number of the window before; weeks count from 0


@dataclass(frozen=True, slots=True)
class Periods:
    """A window with its weeks, and as many days before it."""

    window: Window
    weeks: tuple[Window, ...]
    before: Window

    @classmethod
    def of(cls, window: Window) -> "Periods":
        """The periods of a window."""
        return cls(window, window.weeks(), window.before)

    def place(self, at: datetime) -> int | None:
        """The number of the week, BEFORE, or None for a moment that the report leaves out."""
        day = self.window.day_of(at)
        if day < self.window.first:
            return BEFORE if day >= self.before.first else None
        if day > self.window.last:
            return None
        monday = self.window.first - timedelta(days=self.window.first.weekday())
        return (day - monday).days // 7

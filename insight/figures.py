"""A value with everything it was made of: numerator, denominator, n, window, definition.

Source: DOMAIN "Metrics": with no data the value is "no data", not 0.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import BadInput
from insight.windows import Window


class Unit(StrEnum):
    """How people read a value."""

    SHARE = "share"  # 0..1, shown in per cent
    POINTS = "points"  # on the scale that the definition names
    CORRELATION = "correlation"  # −1..1


@dataclass(frozen=True, slots=True)
class Definition:
    """What a value means. `version` rises whenever the same rows would give another value."""

    key: str
    version: int
    title: str
    numerator: str
    denominator: str
    unit: Unit
    lowest: float = 0.0
    highest: float = 1.0


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value lies, in 95 of 100 cases that are told so."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise BadInput(f"an interval runs upwards, not from {self.low} to {self.high}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a report.

    `n` counts what it rests on; numerator and denominator differ from it where things are
    weighted. `interval` is None without data, and where n is too small to tell one.
    """

    definition: Definition
    window: Window
    numerator: float
    denominator: float
    n: int
    interval: Interval | None = None

    def __post_init__(self) -> None:
        if self.n < 0 or self.denominator < 0:
            raise BadInput(f"{self.definition.key}: nothing is counted below 0")

    @property
    def value(self) -> float | None:
        """The quotient; None, which is shown as "no data", where there is nothing to divide by."""
        return self.numerator / self.denominator if self.denominator > 0 else None


def no_data(definition: Definition, window: Window) -> Figure:
    """The figure of nothing."""
    return Figure(definition, window, 0.0, 0.0, 0)

"""What changed between two periods, with its interval."""

import math
from dataclasses import dataclass

from core.errors import BadInput
from insight.figures import Figure, Interval


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of two windows; it says that they differ, never why."""

    before: Figure
    after: Figure
    interval: Interval | None

    @property
    def value(self) -> float | None:
        """After minus before, in the figure's own unit; None where either has no data."""
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves no change out of question."""
        return self.interval is not None and not self.interval.low <= 0 <= self.interval.high


def change(before: Figure, after: Figure) -> Change:
    """Compare two figures of one definition that share no row.

    Source: Zou and Donner, "Construction of confidence limits about effect measures" (2008); of
    two Wilson intervals it is method 10 of Newcombe, "Interval estimation for the difference
    between independent proportions" (1998).

    Raises:
        BadInput: they are figures of two definitions, or of two versions of one.
    """
    one, other = before.definition, after.definition
    if (one.key, one.version) != (other.key, other.version):
        raise BadInput(
            f"{one.key} version {one.version} is not compared with {other.key} version "
            f"{other.version}"
        )
    return Change(before, after, _interval(before, after))


def _interval(before: Figure, after: Figure) -> Interval | None:
    first, second = before.value, after.value
    if first is None or second is None or before.interval is None or after.interval is None:
        return None
    down = math.hypot(second - after.interval.low, before.interval.high - first)
    up = math.hypot(after.interval.high - second, first - before.interval.low)
    return Interval(second - first - down, second - first + up)

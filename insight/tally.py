"""Counting as rows go by: what is kept grows with the different values, never with the rows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from insight.figures import Definition, Figure, Unit, no_data
from insight.sampling import mean_interval, weighted_share_interval
from insight.windows import Window


@dataclass(slots=True)
class Tally:
    """Values with their weights: 1 / the chance that the row was drawn at all.

    Source: Horvitz and Thompson (1952); the ratio is Hájek's (1971): the weights' sum below, so
    that rows of one chance give their plain mean.
    """

    counts: Counter[tuple[float, float]] = field(default_factory=Counter)

    def add(self, value: float, weight: float = 1.0, times: int = 1) -> None:
        """Count `times` rows of this value and weight."""
        self.counts[value, weight] += times

    def include(self, other: "Tally") -> None:
        """Count what another one counted as well."""
        self.counts.update(other.counts)

    @property
    def n(self) -> int:
        """How many rows were counted, whatever they weigh."""
        return self.counts.total()

    @property
    def mean(self) -> float | None:
        """The weighted mean alone, without the work of an interval; None of nothing."""
        whole = sum(weight * times for (_, weight), times in self._sorted())
        part = sum(value * weight * times for (value, weight), times in self._sorted())
        return part / whole if whole > 0 else None

    def figure(self, definition: Definition, window: Window) -> Figure:
        """The weighted mean of what was counted, with its interval.

        Of a share, where every value is 0 or 1, the interval is Wilson's.
        """
        if not self.counts:
            return no_data(definition, window)
        part = sum(value * weight * times for (value, weight), times in self._sorted())
        whole = sum(weight * times for (_, weight), times in self._sorted())
        if self._is_of_yes_and_no(definition):
            squares = sum(weight**2 * times for (_, weight), times in self._sorted())
            interval = weighted_share_interval(part, whole, squares)
        else:
            interval = mean_interval(
                self.counts, lowest=definition.lowest, highest=definition.highest
            )
        return Figure(definition, window, part, whole, self.n, interval)

    def _is_of_yes_and_no(self, definition: Definition) -> bool:
        is_share = definition.unit is Unit.SHARE and definition.lowest == 0.0
        return is_share and all(value in (0.0, 1.0) for value, _ in self.counts)

    def _sorted(self) -> Iterable[tuple[tuple[float, float], int]]:
        """In one order always: sums of floats hang on it in their last digit."""
        return sorted(self.counts.items())


def joined(tallies: Iterable[Tally]) -> Tally:
    """All of them as one."""
    whole = Tally()
    for tally in tallies:
        whole.include(tally)
    return whole

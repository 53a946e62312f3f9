"""What became of disputed answers: how many of those that were decided were overturned."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from core.judged import Contested
from insight.change import Change, change
from insight.definitions import OVERTURNED
from insight.figures import Figure
from insight.periods import BEFORE, Periods
from insight.tally import Tally, joined
from insight.windows import Window


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """One question, agent, queue or evaluator; what waits to be decided is in no share."""

    key: str
    overturned: Figure
    change: Change
    trend: tuple[Figure, ...]
    waiting: int


class Disputes:
    """Counts disputes as they go by, each under the keys that `grouping` gives it."""

    def __init__(self, window: Window, grouping: Callable[[Contested], str | None]) -> None:
        self._periods = Periods.of(window)
        self._grouping = grouping
        self._tallies: dict[str, dict[int, Tally]] = defaultdict(lambda: defaultdict(Tally))
        self._waiting: Counter[str] = Counter()

    def add(self, row: Contested) -> None:
        """Count one dispute."""
        place, key = self._periods.place(row.at), self._grouping(row)
        if place is None or key is None:
            return
        if row.overturned is not None:
            self._tallies[key][place].add(float(row.overturned))
        elif place != BEFORE:
            self._waiting[key] += 1

    def lines(self) -> tuple[DisputeLine, ...]:
        """A row for each key with a dispute in the window, most of them decided first."""
        in_window = {key for key, tallies in self._tallies.items() if set(tallies) - {BEFORE}}
        made = [self._line(key) for key in in_window | set(self._waiting)]
        return tuple(sorted(made, key=lambda line: (-line.overturned.n, line.key)))

    def _line(self, key: str) -> DisputeLine:
        window, tallies = self._periods.window, self._tallies.get(key, {})
        weeks = [tallies.get(place, Tally()) for place in range(len(self._periods.weeks))]
        overturned = joined(weeks).figure(OVERTURNED, window)
        before = tallies.get(BEFORE, Tally()).figure(OVERTURNED, window.before)
        return DisputeLine(
            key=key,
            overturned=overturned,
            change=change(before, overturned),
            trend=tuple(
                tally.figure(OVERTURNED, week)
                for tally, week in zip(weeks, self._periods.weeks, strict=True)
            ),
            waiting=self._waiting[key],
        )

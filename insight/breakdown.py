"""Scores by one thing (agent, team, queue, week): now, before, and week by week."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from core.judged import Judged
from insight.change import Change, change
from insight.definitions import PASSED, SCORE
from insight.figures import Figure
from insight.periods import BEFORE, Periods
from insight.tally import Tally, joined
from insight.windows import Window

Grouping = Callable[[Judged], Iterable[str]]  # a conversation may belong to several teams


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the report. `trend` is the score of each week, without intervals."""

    key: str
    score: Figure
    passed: Figure
    change: Change
    trend: tuple[float | None, ...]
    unscored: int


@dataclass(frozen=True, slots=True)
class Point:
    """One week with its intervals."""

    window: Window
    score: Figure
    passed: Figure


@dataclass(slots=True)
class _Cell:
    scores: Tally = field(default_factory=Tally)
    passed: Tally = field(default_factory=Tally)
    unscored: int = 0

    def add(self, row: Judged) -> None:
        if row.score is None:
            self.unscored += 1
            return
        self.scores.add(round(row.score, 2), row.weight)
        self.passed.add(float(not row.failed), row.weight)


class Breakdown:
    """Counts rows as they go by; what has no score is counted apart and is in no mean."""

    def __init__(self, window: Window, grouping: Grouping) -> None:
        self._periods = Periods.of(window)
        self._grouping = grouping
        self._cells: dict[str, dict[int, _Cell]] = defaultdict(lambda: defaultdict(_Cell))

    def add(self, row: Judged) -> None:
        """Count one conversation."""
        place = self._periods.place(row.at)
        if place is None:
            return
        for key in self._grouping(row):
            self._cells[key][place].add(row)

    def lines(self) -> tuple[Line, ...]:
        """A row for each key that has anything in the window, the lowest score first."""
        made = [self._line(key) for key in self._cells if self._counted(key)]
        return tuple(sorted(made, key=_by_score))

    def points(self, key: str) -> tuple[Point, ...]:
        """The weeks of one key, each with its intervals; a week without data says so."""
        cells = self._cells.get(key, {})
        return tuple(
            _point(cells.get(place, _Cell()), week)
            for place, week in enumerate(self._periods.weeks)
        )

    def _counted(self, key: str) -> list[_Cell]:
        return [cell for place, cell in self._cells[key].items() if place != BEFORE]

    def _line(self, key: str) -> Line:
        window, now = self._periods.window, self._counted(key)
        score = joined(cell.scores for cell in now).figure(SCORE, window)
        before = self._cells[key].get(BEFORE, _Cell()).scores.figure(SCORE, window.before)
        return Line(
            key=key,
            score=score,
            passed=joined(cell.passed for cell in now).figure(PASSED, window),
            change=change(before, score),
            trend=tuple(
                self._cells[key].get(place, _Cell()).scores.mean
                for place in range(len(self._periods.weeks))
            ),
            unscored=sum(cell.unscored for cell in now),
        )


def everything(row: Judged) -> tuple[str, ...]:
    """All conversations under one key."""
    del row
    return ("",)


def _point(cell: _Cell, week: Window) -> Point:
    return Point(week, cell.scores.figure(SCORE, week), cell.passed.figure(PASSED, week))


def _by_score(line: Line) -> tuple[bool, float, str]:
    value = line.score.value
    return value is None, value or 0.0, line.key

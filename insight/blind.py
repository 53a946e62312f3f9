"""Blind answers over time: how often each person answers as the machine does, and as the others.

Nobody had seen the machine's answers, and several people scored the same conversations, so this is
the fairer measure of drift; kappa, which takes chance into account, is calibration's.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from core.judged import Blindly
from insight.change import Change, change
from insight.definitions import AS_MACHINE, AS_OTHERS
from insight.figures import Figure
from insight.periods import BEFORE, Periods
from insight.tally import Tally, joined
from insight.windows import Window


@dataclass(frozen=True, slots=True)
class BlindLine:
    """One person; `n` of a figure counts conversations, as in the report of evaluators."""

    evaluator: str
    as_machine: Figure
    machine_drift: Change
    as_others: Figure
    others_drift: Change
    trend: tuple[Figure, ...]


@dataclass(slots=True)
class _Cell:
    as_machine: Tally = field(default_factory=Tally)
    as_others: Tally = field(default_factory=Tally)


class BlindAnswers:
    """Counts answers as they go by, all those of one conversation one after another."""

    def __init__(self, window: Window) -> None:
        self._periods = Periods.of(window)
        self._cells: dict[str, dict[int, _Cell]] = defaultdict(lambda: defaultdict(_Cell))
        self._unit: list[Blindly] = []

    def add(self, row: Blindly) -> None:
        """Count one answer; those of a conversation are compared when the next one begins."""
        if self._unit and self._unit[0].unit != row.unit:
            self._compare()
        self._unit.append(row)

    def lines(self) -> tuple[BlindLine, ...]:
        """A row for each person with answers in the window, the busiest first."""
        self._compare()
        people = [one for one, cells in self._cells.items() if set(cells) - {BEFORE}]
        made = [self._line(one) for one in people]
        return tuple(sorted(made, key=lambda line: (-line.as_machine.n, line.evaluator)))

    def _compare(self) -> None:
        """The conversation that has gone by, person by person."""
        rows, self._unit = self._unit, []
        for person in {row.evaluator for row in rows}:
            own = [row for row in rows if row.evaluator == person]
            place = self._periods.place(own[0].at)
            if place is None:
                continue
            cell = self._cells[person][place]
            _add(cell.as_machine, [row.person == row.machine for row in own])
            pairs = [
                row.person == other.person
                for row in own
                for other in rows
                if other.evaluator != person and other.question == row.question
            ]
            _add(cell.as_others, pairs)

    def _line(self, person: str) -> BlindLine:
        window, cells = self._periods.window, self._cells[person]
        now = [cell for place, cell in cells.items() if place != BEFORE]
        before = cells.get(BEFORE, _Cell())
        machine = joined(cell.as_machine for cell in now).figure(AS_MACHINE, window)
        others = joined(cell.as_others for cell in now).figure(AS_OTHERS, window)
        return BlindLine(
            evaluator=person,
            as_machine=machine,
            machine_drift=change(before.as_machine.figure(AS_MACHINE, window.before), machine),
            as_others=others,
            others_drift=change(before.as_others.figure(AS_OTHERS, window.before), others),
            trend=tuple(
                cells.get(place, _Cell()).as_machine.figure(AS_MACHINE, week)
                for place, week in enumerate(self._periods.weeks)
            ),
        )


def _add(tally: Tally, alike: list[bool]) -> None:
    """One conversation's share, which weighs as many answers as it is of."""
    if alike:
        tally.add(round(sum(alike) / len(alike), 6), float(len(alike)))

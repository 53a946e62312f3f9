"""Evaluators over time: how often each changes the machine's answers, and which way they lean.

The unit is the conversation: answers of one conversation are given in one sitting, so they are no
independent ones. Source: Kish, "Survey Sampling" (1965), chapter 6: ratios of clusters.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from core.evaluation import Finding
from core.judged import Answered
from core.packed import LineReader, unpack
from core.scorecard import Scorecard
from insight.change import Change, change
from insight.definitions import CHANGED, LENIENT
from insight.figures import Figure
from insight.periods import BEFORE, Periods
from insight.tally import Tally, joined
from insight.windows import Window


@dataclass(frozen=True, slots=True)
class EvaluatorLine:
    """One person. `others` compares them with all others in the same days, `drift` with themselves
    in the days before. `n` of a figure counts conversations.
    """

    evaluator: str
    changed: Figure
    leaning: Figure
    others: Change
    drift: Change
    leaning_others: Change
    trend: tuple[Figure, ...]


@dataclass(slots=True)
class _Cell:
    changed: Tally = field(default_factory=Tally)
    leaning: Tally = field(default_factory=Tally)


class Evaluators:
    """Counts what people submitted as it goes by; `card` None where the form was never kept."""

    def __init__(self, window: Window, card: Scorecard | None) -> None:
        self._periods = Periods.of(window)
        self._reader = LineReader(card)
        self._cells: dict[str, dict[int, _Cell]] = defaultdict(lambda: defaultdict(_Cell))

    def add(self, row: Answered) -> None:
        """Count one review: the machine's answers that were changed, and by how much."""
        place = self._periods.place(row.at)
        if place is None:
            return
        cell = self._cells[row.evaluator][place]
        answered = [one for one in unpack(row.machine) if one.is_answered]
        said = {one.question: one for one in unpack(row.person)}
        if answered:
            changes = sum(not _same(one, said.get(one.question)) for one in answered)
            cell.changed.add(changes / len(answered), float(len(answered)))
        machine, person = self._reader.shares(row.machine), self._reader.shares(row.person)
        both = [question for question in machine if question in person]
        if both:
            moved = sum(person[question] - machine[question] for question in both)
            cell.leaning.add(round(moved / len(both), 6), float(len(both)))

    def lines(self) -> tuple[EvaluatorLine, ...]:
        """A row for each person who submitted anything in the window, the busiest first."""
        people = [one for one, cells in self._cells.items() if set(cells) - {BEFORE}]
        made = [self._line(one, [other for other in people if other != one]) for one in people]
        return tuple(sorted(made, key=lambda line: (-line.changed.n, line.evaluator)))

    def _line(self, evaluator: str, others: list[str]) -> EvaluatorLine:
        window, own = self._periods.window, self._cells[evaluator]
        changed, leaning = self._figures([evaluator])
        changed_others, leaning_others = self._figures(others)
        before = own.get(BEFORE, _Cell()).changed.figure(CHANGED, window.before)
        return EvaluatorLine(
            evaluator=evaluator,
            changed=changed,
            leaning=leaning,
            others=change(changed_others, changed),
            drift=change(before, changed),
            leaning_others=change(leaning_others, leaning),
            trend=tuple(
                own.get(place, _Cell()).changed.figure(CHANGED, week)
                for place, week in enumerate(self._periods.weeks)
            ),
        )

    def _figures(self, people: list[str]) -> tuple[Figure, Figure]:
        """How much these people changed in the window, and which way they lean."""
        window = self._periods.window
        cells = [
            cell for one in people for place, cell in self._cells[one].items() if place != BEFORE
        ]
        return (
            joined(cell.changed for cell in cells).figure(CHANGED, window),
            joined(cell.leaning for cell in cells).figure(LENIENT, window),
        )


def _same(machine: Finding, person: Finding | None) -> bool:
    if person is None:
        return False
    return (machine.verdict, machine.value) == (person.verdict, person.value)

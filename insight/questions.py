"""Each question of a form: what was earned on it, how often it is unsure, and what it cost.

Conversations with the same answers are counted together, so that a form is read once for each
pattern of answers and not once for each conversation.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.evaluation import Verdict
from core.judged import Judged
from core.packed import LineReader
from core.score import effective_weights
from core.scorecard import Scorecard
from insight.change import Change, change
from insight.definitions import EARNED, LOST, UNSURE
from insight.figures import Figure
from insight.periods import BEFORE, Periods
from insight.tally import Tally, joined
from insight.windows import Window


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question. `trend` is what was earned week by week, with intervals.

    `does_not_apply` counts conversations that the question was not meant for.
    """

    question: str
    earned: Figure
    unsure: Figure
    change: Change
    trend: tuple[Figure, ...]
    does_not_apply: int


@dataclass(frozen=True, slots=True)
class Loss:
    """What one question costs; `cumulative` is its share and that of all that cost more, 0..1.

    `fails` counts conversations with the lowest answer.
    """

    question: str
    lost: Figure
    fails: int
    part: float
    cumulative: float


@dataclass(slots=True)
class _Cell:
    earned: Tally = field(default_factory=Tally)
    unsure: Tally = field(default_factory=Tally)
    does_not_apply: int = 0


class Questions:
    """Counts patterns of answers as rows go by; `card` None where the form was never kept."""

    def __init__(self, window: Window, card: Scorecard | None) -> None:
        self._periods = Periods.of(window)
        self._card = card
        self._reader = LineReader(card)
        self._weights: dict[frozenset[str], dict[str, float]] = {}
        self._patterns: dict[int, Counter[tuple[str, float]]] = defaultdict(Counter)

    def add(self, row: Judged) -> None:
        """Count one conversation."""
        place = self._periods.place(row.at)
        if place is not None:
            self._patterns[place][row.answers, row.weight] += 1

    def lines(self) -> tuple[QuestionLine, ...]:
        """A row for each question that was asked, in the form's order."""
        cells = {place: self._cells(patterns) for place, patterns in self._patterns.items()}
        return tuple(self._line(question, cells) for question in self._asked(cells))

    def losses(self) -> tuple[Loss, ...]:
        """Which questions cost the most points of the form, the dearest first: a Pareto.

        Without the form its weights are not known, so there is none.
        Source: Juran, "Quality Control Handbook" (1951): the vital few and the others.
        """
        if self._card is None:
            return ()
        tallies, fails = self._lost(self._card)
        window = self._periods.window
        made = [(question, tally.figure(LOST, window)) for question, tally in tallies.items()]
        made.sort(key=lambda one: (-(one[1].value or 0.0), one[0]))
        whole, passed, losses = sum(one.value or 0.0 for _, one in made), 0.0, []
        for question, lost in made:
            part = (lost.value or 0.0) / whole if whole else 0.0
            passed += part
            losses.append(Loss(question, lost, fails[question], part, min(passed, 1.0)))
        return tuple(losses)

    def _cells(self, patterns: Counter[tuple[str, float]]) -> Mapping[str, _Cell]:
        cells: dict[str, _Cell] = defaultdict(_Cell)
        for (line, weight), times in patterns.items():
            for question, answer in self._reader.read(line).items():
                cell = cells[question]
                if answer.verdict is Verdict.NOT_APPLICABLE:
                    cell.does_not_apply += times
                    continue
                cell.unsure.add(float(answer.verdict is Verdict.UNSURE), weight, times)
                if answer.share is not None:
                    cell.earned.add(answer.share, weight, times)
        return cells

    def _asked(self, cells: Mapping[int, Mapping[str, _Cell]]) -> Iterable[str]:
        found = {q for place, asked in cells.items() if place != BEFORE for q in asked}
        known = [q.id for q in self._card.questions if q.answers.is_scored] if self._card else []
        free = {q.id for q in self._card.questions} - set(known) if self._card else set()
        return [*(q for q in known if q in found), *sorted(found - set(known) - free)]

    def _line(self, question: str, cells: Mapping[int, Mapping[str, _Cell]]) -> QuestionLine:
        window, weeks = self._periods.window, self._periods.weeks
        places = [cells.get(place, {}).get(question, _Cell()) for place in range(len(weeks))]
        earned = joined(cell.earned for cell in places).figure(EARNED, window)
        before = cells.get(BEFORE, {}).get(question, _Cell()).earned
        return QuestionLine(
            question=question,
            earned=earned,
            unsure=joined(cell.unsure for cell in places).figure(UNSURE, window),
            change=change(before.figure(EARNED, window.before), earned),
            trend=tuple(
                cell.earned.figure(EARNED, week) for cell, week in zip(places, weeks, strict=True)
            ),
            does_not_apply=sum(cell.does_not_apply for cell in places),
        )

    def _lost(self, card: Scorecard) -> tuple[Mapping[str, Tally], Counter[str]]:
        """Points lost by question in each conversation of the window, and the lowest answers."""
        counted = [(q.id, q) for q in card.questions if q.answers.is_scored and q.weight > 0]
        tallies = {question: Tally() for question, _ in counted}
        fails: Counter[str] = Counter()
        for (line, weight), times in self._in_window().items():
            answers = self._reader.read(line)
            shares = {q: one.share for q, one in answers.items() if one.share is not None}
            if not shares:
                continue
            weights = self._effective(card, shares)
            for question, tally in tallies.items():
                cost = weights.get(question, 0.0) * (1 - shares.get(question, 1.0))
                tally.add(round(cost, 2), weight, times)
            for question in shares:
                if answers[question].verdict is Verdict.NO:
                    fails[question] += times
        return {q: tally for q, tally in tallies.items() if tally.n}, fails

    def _effective(self, card: Scorecard, shares: Mapping[str, float]) -> Mapping[str, float]:
        """What each question weighs; it hangs on which were answered, not on how."""
        answered = frozenset(shares)
        known = self._weights.get(answered)
        if known is None:
            known = self._weights[answered] = effective_weights(card, shares)
        return known

    def _in_window(self) -> Counter[tuple[str, float]]:
        whole: Counter[tuple[str, float]] = Counter()
        for place, patterns in self._patterns.items():
            if place != BEFORE:
                whole.update(patterns)
        return whole

"""What may be answered to a question: yes or no, one of a few choices, a mark, or free words.

Source: DOMAIN "Scorecard": a question is worth its answer's points over the most there are.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import BadInput


class AnswerKind(StrEnum):
    """The form of an answer."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    SCALE = "scale"
    TEXT = "text"  # in free words; never scored


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of several, and the points it is worth."""

    id: str
    text: str
    points: float

    def __post_init__(self) -> None:
        if self.points < 0:
            raise BadInput(f"choice {self.id}: points are 0 or more, not {self.points:g}")


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What a question takes as its answer; `low` and `high` are the ends of a scale."""

    kind: AnswerKind = AnswerKind.YES_NO
    choices: tuple[Choice, ...] = ()
    low: int = 0
    high: int = 0

    def __post_init__(self) -> None:
        if (self.kind is AnswerKind.CHOICE) != bool(self.choices):
            raise BadInput("choices belong to a question whose answer is a choice, and only there")
        if self.kind is AnswerKind.CHOICE:
            _check_choices(self.choices)
        if self.kind is AnswerKind.SCALE and not 0 <= self.low < self.high:
            raise BadInput(f"a scale goes up from 0 or more, not from {self.low} to {self.high}")

    @property
    def is_scored(self) -> bool:
        """Whether it counts; free words do not."""
        return self.kind is not AnswerKind.TEXT

    @property
    def values(self) -> tuple[str, ...]:
        """Every value that can be answered, as it is written; none for free words."""
        if self.kind is AnswerKind.CHOICE:
            return tuple(choice.id for choice in self.choices)
        if self.kind is AnswerKind.SCALE:
            return tuple(str(mark) for mark in range(self.low, self.high + 1))
        return ("yes", "no") if self.kind is AnswerKind.YES_NO else ()

    def share(self, value: str) -> float:
        """Points of an answer over the most there are, 0..1.

        Raises:
            BadInput: it cannot be answered here.
        """
        if value not in self.values:
            raise BadInput(f"{value!r} is not one of {', '.join(self.values) or 'no values'}")
        if self.kind is AnswerKind.CHOICE:
            points = {choice.id: choice.points for choice in self.choices}
            return points[value] / max(points.values())
        if self.kind is AnswerKind.SCALE:
            return int(value) / self.high
        return 1.0 if value == "yes" else 0.0

    def is_lowest(self, value: str) -> bool:
        """Whether nothing worth less can be answered: such an answer is a no."""
        return self.share(value) == min(self.share(other) for other in self.values)


def _check_choices(choices: tuple[Choice, ...]) -> None:
    ids = [choice.id for choice in choices]
    if len(ids) < 2 or len(set(ids)) != len(ids):
        raise BadInput("a choice needs two answers or more, each with its own id")
    points = {choice.points for choice in choices}
    if len(points) < 2:
        raise BadInput("all answers of a choice are worth the same points, so it cannot be scored")


YES_NO = AnswerForm()

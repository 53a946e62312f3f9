"""A form of questions that a conversation is judged by; versioned, immutable once used.

Source: DOMAIN "Scorecard": weights within a level sum to 100; sections at most two deep.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.conversation import Channel
from core.errors import BadInput


class Criticality(StrEnum):
    """What a no costs: its weight, or the whole form."""

    NORMAL = "normal"
    FATAL = "fatal"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; yes always means that the wanted thing holds.

    `rule` names the way it is answered, `options` are that rule's own settings, `channels`
    empty means every channel, `person_only` leaves out a chat that only the bot had.
    """

    id: str
    text: str
    weight: float
    rule: str
    options: Mapping[str, object] = field(default_factory=dict)
    criticality: Criticality = Criticality.NORMAL
    channels: frozenset[Channel] = frozenset()
    person_only: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 100:
            raise BadInput(f"question {self.id}: a weight lies in 0..100, not {self.weight}")


@dataclass(frozen=True, slots=True)
class Section:
    """A group of questions that counts with `weight` in the form."""

    id: str
    title: str
    weight: float
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        check_weights([question.weight for question in self.questions], f"section {self.id}")


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A form at one version; `variables` are the names it needs filled in, with defaults."""

    name: str
    version: int
    title: str
    sections: tuple[Section, ...]
    pass_mark: float = 0.0
    variables: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_weights([section.weight for section in self.sections], f"scorecard {self.name}")
        ids = [question.id for question in self.questions]
        if len(set(ids)) != len(ids):
            raise BadInput(f"scorecard {self.name} has two questions with one id")
        if not 0 <= self.pass_mark <= 100:
            raise BadInput(f"scorecard {self.name}: pass_mark lies in 0..100")

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in order, across sections."""
        return tuple(question for section in self.sections for question in section.questions)


def check_weights(weights: list[float], where: str) -> None:
    """Raise BadInput unless the weights of one level sum to 100."""
    if not weights:
        raise BadInput(f"{where} is empty")
    total = sum(weights)
    if abs(total - 100) > 0.01:  # two decimals of a percent, the finest a form is written with
        raise BadInput(f"{where}: weights sum to {total:g}, not 100")

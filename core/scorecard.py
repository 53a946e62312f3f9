"""A form of questions that a conversation is judged by; versioned, immutable once used.

Source: DOMAIN "Scorecard": weights within a level sum to 100; sections at most two deep.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.answers import YES_NO, AnswerForm
from core.applicability import EVERYWHERE, Applicability
from core.conversation import Channel
from core.errors import BadInput

DEPTH = 2  # levels of sections


class Criticality(StrEnum):
    """What a no costs."""

    NORMAL = "normal"  # its weight
    CRITICAL = "critical"  # its weight, and it counts in the critical score besides
    FATAL_SECTION = "fatal_section"  # its section is 0 and fails
    FATAL = "fatal"  # the form is 0 and fails


class CommentRule(StrEnum):
    """When a person who answers must say why."""

    OPTIONAL = "optional"
    ON_NO = "on_no"
    ALWAYS = "always"


class CardState(StrEnum):
    """The life of a version: changed while a draft, used while active, read when retired."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Condition:
    """Asks a question only when an earlier one was answered so: yes, no, a choice or a mark."""

    question: str
    answers: frozenset[str]

    def __post_init__(self) -> None:
        if not self.answers:
            raise BadInput(f"a condition on {self.question} names no answer")


@dataclass(frozen=True, slots=True)
class Question:
    """One question; yes always means that the wanted thing holds.

    `rule` names the way it is answered, `options` are that rule's own settings, `channels`
    empty means every channel, `person_only` leaves out a chat that only the bot had. All of
    `when` must hold. `was` is the id it had in the version before.
    """

    id: str
    text: str
    weight: float
    rule: str
    options: Mapping[str, object] = field(default_factory=dict)
    criticality: Criticality = Criticality.NORMAL
    channels: frozenset[Channel] = frozenset()
    person_only: bool = True
    instructions: str = ""
    answers: AnswerForm = YES_NO
    may_not_apply: bool = True
    comment: CommentRule = CommentRule.OPTIONAL
    when: tuple[Condition, ...] = ()
    was: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 100:
            raise BadInput(f"question {self.id}: a weight lies in 0..100, not {self.weight}")
        if not self.answers.is_scored and self.weight:
            raise BadInput(f"question {self.id} is answered in free words, so its weight is 0")
        if not self.answers.is_scored and self.criticality is not Criticality.NORMAL:
            raise BadInput(f"question {self.id} is answered in free words: it cannot be critical")


@dataclass(frozen=True, slots=True)
class Section:
    """A group that counts with `weight` in the level above: questions, or sections of them."""

    id: str
    title: str
    weight: float
    questions: tuple[Question, ...] = ()
    sections: tuple["Section", ...] = ()

    def __post_init__(self) -> None:
        if self.questions and self.sections:
            raise BadInput(f"section {self.id} holds questions or sections, not both")
        if self.is_scored or not self.questions:
            parts = self.questions or self.sections
            check_weights([part.weight for part in parts], f"section {self.id}")
        elif self.weight:
            raise BadInput(f"section {self.id} holds free words alone, so its weight is 0")

    @property
    def is_scored(self) -> bool:
        """Whether anything in it counts."""
        return any(question.answers.is_scored for question in self.walk())

    @property
    def depth(self) -> int:
        """Levels of sections from here down."""
        return 1 + max((section.depth for section in self.sections), default=0)

    def walk(self) -> Iterator[Question]:
        """Its questions in order, those of its sections too."""
        yield from self.questions
        for section in self.sections:
            yield from section.walk()


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A form at one version; `variables` are the names it needs filled in, with defaults.

    `points` are what a full score is worth; `dropped` are ids of the version before that this
    one leaves out on purpose.
    """

    name: str
    version: int
    title: str
    sections: tuple[Section, ...]
    pass_mark: float = 0.0
    variables: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    points: float = 100.0
    applies_to: Applicability = EVERYWHERE
    dropped: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        where = f"scorecard {self.name}"
        check_weights([section.weight for section in self.sections], where)
        if max(section.depth for section in self.sections) > DEPTH:
            raise BadInput(f"{where}: sections go {DEPTH} deep at most")
        _check_ids([question.id for question in self.questions], f"{where} has two questions")
        _check_ids([section.id for section in self.all_sections], f"{where} has two sections")
        if not 0 <= self.pass_mark <= 100:
            raise BadInput(f"{where}: pass_mark lies in 0..100")
        if self.points <= 0:
            raise BadInput(f"{where}: points are more than 0")
        _check_conditions(self.questions)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in order, across sections."""
        return tuple(question for section in self.sections for question in section.walk())

    @property
    def all_sections(self) -> tuple[Section, ...]:
        """Every section, each before those within it."""
        return tuple(s for section in self.sections for s in (section, *section.sections))

    def question(self, question_id: str) -> Question | None:
        """The question with this id, if there is one."""
        return next((q for q in self.questions if q.id == question_id), None)


def check_weights(weights: list[float], where: str) -> None:
    """Raise BadInput unless the weights of one level sum to 100."""
    if not weights:
        raise BadInput(f"{where} is empty")
    total = sum(weights)
    if abs(total - 100) > 0.01:  # two decimals of a percent, the finest a form is written with
        raise BadInput(f"{where}: weights sum to {total:g}, not 100")


def _check_ids(ids: list[str], what: str) -> None:
    if len(set(ids)) != len(ids):
        twice = next(one for one in ids if ids.count(one) > 1)
        raise BadInput(f"{what} with one id, {twice}")


def _check_conditions(questions: tuple[Question, ...]) -> None:
    earlier: dict[str, Question] = {}
    for question in questions:
        check_conditions(question, earlier)
        earlier[question.id] = question


def check_conditions(question: Question, earlier: Mapping[str, Question]) -> None:
    """Raise BadInput unless it depends on earlier questions, and on answers they can have."""
    for condition in question.when:
        asked = earlier.get(condition.question)
        if asked is None:
            raise BadInput(
                f"question {question.id} depends on {condition.question}, "
                "which is not a question before it"
            )
        impossible = condition.answers - set(asked.answers.values)
        if impossible:
            raise BadInput(
                f"question {question.id} depends on {asked.id} being "
                f"{min(impossible)}; it can be {', '.join(asked.answers.values)}"
            )

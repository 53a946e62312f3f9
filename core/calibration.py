"""Blind scoring of the same conversations by several people and the machine.

Source: DOMAIN "Scorecard", calibration.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.conversation import Channel, check_aware
from core.errors import BadInput
from core.evaluation import Evidence, Finding
from core.scorecard import Question

NOT_APPLICABLE, UNSURE = "not_applicable", "unsure"
DIGEST_LENGTH = 32  # hex digits: 128 bits, beyond any chance of two questions with one digest


class Picked(StrEnum):
    """How a conversation came into a session."""

    HAND = "hand"  # somebody named it
    RANDOM = "random"  # evenly among all that the machine scored by this version
    UNIFORM = "uniform"  # from the review queue's even draw
    RISK = "risk"  # from the review queue's draw by risk, which looks at the machine's answers


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as a session asks it, kept with the session; `digest` says which one it is.

    `answers` are those of its form, `texts` the same for people; `lowest` are those that fail it.
    `has_values`: a choice or a mark, not yes or no. `by_person`: the machine does not answer it.
    """

    id: str
    text: str
    section: str
    digest: str
    answers: tuple[str, ...]
    lowest: frozenset[str]
    texts: Mapping[str, str]
    has_values: bool = False
    is_scale: bool = False
    is_fatal: bool = False
    by_person: bool = False
    may_not_apply: bool = True
    instructions: str = ""
    channels: frozenset[Channel] = frozenset()

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every answer a person may give; they may say that they cannot tell."""
        beside = (NOT_APPLICABLE,) if self.may_not_apply else ()
        return (*self.answers, *beside, UNSURE)

    def is_asked_of(self, channel: Channel) -> bool:
        """Whether the form asks it of conversations on this channel."""
        return not self.channels or channel in self.channels


@dataclass(frozen=True, slots=True)
class BlindAnswer:
    """What one person answers; `cited` is their evidence as they typed it, until it is read."""

    question: str
    answer: str
    comment: str = ""
    cited: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's answers about one conversation: a draft, and locked once submitted.

    `had_seen` says that they had read the conversation with the machine's answers before: then
    they are not blind.
    """

    conversation: str
    person: str
    answers: tuple[BlindAnswer, ...]
    saved_at: datetime
    submitted_at: datetime | None = None
    had_seen: bool = False

    def __post_init__(self) -> None:
        check_aware(self.saved_at, "saved_at")
        check_aware(self.submitted_at, "submitted_at")

    def answer(self, question: str) -> BlindAnswer | None:
        """The answer to one question, if it was given."""
        return next((found for found in self.answers if found.question == question), None)


@dataclass(frozen=True, slots=True)
class Item:
    """A conversation of a session, with the machine's findings as they were when it began."""

    conversation: str
    picked: Picked
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Consensus:
    """What people agreed on afterwards, and why."""

    conversation: str
    question: str
    answer: str
    reason: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        check_aware(self.at, "a consensus' time")
        if not self.reason.strip():
            raise BadInput("Say in a few words why this is the right answer.")


@dataclass(frozen=True, slots=True)
class CalibrationSession:
    """Conversations that the same people score blind, by one version of a scorecard."""

    id: str
    title: str
    scorecard: str
    version: int
    questions: tuple[AskedQuestion, ...]
    items: tuple[Item, ...]
    people: tuple[str, ...]
    made_by: str
    made_at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None

    def __post_init__(self) -> None:
        for moment in (self.made_at, self.due_at, self.closed_at):
            check_aware(moment, "a session's time")

    @property
    def is_open(self) -> bool:
        """Whether people still score, and see nobody's answers but their own."""
        return self.closed_at is None

    def question(self, question_id: str) -> AskedQuestion | None:
        """One of its questions."""
        return next((asked for asked in self.questions if asked.id == question_id), None)

    def item(self, conversation_id: str) -> Item | None:
        """One of its conversations."""
        return next((item for item in self.items if item.conversation == conversation_id), None)


@dataclass(frozen=True, slots=True)
class DoubleScore:
    """The machine's answer and one person's blind answer to one question of one conversation."""

    digest: str
    question: str
    scorecard: str
    version: int
    conversation: str
    picked: Picked
    machine: str
    person: str
    by: str
    at: datetime


def digest_of(question: Question) -> str:
    """Which question it is: id, text, rule, options and possible answers, in whatever version."""
    options = _plain(question.options)
    parts = [question.id, question.text, question.rule, options, list(question.answers.values)]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def _plain(value: object) -> object:
    """Options as JSON: sequences as lists, sets in order, whole numbers alike however written."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(_plain(part) for part in value)  # type: ignore[type-var] # texts or numbers
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)

"""A judgement of a conversation: findings with evidence, and the score computed from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.conversation import Conversation, check_aware
from core.errors import BadInput
from core.spans import TextSpan, TimeSpan


class Verdict(StrEnum):
    """The answer to a question; unsure goes to a person."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"
    UNSURE = "unsure"


class Source(StrEnum):
    """Who answered."""

    MACHINE = "machine"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The characters of one turn that a judgement rests on; the quote is read from the turn."""

    turn: str
    span: TextSpan

    def quote(self, conversation: Conversation) -> str:
        """The words themselves, verbatim.

        Raises:
            BadInput: the conversation has no such turn, or the span leaves its text.
        """
        turn = conversation.turn(self.turn)
        if turn is None:
            raise BadInput(f"evidence cites turn {self.turn}, which {conversation.id} has not")
        return self.span.of(turn.text)

    def time(self, conversation: Conversation) -> TimeSpan | None:
        """When the quote was spoken; None for a written one."""
        turn = conversation.turn(self.turn)
        return turn.time_of(self.span) if turn else None


@dataclass(frozen=True, slots=True)
class Finding:
    """One question's answer.

    `confidence` is the probability that the verdict is right, `probability` that of yes;
    `value` is the choice, mark or words that were answered, or the number behind a verdict.
    `rule` names what answered, with its version.
    """

    question: str
    verdict: Verdict
    confidence: float
    reason: str
    evidence: tuple[Evidence, ...] = ()
    probability: float | None = None
    value: float | str | None = None
    source: Source = Source.MACHINE
    rule: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise BadInput(f"{self.question}: confidence lies in 0..1, not {self.confidence}")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise BadInput(f"{self.question}: probability lies in 0..1, not {self.probability}")

    @property
    def is_answered(self) -> bool:
        """Whether it says something of the conversation: it applies, and it is not unsure."""
        return self.verdict in (Verdict.YES, Verdict.NO)


@dataclass(frozen=True, slots=True)
class SentimentTrace:
    """The customer's mood: turn id → −1..1, their mean, and end minus start; None: no turns."""

    turns: tuple[tuple[str, float], ...] = ()
    overall: float | None = None
    shift: float | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A conversation judged by one version of a scorecard.

    `score` lies in 0..100, None when nothing applied; `before_fatal` is what it was before a
    fatal no, `critical` that of the critical questions alone. `not_scored` says why no question
    could be asked at all.
    """

    id: str
    conversation: str
    scorecard: str
    version: int
    findings: tuple[Finding, ...]
    made_at: datetime
    score: float | None
    failed: bool
    variables: Mapping[str, str] = field(default_factory=dict)
    sentiment: SentimentTrace = SentimentTrace()
    source: Source = Source.MACHINE
    before_fatal: float | None = None
    critical: float | None = None
    not_scored: str | None = None

    def __post_init__(self) -> None:
        check_aware(self.made_at, "made_at")
        for points in (self.score, self.before_fatal, self.critical):
            if points is not None and not 0 <= points <= 100:
                raise BadInput(f"a score lies in 0..100, not {points}")

    def check_quotes(self, conversation: Conversation) -> None:
        """Raise BadInput unless every piece of evidence stands verbatim in the conversation."""
        for finding in self.findings:
            for evidence in finding.evidence:
                evidence.quote(conversation)

    def finding(self, question: str) -> Finding | None:
        """The answer to `question`, if it was asked."""
        return next((found for found in self.findings if found.question == question), None)

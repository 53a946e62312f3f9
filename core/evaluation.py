"""A judgement of a conversation: findings with evidence, and the score computed from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.conversation import Conversation, check_aware
from core.errors import BadInput
from core.scorecard import Criticality, Scorecard, Section
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
    `value` is the number or choice behind the verdict, where there is one.
    """

    question: str
    verdict: Verdict
    confidence: float
    reason: str
    evidence: tuple[Evidence, ...] = ()
    probability: float | None = None
    value: float | str | None = None
    source: Source = Source.MACHINE

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise BadInput(f"{self.question}: confidence lies in 0..1, not {self.confidence}")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise BadInput(f"{self.question}: probability lies in 0..1, not {self.probability}")


@dataclass(frozen=True, slots=True)
class SentimentTrace:
    """The customer's mood: turn id → −1..1, their mean, and end minus start; None: no turns."""

    turns: tuple[tuple[str, float], ...] = ()
    overall: float | None = None
    shift: float | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A conversation judged by one version of a scorecard."""

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

    def __post_init__(self) -> None:
        check_aware(self.made_at, "made_at")
        if self.score is not None and not 0 <= self.score <= 100:
            raise BadInput(f"a score lies in 0..100, not {self.score}")

    def finding(self, question: str) -> Finding | None:
        """The answer to `question`, if it was asked."""
        return next((found for found in self.findings if found.question == question), None)


@dataclass(frozen=True, slots=True)
class Score:
    """`points` 0..100 or None when nothing applied; `failed` for a fatal no or a low score."""

    points: float | None
    failed: bool


def score(scorecard: Scorecard, findings: tuple[Finding, ...]) -> Score:
    """Weigh the findings: N/A and unsure drop out, the remaining weights are renormalised.

    A fatal no makes the score 0. Unsure counts for nothing either way: it waits for a person.
    Source: DOMAIN "Scorecard".
    """
    verdicts = {finding.question: finding.verdict for finding in findings}
    points = _weighted(
        [(section.weight, _section_points(section, verdicts)) for section in scorecard.sections]
    )
    is_fatal = any(
        question.criticality is Criticality.FATAL and verdicts.get(question.id) is Verdict.NO
        for question in scorecard.questions
    )
    if is_fatal:
        return Score(0.0, True)
    return Score(points, points is not None and points < scorecard.pass_mark)


def _section_points(section: Section, verdicts: Mapping[str, Verdict]) -> float | None:
    points = {Verdict.YES: 100.0, Verdict.NO: 0.0}
    return _weighted(
        [(q.weight, points.get(verdicts.get(q.id, Verdict.UNSURE))) for q in section.questions]
    )


def _weighted(parts: list[tuple[float, float | None]]) -> float | None:
    counted = [(weight, points) for weight, points in parts if points is not None and weight > 0]
    total = sum(weight for weight, _ in counted)
    if not counted:
        return None
    return round(sum(weight * points for weight, points in counted) / total, 2)

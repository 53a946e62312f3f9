"""The life of an evaluation among people: reviewed, corrected, disputed, decided, closed.

Source: DOMAIN "Scorecard": draft → submitted → acknowledged or disputed → decided per question
with a written reason → closed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.conversation import check_aware
from core.errors import BadInput
from core.evaluation import Evidence, Verdict

MACHINE = "machine"  # in place of a user's id: a step that the gate took by itself


class ReviewState(StrEnum):
    """How far the life of an evaluation has come."""

    DRAFT = "draft"  # a person looks at the machine's answers and may correct them
    SUBMITTED = "submitted"  # the agent may acknowledge or dispute until `due_at`
    ACKNOWLEDGED = "acknowledged"  # the agent has said that they have read it
    DISPUTED = "disputed"  # at least one question of it waits for a decision
    DECIDED = "decided"  # every disputed question has its decision
    CLOSED = "closed"


class Outcome(StrEnum):
    """What became of a disputed answer."""

    UPHELD = "upheld"  # the answer stands
    OVERTURNED = "overturned"  # it was changed


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answers a question with: verdict, the value behind it, and evidence."""

    verdict: Verdict
    value: float | str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's answer in place of the machine's, and which answer that was at the time.

    The newest one of a question that is not withdrawn counts. `dispute` is set where it came from
    a dispute that was decided for the agent.
    """

    id: str
    review: str
    question: str
    answer: Answer
    comment: str
    by: str
    at: datetime
    machine_verdict: Verdict | None = None
    machine_value: float | str | None = None
    dispute: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None

    def __post_init__(self) -> None:
        check_aware(self.at, "a correction's time")
        check_aware(self.withdrawn_at, "withdrawn_at")


@dataclass(frozen=True, slots=True)
class Review:
    """One evaluation on its way; `agent` is the key of who is judged (store/agents.py).

    `machine_score` is by the machine's answers, `score` with what people corrected and decided
    (0..100, None when nothing applied). `evaluation` is None while the conversation waits to be
    scored again.
    """

    id: str
    conversation: str
    evaluation: str | None
    scorecard: str
    version: int
    agent: str
    state: ReviewState
    opened_by: str
    opened_at: datetime
    machine_score: float | None
    machine_failed: bool
    score: float | None
    failed: bool
    comment: str = ""
    submitted_by: str | None = None
    submitted_at: datetime | None = None
    due_at: datetime | None = None
    acknowledged_at: datetime | None = None
    decided_at: datetime | None = None
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        moments = (self.opened_at, self.submitted_at, self.due_at, self.acknowledged_at)
        for moment in (*moments, self.decided_at, self.closed_at):
            check_aware(moment, "a review's time")

    @property
    def is_reviewed(self) -> bool:
        """Whether a person, not the gate, has submitted it."""
        return self.submitted_by not in (None, MACHINE)

    def is_open_to_agent(self, now: datetime) -> bool:
        """Whether the agent may still acknowledge or dispute."""
        states = (ReviewState.SUBMITTED, ReviewState.ACKNOWLEDGED, ReviewState.DISPUTED)
        return self.state in states and self.due_at is not None and now < self.due_at


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person says to a dispute; overturning a fatal takes two of them."""

    id: str
    dispute: str
    outcome: Outcome
    answer: Answer | None
    reason: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        check_aware(self.at, "a decision's time")
        if not self.reason.strip():
            raise BadInput("Write the reason of the decision; the agent reads it.")
        if (self.outcome is Outcome.OVERTURNED) != (self.answer is not None):
            raise BadInput("An answer is overturned by giving the right one, and only then.")


@dataclass(frozen=True, slots=True)
class Dispute:
    """An agent says that one answer is wrong, and why; `outcome` is None until it is decided."""

    id: str
    review: str
    question: str
    reason: str
    by: str
    at: datetime
    outcome: Outcome | None = None
    decided_at: datetime | None = None
    decisions: tuple[Decision, ...] = ()

    def __post_init__(self) -> None:
        check_aware(self.at, "a dispute's time")
        if not self.reason.strip():
            raise BadInput("Say in a few words what is wrong with this answer.")

"""What a report counts: one row for each conversation, person or dispute, and no words in any."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.conversation import Channel
from core.errors import BadInput
from core.evaluation import Verdict


class Answers(StrEnum):
    """Whose answers a report counts."""

    MACHINE = "machine"  # the machine's own, of every conversation
    CORRECTED = "corrected"  # the same, with people's corrections in their place
    REVIEWED = "reviewed"  # what people answer for, of the uniform draw, by inclusion probability


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations: one version of one scorecard, opened from `start` up to `end`.

    `queue` empty asks for those that waited in none.
    `agents` are keys of who served (store/agents.py), None for all of them. Two versions of a
    scorecard are never counted together: a question may have changed its meaning between them.
    `without` are conversations that the reader scores blind: a mean of few would tell their score.
    """

    scorecard: str
    version: int
    start: datetime
    end: datetime
    answers: Answers = Answers.MACHINE
    channel: Channel | None = None
    queue: str | None = None
    agents: frozenset[str] | None = None
    without: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise BadInput("a report's days need a time zone")


@dataclass(frozen=True, slots=True)
class Judged:
    """One conversation as it is counted; `answers` is packed (core/packed.py).

    `weight` is one over the chance that it was drawn, 1 where every conversation is counted.
    """

    conversation: str
    at: datetime
    agent: str
    queue: str | None
    score: float | None
    failed: bool
    answers: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A conversation that has both a score and the customer's own, 1 to 5."""

    conversation: str
    at: datetime
    score: float
    csat: int


@dataclass(frozen=True, slots=True)
class Contested:
    """An answer that an agent disputed; `overturned` is None while it waits to be decided."""

    conversation: str
    at: datetime
    agent: str
    queue: str | None
    question: str
    evaluator: str
    overturned: bool | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person submitted of one conversation, beside what the machine had answered.

    Both are packed; `at` is when it was submitted.
    """

    conversation: str
    at: datetime
    evaluator: str
    machine: str
    person: str


@dataclass(frozen=True, slots=True)
class Blindly:
    """What a person answered to one question in a blind session, and what the machine had.

    `unit` is the conversation, or what is left of its name after it was erased; answers are as
    their form writes them.
    """

    unit: str
    at: datetime
    evaluator: str
    question: str
    machine: str
    person: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a scorecard that judged conversations, and how many."""

    scorecard: str
    version: int
    conversations: int


class DisputeState(StrEnum):
    """What became of a dispute, as a list asks for it."""

    WAITING = "waiting"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    DECIDED = "decided"  # one or the other


class Result(StrEnum):
    """How a conversation came out, as a list asks for it."""

    SCORED = "scored"  # passed or failed
    PASSED = "passed"
    FAILED = "failed"
    UNSCORED = "unscored"  # nothing applied, or nothing could be asked


@dataclass(frozen=True, slots=True)
class Behind:
    """The conversations behind one number of a report; None means no limit.

    `question` alone asks for those in which it was answered, with `verdict` for one answer;
    `surveyed` for those with a CSAT of any height. `disputed` and `evaluator` count by the day of
    the dispute and of the review.
    """

    wanted: Wanted
    result: Result | None = None
    question: str | None = None
    verdict: Verdict | None = None
    csat: int | None = None
    surveyed: bool = False
    disputed: DisputeState | None = None
    evaluator: str | None = None
    blind_by: str | None = None

    @property
    def counts_scores(self) -> bool:
        """Whether the number is of conversations as they were judged, and of no person's work."""
        return self.disputed is None and self.evaluator is None and self.blind_by is None

    def __post_init__(self) -> None:
        if self.verdict is not None and self.question is None:
            raise BadInput("an answer needs the question that it answers")
        if self.csat is not None and not 1 <= self.csat <= 5:
            raise BadInput(f"CSAT goes from 1 to 5, not {self.csat}")

"""Something a supervisor is to look at: what it rests on, whose it is, and by when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.conversation import check_aware
from core.errors import BadInput


class AlertKind(StrEnum):
    """Why somebody should look."""

    DETRACTOR = "detractor"  # a customer is dissatisfied and said so
    UNANSWERED = "unanswered"  # a customer waits for a person longer than the limit
    NOBODY_THERE = "nobody_there"  # a customer waits, and nobody is there who could answer
    FINDING = "finding"  # a judgement of a conversation
    DISPUTE = "dispute"  # an agent says that an answer about them is wrong


class Cited(StrEnum):
    """What an alert rests on."""

    RESPONSE = "response"  # a survey answer
    FINDING = "finding"  # an evaluation's id, ':' and the question's
    DISPUTE = "dispute"  # a dispute's id
    HANDOFF = "handoff"  # a conversation's id, ':' and the version of its handoff
    ABSENCE = "absence"  # the same, where nobody was there to take it


@dataclass(frozen=True, slots=True)
class Citation:
    """One thing that an alert rests on; `turn` is where it can be read."""

    of: Cited
    id: str
    turn: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """For a supervisor: cites its ground, has an owner (a user's id) and a clock."""

    id: str
    conversation: str
    kind: AlertKind
    cites: Citation
    raised_at: datetime
    due_at: datetime
    owner: str | None = None
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        for moment in (self.raised_at, self.due_at, self.taken_at, self.closed_at):
            check_aware(moment, "an alert's time")
        if self.due_at < self.raised_at:
            raise BadInput("an alert is due after it was raised, not before")

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to see to it."""
        return self.closed_at is None

    def is_overdue(self, now: datetime) -> bool:
        """Whether its time is over and it is still open."""
        return self.is_open and self.due_at < now

"""The rules by which customers are asked how it went: which survey, when, how often.

`core.survey_file` reads them from YAML; docs/surveys.md explains them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from core.conversation import Channel
from core.errors import BadInput
from core.ids import new_id
from core.survey import SCALES, SurveyInvitation, SurveyKind, SurveyResponse, is_low

RESOLVED = "resolved"  # the outcome of a task that is asked about

# DOMAIN "Metrics": dissatisfied in CSAT are 1 and 2, detractors in NPS 0 to 6. CES has no such
# line of its own; ours is drawn below the middle of the scale.
DETRACTORS = {SurveyKind.CSAT: 2, SurveyKind.CES: 3, SurveyKind.NPS: 6}
DETRACTOR_HOURS = 24.0  # DOMAIN "Metrics": the closed-loop clock of detractors
CAP_DAYS = 30  # at most one invitation per customer in so many days, lest people tire of them
# How long after the close an answer is still taken for one; longer than the 24 h within which the
# closed-loop clock wants a detractor called, short enough for the same matter.
LATE_ANSWER_HOURS = 72.0


class Trigger(StrEnum):
    """After what a customer is asked."""

    TASK = "task"  # a self-service task that the bot resolved
    PERSON = "person"  # a person closed the conversation
    CALL = "call"  # a telephone call
    HUNG_UP = "hung_up"  # a caller hung up on the person who served them: asked by SMS


@dataclass(frozen=True, slots=True)
class AskRule:
    """Which questions follow what; no `tasks` means any, a channel without a share is not asked."""

    after: Trigger
    questions: tuple[SurveyKind, ...]
    share: Mapping[Channel, float]
    tasks: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.questions or len(set(self.questions)) != len(self.questions):
            raise BadInput("each question is asked once, and at least one")
        if SurveyKind.WHY in self.questions:
            raise BadInput("why follows a low score, it is not asked by itself")
        if self.tasks and self.after is not Trigger.TASK:
            raise BadInput(f"tasks belong to a rule after a task, not after a {self.after}")
        if any(not 0 <= share <= 1 for share in self.share.values()):
            raise BadInput("a share lies between 0 and 1")

    def fits(self, after: Trigger, about: str, channel: Channel) -> bool:
        """Whether this rule speaks of what has just happened."""
        is_about = not self.tasks or about in self.tasks
        return self.after is after and is_about and channel in self.share


@dataclass(frozen=True, slots=True)
class Detractors:
    """A score no higher than `at_most` makes an alert that is due after `hours`."""

    at_most: int
    hours: float = DETRACTOR_HOURS


@dataclass(frozen=True, slots=True)
class SurveyRules:
    """Everything the file says; `cap_days` 0 means that a customer may be asked every time."""

    ask: tuple[AskRule, ...] = ()
    why: Mapping[SurveyKind, int] = field(default_factory=dict)
    detractors: Mapping[SurveyKind, Detractors] = field(
        default_factory=lambda: {kind: Detractors(score) for kind, score in DETRACTORS.items()}
    )
    wording: Mapping[SurveyKind, str] = field(default_factory=dict)
    cap_days: int = CAP_DAYS
    late_answer_hours: float = LATE_ANSWER_HOURS

    def __post_init__(self) -> None:
        limits = {**self.why, **{kind: rule.at_most for kind, rule in self.detractors.items()}}
        for kind in limits:
            if kind not in SCALES:
                raise BadInput(f"{kind} has no scores")

    @property
    def late_answer(self) -> timedelta:
        """How long after the close an answer still counts."""
        return timedelta(hours=self.late_answer_hours)

    def invitation(
        self, after: Trigger, about: str, channel: Channel, conversation: str, *, now: datetime
    ) -> SurveyInvitation | None:
        """What a customer is asked now by the first rule that fits; None when nothing is.

        The same conversation is always in the sample or always out of it.
        """
        rule = next((rule for rule in self.ask if rule.fits(after, about, channel)), None)
        if rule is None or not is_sampled(conversation, rule.share[channel]):
            return None
        return SurveyInvitation(new_id(), conversation, rule.questions, about, now)

    def is_detractor(self, response: SurveyResponse) -> bool:
        """Whether an answer is one that somebody should call about."""
        return is_low(response, {kind: rule.at_most for kind, rule in self.detractors.items()})

    def due_at(self, response: SurveyResponse) -> datetime:
        """When somebody should have called about a detractor's answer."""
        return response.answered_at + timedelta(hours=self.detractors[response.kind].hours)


def is_sampled(conversation: str, share: float) -> bool:
    """Whether a conversation is among the `share` that is asked; its id alone decides."""
    digest = hashlib.sha256(f"survey:{conversation}".encode()).digest()
    return int.from_bytes(digest[:8]) < share * 2**64

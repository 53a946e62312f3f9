"""How it went, asked in the conversation itself: what is asked next, and what an answer means.

A pure state machine. `channels` keeps the invitation and its answers as rows and offers each
customer turn to it before the bot; `language.answers` reads the words.
Source: DOMAIN "Metrics" for the scales.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.conversation import check_aware
from core.errors import BadInput


class SurveyKind(StrEnum):
    """What is asked."""

    CSAT = "csat"
    WHY = "why"
    CES = "ces"
    NPS = "nps"


SCALES: dict[SurveyKind, tuple[int, int]] = {
    SurveyKind.CSAT: (1, 5),
    SurveyKind.CES: (1, 7),
    SurveyKind.NPS: (0, 10),
}
# CSAT and CES are asked in the words their scales are defined by, DOMAIN "Metrics".
LABELS: dict[SurveyKind, dict[int, str]] = {
    SurveyKind.CSAT: {1: "very poor", 2: "poor", 3: "fair", 4: "good", 5: "very good"},
    SurveyKind.CES: {
        1: "strongly disagree",
        2: "disagree",
        3: "rather disagree",
        4: "neither",
        5: "rather agree",
        6: "agree",
        7: "strongly agree",
    },
    SurveyKind.NPS: {0: "not at all", 10: "extremely likely"},
}
QUESTIONS = {
    SurveyKind.CSAT: "How was this for you? 1 is very poor, 5 is very good.",
    SurveyKind.WHY: "Thank you. What was the main reason for your score?",
    SurveyKind.CES: (
        "It was easy to get this done: how far do you agree? "
        "1 is strongly disagree, 7 is strongly agree."
    ),
    SurveyKind.NPS: (
        "How likely are you to recommend us to a friend? 0 is not at all, 10 is extremely likely."
    ),
}


@dataclass(frozen=True, slots=True)
class PendingReading:
    """A score read out of words, which counts when the customer says yes to it.

    `turn` is the turn in which they said it.
    """

    kind: SurveyKind
    score: int
    turn: str

    def __post_init__(self) -> None:
        check_score(self.kind, self.score)


@dataclass(frozen=True, slots=True)
class SurveyInvitation:
    """One offer to say how it went, with the questions in order and what it is about.

    `pending` was read back and not answered yet; `repeated` are the questions that were asked once
    more, after which they are left.
    """

    id: str
    conversation: str
    kinds: tuple[SurveyKind, ...]
    about: str
    offered_at: datetime
    closed_at: datetime | None = None
    pending: PendingReading | None = None
    repeated: tuple[SurveyKind, ...] = ()

    def __post_init__(self) -> None:
        check_aware(self.offered_at, "offered_at")
        if not self.kinds or len(set(self.kinds)) != len(self.kinds):
            raise BadInput("an invitation asks each of its questions once, and at least one")
        if SurveyKind.WHY in self.kinds:
            raise BadInput("why is asked after a low score, it is not invited by itself")


@dataclass(frozen=True, slots=True)
class SurveyResponse:
    """An answer, or a dismissal, which is not a score. A score is valid for its kind."""

    id: str
    invitation: str
    kind: SurveyKind
    answered_at: datetime
    score: int | None = None
    text: str | None = None
    turn: str | None = None
    is_dismissed: bool = False

    def __post_init__(self) -> None:
        check_aware(self.answered_at, "answered_at")
        if self.is_dismissed:
            if self.score is not None or self.text is not None:
                raise BadInput("a dismissed question has neither score nor text")
        elif self.kind is SurveyKind.WHY:
            if not (self.text or "").strip() or self.score is not None:
                raise BadInput("why is answered in words")
        else:
            check_score(self.kind, self.score)


def check_score(kind: SurveyKind, score: int | None) -> None:
    """Raise BadInput unless `score` lies on the scale of `kind`."""
    if kind not in SCALES:
        raise BadInput(f"{kind} has no scale")
    low, high = SCALES[kind]
    if score is None or not low <= score <= high:
        raise BadInput(f"{kind} goes from {low} to {high}, not {score}")


def next_question(
    invitation: SurveyInvitation,
    responses: tuple[SurveyResponse, ...],
    why: Mapping[SurveyKind, int],
) -> SurveyKind | None:
    """The question to ask now; None when the invitation is done, closed or dismissed.

    A score that is no higher than `why` has for its question is asked why, once an invitation.
    Dismissing why goes on to the next question; dismissing a scale ends the invitation: who waves
    away one number wants no second.
    """
    if invitation.closed_at is not None:
        return None
    answered = {response.kind: response for response in responses}
    for kind in invitation.kinds:
        given = answered.get(kind)
        if given is None:
            return kind
        if given.is_dismissed:
            return None
        if is_low(given, why) and SurveyKind.WHY not in answered:
            return SurveyKind.WHY
    return None


def is_low(response: SurveyResponse, at_most: Mapping[SurveyKind, int]) -> bool:
    """Whether a score is no higher than `at_most` has for its question; a dismissal is no score."""
    limit = at_most.get(response.kind)
    return response.score is not None and limit is not None and response.score <= limit


def is_question(text: str) -> bool:
    """Whether a turn of the bot asks how it went, in Parley's own words."""
    return text.endswith(tuple(QUESTIONS.values()))

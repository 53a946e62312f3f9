"""Conversations drawn for people to review: how each was drawn, and with which probability.

Source: DOMAIN "Scorecard", sampling: (a) a uniform random draw per agent and period, (b) a
risk-directed one; an agent's mean is of (a) alone or weighted by inclusion probability.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.conversation import check_aware
from core.errors import BadInput


class Period(StrEnum):
    """For how long one uniform draw stands; each begins at midnight in the house's zone."""

    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"


def bounds(period: Period, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the period in which `at` lies begins and ends, midnights of `zone`; half-open."""
    day = at.astimezone(zone).date()
    first, days = day, 1
    if period is Period.WEEK:
        first, days = day - timedelta(days=day.weekday()), 7
    if period is Period.MONTH:
        first = day.replace(day=1)
        days = monthrange(day.year, day.month)[1]
    return (
        datetime.combine(first, time(), zone),
        datetime.combine(first + timedelta(days=days), time(), zone),
    )


class Way(StrEnum):
    """How a conversation came into the review queue."""

    UNIFORM = "uniform"
    RISK = "risk"


class Risk(StrEnum):
    """Why a conversation was drawn before others."""

    FATAL = "fatal"  # a fatal question was answered no
    FALLING = "falling"  # the customer's mood fell
    FAINT = "faint"  # the recogniser was not sure of its words
    DETRACTOR = "detractor"  # the customer's survey answer is that of a detractor
    NEW_AGENT = "new_agent"  # the agent's first weeks


@dataclass(frozen=True, slots=True)
class Drawn:
    """One conversation in the queue, by one way; `agent` is the key of who served.

    `ended_at` is when it ended: the period it counts in. `scorecard` names the form that it is to
    be reviewed by: the main one, or the one with the fatal answer; None: any.

    `probability` is the chance that this way had to draw it: below 1 for the uniform draw, 1 for
    risks, which are drawn by a rule and not by chance. What a supervisor skips is kept with its
    reason.
    """

    id: str
    conversation: str
    agent: str
    way: Way
    probability: float
    risks: tuple[Risk, ...]
    ended_at: datetime
    drawn_at: datetime
    scorecard: str | None = None
    skipped_at: datetime | None = None
    skipped_by: str | None = None
    skip_reason: str | None = None

    def __post_init__(self) -> None:
        check_aware(self.ended_at, "ended_at")
        check_aware(self.drawn_at, "drawn_at")
        check_aware(self.skipped_at, "skipped_at")
        if not 0 < self.probability <= 1:
            raise BadInput(f"what was drawn had a probability in 0..1, not {self.probability}")

"""What became of the questions that help articles answer."""

import math
from dataclasses import dataclass
from datetime import datetime

NORMAL_95 = 1.959964  # the standard normal's 97.5 % point


@dataclass(frozen=True, slots=True)
class ArticleAnswer:
    """A customer's turn, the article it was answered with, and how likely that one was.

    `slug` and `passage` (the section's heading) are None when no article was likely enough.
    """

    conversation: str
    turn: str
    slug: str | None
    passage: str | None
    score: float
    at: datetime


@dataclass(frozen=True, slots=True)
class ArticleUse:
    """How often an article was the answer, and what customers said of it."""

    slug: str
    answered: int
    helpful: int
    unhelpful: int

    @property
    def rated(self) -> int:
        """How many customers said whether it helped."""
        return self.helpful + self.unhelpful


def share_interval(part: int, whole: int) -> tuple[float, float] | None:
    """The 95 % Wilson interval of `part` of `whole`; None of nothing.

    Source: Wilson (1927); Brown, Cai and DasGupta, "Interval Estimation for a Binomial
    Proportion" (2001), which recommends it for small numbers.
    """
    if whole <= 0:
        return None
    share, square = part / whole, NORMAL_95**2
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = math.sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    half = NORMAL_95 * spread / (1 + square / whole)
    return max(0.0, middle - half), min(1.0, middle + half)

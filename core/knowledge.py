"""What became of the questions that help articles answer."""

from dataclasses import dataclass
from datetime import datetime


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

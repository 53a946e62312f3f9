"""The figures of one index on some questions."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.knowledge.questions import Question
from language.retrieval import WORTH_NAMING, ArticleIndex, Match

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """A question and the articles it finds, best first."""

    question: Question
    found: tuple[Match, ...]

    def is_among(self, count: int) -> bool:
        """Whether an article that answers is among the first `count`."""
        return any(match.article.slug in self.question.slugs for match in self.found[:count])

    @property
    def holds_fact(self) -> bool:
        """Whether what would be shown of the first says what must be said."""
        shown = self.found[0].passage.casefold() if self.found else ""
        return any(fact.casefold() in shown for fact in self.question.facts)

    def is_answered(self, threshold: float) -> bool:
        """Whether the first is likely enough to be told."""
        return bool(self.found) and self.found[0].probability >= threshold


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of the questions that some article answers (`n`) or none does (`n_silent`)."""

    n: int
    recall_1: float
    recall_3: float
    right: float
    wrong: float
    helped: float  # answered right, or the right article named among those that may answer
    n_facts: int
    holds_fact: float  # of the questions with a fact, whatever the probability
    n_silent: int
    silence: float
    nothing: float  # neither an answer nor an article named
    silence_by_kind: dict[str, tuple[float, int]]
    milliseconds: float


def measure(index: ArticleIndex, questions: Sequence[Question]) -> Figures:
    """Ask everything once."""
    began = time.perf_counter()
    tried = [Tried(one, index.find(one.text, count=SHOWN)) for one in questions]
    spent = time.perf_counter() - began
    threshold = index.model.threshold
    known = [one for one in tried if one.question.slugs]
    unknown = [one for one in tried if not one.question.slugs]
    told = [one for one in known if one.is_answered(threshold)]
    right = sum(one.is_among(1) for one in told)
    checked = [one for one in known if one.question.facts]
    kinds = dict.fromkeys(one.question.kind for one in unknown)
    return Figures(
        n=len(known),
        recall_1=sum(one.is_among(1) for one in known) / len(known),
        recall_3=sum(one.is_among(SHOWN) for one in known) / len(known),
        right=right / len(known),
        wrong=(len(told) - right) / len(known),
        helped=sum(_is_helped(one, threshold) for one in known) / len(known),
        n_facts=len(checked),
        holds_fact=sum(one.holds_fact for one in checked) / len(checked),
        n_silent=len(unknown),
        silence=_silence(unknown, threshold)[0],
        nothing=_silence(unknown, WORTH_NAMING)[0],
        silence_by_kind={
            kind: _silence([one for one in unknown if one.question.kind == kind], threshold)
            for kind in kinds
        },
        milliseconds=1000 * spent / len(tried),
    )


def _is_helped(tried: Tried, threshold: float) -> bool:
    if tried.is_answered(threshold):
        return tried.is_among(1)
    return tried.is_among(sum(match.probability >= WORTH_NAMING for match in tried.found))


def _silence(tried: Sequence[Tried], threshold: float) -> tuple[float, int]:
    silent = sum(not one.is_answered(threshold) for one in tried)
    return silent / len(tried), len(tried)

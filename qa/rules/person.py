"""Questions that no rule answers: a person does."""

from core.evaluation import Finding
from core.scorecard import Question
from qa.rules.base import Case, unsure


def answer_person(_: Case, question: Question) -> Finding:
    """Unsure, so that it comes to a person."""
    return unsure(question, None, "a person answers this")

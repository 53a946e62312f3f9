"""A scorecard's questions as a calibration session asks them, and findings as plain answers."""

from core.calibration import NOT_APPLICABLE, UNSURE, AskedQuestion, digest_of
from core.evaluation import Finding, Verdict
from core.scorecard import Criticality, Question, Scorecard

YES, NO = "yes", "no"
TEXTS = {YES: "Yes", NO: "No", NOT_APPLICABLE: "Does not apply", UNSURE: "Cannot tell"}


def asked_of(card: Scorecard) -> tuple[AskedQuestion, ...]:
    """The questions of a scorecard, in its order."""
    return tuple(
        _asked(question, section.title)
        for section in card.sections
        for question in section.questions
    )


def answer_of(asked: AskedQuestion, finding: Finding | None) -> str:
    """A finding as one of its question's answers; unsure where there is none."""
    del asked
    if finding is None or finding.verdict is Verdict.UNSURE:
        return UNSURE
    return finding.verdict.value


def _asked(question: Question, section: str) -> AskedQuestion:
    return AskedQuestion(
        id=question.id,
        text=question.text,
        section=section,
        digest=digest_of(question),
        answers=(YES, NO),
        lowest=frozenset({NO}),
        texts=TEXTS,
        is_fatal=question.criticality is Criticality.FATAL,
        channels=question.channels,
    )

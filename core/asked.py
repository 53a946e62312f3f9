"""A scorecard's questions as a calibration session asks them, and findings as plain answers."""

from collections.abc import Iterator

from core.answers import AnswerKind
from core.calibration import NOT_APPLICABLE, UNSURE, AskedQuestion, digest_of
from core.evaluation import Finding, Verdict
from core.scorecard import Criticality, Question, Scorecard, Section

TEXTS = {"yes": "Yes", "no": "No", NOT_APPLICABLE: "Does not apply", UNSURE: "Cannot tell"}
FATAL = frozenset({Criticality.FATAL, Criticality.FATAL_SECTION})
BY_PERSON = "person"  # the rule of what only a person answers


def asked_of(card: Scorecard) -> tuple[AskedQuestion, ...]:
    """The questions of a scorecard that have answers to compare, in its order; no free words."""
    return tuple(
        _asked(question, title)
        for section in card.sections
        for title, question in _titled(section, section.title)
        if question.answers.is_scored
    )


def answer_of(asked: AskedQuestion, finding: Finding | None) -> str:
    """A finding as one of its question's answers; unsure where there is none of them."""
    if finding is None or finding.verdict is Verdict.UNSURE:
        return UNSURE
    if finding.verdict is Verdict.NOT_APPLICABLE:
        return NOT_APPLICABLE
    value = finding.value if asked.has_values else finding.verdict.value
    written = f"{value:g}" if isinstance(value, int | float) else str(value)
    return written if written in asked.answers else UNSURE


def _titled(section: Section, title: str) -> Iterator[tuple[str, Question]]:
    """Each question under its section's title, behind that of the section around it."""
    for question in section.questions:
        yield title, question
    for inner in section.sections:
        yield from _titled(inner, f"{title}: {inner.title}")


def _asked(question: Question, section: str) -> AskedQuestion:
    form = question.answers
    return AskedQuestion(
        id=question.id,
        text=question.text,
        section=section,
        digest=digest_of(question),
        answers=form.values,
        lowest=frozenset(value for value in form.values if form.is_lowest(value)),
        texts=TEXTS | {choice.id: choice.text for choice in form.choices},
        has_values=form.kind is not AnswerKind.YES_NO,
        is_scale=form.kind is AnswerKind.SCALE,
        is_fatal=question.criticality in FATAL,
        by_person=question.rule == BY_PERSON,
        may_not_apply=question.may_not_apply or bool(question.when),
        instructions=question.instructions,
        channels=question.channels,
    )

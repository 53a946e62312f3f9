"""The score that follows from a form's answers.

Source: DOMAIN "Scorecard": what does not apply or was not triggered drops out, and the remaining
weights are renormalised; section = sum of w * score / max over sum of w, the form the same over its
sections; a fatal no makes its form, or its section, 0 and fails it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.answers import AnswerKind
from core.errors import BadInput
from core.evaluation import Finding, Verdict
from core.scorecard import Criticality, Question, Scorecard, Section

Shares = Mapping[str, float]  # what each answered question earned, 0..1


@dataclass(frozen=True, slots=True)
class SectionScore:
    """A section's points 0..100, None when nothing in it applied; `failed` for a fatal no."""

    id: str
    points: float | None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """`points` 0..100 or None when nothing applied; `failed` for a fatal no or a low score.

    `before_fatal` is given when a fatal no took points away; `critical` is the score of the
    critical questions alone, None where none was answered.
    """

    points: float | None
    failed: bool
    before_fatal: float | None = None
    critical: float | None = None
    sections: tuple[SectionScore, ...] = ()


def score(scorecard: Scorecard, findings: Iterable[Finding]) -> Score:
    """Weigh the findings. Unsure counts for nothing either way: it waits for a person."""
    shares = shares_of(scorecard, findings)
    before = _of_sections(scorecard.sections, shares)
    points = _of_sections(scorecard.sections, shares, with_fatal=True)
    is_fatal = _is_failed(scorecard.questions, shares, Criticality.FATAL)
    points = 0.0 if is_fatal else points
    return Score(
        points=points,
        failed=is_fatal or (points is not None and points < scorecard.pass_mark),
        before_fatal=before if points != before or is_fatal else None,
        critical=_critical(scorecard, shares),
        sections=tuple(_section_score(section, shares) for section in scorecard.all_sections),
    )


def shares_of(scorecard: Scorecard, findings: Iterable[Finding]) -> dict[str, float]:
    """What each answered question earned of its points, 0..1; the others are left out.

    Raises:
        BadInput: an answer is none that its question can have.
    """
    questions = {question.id: question for question in scorecard.questions}
    shares = {}
    for finding in findings:
        question = questions.get(finding.question)
        if question is None or not question.answers.is_scored or not finding.is_answered:
            continue
        try:
            shares[question.id] = question.answers.share(answer_of(question, finding))
        except BadInput as error:
            raise BadInput(f"question {question.id}: {error}") from error
    return shares


def answer_of(question: Question, finding: Finding) -> str:
    """The answer as its form writes it: yes or no, a choice's id, a mark."""
    if question.answers.kind is AnswerKind.YES_NO or finding.value is None:
        return finding.verdict.value
    return finding.value if isinstance(finding.value, str) else f"{finding.value:g}"


def verdict_of(question: Question, answer: str) -> Verdict:
    """What an answer means: the lowest of a form is a no, all others are a yes."""
    return Verdict.NO if question.answers.is_lowest(answer) else Verdict.YES


def effective_weights(scorecard: Scorecard, shares: Shares) -> dict[str, float]:
    """What each answered question counts for in the form after renormalising; they sum to 100."""
    weights: dict[str, float] = {}
    _spread(scorecard.sections, 100.0, shares, weights)
    return weights


def _spread(
    parts: Iterable[Section | Question], whole: float, shares: Shares, into: dict[str, float]
) -> None:
    counted = [part for part in parts if part.weight > 0 and _has_answer(part, shares)]
    total = sum(part.weight for part in counted)
    for part in counted:
        own = whole * part.weight / total
        if isinstance(part, Question):
            into[part.id] = own
        else:
            _spread(part.questions or part.sections, own, shares, into)


def _has_answer(part: Section | Question, shares: Shares) -> bool:
    if isinstance(part, Question):
        return part.id in shares
    return any(_has_answer(q, shares) for q in part.walk() if q.weight > 0)


def _section_score(section: Section, shares: Shares) -> SectionScore:
    failed = _is_failed(section.questions, shares, Criticality.FATAL_SECTION)
    return SectionScore(section.id, _of_section(section, shares, with_fatal=True), failed)


def _of_section(section: Section, shares: Shares, *, with_fatal: bool) -> float | None:
    if with_fatal and _is_failed(section.questions, shares, Criticality.FATAL_SECTION):
        return 0.0
    if section.sections:
        return _of_sections(section.sections, shares, with_fatal=with_fatal)
    return _mean([(q.weight, 100 * shares[q.id]) for q in section.questions if q.id in shares])


def _of_sections(
    sections: Iterable[Section], shares: Shares, *, with_fatal: bool = False
) -> float | None:
    parts = [(s.weight, _of_section(s, shares, with_fatal=with_fatal)) for s in sections]
    return _mean([(weight, points) for weight, points in parts if points is not None])


def _critical(scorecard: Scorecard, shares: Shares) -> float | None:
    weights = effective_weights(scorecard, shares)
    critical = [q.id for q in scorecard.questions if q.criticality is not Criticality.NORMAL]
    return _mean([(weights.get(one, 0.0), 100 * shares[one]) for one in critical if one in shares])


def _is_failed(questions: Iterable[Question], shares: Shares, criticality: Criticality) -> bool:
    """Whether one of that criticality has the lowest answer of its form."""
    return any(
        question.criticality is criticality
        and question.id in shares
        and shares[question.id] == min(map(question.answers.share, question.answers.values))
        for question in questions
    )


def _mean(parts: list[tuple[float, float]]) -> float | None:
    counted = [(weight, points) for weight, points in parts if weight > 0]
    total = sum(weight for weight, _ in counted)
    if not counted:
        return None
    return round(sum(weight * points for weight, points in counted) / total, 2)

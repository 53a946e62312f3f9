"""The machine's answers with people's in their place; what the machine said is never lost.

A form may ask a question only when another was answered so. A person's answer can make it ask what
the machine was never asked (which is then unsure, and waits for a person), or not ask any more.

Source: DOMAIN "Scorecard": the machine's own answer is kept when a person corrects it.
"""

from collections.abc import Iterable, Mapping, Sequence

from core.answers import AnswerKind
from core.errors import BadInput
from core.evaluation import Evidence, Finding, Source, Verdict
from core.review import Answer, Correction
from core.score import answer_of, verdict_of
from core.scorecard import CommentRule, Criticality, Question, Scorecard

CERTAIN = 1.0  # a person's answer is taken as it is; how often people differ is for calibration
EVEN = 0.5  # nobody has answered
FATAL = (Criticality.FATAL, Criticality.FATAL_SECTION)


def counting(corrections: Iterable[Correction]) -> Mapping[str, Correction]:
    """By question, the newest correction that was not withdrawn."""
    standing = [each for each in corrections if each.withdrawn_at is None]
    return {each.question: each for each in sorted(standing, key=lambda each: (each.at, each.id))}


def corrected(
    card: Scorecard, findings: Sequence[Finding], corrections: Iterable[Correction]
) -> tuple[Finding, ...]:
    """The form's answers in its order, people's in place of the machine's.

    Without a correction these are the machine's own findings.
    """
    counted = counting(corrections)
    if not counted:
        return tuple(findings)
    said = {finding.question: finding for finding in findings}
    made: dict[str, Finding] = {}
    for question in card.questions:
        machine, person = said.get(question.id), counted.get(question.id)
        untriggered = _untriggered(card, question, made)
        if untriggered is not None:
            found: Finding | None = untriggered
        elif person is not None:
            found = finding_of(person)
        elif machine is not None and _untriggered(card, question, said) is not None:
            found = _waiting(question, "it was not asked before an answer was corrected")
        else:
            found = machine
        if found is not None:
            made[question.id] = found
    return tuple(made.values())


def finding_of(correction: Correction) -> Finding:
    """A correction as an answer to its question."""
    answer = correction.answer
    return Finding(
        question=correction.question,
        verdict=answer.verdict,
        confidence=CERTAIN,
        reason=correction.comment,
        evidence=answer.evidence,
        value=answer.value,
        source=Source.PERSON,
    )


def answer_from(question: Question, given: str, evidence: Sequence[Evidence] = ()) -> Answer:
    """A person's answer from how the form writes it: yes or no, a choice's id, a mark, words.

    `not_applicable` and `unsure` (one cannot tell) are answers to every question, the first unless
    the form says that it always applies.

    Raises:
        BadInput: the question cannot be answered so.
    """
    cited = tuple(evidence)
    if given == Verdict.UNSURE:
        return Answer(Verdict.UNSURE, None, cited)
    if given == Verdict.NOT_APPLICABLE:
        if not question.may_not_apply:
            raise BadInput("This question always applies; answer it, or say that you cannot tell.")
        return Answer(Verdict.NOT_APPLICABLE, None, cited)
    if question.answers.kind is AnswerKind.TEXT:
        if not given.strip():
            raise BadInput("Write the answer in your own words.")
        return Answer(Verdict.YES, given.strip(), cited)
    if given not in question.answers.values:
        known = ", ".join(question.answers.values)
        raise BadInput(f"Choose one of the answers: {known}, does not apply, or cannot tell.")
    value = None if question.answers.kind is AnswerKind.YES_NO else _value(question, given)
    return Answer(verdict_of(question, given), value, cited)


def check_answer(question: Question, answer: Answer, comment: str, found: Finding | None) -> None:
    """Raise BadInput when an answer changes nothing, or lacks the words that belong to it.

    `found` is what counts now. To say of what is unsure that one cannot tell either is an answer.
    What contradicts an answer needs a reason; else the form says when a comment is needed.
    """
    was_open = found is None or found.verdict is Verdict.UNSURE
    is_open_to_person = was_open and (found is None or found.source is Source.MACHINE)
    is_same = found is not None and (answer.verdict, answer.value) == (found.verdict, found.value)
    if is_same and found and not is_open_to_person and answer.evidence in ((), found.evidence):
        raise BadInput("That is the answer already; there is nothing to change.")
    is_no = answer.verdict is Verdict.NO
    asked_for = question.comment is CommentRule.ALWAYS or (
        question.comment is CommentRule.ON_NO and is_no
    )
    if not comment.strip() and (asked_for or not was_open):
        raise BadInput("Say in a few words why.")


def _value(question: Question, given: str) -> float | str:
    return float(given) if question.answers.kind is AnswerKind.SCALE else given


def is_fatal(question: Question | None) -> bool:
    """Whether a no to it takes all points of the form, or of its section."""
    return question is not None and question.criticality in FATAL


def _untriggered(
    card: Scorecard, question: Question, made: Mapping[str, Finding]
) -> Finding | None:
    """Why a question that depends on others is not asked; None when it is."""
    for condition in question.when:
        asked, found = card.question(condition.question), made.get(condition.question)
        if asked is None or found is None or found.verdict is Verdict.UNSURE:
            return _waiting(question, f"depends on {condition.question}, which is unsure")
        if not (found.is_answered and answer_of(asked, found) in condition.answers):
            wanted = " or ".join(sorted(condition.answers))
            reason = f"asked only when {condition.question} is {wanted}"
            return Finding(question.id, Verdict.NOT_APPLICABLE, CERTAIN, reason)
    return None


def _waiting(question: Question, reason: str) -> Finding:
    return Finding(question.id, Verdict.UNSURE, EVEN, reason)

"""The machine's answers with people's in their place; what the machine said is never lost.

Source: DOMAIN "Scorecard": the machine's own answer is kept when a person corrects it.
"""

from collections.abc import Iterable, Mapping, Sequence

from core.errors import BadInput
from core.evaluation import Finding, Source, Verdict
from core.review import Answer, Correction

CERTAIN = 1.0  # a person's answer is taken as it is; how often people differ is for calibration


def counting(corrections: Iterable[Correction]) -> Mapping[str, Correction]:
    """By question, the newest correction that was not withdrawn."""
    standing = [each for each in corrections if each.withdrawn_at is None]
    return {each.question: each for each in sorted(standing, key=lambda each: (each.at, each.id))}


def corrected(
    findings: Sequence[Finding], corrections: Iterable[Correction]
) -> tuple[Finding, ...]:
    """The findings in their order, people's in place of the machine's.

    A question that only people answered comes last.
    """
    counted = counting(corrections)
    asked = {finding.question for finding in findings}
    replaced = tuple(
        finding_of(counted[finding.question]) if finding.question in counted else finding
        for finding in findings
    )
    added = (finding_of(each) for name, each in counted.items() if name not in asked)
    return (*replaced, *added)


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


def check_differs(answer: Answer, found: Finding | None) -> None:
    """Raise BadInput when an answer changes nothing of what counts now.

    To say of what the machine is unsure that one cannot tell either is an answer.
    """
    if found is None or (answer.verdict, answer.value) != (found.verdict, found.value):
        return
    if found.source is Source.MACHINE and found.verdict is Verdict.UNSURE:
        return
    if answer.evidence in ((), found.evidence):
        raise BadInput("That is the answer already; there is nothing to change.")

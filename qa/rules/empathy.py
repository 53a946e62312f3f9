"""A reported problem is met with a word of understanding."""

from core.conversation import Role
from core.evaluation import Finding
from core.scorecard import Question
from qa.rules.base import (
    EXACT,
    LOOSE,
    Case,
    no,
    not_applicable,
    say,
    texts,
    unsure,
    window_evidence,
    yes,
)
from qa.rules.phrase import find_near_form


def answer_empathy(case: Case, question: Question) -> Finding:
    """Yes when the agent feels with the customer after a problem; not applicable without one."""
    problems = say(case, case.by(Role.CUSTOMER), texts(question, "problems"),
                   texts(question, "no_problem"))  # fmt: skip
    kind = say(case, case.by(Role.AGENT), texts(question, "phrases"), texts(question, "unless"))
    after = [said for said in kind if problems and said.place > problems[0].place]
    if after:
        evidence = after[0].evidence + problems[0].evidence
        return yes(question, EXACT, "felt with the customer after the problem", evidence)
    if kind and any(passage.order < kind[0].passage.order for passage in case.by(Role.CUSTOMER)):
        return yes(question, LOOSE, "felt with the customer", kind[0].evidence)
    if not problems:
        return not_applicable(question, "the customer reported no problem", confidence=0.8)
    later = [p for p in case.by(Role.AGENT) if p.order > problems[0].passage.order]
    near = find_near_form(case, later, texts(question, "near"))
    if near:
        return unsure(question, 0.5, f"sounds like “{near.phrase}”", near.evidence)
    bare = say(case, later, texts(question, "loose"), texts(question, "unless"))
    if bare:
        return unsure(question, 0.5, "a bare word of regret after the problem", bare[0].evidence)
    evidence = problems[0].evidence + window_evidence(later)[:2]
    return no(question, case.absent, "a problem was met without a kind word", evidence)

"""What one side lets be known, the other takes up soon: a cue and its answer."""

from core.conversation import Role
from core.evaluation import Finding
from core.scorecard import Question
from qa.rules.base import (
    EXACT,
    Case,
    Passage,
    Said,
    no,
    not_applicable,
    say,
    texts,
    unsure,
    window_evidence,
    yes,
)
from qa.rules.phrase import find_near_form, judge_near

WITHIN = 2  # passages of the one who answers: the next, and one after a question between
SAID_ANYWAY = 0.08  # probability of yes when what must not follow was said word for word
SAID_LATE = 0.4  # probability of yes when it was taken up, but not soon


def answer_acknowledges(case: Case, question: Question) -> Finding:
    """Yes when an answer follows a cue within so many passages; not applicable without a cue.

    What stands in `never` and is said after the cue makes it a no.

    Neither reason nor evidence says what the cue makes of the person: it cites what was said.
    """
    by = Role(str(question.options.get("by", Role.AGENT.value)))
    other = Role.CUSTOMER if by is not Role.CUSTOMER else Role.AGENT
    cues = say(case, case.by(other), texts(question, "cues"), texts(question, "no_cue"))
    if not cues:
        return not_applicable(question, f"nothing of the kind was said by the {other}",
                              confidence=0.8)  # fmt: skip
    wrong = _said_after(case, question, by, cues[0])
    if wrong:
        reason = "what must not follow it was said"
        return no(question, SAID_ANYWAY, reason, wrong.evidence + cues[0].evidence)
    answers = say(case, case.by(by), texts(question, "phrases"), texts(question, "unless"))
    for cue in cues:
        soon = _soon(case, question, by, cue)
        taken_up = [one for one in answers if one.passage in soon]
        if taken_up:
            reason = "taken up soon after it was said"
            return yes(question, EXACT, reason, taken_up[0].evidence + cue.evidence)
    return _not_soon(case, question, by, cues, answers)


def _not_soon(
    case: Case,
    question: Question,
    by: Role,
    cues: tuple[Said, ...],
    answers: tuple[Said, ...],
) -> Finding:
    first = cues[0]
    soon = _soon(case, question, by, first)
    near = find_near_form(case, soon, texts(question, "near"), texts(question, "unless"))
    if near:
        return judge_near(question, near)
    loose = say(case, soon, texts(question, "loose"), texts(question, "unless"))
    if loose:
        reason = "words that may take it up or not"
        return unsure(question, 0.5, reason, loose[0].evidence + first.evidence)
    late = [one for one in answers if one.place > first.place]
    if late:
        reason = "taken up, but not soon"
        return unsure(question, SAID_LATE, reason, late[0].evidence + first.evidence)
    evidence = first.evidence + window_evidence(soon)[:2]
    if not soon:
        return unsure(question, 0.5, "nothing was said after it", evidence)
    return no(question, case.absent, "not taken up", evidence)


def _said_after(case: Case, question: Question, by: Role, cue: Said) -> Said | None:
    """The first of `never` after the cue."""
    said = say(case, case.by(by), texts(question, "never"), texts(question, "unless"))
    return next((one for one in said if one.place > cue.place), None)


def _soon(case: Case, question: Question, by: Role, cue: Said) -> tuple[Passage, ...]:
    within = int(float(str(question.options.get("within", WITHIN))))
    return tuple(one for one in case.by(by) if one.order > cue.passage.order)[:within]

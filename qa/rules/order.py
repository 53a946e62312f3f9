"""One thing must come before another: identity before account details."""

from core.conversation import Role
from core.evaluation import Finding
from core.scorecard import Question
from qa.rules.base import (
    EXACT,
    LOOSE,
    Case,
    Said,
    no,
    not_applicable,
    say,
    texts,
    unsure,
    yes,
)
from qa.rules.phrase import find_near_form

LATE = 0.1  # probability of yes when the second thing was plainly said first


def answer_order(case: Case, question: Question) -> Finding:
    """Yes when `first` is said by the agent before `then`; not applicable with neither."""
    agent = case.by(Role.AGENT)
    firsts = _ranked(case, question)
    thens = say(case, agent, texts(question, "then"), texts(question, "unless"))
    if not thens:
        return _without_then(case, question, firsts)
    before = [(said, chance) for said, chance in firsts if said.place < thens[0].place]
    if before:
        said, chance = max(before, key=lambda pair: pair[1])
        evidence = said.evidence + thens[0].evidence
        return yes(question, chance, "the check came before what needs it", evidence)
    if firsts:
        evidence = thens[0].evidence + firsts[0][0].evidence
        return no(question, LATE, "what needs the check came before it", evidence)
    earlier = [passage for passage in agent if passage.order <= thens[0].passage.order]
    near = find_near_form(case, earlier, texts(question, "near"))
    if near:
        return unsure(question, 0.5, f"sounds like “{near.phrase}”", near.evidence)
    return no(question, case.absent, "what needs the check came without it", thens[0].evidence)


def _ranked(case: Case, question: Question) -> tuple[tuple[Said, float], ...]:
    """Every saying of `first` with its probability, in order; `loose` ones count for less."""
    agent = case.by(Role.AGENT)
    sure = [(said, EXACT) for said in say(case, agent, texts(question, "first"))]
    loose = [(said, LOOSE) for said in say(case, agent, texts(question, "loose"))]
    return tuple(sorted(sure + loose, key=lambda pair: pair[0].place))


def _without_then(
    case: Case, question: Question, firsts: tuple[tuple[Said, float], ...]
) -> Finding:
    if firsts:
        said, chance = max(firsts, key=lambda pair: pair[1])
        return yes(
            question, min(chance, 0.9), "the check was made, and nothing needed it", said.evidence
        )
    if case.conversation.is_voice:
        return not_applicable(question, "nothing that needs the check was heard", confidence=LOOSE)
    return not_applicable(question, "nothing that needs the check was said", confidence=0.85)

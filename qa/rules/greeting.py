"""A greeting that names the company, in the agent's opening."""

from collections.abc import Sequence

from core.conversation import Role
from core.evaluation import Evidence, Finding
from core.scorecard import Question
from qa.rules.base import (
    EXACT,
    LOOSE,
    Case,
    Passage,
    Said,
    no,
    opening,
    say,
    texts,
    unsure,
    window_evidence,
    yes,
)
from qa.rules.names import HEARD, NEAR_NAME, HeardName, find_name, find_part
from qa.rules.phrase import find_near_form

MAYBE_NAME = 0.5  # a recogniser's guess at an unknown name, told apart by a person


def answer_greeting(case: Case, question: Question) -> Finding:
    """Yes when the opening greets and holds the company's name."""
    searched = opening(case.by(Role.AGENT))
    if not searched:
        return unsure(question, None, "there was no opening to search")
    company = case.variables[str(question.options["variable"])]
    name = find_name(case, searched, company)
    greetings = say(case, searched, texts(question, "phrases"))
    near = None if greetings else find_near_form(case, searched, texts(question, "near"))
    evidence = greetings[0].evidence if greetings else near.evidence if near else ()
    if name and name.likeness >= NEAR_NAME:
        return _named(question, name, evidence, is_sure=bool(greetings))
    leads = say(case, searched, texts(question, "before_name")) + greetings
    part = find_part(case, leads, company)
    if part:
        heard = tuple(dict.fromkeys((*leads[0].evidence, *part.evidence)))
        return yes(question, LOOSE, "greeted; the company's name was heard in part", heard)
    misheard = _misheard(case, question, searched, name)
    if misheard:
        return unsure(question, 0.5, "the company's name may have been misheard", misheard)
    if greetings:
        return no(question, 0.12, "greeted without the company's name", evidence)
    return no(question, case.absent, "no greeting with the company's name",
              window_evidence(searched))  # fmt: skip


def _named(
    question: Question, name: HeardName, evidence: tuple[Evidence, ...], *, is_sure: bool
) -> Finding:
    """The name is there; how sure the greeting is depends on the words around it."""
    both = tuple(dict.fromkeys((*evidence, *name.evidence)))
    if is_sure and name.likeness >= HEARD:
        return yes(question, EXACT, "greeted with the company's name", both)
    if is_sure:
        return yes(question, 0.8, f"greeted; the name sounds {name.likeness:.0%} alike", both)
    if evidence:
        return yes(question, LOOSE, "the greeting was heard unclearly, the name is there", both)
    if name.is_first:
        return yes(question, LOOSE, "began with the company's name", both)
    if name.passage.order <= 1:
        return unsure(question, 0.6, "the company was named, without a greeting", both)
    return no(question, 0.2, "the company was named, but not in a greeting", both)


def _misheard(
    case: Case, question: Question, searched: Sequence[Passage], name: HeardName | None
) -> tuple[Evidence, ...]:
    """Where a call greets with a name nobody recognises, as a recogniser writes it."""
    if not case.conversation.is_voice:
        return ()
    leads = [
        lead
        for lead in say(case, searched[:2], texts(question, "before_name"))
        if not _goes_on(question, lead)
    ]
    if not leads:
        return ()
    if name and name.likeness >= MAYBE_NAME:
        return leads[0].evidence + name.evidence
    return () if case.conversation.engine is None else leads[0].evidence


def _goes_on(question: Question, lead: Said) -> bool:
    """Whether after 'thank you for calling' comes the next sentence, or a person's name."""
    reading, at = lead.passage.reading, lead.match.end
    if at >= len(reading.words) or reading.words[at] in texts(question, "not_a_name"):
        return True
    return reading.names[at]

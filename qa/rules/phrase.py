"""Phrases said by one role in one part of the conversation; near forms count where it is spoken."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.conversation import CallDirection, Role
from core.evaluation import Evidence, Finding, Verdict
from core.scorecard import Question
from qa.rules.base import (
    EXACT,
    LOOSE,
    Case,
    Passage,
    Said,
    closing,
    no,
    not_applicable,
    opening,
    say,
    texts,
    unsure,
    window_evidence,
    yes,
)
from qa.rules.names import names_the_house

NEAR_SURE = 0.76  # likeness; only 16 short greetings of 6,068 turns pass, benchmarks/qa/README.md
NEAR_MAYBE = 0.64  # likeness from which a person should look, same source


@dataclass(frozen=True, slots=True)
class Near:
    """The best near form found: its likeness, words and what it resembles."""

    likeness: float
    evidence: tuple[Evidence, ...]
    phrase: str


def answer_phrase(case: Case, question: Question) -> Finding:
    """Yes when a phrase is found in the window; see docs/scorecards.md for the options.

    With `direction` a call of the other one does not count, and one of which it is not known who
    rang is never a no.
    """
    wanted, known = question.options.get("direction"), case.conversation.direction
    if wanted is not None and known is not None and known != wanted:
        who = "the customer" if known is CallDirection.INBOUND else "the agent"
        return not_applicable(question, f"{who} rang", confidence=EXACT)
    found = _found(case, question)
    if wanted is not None and known is None and found.verdict is Verdict.NO:
        reason = f"{found.reason}, and it is not known who rang"
        return unsure(question, 0.5, reason, found.evidence)
    return found


def _found(case: Case, question: Question) -> Finding:
    searched = window(case, question)
    unless = texts(question, "unless")
    for option, probability in (("phrases", EXACT), ("loose", LOOSE)):
        said = say(case, searched, texts(question, option), unless)
        found = [one for one in said if _counts(case, question, one)]
        if found:
            quote = found[-1] if question.options.get("window") == "closing" else found[0]
            return yes(question, probability, f"{_role(question)} said so", quote.evidence)
    near = find_near_form(case, searched, texts(question, "near"), unless)
    if near:
        return judge_near(question, near)
    doubtful = say(case, searched, texts(question, "doubtful"), unless)
    if doubtful:
        return unsure(question, 0.5, "words that may mean it or not", doubtful[-1].evidence)
    return missing(case, question, searched)


def _counts(case: Case, question: Question, said: Said) -> bool:
    """Whether it is not the company's own name, and in time where `seconds` sets a limit."""
    if names_the_house(case, said):
        return False
    time = said.evidence[0].time(case.conversation)
    limit = question.options.get("seconds")
    return time is None or limit is None or time.start < float(str(limit))


def window(case: Case, question: Question) -> tuple[Passage, ...]:
    """The passages in which a question's phrases are looked for."""
    if "seconds" in question.options:
        return within(case, question, float(str(question.options["seconds"])))
    passages = case.by(_role(question))
    where = question.options.get("window", "anywhere")
    if where == "opening":
        return opening(passages)
    return closing(passages) if where == "closing" else passages


def within(case: Case, question: Question, seconds: float) -> tuple[Passage, ...]:
    """What was said before `seconds`, by anyone but the customer; without times, the opening."""
    others = [
        passage
        for passage in case.passages
        if passage.role is not Role.CUSTOMER or question.options.get("by") == "customer"
    ]
    if any(passage.start is None for passage in others):
        return opening(others)
    return tuple(passage for passage in others if (passage.start or 0.0) < seconds)


def find_near_form(
    case: Case, passages: Sequence[Passage], phrases: Sequence[str], unless: tuple[str, ...] = ()
) -> Near | None:
    """The stretch most like one of `phrases`, if like enough; spoken conversations only."""
    if not case.conversation.is_voice:
        return None
    best: Near | None = None
    for passage in passages:
        reading = passage.reading
        excuses = [reading.span(m.start, m.end) for m in case.pipeline.find(reading, unless)]
        for phrase in phrases:
            found = reading.near(phrase, least=best.likeness if best else NEAR_MAYBE)
            if found is None:
                continue
            if not any(found.span.overlaps(excuse) for excuse in excuses):
                best = Near(found.likeness, passage.evidence(found.span), phrase)
    return best


def judge_near(question: Question, near: Near) -> Finding:
    """Yes with less confidence for what is very near, unsure for what is only near."""
    reason = f"sounds like “{near.phrase}”, {near.likeness:.0%} alike"
    if near.likeness >= NEAR_SURE:
        return yes(question, LOOSE, reason, near.evidence)
    return unsure(question, 0.5, reason, near.evidence)


def missing(case: Case, question: Question, searched: Sequence[Passage]) -> Finding:
    """No, citing the window that was searched; unsure when there was nothing to search."""
    if not searched:
        return unsure(question, None, "there were no words in the part to search")
    late = (
        say(case, case.passages, texts(question, "phrases"))
        if "seconds" in question.options
        else ()
    )
    if late:
        return no(question, case.absent, "said, but too late", late[0].evidence)
    return no(question, case.absent, "not found in the words searched", window_evidence(searched))


def _role(question: Question) -> Role:
    return Role(str(question.options.get("by", Role.AGENT.value)))

"""Words that must not be said: yes when none was found."""

import re
from itertools import pairwise

from core.conversation import Role
from core.evaluation import Finding
from core.scorecard import Question
from qa.rules.base import (
    EXACT,
    Case,
    Said,
    no,
    not_applicable,
    say,
    texts,
    unsure,
    window_evidence,
    yes,
)

HEARD_ONCE = 0.2  # probability that a spoken single word was misheard, with no word probability
_QUOTES = re.compile(r"[\"“‘'](?=\w)[^\"”’]*\Z")


def answer_absence(case: Case, question: Question) -> Finding:
    """No when the agent says a prohibited word; what only repeats the customer is unsure."""
    searched = case.by(Role.AGENT)
    if not searched:
        return not_applicable(question, "the agent said nothing")
    found = say_even_negated(case, question)
    if not found:
        return yes(question, EXACT, "none found in what the agent said", window_evidence(searched))
    for said in found:
        if not _repeats_customer(case, said):
            probability = HEARD_ONCE if case.conversation.is_voice else 0.05
            return no(question, probability, "a prohibited word was said", said.evidence)
    return unsure(question, 0.6, "the agent repeats the customer's own words", found[0].evidence)


def say_even_negated(case: Case, question: Question) -> tuple[Said, ...]:
    """Prohibited words; a negation does not excuse them ('I do not give a damn')."""
    unless = texts(question, "unless")
    allowed = say(case, case.by(Role.AGENT), unless) if unless else ()
    return tuple(
        Said(passage, match)
        for passage in case.by(Role.AGENT)
        for match in case.pipeline.find(passage.reading, texts(question, "phrases"))
        if not any(
            excuse.passage is passage
            and excuse.match.start < match.end
            and match.start < excuse.match.end
            for excuse in allowed
        )
    )


def _repeats_customer(case: Case, said: Said) -> bool:
    """Whether the word stands in quotes, or after 'you said', and the customer used it before."""
    reading = said.passage.reading
    word = reading.words[said.match.start : said.match.end]
    before = reading.words[max(0, said.match.start - 6) : said.match.start]
    is_reported = bool(_QUOTES.search(reading.text[: said.span.start])) or any(
        pair in (("you", "said"), ("you", "say"), ("you", "wrote"), ("you", "called"))
        for pair in pairwise(before)
    )
    return is_reported and any(
        word == passage.reading.words[at : at + len(word)]
        for passage in case.by(Role.CUSTOMER)
        if passage.order < said.passage.order
        for at in range(len(passage.reading.words))
    )

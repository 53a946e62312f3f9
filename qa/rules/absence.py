"""Words that must not be said: yes when none was found."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from core.conversation import Role
from core.evaluation import Finding
from core.scorecard import Question
from core.spans import TextSpan
from language.disguise import undisguise
from language.phrases import single_words
from qa.rules.base import (
    EXACT,
    Case,
    Passage,
    Said,
    no,
    not_applicable,
    say_or_deny,
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
    own = [said for said in found if not _repeats_customer(case, said)]
    if own:
        probability = HEARD_ONCE if case.conversation.is_voice else 0.05
        reason = "a prohibited word was said" + (f", {len(own)} times" if own[1:] else "")
        return no(question, probability, reason, [piece for said in own for piece in said.evidence])
    return unsure(question, 0.6, "the agent repeats the customer's own words", found[0].evidence)


def say_even_negated(case: Case, question: Question) -> tuple[Said, ...]:
    """Prohibited words; a negation does not excuse them ('I do not give a damn')."""
    phrases, unless = texts(question, "phrases"), texts(question, "unless")
    words = frozenset(word for phrase in phrases for word in single_words(phrase))
    spoken = case.by(Role.AGENT)
    plain = [_plainly(case, passage, words) for passage in spoken]
    as_is = [one for one, same in zip(plain, spoken, strict=True) if one is same]
    found = list(say_or_deny(case, as_is, phrases, unless))
    for passage in plain:
        if passage is not case.passages[passage.order]:
            found += _disguised(case, passage, phrases, unless)
    return tuple(sorted(found, key=lambda said: said.place))


def _disguised(
    case: Case, passage: Passage, phrases: tuple[str, ...], unless: tuple[str, ...]
) -> Iterator[Said]:
    """The same in a passage that is read otherwise than it is written."""
    excuses = case.pipeline.find(passage.reading, unless)
    for match in case.pipeline.find(passage.reading, phrases):
        if not any(match.start < excuse.end and excuse.start < match.end for excuse in excuses):
            yield Said(passage, match)


def _plainly(case: Case, passage: Passage, words: frozenset[str]) -> Passage:
    """The passage with disguised words read as what they stand for, at the same places."""
    text = passage.reading.text
    plain = undisguise(text, words)
    if plain == text:
        return passage
    reading = case.pipeline.read(plain)
    spans = tuple(_whole(text, plain, span) for span in reading.spans)
    return replace(passage, reading=replace(reading, text=text, spans=spans))


def _whole(text: str, plain: str, span: TextSpan) -> TextSpan:
    """The span up to the end of its word as written: 'fuuuuck', not 'fuuu'."""
    end = span.end
    while end < len(text) and plain[end] == " " and not text[end].isspace():
        end += 1
    return TextSpan(span.start, end)


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

"""Which of some known names a text speaks of, by their words, misspelt or in part."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from core.spans import TextSpan
from language.numbers import ORDINALS, TENS
from language.values.found import Found, level
from language.values.spoken import tokens_of

# Likeness of two words, 0..100 (rapidfuzz's ratio): 'wardrob', 'beadside', 'edinbrugh' pass;
# 'chair' and 'hair', 'lamp' and 'lamb', 'table' and 'able' do not; tests/language/values
NEAR_ENOUGH = 85.0
LEAST_LENGTH = 5  # letters; shorter words must be equal
MOST_WORDS = 80  # of a text; names stand at its beginning or not at all
_JOINS = re.compile(r"\b(?:and|plus|also|as well as)\b|[,&+]", re.IGNORECASE)
_AND = frozenset({"plus", "also", "as", "well", "both", "two", "three", "other"})
_REACH = 600  # characters, so many words long
SHORT_DAYS = {
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "weds": "wednesday",
    "thu": "thursday", "thur": "thursday", "thurs": "thursday", "fri": "friday",
    "sat": "saturday", "sun": "sunday",
}  # fmt: skip
COMMON = frozenset({
    "a", "an", "the", "one", "ones", "of", "and", "or", "in", "on", "at", "to", "for", "with", "my",
    "your", "our", "this", "that", "these", "those", "it", "is", "i", "want", "would", "like",
    "please", "take", "choose", "have", "id", "i'd", "i'll", "ill", "d", "ll", "s", "number",
    "option", "no", "yes", "from", "by", "not", "me", "you", "can", "we", "do", "be", "will",
    "yeah", "ok", "okay", "item", "thing",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """The place of a name among those known, and where the text speaks of it."""

    index: int
    span: TextSpan


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    span: TextSpan


def find_name(text: str, names: Sequence[str]) -> Found | None:
    """The one known name that `text` speaks of, spelled as it is known; None when two fit."""
    match = match_names(text, names)
    return None if match is None else Found(names[match.index], match.span)


def match_names(text: str, names: Sequence[str]) -> Match | None:
    """The name that most of the words said point to, and no other name as much.

    A word points to the names that have it; a word that all of them have says nothing.
    """
    plain = level(text[:_REACH]).strip(" .,!")
    said = _words(text[:_REACH])[:MOST_WORDS]
    equal = [at for at, name in enumerate(names) if level(name) == plain]
    if len(equal) == 1:
        return Match(equal[0], TextSpan(0, len(text)))
    known = [_words(name) for name in names]
    points = [0.0] * len(names)
    places: list[list[TextSpan]] = [[] for _ in names]
    for word in said:
        likeness = [_best(word.text, name) for name in known]
        top = max(likeness, default=0.0)
        holders = [at for at, value in enumerate(likeness) if value and value == top]
        if not holders or (len(holders) == len(names) > 1):
            continue
        for at in holders:
            points[at] += top / len(holders)
            places[at].append(word.span)
    return _winner(points, places, known)


def find_names(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that `text` speaks of one beside the other: 'the chair and the table'.

    Each by a word that no other name has; none where nothing joins them.
    """
    known = [_words(name) for name in names]
    places: dict[int, TextSpan] = {}
    for word in _words(text[:_REACH])[:MOST_WORDS]:
        likeness = [_best(word.text, name) for name in known]
        holders = [at for at, value in enumerate(likeness) if value and value == max(likeness)]
        if len(holders) == 1:
            places.setdefault(holders[0], word.span)
    spans = sorted(places.values())
    own = {word.text for name in known for word in name}
    gaps = [text[one.end : other.start] for one, other in pairwise(spans)]
    is_list = bool(gaps) and all(_is_join(gap, own) for gap in gaps)
    return tuple(names[at] for at in sorted(places)) if is_list else ()


def _is_join(gap: str, own: AbstractSet[str]) -> bool:
    """Whether words between two names only join them: 'and the', not 'and keep the'."""
    said = [token.text for token in tokens_of(gap) if token.text.isalnum()]
    joins = _JOINS.search(gap) is not None
    return joins and all(word in COMMON or word in _AND or word in own for word in said)


def _winner(
    points: list[float], places: list[list[TextSpan]], known: list[list[_Word]]
) -> Match | None:
    top = max(points, default=0.0)
    best = [at for at, value in enumerate(points) if value and value == top]
    if len(best) > 1:  # 'the lamp' of 'lamp' and 'reading lamp' is the one with no words unsaid
        whole = [at for at in best if len(set(places[at])) == len(known[at])]
        best = whole if len(whole) == 1 else best
    if len(best) != 1:
        return None
    spans = places[best[0]]
    return Match(best[0], TextSpan(min(spans).start, max(spans, key=lambda one: one.end).end))


def _words(text: str) -> list[_Word]:
    """The words that tell names apart; days in full, ordinals in figures, no endings."""
    found: list[_Word] = []
    tokens = tokens_of(text)
    for at, token in enumerate(tokens):
        is_ending = token.is_glued and at and tokens[at - 1].text.isdecimal()
        if is_ending and token.text in ("st", "nd", "rd", "th"):
            continue
        word = SHORT_DAYS.get(token.text, token.text)
        tens = TENS.get(tokens[at - 1].text, 0) if at else 0
        if ORDINALS.get(word, 0) > 3 or (tens and word in ORDINALS):  # up to three they are places
            word = str(ORDINALS[word] + tens)
        if word.isalnum() and word not in COMMON:
            found.append(_Word(word, token.span))
    return found


def _best(word: str, name: Sequence[_Word]) -> float:
    """How near `word` is to the nearest word of a name: 0 for not near, 1 for equal."""
    return max((_likeness(word, other.text) for other in name), default=0.0)


def _likeness(one: str, other: str) -> float:
    if one == other or _singular(one) == _singular(other):
        return 1.0
    if min(len(one), len(other)) < LEAST_LENGTH or not (one.isalpha() and other.isalpha()):
        return 0.0
    value = fuzz.ratio(one, other, score_cutoff=NEAR_ENOUGH)
    is_beheaded = one[0] != other[0] and len(one) != len(other)  # 'able' is no 'table'
    return 0.0 if is_beheaded else value / 100


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word

"""A small readable notation for phrases, and how it becomes spaCy token patterns.

    how (can|may) (i|we) [best] help     alternatives in (|), optional words in []
    is there ... else                    up to three words between
    my name is {name}                    a word that looks like a person's name
    this is {word} speaking              any one word

Words may be written as people write them: capitals and short forms become what
`language.pipeline` makes of them in a text ("I'm" is `i am`, "can't" is `can not`).
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, TypeAlias

from spacy.lang.en.stop_words import STOP_WORDS

from core.errors import BadInput
from language.word_forms import WordForms

TokenPattern: TypeAlias = dict[str, Any]  # spaCy's own form of one token in a pattern
Way: TypeAlias = tuple[TokenPattern, ...]  # one way to fill a place of a phrase

NAME_TAG = "NAME"
GAP_WORDS = 3  # a longer gap joins words of different thoughts, by eye on 60 conversations
MAX_FORMS = 600  # of one phrase written out; more is a phrase that should be two
KEPT_PHRASES = 1024  # by `single_words`; a scorecard has some hundreds

_PART = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]|(\{name\}|\{word\})|(\.\.\.)|([\w']+)")
_BLANKS = re.compile(r"\s+")
_CURLY = str.maketrans("’‘`", "'''")
NUMBERS_NAME = "id"  # 'your id': the pipeline takes it for one word where a number's name is due


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase by its places and in all its forms; `needs` are the words that can fill a place.

    Only places that must be filled are in `needs`. A text lacking all words of one of them cannot
    hold the phrase, so most are passed over unread.
    """

    places: tuple[tuple[Way, ...], ...]
    forms: tuple[Way, ...]
    needs: tuple[frozenset[str], ...]

    @property
    def keys(self) -> frozenset[str]:
        """The words of its most telling place; empty when every place is a name or optional."""
        return min(self.needs, key=_commonness, default=frozenset())


def _commonness(words: frozenset[str]) -> tuple[int, int]:
    return len(words & STOP_WORDS), len(words)


def parse_phrase(text: str) -> Phrase:
    """Read the notation.

    Raises:
        BadInput: a bracket is left open, the phrase can be empty, or it has too many forms.
    """
    places = _places(text)
    size = math.prod(len(ways) for ways in places)
    if size > MAX_FORMS:
        raise BadInput(f"phrase {text!r} has {size} forms, more than {MAX_FORMS}: split it")
    forms = tuple(tuple(token for way in form for token in way) for form in product(*places))
    if any(all(token.get("OP") == "?" for token in form) for form in forms):
        raise BadInput(f"phrase {text!r} can be empty")
    needs = tuple(frozenset(_first_words(ways)) for ways in places if _must_be_filled(ways))
    return Phrase(tuple(map(tuple, places)), forms, needs)


@lru_cache(maxsize=KEPT_PHRASES)
def single_words(text: str) -> frozenset[str]:
    """The words that fill a phrase by themselves."""
    places = _places(text)
    if len(places) != 1:
        return frozenset()
    return frozenset(word for way in places[0] if len(way) == 1 for word in _first_words([way]))


def _must_be_filled(ways: list[Way]) -> bool:
    return all(way and way[0].get("OP") != "?" and "ORTH" in way[0] for way in ways)


def _first_words(ways: list[Way]) -> Iterator[str]:
    for way in ways:
        words = way[0]["ORTH"]
        if isinstance(words, dict):
            yield from words["IN"]
        else:
            yield words


def _places(written: str) -> list[list[Way]]:
    places: list[list[Way]] = []
    position = 0
    text = written.translate(_CURLY)
    for part in _PART.finditer(text):
        _check_blank(text, position, part.start())
        position = part.end()
        choice, optional, name, gap, word = part.groups()
        if gap:
            places.append([({"OP": "?"},) * GAP_WORDS])
        elif name:
            places.append([({"TAG": NAME_TAG} if name == "{name}" else {},)])
        else:
            inside = word or choice or optional or ""
            places.append(_ways(inside, is_optional=optional is not None))
    _check_blank(text, position, len(text))
    return places


def _ways(inside: str, *, is_optional: bool) -> list[Way]:
    """The ways to fill one place: all single words as one token, each longer way by itself."""
    ways = [_spelled(way) for way in inside.split("|")]
    if not all(ways):
        raise BadInput(f"({inside}) holds an empty choice, or a sound that is not written down")
    singles = sorted({way[0] for way in ways if len(way) == 1})
    longer: list[Way] = [tuple({"ORTH": word} for word in way) for way in ways if len(way) > 1]
    if singles and is_optional:
        return [({"ORTH": {"IN": singles}, "OP": "?"},), *longer]
    if singles:
        return [({"ORTH": {"IN": singles}},), *longer]
    return [*longer, ()] if is_optional else longer


def _spelled(way: str) -> list[str]:
    """The words of a way as a text's words are spelt: 'I'm' is 'i', 'am'."""
    return [
        word
        for written in way.lower().split()
        for word in ([written] if written == NUMBERS_NAME else _said(written))
    ]


@lru_cache(maxsize=KEPT_PHRASES)
def _said(written: str) -> tuple[str, ...]:
    return tuple(word for _, form in _forms().of(written) for word in form.said)


@lru_cache(maxsize=1)
def _forms() -> WordForms:
    return WordForms()


def _check_blank(text: str, start: int, end: int) -> None:
    rest = _BLANKS.sub("", text[start:end])
    if rest:
        raise BadInput(f"phrase {text!r}: {rest!r} is neither a word nor a bracket that closes")

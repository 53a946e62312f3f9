"""Phrases found in a text's words: each phrase is followed place by place, all its ways at once.

A text holds few words and most phrases need one that it lacks, so a look at the needed words
settles most questions; what is left is followed from each word that can begin it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from language.phrases import KEPT_PHRASES, NAME_TAG, Phrase, TokenPattern, Way, parse_phrase
from language.word_places import ANY_NAME, ANY_WORD, WordPlaces


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: words `start` up to, not including, `end` of a text."""

    start: int
    end: int


_Step: TypeAlias = tuple[frozenset[str], bool]  # words that fill it, and whether it is optional
_Place: TypeAlias = tuple[tuple[_Step, ...], ...]


class PhraseSet:
    """Phrases compiled, and found by their telling words, so that few are tried on a text."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._phrases = [_Compiled(parse_phrase(text)) for text in texts]
        self._by_key: dict[str, list[int]] = {}
        self._keyless: list[int] = []  # phrases without a key
        for place, compiled in enumerate(self._phrases):
            keys = compiled.phrase.keys
            for key in keys:
                self._by_key.setdefault(key, []).append(place)
            if not keys:
                self._keyless.append(place)
        self._keys = frozenset(self._by_key)

    def find(self, text: WordPlaces, within: int = -1) -> tuple[Match, ...]:
        """Where any of the phrases stands, in order, the longest where several overlap.

        `within`: the places at which one may begin, as bits; anywhere when not given.
        """
        known = text.vocabulary & self._keys
        if not known and not self._keyless:
            return ()
        ends: dict[int, int] = {}
        phrases = {place for key in known for place in self._by_key[key]}
        for place in phrases.union(self._keyless):
            self._phrases[place].add_ends(text, within, ends)
        matches: list[Match] = []
        for start in sorted(ends):
            if not matches or start >= matches[-1].end:
                matches.append(Match(start, ends[start]))
        return tuple(matches)


class _Compiled:
    """A phrase with its places as steps; `first` are the words it can begin with, if limited.

    `head`: the places at its beginning that one word fills, which most tries fail at.
    """

    def __init__(self, phrase: Phrase) -> None:
        self.phrase = phrase
        places = tuple(_place(ways) for ways in phrase.places)
        self._first = _first_words(places)
        self._head = tuple(_head_words(places))
        self._rest = places[len(self._head) :]
        self._needs = tuple(_one_object(need) for need in phrase.needs if need not in self._head)

    def add_ends(self, text: WordPlaces, within: int, ends: dict[int, int]) -> None:
        """Put into `ends`, by where a match starts, the farthest end of one."""
        starts = self._starts(text) & within
        if not starts:
            return
        for need in self._needs:
            if not text[need]:
                return
        head = len(self._head)
        last = self._farthest(text, starts << head)
        while starts and last >= 0:
            lowest = starts & -starts
            starts ^= lowest
            start = lowest.bit_length() - 1
            end = self._farthest(text, lowest << head) if starts else last
            if end > ends.get(start, start):
                ends[start] = end

    def _starts(self, text: WordPlaces) -> int:
        """Where it may begin, as bits: the places from which its head stands."""
        if not self._head:
            return text[ANY_WORD if self._first is None else self._first]
        starts = -1
        for at, words in enumerate(self._head):
            starts &= text[words] >> at
            if not starts:
                break
        return starts

    def _farthest(self, text: WordPlaces, reached: int) -> int:
        """The last place where one can stand behind the phrase; -1 where there is none.

        `reached`, as bits: where one stands behind its head.
        """
        for place in self._rest:
            found = 0
            for way in place:
                here = reached
                for words, is_optional in way:
                    after = (here & text[words]) << 1
                    here = here | after if is_optional else after
                    if not here:
                        break
                found |= here
            if not found:
                return -1
            reached = found
        return reached.bit_length() - 1


@lru_cache(maxsize=KEPT_PHRASES)
def _one_object(words: frozenset[str]) -> frozenset[str]:
    """The same set as the same object, which is found faster in a dict than an equal one."""
    return words


def _place(ways: Sequence[Way]) -> _Place:
    return tuple(tuple(_step(token) for token in way) for way in ways)


def _step(token: TokenPattern) -> _Step:
    orth = token.get("ORTH")
    if orth is None:
        words = ANY_NAME if token.get("TAG") == NAME_TAG else ANY_WORD
    else:
        words = frozenset(orth["IN"] if isinstance(orth, dict) else (orth,))
    return _one_object(words), token.get("OP") == "?"


def _head_words(places: Sequence[_Place]) -> Iterator[frozenset[str]]:
    for place in places:
        if len(place) != 1 or len(place[0]) != 1:
            return
        words, is_optional = place[0][0]
        if is_optional:
            return
        yield words


def _first_words(places: Sequence[_Place]) -> frozenset[str] | None:
    """The words with which a match can begin; None where it may be any."""
    found: set[str] = set()
    for place in places:
        can_be_empty = False
        for way in place:
            for words, is_optional in way:
                if words in (ANY_WORD, ANY_NAME):
                    return None
                found |= words
                if not is_optional:
                    break
            else:
                can_be_empty = True
        if not can_be_empty:
            break
    return _one_object(frozenset(found))

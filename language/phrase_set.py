"""Phrases found in a text's words: each phrase is followed place by place, all its ways at once.

A text holds few words and most phrases need one that it lacks, so a look at the needed words
settles most questions; what is left is followed from each word that can begin it.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from language.phrases import NAME_TAG, Phrase, TokenPattern, Way, parse_phrase


class Words(Protocol):
    """What phrases are looked for in: the words of a text, and which of them may be names."""

    @property
    def words(self) -> tuple[str, ...]:
        """In order, in one spelling."""
        ...

    @property
    def names(self) -> tuple[bool, ...]:
        """Whether each may be a person's name."""
        ...

    @property
    def vocabulary(self) -> frozenset[str]:
        """The different words."""
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: words `start` up to, not including, `end` of a reading."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One word of a phrase: one of `words`, or where they are None any word, or any name."""

    words: frozenset[str] | None
    is_name: bool
    is_optional: bool

    def fits(self, text: Words, at: int) -> bool:
        """Whether the word at `at` fills it."""
        if self.words is not None:
            return text.words[at] in self.words
        return not self.is_name or text.names[at]


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

    def find(self, text: Words) -> tuple[Match, ...]:
        """Where any of the phrases stands, in order, the longest where several overlap."""
        if not self._keyless and self._keys.isdisjoint(text.vocabulary):
            return ()
        known = text.vocabulary & self._keys
        ends: dict[int, int] = {}
        places = {place for key in known for place in self._by_key[key]}
        for place in places.union(self._keyless):
            self._phrases[place].add_ends(text, ends)
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
        self._needs = phrase.needs
        self._first = _first_words(places)
        self._head = tuple(_head_words(places))
        self._rest = places[len(self._head) :]

    def add_ends(self, text: Words, ends: dict[int, int]) -> None:
        """Put into `ends`, by where a match starts, the farthest end of one."""
        for need in self._needs:
            if need.isdisjoint(text.vocabulary):
                return
        for start, word in enumerate(text.words):
            if self._first is None or word in self._first:
                end = self._end(text, start)
                if end > ends.get(start, start):
                    ends[start] = end

    def _end(self, text: Words, start: int) -> int:
        """The farthest end of a match from `start`; -1 where there is none."""
        at = start
        for words in self._head:
            if at >= len(text.words) or text.words[at] not in words:
                return -1
            at += 1
        reached: AbstractSet[int] = {at}
        for place in self._rest:
            reached = _reach(place, text, reached)
            if not reached:
                return -1
        return max(reached)


def _reach(place: _Place, text: Words, starts: AbstractSet[int]) -> set[int]:
    """Where one can stand after a place, having stood at any of `starts`."""
    found: set[int] = set()
    size = len(text.words)
    for way in place:
        reached = set(starts)
        for step in way:
            after = {at + 1 for at in reached if at < size and step.fits(text, at)}
            reached = reached | after if step.is_optional else after
            if not reached:
                break
        found |= reached
    return found


def _place(ways: Sequence[Way]) -> _Place:
    return tuple(tuple(_step(token) for token in way) for way in ways)


def _step(token: TokenPattern) -> _Step:
    orth = token.get("ORTH")
    words = orth["IN"] if isinstance(orth, dict) else None if orth is None else (orth,)
    return _Step(
        None if words is None else frozenset(words),
        token.get("TAG") == NAME_TAG,
        token.get("OP") == "?",
    )


def _head_words(places: Sequence[_Place]) -> Iterator[frozenset[str]]:
    for place in places:
        step = place[0][0] if len(place) == 1 and len(place[0]) == 1 else None
        if step is None or step.words is None or step.is_optional:
            return
        yield step.words


def _first_words(places: Sequence[_Place]) -> frozenset[str] | None:
    """The words with which a match can begin; None where it may be any."""
    found: set[str] = set()
    for place in places:
        can_be_empty = False
        for way in place:
            for step in way:
                if step.words is None:
                    return None
                found |= step.words
                if not step.is_optional:
                    break
            else:
                can_be_empty = True
        if not can_be_empty:
            break
    return frozenset(found)

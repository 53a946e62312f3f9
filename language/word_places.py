"""Where each word of one or several readings stands, as the bits of integers.

A step of a phrase then moves all places of a whole conversation at once, so that a phrase costs the
same however many turns it is looked for in.

Source: Baeza-Yates and Gonnet, "A new approach to text searching" (1992), with words for letters.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Protocol


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


ANY_WORD = frozenset({" "})  # stand for words by what they are; no word is a blank
ANY_NAME = frozenset({"  "})


class WordPlaces(dict[frozenset[str], int]):
    """Where any of some words stands, in texts one after the other, a place left free behind each.

    The first word's place is the lowest bit. No word fills a free place, so no phrase goes from one
    text into the next. `starts[i]` is the place of text i's first word, `texts[i]` are all its
    places.
    """

    def __init__(self, texts: Sequence[Words]) -> None:
        super().__init__()
        self.starts: list[int] = []
        self.texts: list[int] = []
        self._places: dict[str, int] = {}
        self._gather(texts)
        self.vocabulary = frozenset(self._places)
        self[ANY_WORD] = sum(self.texts)

    def _gather(self, texts: Sequence[Words]) -> None:
        places, bit, at, names = self._places, 1, 0, 0
        for text in texts:
            first = bit
            for word, is_name in zip(text.words, text.names, strict=True):
                places[word] = places.get(word, 0) | bit
                if is_name:
                    names |= bit
                bit <<= 1
            self.starts.append(at)
            self.texts.append(bit - first)
            at += len(text.words) + 1
            bit <<= 1
        self[ANY_NAME] = names

    def all_of(self, texts: Iterable[int]) -> int:
        """All places of some texts, by their numbers."""
        return reduce(or_, (self.texts[text] for text in texts), 0)

    def __missing__(self, words: frozenset[str]) -> int:
        """Kept from then on: phrases share many of their words."""
        found = 0
        for word in words & self.vocabulary:
            found |= self._places[word]
        self[words] = found
        return found

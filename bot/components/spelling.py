"""Misspelt words, put right before a message is encoded: 'i wnat to cancle my ordr'.

A sentence encoder cuts a word that it has never seen into pieces that mean something else. A word
counts as known when the encoder has it whole or the bot's own sentences have it; any other word is
put right when one of the bot's own words is near enough, and else left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 4  # letters; of shorter words too many are near
LONG = 7  # letters from which on two slips are forgiven: 'wensday', 'tommorow'
# A word that the encoder does not have is one of the bot's own when its sentences have it so often
# ('postcode', 'fitter'), or when it is no slip of a word that they have ten times as often.
MEANT, SLIPPED = 3, 10
_WORD = re.compile(r"(?<![\w@.'’/-])[A-Za-z]+(?![\w@'’/-]|\.\w)")
_ENDINGS = ("s", "es", "d", "ed", "er", "ers", "ing", "ly")


class Speller:
    """Puts words right by those that the bot's own sentences have, and how often they do."""

    def __init__(self, lexicon: Mapping[str, int], english: Collection[str]) -> None:
        """Take the counts of `gather_words`, and the words that the encoder has."""
        self._known = {*english, *lexicon}
        self._wanted = {
            name: count
            for name, count in lexicon.items()
            if len(name) >= SHORTEST and (name in english or count >= MEANT)
        }
        self._names = sorted(self._wanted)
        self._known -= {name for name in lexicon if self._is_slip(name, lexicon, english)}

    def correct(self, text: str) -> str:
        """The text with its misspelt words put right; the text itself when there are none."""
        return _WORD.sub(self._put_right, text)

    def _put_right(self, match: re.Match[str]) -> str:
        said = match[0]
        is_name = match.start() > 0 and said[0].isupper() and said[1:].islower()
        word = said.lower()
        if len(word) < SHORTEST or is_name or self._is_known(word):
            return said
        return self._nearest(word) or said

    def _is_known(self, word: str) -> bool:
        stems = (word[: -len(end)] for end in _ENDINGS if word.endswith(end))
        return word in self._known or any(stem in self._known for stem in stems if len(stem) > 2)

    def _is_slip(self, name: str, lexicon: Mapping[str, int], english: Collection[str]) -> bool:
        """Whether a word of the bot's own sentences is itself misspelt in them, on purpose."""
        if name in english or lexicon[name] >= MEANT or len(name) < SHORTEST:
            return False
        right = self._nearest(name)
        return (
            right is not None
            and OSA.distance(name, right) == 1
            and len({len(name), len(right)}) + (sorted(name) == sorted(right)) == 2
            and self._wanted[right] >= SLIPPED * lexicon[name]
        )

    def _nearest(self, word: str) -> str | None:
        """The nearest of the bot's own words, the more frequent of two that are as near."""
        most = 2 if len(word) >= LONG else 1
        found = process.extract(
            word, self._names, scorer=OSA.distance, score_cutoff=most, limit=None
        )
        near = [
            (slips, _is_changed(word, name), -self._wanted[name], name)
            for name, slips, _ in found
            if _begins(word, name) and (len(word) > SHORTEST or not _is_changed(word, name))
        ]
        return min(near)[3] if near else None


def gather_words(texts: Iterable[str]) -> dict[str, int]:
    """The words of a bot's sentences and how often it has them."""
    return Counter(match[0].lower() for text in texts for match in _WORD.finditer(text))


def _begins(word: str, name: str) -> bool:
    """Slips are rare in the first letter, unless it changed places with the second."""
    return word[0] == name[0] or word[:2] == name[1::-1]


def _is_changed(word: str, name: str) -> bool:
    """Whether a letter stands for another; swapped, doubled and lost ones are commoner slips."""
    return len(word) == len(name) and sorted(word) != sorted(name)

"""The house's names put right in what a recogniser heard that takes no list of names.

A name is found by its sound among the words heard, also where it was heard as several words
('zen desk') or several names' words as one. Ordinary words are left alone unless the sound is the
same and the recogniser was unsure. The word keeps what was heard (`Word.heard`).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product

from pocketsphinx import Config, LogMath, NGramModel  # type: ignore[import-untyped]  # no stubs

from core.conversation import Word
from core.recording import Segment
from core.spans import TimeSpan
from speech.lexicon import MODEL, Lexicon, Phones, load_lexicon
from speech.loops import bare_word
from speech.sounding import least_unlikeness, unlikeness

# How unlike the sounds may be, chosen on spoken names, benchmarks/speech/README.md, "Names".
UNLIKE = 0.22  # where one of the words heard is no ordinary one: 'sandring am'
UNLIKE_ORDINARY = 0.05  # where all are: the sounds must be the same but for a weak vowel
UNLIKE_LONG = 0.12  # the same for a name of several words, eight phones at least: 'harder and pine'
LONG = 8
SHORT = 4  # phones; names below sound like too much, so nothing but the same sound will do
SHORT_SPLIT = 6  # phones; names below are not looked for in several ordinary words: 'as low', Oslo
UNSURE = 0.4  # probability of one ordinary word below which the name may take its place
# Decimal logarithm of a word's frequency: 'sofa' and 'pine' (-5.4) are ordinary, 'pines' (-6.2)
# and 'wicks' (-6.4) are not.
ORDINARY = -5.5
_MOST_WAYS = 4
_LOG_BASE = 1.0001  # of the language model's logarithms


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written, its bare words, and how it may be said."""

    text: str
    words: tuple[str, ...]
    ways: tuple[Phones, ...]


@dataclass(frozen=True, slots=True)
class _Find:
    """A name in the words from `begin` to `end`, and how unlike it they sound."""

    unlike: float
    begin: int
    end: int
    name: Name


class Vocabulary:
    """The names of a house."""

    def __init__(
        self,
        names: Sequence[str],
        *,
        lexicon: Lexicon | None = None,
        is_ordinary: Callable[[str], bool] | None = None,
    ) -> None:
        self._lexicon = lexicon or load_lexicon()
        self._is_ordinary = is_ordinary or load_ordinary()
        named = (Name(name, _bare(name.split()), self._lexicon.ways(name)) for name in names)
        self._names = tuple(name for name in named if name.ways)

    def corrected(self, segment: Segment) -> Segment:
        """The segment with its misheard names put right; the nearest sounds first."""
        taken: set[int] = set()
        chosen: list[_Find] = []
        bare = _bare([word.text for word in segment.words])
        for find in sorted(self._finds(segment.words, bare), key=lambda f: (f.unlike, -f.end)):
            places = set(range(find.begin, find.end))
            if places & taken:
                continue
            taken |= places
            if bare[find.begin : find.end] != find.name.words:
                chosen.append(find)
        if not chosen:
            return segment
        words = tuple(_replaced(segment.words, {find.begin: find for find in chosen}))
        return replace(segment, text=" ".join(word.text for word in words), words=words)

    def _finds(self, words: Sequence[Word], bare: Sequence[str]) -> Iterator[_Find]:
        longest = max((len(name.words) for name in self._names), default=0) + 1
        for begin in range(len(words)):
            for end in range(begin + 1, min(begin + longest, len(words)) + 1):
                sounds = self._sounds(bare[begin:end])
                for name in self._names:
                    unlike = _nearest(name, sounds)
                    if tuple(bare[begin:end]) == name.words:
                        yield _Find(-1.0, begin, end, name)  # right as it is: nothing else there
                    elif unlike <= self._limit(name, words[begin:end], bare[begin:end]):
                        yield _Find(unlike, begin, end, name)

    def _sounds(self, bare: Sequence[str]) -> list[Phones]:
        """How the words may be said, a possessive's s left out at the end."""
        plain = [*bare[:-1], bare[-1].removesuffix("'s")]
        joined = product(*(self._lexicon.ways(word) or ((),) for word in plain))
        return [tuple(p for way in ways for p in way) for ways in islice(joined, _MOST_WAYS)]

    def _limit(self, name: Name, words: Sequence[Word], bare: Sequence[str]) -> float:
        """How unlike the sounds may be here; below 0 where nothing is changed."""
        phones = max(len(way) for way in name.ways)
        ordinary = all(self._is_ordinary(word.removesuffix("'s")) for word in bare)
        if not ordinary:
            return UNLIKE if phones >= SHORT else 0.0
        if len(words) > 1:
            if len(name.words) > 1 and phones >= LONG:
                return UNLIKE_LONG
            return UNLIKE_ORDINARY if phones >= SHORT_SPLIT else -1.0
        sure = words[0].probability
        return UNLIKE_ORDINARY if sure is not None and sure < UNSURE else -1.0


@cache
def load_ordinary() -> Callable[[str], bool]:
    """Whether a word is ordinary English, by the language model inside pocketsphinx (8 MB)."""
    model = NGramModel(Config(lm=None, loglevel="FATAL"), LogMath(), str(MODEL / "en-us.lm.bin"))
    least = ORDINARY / math.log10(_LOG_BASE)
    return cache(lambda word: bool(word) and model.prob([word]) > least)


def _bare(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(bare_word(word.replace("’", "'")) or word for word in words)


def _nearest(name: Name, sounds: Sequence[Phones]) -> float:
    pairs = ((way, sound) for way in name.ways for sound in sounds)
    close = (unlikeness(*pair) for pair in pairs if least_unlikeness(*pair) <= UNLIKE)
    return min(close, default=1.0)


def _replaced(words: Sequence[Word], finds: dict[int, _Find]) -> Iterator[Word]:
    place = 0
    while place < len(words):
        find = finds.get(place)
        if find is None:
            yield words[place]
            place += 1
        else:
            yield _named(words[find.begin : find.end], find.name)
            place = find.end


def _named(words: Sequence[Word], name: Name) -> Word:
    """The name in place of the words, with the marks that stood behind them."""
    heard = " ".join(word.text for word in words)
    bare = heard.rstrip(",.;:?!")
    suffix = "'s" if bare.lower().replace("’", "'").endswith("'s") else ""
    sure = [word.probability for word in words if word.probability is not None]
    return Word(
        text=f"{name.text}{suffix}{heard[len(bare) :]}",
        span=TimeSpan(words[0].span.start, max(word.span.end for word in words)),
        probability=min(sure) if len(sure) == len(words) else None,
        timing=words[0].timing,
        heard=heard,
    )

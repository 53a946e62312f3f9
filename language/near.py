"""Near forms: where a text holds something that sounds like a phrase, errors allowed."""

import re
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import combining, normalize

from core.spans import TextSpan

_NOT_LETTER = re.compile(r"[^a-z0-9]")
_SOUNDS = (("ph", "f"), ("ck", "k"), ("qu", "kw"), ("gh", "g"), ("wh", "w"), ("kn", "n"))
_ALIKE = str.maketrans({"c": "k", "q": "k", "z": "s", "y": "i", "v": "f"})


@dataclass(frozen=True, slots=True)
class NearMatch:
    """The best place for a phrase, and how alike it is: 1 equal, 0 nothing in common."""

    span: TextSpan
    likeness: float


@dataclass(frozen=True, slots=True)
class Letters:
    """A text reduced to sounds: its letters without spaces, and where each came from."""

    letters: str
    origins: tuple[int, ...]


def letters_of(words: tuple[str, ...], spans: tuple[TextSpan, ...]) -> Letters:
    """Join `words` without spaces, coarsened to sounds, keeping each letter's place."""
    letters: list[str] = []
    origins: list[int] = []
    for word, span in zip(words, spans, strict=True):
        sounds = sounds_of(word)
        letters.append(sounds)
        origins += [min(span.start + i, span.end - 1) for i in range(len(sounds))]
    return Letters("".join(letters), tuple(origins))


@lru_cache(maxsize=16_384)  # words and phrases come again and again
def sounds_of(text: str) -> str:
    """Letters and digits only, spellings of one sound made one: 'Phillip & Zack' → 'filipsak'."""
    letters = _NOT_LETTER.sub("", fold(text.lower()))
    for spelling, sound in _SOUNDS:
        letters = letters.replace(spelling, sound)
    return re.sub(r"(.)\1", r"\1", letters.translate(_ALIKE))


def fold(text: str) -> str:
    """Letters without their accents: 'café' → 'cafe'."""
    return "".join(mark for mark in normalize("NFKD", text) if not combining(mark))


def find_near(phrase: str, text: Letters, *, least: float = 0.0) -> NearMatch | None:
    """The part of `text` closest to `phrase` by edit distance.

    None when either is empty, or nothing is as alike as `least`.

    Likeness is 1 - distance / length of the phrase. Spaces do not count, so that words cut
    differently ('half and I' for 'how can I') still lie close.
    """
    pattern = sounds_of(phrase)
    if not pattern or not text.letters:
        return None
    distance, end = _closest_end(pattern, text.letters)
    if 1 - distance / len(pattern) < least:
        return None
    _, length = _closest_end(pattern[::-1], text.letters[:end][::-1], anchored=True)
    start = end - length
    if start >= end:
        return None
    span = TextSpan(text.origins[start], text.origins[end - 1] + 1)
    return NearMatch(span, max(0.0, 1 - distance / len(pattern)))


def likeness(one: str, other: str) -> float:
    """How alike two whole phrases sound, 0..1, by edit distance over the longer one."""
    a, b = sounds_of(one), sounds_of(other)
    if not a or not b:
        return 0.0
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            cost = diagonal + (left != right)
            diagonal, row[j] = row[j], min(cost, row[j] + 1, row[j - 1] + 1)
    return 1 - row[-1] / max(len(a), len(b))


def _closest_end(pattern: str, text: str, *, anchored: bool = False) -> tuple[int, int]:
    """Smallest edit distance of `pattern` to a stretch of `text`, and where that stretch ends.

    `anchored` stretches begin at the start of the text. Whole columns of the distance table are
    held as bits of one integer, so that a turn costs a few steps per letter.
    Source: Myers, "A fast bit-vector algorithm for approximate string matching" (1999), with
    Hyyrö's (2003) horizontal input for the anchored form.
    """
    size = len(pattern)
    top, mask = 1 << (size - 1), (1 << size) - 1
    where: dict[str, int] = {}
    for place, letter in enumerate(pattern):
        where[letter] = where.get(letter, 0) | 1 << place
    plus, minus, distance = mask, 0, size
    best, best_end = size, 0
    for end, letter in enumerate(text, 1):
        match = where.get(letter, 0)
        diagonal = (((match & plus) + plus) ^ plus) | match | minus
        up = minus | ~(diagonal | plus) & mask
        down = plus & diagonal
        distance += bool(up & top) - bool(down & top)
        up = up << 1 & mask | anchored
        down = down << 1 & mask
        plus = down | ~(diagonal | up) & mask
        minus = up & diagonal
        if distance < best:
            best, best_end = distance, end
    return best, best_end

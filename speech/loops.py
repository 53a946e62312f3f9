"""Loops: a recogniser that repeats itself, or hears more than anyone can say.

Both Whisper and Moonshine do it on noise and music. What looped is decoded again in smaller
pieces, which usually cures it; what still loops keeps one round of its repetition and is marked.
"""

import re
import zlib
from collections.abc import Sequence

from core.recording import Segment
from core.spans import TimeSpan

LONGEST_ROUND = 8  # words; repetitions of whole clauses
# Rounds in a row that no caller says: 'no no no no' is real speech, a fifth is not.
ROUNDS_OF_ONE_WORD = 5
ROUNDS = 3  # of two words or more, four words at least: 'thank you thank you' is real speech
# Numbers and spelled names repeat by nature: 'double four double four double four'. A card has 16
# digits, the longest number people read out; past that it is a loop.
LONGEST_NUMBER = 16  # words
# Twice what conversation averages: 3.5 words of 4.2 letters a second, Tauroza and Allison, Speech
# rates in British English (1990).
FASTEST = 8.0  # words a second
FASTEST_LETTERS = 30.0  # letters a second
SPARE_SECONDS = 0.5  # around a very short stretch, whose edges the voice detector cuts close
COMPRESSED = 2.4  # bytes before and after zlib; Radford et al., Whisper (2022), section 4.5
_SPOKEN_NUMBERS = frozenset(
    [
        *("oh", "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        *("ten", "eleven", "twelve", "twenty", "thirty", "forty", "fifty", "sixty", "seventy"),
        *("eighty", "ninety", "hundred", "double", "triple", "treble", "dash", "dot"),
    ]
)


def is_loop(segment: Segment, voiced_seconds: float) -> bool:
    """Whether the words repeat themselves, or are too many for the time the voice sounded."""
    words = _words(segment.text)
    return (
        is_too_fast(words, voiced_seconds)
        or _repeats(words) is not None
        or _compression([word for word in words if not _is_number(word)]) > COMPRESSED
    )


def is_too_fast(words: Sequence[str], voiced_seconds: float) -> bool:
    """Whether so many words or letters cannot be said while the voice sounds."""
    seconds = voiced_seconds + SPARE_SECONDS
    letters = sum(len(word) for word in words)
    return len(words) > FASTEST * seconds or letters > FASTEST_LETTERS * seconds


def without_loops(segment: Segment) -> Segment:
    """The segment with each repetition cut down to its first round."""
    words = segment.words
    while found := _repeats([bare_word(word.text) for word in words]):
        begin, length, rounds = found
        words = words[: begin + length] + words[begin + length * rounds :]
    text = " ".join(word.text for word in words)
    return Segment(segment.channel, TimeSpan(words[0].span.start, words[-1].span.end), text, words)


def repeats(words: Sequence[str]) -> bool:
    """Whether words, as they are written, repeat themselves as nobody does."""
    return _repeats([bare_word(word) for word in words]) is not None


def _repeats(words: Sequence[str]) -> tuple[int, int, int] | None:
    """First repetition: where it begins, words per round, rounds; None without one."""
    for length in range(1, LONGEST_ROUND + 1):
        least = ROUNDS_OF_ONE_WORD if length == 1 else ROUNDS
        for begin in range(len(words) - length * least + 1):
            rounds = _rounds(words, begin, length)
            if rounds >= least and not _is_read_out(words[begin : begin + length], rounds):
                return begin, length, rounds
    return None


def _rounds(words: Sequence[str], begin: int, length: int) -> int:
    first = words[begin : begin + length]
    rounds = 1
    while words[begin + rounds * length : begin + (rounds + 1) * length] == first:
        rounds += 1
    return rounds


def _is_read_out(first: Sequence[str], rounds: int) -> bool:
    """Whether the rounds may be a number or a name that somebody spells."""
    return len(first) * rounds <= LONGEST_NUMBER and all(_is_number(word) for word in first)


def _is_number(word: str) -> bool:
    return len(word) == 1 or word.isdigit() or word in _SPOKEN_NUMBERS


def _compression(words: Sequence[str]) -> float:
    """How many times smaller zlib makes the text; 0 for none."""
    content = " ".join(words).encode()
    return len(content) / len(zlib.compress(content)) if content else 0.0


def _words(text: str) -> list[str]:
    return [word for word in (bare_word(each) for each in text.split()) if word]


def bare_word(word: str) -> str:
    """The word in small letters, without its marks."""
    return re.sub(r"[^\w']", "", word.lower())

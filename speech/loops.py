"""Loops: a recogniser that repeats itself, or hears more words than anyone can say.

Both Whisper and Moonshine do it on noise and music. What looped is decoded again in smaller
pieces, which usually cures it; what still loops keeps one round of its repetition.
"""

import re
from collections.abc import Sequence

from core.recording import Segment
from core.spans import TimeSpan

LONGEST_ROUND = 8  # words; repetitions of whole clauses
# Rounds in a row that no caller says: 'no no no no' is real speech, a fifth is not.
ROUNDS_OF_ONE_WORD = 5
ROUNDS = 3  # of two words or more, four words at least: 'thank you thank you' is real speech
# Words a second, over twice what conversation averages: 3.5, Tauroza and Allison, Speech rates in
# British English (1990).
FASTEST = 8.0
SPARE_SECONDS = 0.5  # around a very short stretch, whose edges the voice detector cuts close


def is_loop(segment: Segment, voiced_seconds: float) -> bool:
    """Whether the words repeat themselves, or are too many for the time the voice sounded."""
    words = _words(segment.text)
    return len(words) > FASTEST * (voiced_seconds + SPARE_SECONDS) or bool(_repeats(words))


def without_loops(segment: Segment) -> Segment:
    """The segment with each repetition cut down to its first round."""
    words = segment.words
    while found := _repeats([bare_word(word.text) for word in words]):
        begin, length, rounds = found
        words = words[: begin + length] + words[begin + length * rounds :]
    text = " ".join(word.text for word in words)
    return Segment(segment.channel, TimeSpan(words[0].span.start, words[-1].span.end), text, words)


def _repeats(words: Sequence[str]) -> tuple[int, int, int] | None:
    """First repetition: where it begins, words per round, rounds; None without one."""
    for length in range(1, LONGEST_ROUND + 1):
        least = ROUNDS_OF_ONE_WORD if length == 1 else ROUNDS
        for begin in range(len(words) - length * least + 1):
            rounds = _rounds(words, begin, length)
            if rounds >= least:
                return begin, length, rounds
    return None


def _rounds(words: Sequence[str], begin: int, length: int) -> int:
    first = words[begin : begin + length]
    rounds = 1
    while words[begin + rounds * length : begin + (rounds + 1) * length] == first:
        rounds += 1
    return rounds


def _words(text: str) -> list[str]:
    return [bare_word(word) for word in text.split()]


def bare_word(word: str) -> str:
    """The word in small letters, without its marks."""
    return re.sub(r"[^\w']", "", word.lower())

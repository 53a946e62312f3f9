"""Times for words whose recogniser gives none: by alignment, else by their length."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from core.conversation import Timing
from core.spans import TimeSpan
from speech.alignment import Aligner
from speech.engines import Piece

SPACE = 1  # a word takes its letters and one more: the gap to the next, so that 'I' has a width
# How many letters a pause may move to fall behind punctuation: about two words, and one.
# By reading 1 call (benchmarks/speech/README.md).
SENTENCE_PULL = 12
CLAUSE_PULL = 6


def timed(
    words: Sequence[str], piece: Piece, aligner: Aligner | None
) -> tuple[tuple[TimeSpan, ...], Timing]:
    """The times of a piece's words, and how they were found.

    Aligned where there is an aligner and the words fit the sound, interpolated otherwise.
    """
    found = aligner.align(words, piece.samples, piece.span.start) if aligner else None
    if found is None:
        return word_times(words, piece.voiced), Timing.INTERPOLATED
    return tuple(_inside(span, piece.span) for span in found), Timing.ALIGNED


def word_times(words: Sequence[str], voiced: Sequence[TimeSpan]) -> tuple[TimeSpan, ...]:
    """Spread words over the stretches in which the voice sounds, by their length in letters.

    Each pause falls between two words: where the letters say, or behind punctuation close by.

    Args:
        voiced: in time order, at least one.
    """
    times: list[TimeSpan] = []
    for share, span in zip(_shares(words, voiced), voiced, strict=True):
        times.extend(_spread(share, span))
    return tuple(times)


def _shares(words: Sequence[str], voiced: Sequence[TimeSpan]) -> list[Sequence[str]]:
    """The words of each voiced stretch."""
    ends = list(accumulate((len(word) + SPACE for word in words), initial=0))  # letters so far
    seconds = sum(span.duration for span in voiced)
    shares, begin, passed = [], 0, 0.0
    for number, span in enumerate(voiced):
        passed += span.duration
        is_last = number == len(voiced) - 1
        end = len(words) if is_last else _break(words, ends, begin, passed / seconds * ends[-1])
        shares.append(words[begin:end])
        begin = end
    return shares


def _break(words: Sequence[str], ends: Sequence[int], begin: int, letters: float) -> int:
    """Before which word the pause falls, that should come after so many letters."""

    def cost(place: int) -> float:
        return abs(ends[place] - letters) - (_pull(words[place - 1]) if place else 0)

    return min(range(begin, len(words) + 1), key=cost)


def _pull(word: str) -> int:
    if word.endswith((".", "?", "!")):
        return SENTENCE_PULL
    return CLAUSE_PULL if word.endswith((",", ";", ":")) else 0


def _spread(words: Sequence[str], span: TimeSpan) -> list[TimeSpan]:
    ends = list(accumulate((len(word) + SPACE for word in words), initial=0))
    times = [min(span.end, span.start + span.duration * end / (ends[-1] or 1)) for end in ends]
    return [TimeSpan(start, end) for start, end in pairwise(times)]


def _inside(span: TimeSpan, whole: TimeSpan) -> TimeSpan:
    """The aligner counts whole frames of 10 ms, so its last word may end a little late."""
    return TimeSpan(min(span.start, whole.end), min(span.end, whole.end))

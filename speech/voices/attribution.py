"""Words to voices: by greatest overlap, then mended where words know better than sound.

Source: Bain et al., WhisperX (2023), section 3, for overlap and nearest; the mending is ours.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from core.conversation import Word
from core.errors import BadInput
from core.spans import TimeSpan
from speech.voices.diarization import VoiceSpan

# By benchmarks/speech "Voices": without the mending 4 of 76 words of the sample stood on the wrong
# side of a change of voice, with it as many as are told below.
CLOSE = 0.3  # seconds; words no farther apart are said at one breath
NEARBY = 2  # words that a change of voice may be moved to fall behind the end of a sentence
SHIFT = 0.8  # seconds it may be moved at most: two spoken words
SURE = 0.5  # seconds of a voice, and nobody else's, from which a lone word is believed
ENDS = (".", "?", "!")


def attribute(words: Sequence[Word], spans: Sequence[VoiceSpan]) -> tuple[int, ...]:
    """The voice of each word, in order.

    Args:
        words: in time order, from one recording.
        spans: in time order; those of different voices may overlap.

    Returns:
        As many as there are words; voice 0 for all where no voice was found.

    Raises:
        BadInput: the words are out of order.
    """
    if any(after.span.start < before.span.start for before, after in pairwise(words)):
        raise BadInput("the words of a recording must be in time order")
    if not spans:
        return tuple(0 for _ in words)
    voices = _by_overlap(words, spans)
    _join_islands(words, voices, spans)
    _snap(words, voices)
    return tuple(voices)


def _by_overlap(words: Sequence[Word], spans: Sequence[VoiceSpan]) -> list[int]:
    """The voice that each word overlaps longest; of equals the last word's, else the nearest."""
    near = _Neighbours(spans)
    voices: list[int] = []
    for word in words:
        shares = near.shares(word.span)
        if not shares:
            voices.append(near.nearest(word.span))
            continue
        most = max(shares.values())
        equals = sorted(voice for voice, share in shares.items() if share >= most - 1e-9)
        stays = bool(voices) and voices[-1] in equals
        voices.append(voices[-1] if stays else equals[0])
    return voices


def _join_islands(words: Sequence[Word], voices: list[int], spans: Sequence[VoiceSpan]) -> None:
    """Give a lone word inside another voice's sentence to that voice, unless it is surely its own.

    Word times are off by a tenth of a second and more, so one word on the wrong side is likelier
    than a voice that says one word in the middle of another's sentence and is gone.
    """
    near = _Neighbours(spans)
    for number in range(1, len(words) - 1):
        before, own, after = voices[number - 1 : number + 2]
        if own == before or before != after or words[number - 1].text.endswith(ENDS):
            continue
        first, word, last = (each.span for each in words[number - 1 : number + 2])
        is_close = word.start - first.end < CLOSE and last.start - word.end < CLOSE
        shares = near.shares(word)
        if is_close and shares.get(own, 0.0) - shares.get(before, 0.0) < SURE:
            voices[number] = before


def _snap(words: Sequence[Word], voices: list[int]) -> None:
    """Move a change of voice behind the end of a sentence, where one is a word or two away."""
    changes = [n for n in range(1, len(words)) if voices[n] != voices[n - 1]]
    for index, change in enumerate(changes):
        if words[change - 1].text.endswith(ENDS):
            continue
        least = changes[index - 1] if index else 0
        most = changes[index + 1] if index + 1 < len(changes) else len(words)
        target = _sentence_end(words, change, least, most)
        if target is None:
            continue
        for number in range(min(change, target), max(change, target)):
            voices[number] = voices[change - 1] if target > change else voices[change]
        changes[index] = target


def _sentence_end(words: Sequence[Word], change: int, least: int, most: int) -> int | None:
    """The place nearest to `change`, strictly between two others, that a sentence ends before."""
    for away in range(1, NEARBY + 1):
        for place in (change - away, change + away):
            if not least < place < most or not words[place - 1].text.endswith(ENDS):
                continue
            if abs(words[place].span.start - words[change].span.start) <= SHIFT:
                return place
    return None


class _Neighbours:
    """Finds the spans around a word without looking at all of them."""

    def __init__(self, spans: Sequence[VoiceSpan]) -> None:
        self._spans = sorted(spans)
        self._starts = [each.span.start for each in self._spans]
        self._longest = max(each.span.duration for each in self._spans)

    def shares(self, word: TimeSpan) -> dict[int, float]:
        """Seconds that each voice shares with a word; a word of no length lies in a span or not."""
        shares: dict[int, float] = {}
        first = bisect_left(self._starts, word.start - self._longest)
        last = bisect_left(self._starts, word.end) if word.duration else len(self._starts)
        for each in self._spans[first:last]:
            if each.span.start > word.end:
                break
            share = each.span.overlap(word)
            if share > 0 or (not word.duration and each.span.contains(word.start)):
                shares[each.voice] = shares.get(each.voice, 0.0) + share
        return shares

    def nearest(self, word: TimeSpan) -> int:
        """The voice whose span is the least time away."""

        def away(each: VoiceSpan) -> float:
            return max(each.span.start - word.end, word.start - each.span.end, 0.0)

        at = bisect_left(self._starts, word.start)
        first = bisect_left(self._starts, word.start - self._longest)
        candidates = self._spans[max(0, min(first, at - 1)) : at + 1]
        earlier = max(self._spans[:at], key=lambda each: each.span.end, default=None)
        if earlier is not None:
            candidates.append(earlier)
        return min(candidates, key=away).voice

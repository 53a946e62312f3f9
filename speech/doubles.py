"""Words on both channels: one party's voice leaked into the other's and was written down.

`speech.bleed` silences a leak that is faint and clean; one that is loud, or lies under the other's
own words, is heard twice.
"""

from bisect import bisect_left
from collections.abc import Sequence

from core.recording import Segment
from speech.bleed import LONGEST_DELAY
from speech.loops import bare_word

EARLIER = 0.2  # seconds; the times of words are known to some 80 ms, on either channel
LONG_WORD = 4  # letters; 'yes', 'okay' and 'mm' are said by both of their own accord
FEW = 10  # long words of a channel; of fewer a share says nothing
# Calls with leaks made 6 and 10 dB below the voice had 0.36 to 0.90, with 14 and 20 dB, which are
# silenced, at most 0.03; ten minutes of a real call 0.
MANY = 0.15


def note_of(segments: Sequence[Segment], channels: int) -> tuple[str, ...]:
    """A sentence for people where a channel says again what the other says; else none."""
    shares = [doubled_share(segments, channel) or 0.0 for channel in range(channels)]
    if channels != 2 or max(shares) < MANY:
        return ()
    return (
        f"The channels carry each other's voices ({max(shares):.0%} of the longer words of channel "
        f"{shares.index(max(shares)) + 1} stand on the other as well): words may be doubled, or "
        "given to the wrong party.",
    )


def doubled_share(segments: Sequence[Segment], channel: int) -> float | None:
    """The share of a channel's long words that the other channel says just before.

    None where the channel has too few of them.
    """
    mine, others = _long_words(segments, channel), _long_words(segments, 1 - channel)
    if len(mine) < FEW:
        return None
    starts = [start for start, _ in others]
    doubled = 0
    for start, word in mine:
        first = bisect_left(starts, start - LONGEST_DELAY - EARLIER)
        end = bisect_left(starts, start + EARLIER)
        doubled += any(other == word for _, other in others[first:end])
    return doubled / len(mine)


def _long_words(segments: Sequence[Segment], channel: int) -> list[tuple[float, str]]:
    """Their starts and letters, in time order."""
    words = (
        (word.span.start, bare_word(word.text))
        for each in segments
        if each.channel == channel
        for word in each.words
    )
    return sorted((start, word) for start, word in words if len(word) >= LONG_WORD)

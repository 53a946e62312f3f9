"""Who has the floor: talk-over, who takes the word from whom, and dead air.

Terms as in Heldner and Edlund (2010), "Pauses, gaps and overlaps in conversations", Journal of
Phonetics 38(4): an overlap between speakers changes who speaks, one within a speaker does not.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import combinations

from core.spans import TimeSpan, joined, less, shared

DEAD_AIR = 3.0  # seconds; DOMAIN "Metrics": gaps over 3 s in which nobody speaks
PAUSE = 0.7  # seconds; what a voice says across shorter pauses is one stretch, speech/turns.py
LEAST_OVERLAP = 0.5  # seconds; overlaps at an ordinary change of turn are shorter in the median
LEAST_TAKEN = 1.0  # seconds the one who came in goes on alone: 'mm-hm' takes nothing


def talk_over(voices: Sequence[Sequence[TimeSpan]]) -> tuple[TimeSpan, ...]:
    """Where at least two of the voices speak at once."""
    return joined(span for one, other in combinations(voices, 2) for span in shared(one, other))


def dead_air(
    voices: Iterable[Sequence[TimeSpan]], duration: float, excluded: Sequence[TimeSpan]
) -> tuple[TimeSpan, ...]:
    """Gaps over 3 s in which nobody speaks; what a hold or a mute leaves of one counts alone."""
    spoken = [span for spans in voices for span in spans]
    gaps = less((TimeSpan(0.0, duration),), [*spoken, *excluded])
    return tuple(gap for gap in gaps if gap.duration > DEAD_AIR)


def interruptions(own: Sequence[TimeSpan], other: Sequence[TimeSpan]) -> tuple[TimeSpan, ...]:
    """Where `own` takes the word from `other`: the seconds in which both spoke.

    It begins while the other speaks, both go on for half a second, the other stops first, and
    then it goes on alone for a second.
    """
    taken = []
    said = stretches(other)
    begins = [span.start for span in said]
    for mine in stretches(own):
        before = bisect_left(begins, mine.start)  # said begins in order, and nothing overlaps
        if before and mine.start < said[before - 1].end < mine.end:
            both = TimeSpan(mine.start, said[before - 1].end)
            if both.duration >= LEAST_OVERLAP and mine.end - both.end >= LEAST_TAKEN:
                taken.append(both)
    return tuple(taken)


def stretches(spans: Sequence[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The spans, short pauses between them bridged."""
    out: list[TimeSpan] = []
    for span in joined(spans):
        if out and span.start - out[-1].end < PAUSE:
            out[-1] = TimeSpan(out[-1].start, span.end)
        else:
            out.append(span)
    return tuple(out)

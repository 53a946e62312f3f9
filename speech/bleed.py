"""Bleed: one party's voice heard faintly on the other party's channel.

Headsets, hybrids and loudspeakers leak. Decoded as it stands, the leak doubles words and gives
them to the wrong party, so stretches that are only an echo are silenced beforehand.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from core.spans import TimeSpan
from speech.activity import HOP, SHORTEST, hop_of, median_level

Levels: TypeAlias = npt.NDArray[np.float32]  # dBFS, shape (hops,)

# Chosen on made echoes (tests/speech/test_bleed.py), not yet on real ones. The two voices of the
# benchmark call differ by 2.3 dB, made echoes lay 12 to 18 dB down.
QUIETER_DB = 8.0  # an echo lies at least this far below its source
SAME_SHAPE = 0.7  # correlation of the two loudness curves; 38 unrelated ones stayed below it
LONGEST_DELAY = 0.5  # seconds; ITU-T G.114 plans telephony for at most 0.4 s one way
LEAST = 0.3  # seconds; shorter than ten hops, a correlation says nothing


def echoes(
    voiced: Sequence[Sequence[TimeSpan]], levels: Sequence[Levels]
) -> tuple[tuple[TimeSpan, ...], ...]:
    """Per channel of two, the stretches that are only the other channel's echo.

    Args:
        voiced: spans of speech per channel, in time order.
        levels: per channel, dBFS, shape (hops,).
    """
    first, second = voiced
    return (
        _heard_twice(first, second, levels[0], levels[1]),
        _heard_twice(second, first, levels[1], levels[0]),
    )


def without(voiced: Sequence[TimeSpan], holes: Sequence[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The spans less the holes; crumbs too short to be speech are left out."""
    left = sorted(holes)
    longest = max((hole.duration for hole in left), default=0.0)
    parts = (part for span in voiced for part in _less_all(span, _near(left, longest, span)))
    return tuple(part for part in parts if part.duration >= SHORTEST)


def is_echo(span: TimeSpan, near: Levels, far: Levels) -> bool:
    """Whether `near` in this span is quieter than `far` and follows its loudness curve."""
    begin, end = hop_of(span.start), min(hop_of(span.end), len(near))
    if (end - begin) * HOP < LEAST:
        return False
    if median_level(far, [span]) - median_level(near, [span]) < QUIETER_DB:
        return False
    curve = near[begin:end]
    delays = range(min(begin, hop_of(LONGEST_DELAY)) + 1)
    return any(_likeness(curve, far[begin - d : end - d]) >= SAME_SHAPE for d in delays)


def _heard_twice(
    mine: Sequence[TimeSpan], theirs: Sequence[TimeSpan], near: Levels, far: Levels
) -> tuple[TimeSpan, ...]:
    longest = max((other.duration for other in theirs), default=0.0) + LONGEST_DELAY
    both = (
        _shared(span, TimeSpan(other.start, other.end + LONGEST_DELAY))
        for span in mine
        for other in _near(theirs, longest, span)
        if other.start < span.end and span.start < other.end + LONGEST_DELAY
    )
    return tuple(span for span in both if span is not None and is_echo(span, near, far))


def _shared(one: TimeSpan, other: TimeSpan) -> TimeSpan | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return TimeSpan(start, end) if start < end else None


def _near(spans: Sequence[TimeSpan], longest: float, around: TimeSpan) -> Sequence[TimeSpan]:
    """The spans, in order and none over `longest`, that may touch `around`; found by halving."""
    first = bisect_left(spans, around.start - longest, key=lambda span: span.start)
    return spans[first : bisect_right(spans, around.end, key=lambda span: span.start)]


def _less_all(whole: TimeSpan, holes: Sequence[TimeSpan]) -> list[TimeSpan]:
    rest = [whole]
    for hole in holes:
        rest = [part for span in rest for part in _less(span, hole)]
    return rest


def _less(whole: TimeSpan, hole: TimeSpan) -> list[TimeSpan]:
    left = TimeSpan(whole.start, max(whole.start, min(whole.end, hole.start)))
    right = TimeSpan(min(whole.end, max(whole.start, hole.end)), whole.end)
    return [part for part in (left, right) if part.duration > 0]


def _likeness(one: Levels, other: Levels) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale if scale > 0 else 0.0

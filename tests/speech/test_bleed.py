"""Bleed: an echo is taken out, two people talking at once are not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spans import TimeSpan
from speech.activity import HOP
from speech.bleed import echoes, without

HOPS = 200


def _voice(seed: int) -> np.ndarray:
    """A loudness curve that moves like syllables, dBFS around -20."""
    curve = np.convolve(np.random.default_rng(seed).normal(0, 12, HOPS), np.ones(5) / 5, "same")
    return (curve - 20).astype(np.float32)


def _later(curve: np.ndarray, hops: int) -> np.ndarray:
    return np.roll(curve, hops)


ALL = (TimeSpan(20 * HOP, 180 * HOP),)


@pytest.mark.parametrize(
    ("near", "is_found"),
    [
        (_later(_voice(1), 4) - 18, True),  # 130 ms later, 18 dB down
        (_voice(1) - 12, True),  # crosstalk without delay
        (_later(_voice(1), 15) - 18, True),  # a long way round
        (_voice(1) - 3, False),  # as loud as the source: not an echo
        (_voice(2) - 18, False),  # a quiet person talking at the same time
        (_later(_voice(1), 40) - 18, False),  # 1.3 s later: no telephone does that
    ],
)
def test_echoes_are_quiet_late_copies(near: np.ndarray, is_found: bool) -> None:
    of_first, of_second = echoes((ALL, ALL), (_voice(1), near))
    assert of_first == ()
    assert bool(of_second) is is_found


@pytest.mark.parametrize("seed", range(2, 40))
def test_echoes_spare_people_who_talk_at_once(seed: int) -> None:
    assert echoes((ALL, ALL), (_voice(1), _voice(seed) - 12)) == ((), ())


@pytest.mark.parametrize(
    ("holes", "expected"),
    [
        ([], [(1, 5)]),
        ([(2, 3)], [(1, 2), (3, 5)]),
        ([(0, 9)], []),
        ([(1.05, 5)], []),  # a crumb of 50 ms is no speech
        ([(6, 7)], [(1, 5)]),
    ],
)
def test_without_cuts_holes(
    holes: list[tuple[float, float]], expected: list[tuple[float, float]]
) -> None:
    left = without([TimeSpan(1, 5)], [TimeSpan(*hole) for hole in holes])
    assert list(left) == [TimeSpan(*span) for span in expected]


SPANS = st.lists(st.tuples(st.integers(0, 90), st.integers(1, 12)), max_size=12)


@given(SPANS, SPANS)
def test_without_leaves_exactly_what_no_hole_covers(
    voiced: list[tuple[int, int]], holes: list[tuple[int, int]]
) -> None:
    spoken, cut = ([TimeSpan(a, a + b) for a, b in sorted(each)] for each in (voiced, holes))
    left = without(spoken, cut[::-1])  # in any order
    for second in (n + 0.5 for n in range(110)):
        is_left = any(span.contains(second) for span in spoken)
        is_left = is_left and not any(hole.contains(second) for hole in cut)
        assert any(span.contains(second) for span in left) is is_left

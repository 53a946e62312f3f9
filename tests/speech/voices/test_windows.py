"""Packed windows: what went in comes out, and little of it is held."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from speech.voices.windows import TOGETHER, Bytes, Windows

HOURS = 4


@given(
    st.lists(arrays(np.uint8, (7, 3)), max_size=2 * TOGETHER + 3),
)
def test_windows_come_out_as_they_went_in(given_windows: list[Bytes]) -> None:
    windows = Windows()
    for number, window in enumerate(given_windows):
        windows.add(30 * number, window)
    found = list(windows)
    assert len(windows) == len(found) == len(given_windows)
    assert [start for start, _ in found] == [30 * n for n in range(len(given_windows))]
    for (_, window), expected in zip(found, given_windows, strict=True):
        np.testing.assert_array_equal(window, expected)
    assert len(list(windows)) == len(given_windows)  # they may be looked at twice


@pytest.mark.parametrize("turn", [0.6, 2.0, 5.0])
def test_four_hours_of_windows_take_little_memory(turn: float) -> None:
    """Voices that give way to one another every so many seconds, sure but for a little noise."""
    chance = np.random.default_rng(0)
    frames = np.arange(293) * 0.016875
    windows = Windows()
    for number in range(200):
        active = ((frames + 0.5 * number) // turn % 2)[:, None] == [0, 1, 2]
        windows.add(0, (active * 235 + chance.integers(0, 8, (293, 3))).astype(np.uint8))
    assert windows.nbytes / 200 * 2 * 3600 * HOURS < 20e6

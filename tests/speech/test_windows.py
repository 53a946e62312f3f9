"""Windows: pieces side by side, nothing lost, nothing mixed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spans import TimeSpan
from speech.engines import Piece
from speech.windows import LONGEST, pack

RATE = 16_000


def _piece(channel: int, start: float, seconds: float) -> Piece:
    span = TimeSpan(start, start + seconds)
    samples = np.full(round(seconds * RATE), start, dtype=np.float32)
    return Piece(channel, span, (span,), samples)


def _rows(*lengths: tuple[int, float]) -> list[Piece]:
    return [_piece(channel, 10.0 * n, seconds) for n, (channel, seconds) in enumerate(lengths)]


@pytest.mark.parametrize(
    ("lengths", "groups"),
    [
        ([], []),
        ([(0, 10), (0, 10), (0, 10)], [[0, 1, 2]]),
        ([(0, 10), (0, 10), (0, 10.1)], [[0, 1], [2]]),
        ([(0, 20), (0, 20), (0, 9)], [[0, 2], [1]]),  # the third fills up the first
        ([(0, 5), (1, 5), (0, 5)], [[0, 2], [1]]),  # never two channels in one
        ([(0, 31), (0, 1)], [[0], [1]]),  # too long a piece has a window to itself
        ([(1, 4), (0, 9)], [[1], [0]]),  # the fullest first
    ],
)
def test_pack(lengths: list[tuple[int, float]], groups: list[list[int]]) -> None:
    windows = pack(_rows(*lengths))
    assert [[place.piece for place in window.places] for window in windows] == groups


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0.1, 20)), max_size=40))
def test_pack_loses_and_doubles_nothing(lengths: list[tuple[int, float]]) -> None:
    pieces = _rows(*lengths)
    windows = pack(pieces)
    assert sorted(place.piece for w in windows for place in w.places) == list(range(len(pieces)))
    for window in windows:
        assert len(window.samples) <= LONGEST
        assert len({pieces[place.piece].channel for place in window.places}) == 1
        for place in window.places:
            begin, end = round(place.span.start * RATE), round(place.span.end * RATE)
            assert (window.samples[begin:end] == pieces[place.piece].samples).all()


def test_place_at_gives_every_second_to_a_piece() -> None:
    (window,) = pack(_rows((0, 5), (0, 5)))
    asked = [window.place_at(second).piece for second in (-0.1, 0, 4.9, 5, 9.9, 12)]
    assert asked == [0, 0, 0, 1, 1, 1]

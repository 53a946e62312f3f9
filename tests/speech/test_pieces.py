"""Pieces: how speech is grouped, and how its sound is cut out of a stream."""

import numpy as np
import pytest

from core.spans import TimeSpan
from speech.engines import Piece
from speech.pieces import cut, halves, plan, trimmed

LEVELS = np.full(4000, -20, dtype=np.float32)  # 128 s


def _spans(*pairs: tuple[float, float]) -> list[TimeSpan]:
    return [TimeSpan(*pair) for pair in pairs]


@pytest.mark.parametrize(
    ("voiced", "expected"),
    [
        ([], []),
        ([(1, 3), (3.5, 5)], [(0.6, 5.4)]),  # a short pause stays inside
        ([(1, 3), (4.5, 6)], [(0.6, 3.4), (4.1, 6.4)]),  # a long one parts
        ([(0.1, 3)], [(0, 3.4)]),  # no sound before the beginning
        ([(98, 99.9)], [(97.6, 100)]),  # nor after the end
        ([(0, 12), (12.5, 22)], [(0, 12.25), (12.25, 22.4)]),  # too long together
    ],
)
def test_plan_groups_speech(
    voiced: list[tuple[float, float]], expected: list[tuple[float, float]]
) -> None:
    cuts = plan(0, _spans(*voiced), LEVELS, 100.0)
    got = [each for one in cuts for each in (one.span.start, one.span.end)]
    assert got == pytest.approx([second for pair in expected for second in pair])


def test_plan_parts_a_stretch_without_pauses_where_it_is_quietest() -> None:
    levels = LEVELS.copy()
    levels[500] = -40  # at 16.0 s
    cuts = plan(0, _spans((0, 30)), levels, 100.0)
    assert [one.span.end for one in cuts] == pytest.approx([16.0, 30.4])
    assert all(one.span.duration <= 20.4 for one in cuts)


def test_cut_gives_the_same_samples_however_the_stream_is_blocked() -> None:
    sound = np.arange(2 * 160_000, dtype=np.float32).reshape(2, -1)  # 10 s
    cuts = [*plan(0, _spans((1, 2), (6, 7)), LEVELS, 10), *plan(1, _spans((1.5, 8)), LEVELS, 10)]
    for size in (1_000, 30_000, 160_000):
        blocks = np.array_split(sound, range(size, 160_000, size), axis=1)
        pieces = list(cut(blocks, cuts, ((), ())))
        assert [piece.channel for piece in pieces] == [0, 0, 1]
        for piece in pieces:
            start, end = round(piece.span.start * 16_000), round(piece.span.end * 16_000)
            assert np.array_equal(piece.samples, sound[piece.channel, start:end])


def test_cut_silences_the_echo() -> None:
    cuts = plan(0, _spans((1, 4)), LEVELS, 5)
    (piece,) = cut([np.ones((1, 80_000), np.float32)], cuts, (_spans((2, 2.5), (4.5, 5)),))
    assert piece.samples.sum() == pytest.approx(len(piece.samples) - 8_000)
    assert piece.samples[22_390:22_410].sum() == 10  # the hole begins at 2.0 s, the piece at 0.6 s


def _piece(seconds: float, voiced: list[TimeSpan]) -> Piece:
    samples = np.ones(round(seconds * 16_000), np.float32)
    return Piece(0, TimeSpan(10, 10 + seconds), tuple(voiced), samples)


def test_halves_part_at_the_longest_pause() -> None:
    piece = _piece(10, _spans((10.4, 12), (12.4, 14), (15, 19.6)))
    left, right = halves(piece) or pytest.fail("it is long enough")
    assert (left.span.end, right.span.start) == (14.5, 14.5)
    assert left.voiced == piece.voiced[:2]
    assert right.voiced == piece.voiced[2:]
    assert len(left.samples) + len(right.samples) == len(piece.samples)


def test_halves_part_at_the_quietest_moment_without_a_pause() -> None:
    piece = _piece(10, _spans((10.4, 19.6)))
    piece.samples[64_000:66_000] = 0
    left, right = halves(piece) or pytest.fail("it is long enough")
    assert 14.0 <= left.span.end <= 14.13
    assert left.voiced[0].end == right.voiced[0].start == left.span.end


def test_halves_leave_short_pieces_alone() -> None:
    assert halves(_piece(1.7, _spans((10.4, 11.3)))) is None


@pytest.mark.parametrize(("margin", "seconds"), [(0.2, 9.4), (0.3, 9.6), (0.4, 9.8), (2.0, 10.0)])
def test_trimmed_leaves_a_margin(margin: float, seconds: float) -> None:
    piece = _piece(10, _spans((10.5, 19.5)))
    cut = trimmed(piece, margin)
    assert len(cut.samples) == pytest.approx(seconds * 16_000, abs=1)
    assert cut.span.duration == pytest.approx(seconds, abs=1e-3)
    assert cut.span.start == pytest.approx(max(10.0, 10.5 - margin), abs=1e-3)

"""Pieces: which stretches of a recording are decoded at once, and their sound, cut as it streams.

Short pieces lose the words' neighbours, long ones loop and cost memory. The figures were chosen
on one call and two readings, benchmarks/speech/README.md.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from core.spans import TimeSpan
from speech.activity import HOP, hop_of
from speech.audio import SAMPLE_RATE_HZ, Samples
from speech.engines import Piece

JOIN = 1.2  # seconds; pauses shorter than this stay inside a piece
LONGEST = 20.0  # seconds of a piece; Whisper's window is 30, Moonshine's training at most 30
PAD = 0.4  # seconds of what is around, so that no first or last sound is lost


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece that is to be cut: its padded span and the voiced stretches in it."""

    channel: int
    span: TimeSpan
    voiced: tuple[TimeSpan, ...]


def plan(
    channel: int,
    voiced: Sequence[TimeSpan],
    levels: npt.NDArray[np.float32],
    duration: float,
    changes: Sequence[float] = (),
) -> tuple[Cut, ...]:
    """Group one channel's voiced stretches into pieces.

    Args:
        voiced: in time order.
        levels: dBFS, shape (hops,); a stretch that is too long is parted where it is quietest.
        duration: of the recording.
        changes: seconds, in order, that no piece may reach across: another voice begins there.
    """
    groups: list[list[TimeSpan]] = []
    for span in _parted(_at_changes(voiced, changes), levels):
        if groups and _belongs(groups[-1], span) and not _is_change(groups[-1], span, changes):
            groups[-1].append(span)
        else:
            groups.append([span])
    return tuple(
        Cut(channel, _padded(groups, number, duration), tuple(group))
        for number, group in enumerate(groups)
    )


def cut(
    blocks: Iterable[Samples],
    cuts: Sequence[Cut],
    muted: Sequence[Sequence[TimeSpan]],
) -> Iterator[Piece]:
    """Cut the pieces out of a stream of blocks, holding no more sound than the open ones need.

    Args:
        blocks: shape (channels, time), 16 kHz, from the beginning.
        muted: per channel, stretches to be silenced (the other party's echo).
    """
    waiting = sorted(cuts, key=lambda each: each.span.end)
    held: Samples = np.zeros((len(muted), 0), dtype=np.float32)  # from sample `begin` on
    begin = 0
    for block in blocks:
        held = np.concatenate([held, block], axis=1)  # (channels, time)
        while waiting and _sample(waiting[0].span.end) <= begin + held.shape[1]:
            yield _piece(waiting.pop(0), held, begin, muted)
        needed = min((_sample(each.span.start) for each in waiting), default=begin)
        drop = min(max(0, needed - begin), held.shape[1])
        held, begin = held[:, drop:].copy(), begin + drop
    for each in waiting:
        yield _piece(each, held, begin, muted)


def halves(piece: Piece) -> tuple[Piece, Piece] | None:
    """Part a piece in its longest pause, else at its quietest moment; None when it is too short."""
    if piece.span.duration < 2 * PAD + 1.0:  # a second of voice is little enough
        return None
    at = _longest_pause(piece.voiced) or _quietest(piece)
    left, right = TimeSpan(piece.span.start, at), TimeSpan(at, piece.span.end)
    return _part(piece, left), _part(piece, right)


def trimmed(piece: Piece, margin: float) -> Piece:
    """The piece with at most `margin` seconds before the first and after the last voice."""
    start = _sample(max(0.0, piece.voiced[0].start - piece.span.start - margin))
    end = _sample(max(0.0, piece.span.end - piece.voiced[-1].end - margin))
    samples = piece.samples[start : len(piece.samples) - end]
    begin = piece.span.start + start / SAMPLE_RATE_HZ
    span = TimeSpan(begin, begin + len(samples) / SAMPLE_RATE_HZ)
    return Piece(piece.channel, span, piece.voiced, samples)


def _at_changes(voiced: Sequence[TimeSpan], changes: Sequence[float]) -> list[TimeSpan]:
    """The spans, parted where the voice changes."""
    parts: list[TimeSpan] = []
    for span in voiced:
        inside = changes[bisect_right(changes, span.start) : bisect_left(changes, span.end)]
        parts += [TimeSpan(a, b) for a, b in pairwise([span.start, *inside, span.end])]
    return parts


def _is_change(group: Sequence[TimeSpan], span: TimeSpan, changes: Sequence[float]) -> bool:
    """Whether another voice begins between the group's end and the span."""
    return bisect_left(changes, group[-1].end) < bisect_right(changes, span.start)


def _belongs(group: Sequence[TimeSpan], span: TimeSpan) -> bool:
    return span.start - group[-1].end < JOIN and span.end - group[0].start <= LONGEST


def _padded(groups: Sequence[Sequence[TimeSpan]], number: int, duration: float) -> TimeSpan:
    start, end = groups[number][0].start, groups[number][-1].end
    before = groups[number - 1][-1].end if number else 0.0
    after = groups[number + 1][0].start if number + 1 < len(groups) else duration
    room_before = (start - before) / 2 if number else start
    room_after = (after - end) / 2 if number + 1 < len(groups) else max(0.0, duration - end)
    return TimeSpan(start - min(PAD, room_before), end + min(PAD, room_after))


def _parted(voiced: Iterable[TimeSpan], levels: npt.NDArray[np.float32]) -> Iterator[TimeSpan]:
    for span in voiced:
        rest = span
        while rest.duration > LONGEST:
            window = TimeSpan(rest.start + LONGEST / 2, rest.start + LONGEST)
            first = hop_of(window.start)
            quietest = first + int(np.argmin(levels[first : hop_of(window.end)]))
            at = min(max(quietest * HOP, window.start), window.end)
            yield TimeSpan(rest.start, at)
            rest = TimeSpan(at, rest.end)
        yield rest


def _piece(each: Cut, held: Samples, begin: int, muted: Sequence[Sequence[TimeSpan]]) -> Piece:
    start, end = _sample(each.span.start) - begin, _sample(each.span.end) - begin
    samples = held[each.channel, start:end].copy()  # (time,)
    for span in muted[each.channel]:
        if span.overlap(each.span) > 0:
            first = max(0, _sample(span.start) - begin - start)
            samples[first : max(first, _sample(span.end) - begin - start)] = 0.0
    return Piece(each.channel, each.span, each.voiced, samples)


def _longest_pause(voiced: Sequence[TimeSpan]) -> float | None:
    pauses = [
        (after.start - before.end, (before.end + after.start) / 2)
        for before, after in pairwise(voiced)
    ]
    return max(pauses)[1] if pauses else None


def _quietest(piece: Piece) -> float:
    quarter = len(piece.samples) // 4
    middle = np.abs(piece.samples[quarter : 3 * quarter])
    smooth = np.convolve(middle, np.ones(480) / 480, mode="same")  # over 30 ms
    return piece.span.start + (quarter + int(np.argmin(smooth))) / SAMPLE_RATE_HZ


def _part(piece: Piece, span: TimeSpan) -> Piece:
    start = _sample(span.start - piece.span.start)
    samples = piece.samples[start : _sample(span.end - piece.span.start)]
    voiced = tuple(
        TimeSpan(max(each.start, span.start), min(each.end, span.end))
        for each in piece.voiced
        if each.overlap(span) > 0
    )
    return Piece(piece.channel, span, voiced, samples)


def _sample(second: float) -> int:
    return round(second * SAMPLE_RATE_HZ)

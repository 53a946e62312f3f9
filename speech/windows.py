"""Windows: pieces laid side by side, as Whisper always encodes 30 s, however little is in them.

A call of two people has pieces of some seven seconds, so one window each would encode four times
as much as is said. Pieces of one channel share a window in the order they were spoken; the
silence around each (`speech.pieces.PAD`) keeps their words apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.spans import TimeSpan
from speech.audio import SAMPLE_RATE_HZ, Samples
from speech.engines import Piece

LONGEST = 30 * SAMPLE_RATE_HZ  # samples; Radford et al., section 2.2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece lies: its number among the pieces, and its span in seconds of the window."""

    piece: int
    span: TimeSpan


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """What is encoded at once: the pieces in it, and their sound, shape (time,) each, 16 kHz.

    The sound stays the pieces' own until `samples` is asked for, so that many windows cost little.
    """

    places: tuple[Place, ...]
    parts: tuple[Samples, ...]

    @property
    def size(self) -> int:
        """How many samples it has."""
        return sum(len(part) for part in self.parts)

    @property
    def samples(self) -> Samples:
        """All of its sound, shape (time,)."""
        return np.concatenate(self.parts)

    def place_at(self, second: float) -> Place:
        """The piece that sounds at this second of the window; the last one after all of them."""
        inside = (place for place in self.places if second < place.span.end)
        return next(inside, self.places[-1])


def pack(pieces: Sequence[Piece]) -> tuple[Window, ...]:
    """Lay pieces into as few windows as first fit finds, the fullest first.

    A piece goes into the first window of its channel that has room, so pieces of a window keep
    their order. A piece that is longer than a window has one to itself.
    """
    groups: list[list[int]] = []
    for number, piece in enumerate(pieces):
        fitting = (group for group in groups if _fits(pieces, group, piece))
        group = next(fitting, None)
        if group is None:
            groups.append([number])
        else:
            group.append(number)
    groups.sort(key=lambda group: -_length(pieces, group))  # alike beside alike: little padding
    return tuple(_window(pieces, group) for group in groups)


def alone(piece: Piece, number: int) -> Window:
    """A window with one piece."""
    span = TimeSpan(0, len(piece.samples) / SAMPLE_RATE_HZ)
    return Window((Place(number, span),), (piece.samples,))


def _fits(pieces: Sequence[Piece], group: Sequence[int], piece: Piece) -> bool:
    is_own = pieces[group[0]].channel == piece.channel
    return is_own and _length(pieces, group) + len(piece.samples) <= LONGEST


def _length(pieces: Sequence[Piece], group: Sequence[int]) -> int:
    return sum(len(pieces[number].samples) for number in group)


def _window(pieces: Sequence[Piece], group: Sequence[int]) -> Window:
    places: list[Place] = []
    clock = 0
    for number in group:
        end = clock + len(pieces[number].samples)
        span = TimeSpan(clock / SAMPLE_RATE_HZ, end / SAMPLE_RATE_HZ)
        places.append(Place(number, span))
        clock = end
    return Window(tuple(places), tuple(pieces[number].samples for number in group))

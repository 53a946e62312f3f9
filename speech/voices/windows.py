"""The windows of the first pass, packed: of one byte a number a fifth is left, and nothing is lost.

Each holds 293 × 3 probabilities and lies half a second after the one before, so four hours have
25 MB of them. Most say clearly yes or no for long; zlib packs the differences well.
"""

import zlib
from array import array
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]

TOGETHER = 16  # windows packed at once; 32 are no smaller, one alone a quarter larger
LEVEL = 6  # of zlib: 160 bytes a window in 18 µs; 1 leaves 193, 9 takes seven times as long


class Windows:
    """Windows in order, each with the frame at which it begins."""

    def __init__(self) -> None:
        self._starts = array("q")
        self._packed: list[bytes] = []
        self._open: list[Bytes] = []
        self._shape: tuple[int, ...] = (0, 0)  # of a window

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[tuple[int, Bytes]]:
        whole = (window for packed in self._packed for window in _unpacked(packed, self._shape))
        return zip(self._starts, chain(whole, self._open), strict=True)

    def add(self, start: int, window: Bytes) -> None:
        """Take one, shape (frames, voices), 0..255; all of a recording have the same shape."""
        self._starts.append(start)
        self._shape = window.shape
        self._open.append(window)
        if len(self._open) == TOGETHER:
            self._packed.append(_packed(self._open))
            self._open = []

    @property
    def nbytes(self) -> int:
        """Memory that they take."""
        waiting = sum(window.nbytes for window in self._open)
        return sum(map(len, self._packed)) + waiting + 8 * len(self._starts)


def _packed(windows: Sequence[Bytes]) -> bytes:
    rows = np.stack([window.T for window in windows])  # (windows, voices, frames)
    return zlib.compress(np.diff(rows, axis=2, prepend=np.uint8(0)).tobytes(), LEVEL)


def _unpacked(packed: bytes, shape: tuple[int, ...]) -> Iterator[Bytes]:
    frames, voices = shape
    steps = np.frombuffer(zlib.decompress(packed), dtype=np.uint8).reshape(-1, voices, frames)
    rows = np.cumsum(steps, axis=2, dtype=np.uint8)  # modulo 256, as the differences are
    yield from (row.T for row in rows)

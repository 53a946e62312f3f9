"""Numbers that come in order: one piece of memory that grows, no parts that are joined at last."""

from array import array

import numpy as np
import numpy.typing as npt


class Series:
    """Measurements in four bytes each, as many as a recording has hops.

    Four hours take 1.8 MB; a list of blocks that is concatenated takes twice that, and leaves the
    blocks' memory in pieces.
    """

    def __init__(self) -> None:
        self._numbers = array("f")

    def add(self, numbers: npt.NDArray[np.float32]) -> None:
        """Take the next ones, shape (hops,); not while somebody holds `numbers`."""
        self._numbers.frombytes(np.ascontiguousarray(numbers, dtype=np.float32).tobytes())

    @property
    def numbers(self) -> npt.NDArray[np.float32]:
        """All so far, shape (hops,): the memory itself, no copy."""
        if not self._numbers:
            return np.zeros(0, dtype=np.float32)
        return np.frombuffer(self._numbers, dtype=np.float32)

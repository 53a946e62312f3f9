"""Where a call's segments lie while the rest of it is decoded: as bytes, in one growing memory.

As objects a word of text, two times and a probability takes some 250 bytes, so the 41,000 words of
four hours ten megabytes, all of them at the moment at which the recogniser needs most.
"""

import pickle
from collections.abc import Iterator
from io import BytesIO

from core.recording import Segment


class Shelf:
    """Segments that are laid by one after the other, and taken once, all of them, at last."""

    def __init__(self) -> None:
        self._bytes = BytesIO()

    def lay(self, segment: Segment) -> None:
        """Lay one behind the others."""
        pickle.dump(segment, self._bytes, protocol=pickle.HIGHEST_PROTOCOL)

    def taken(self) -> Iterator[Segment]:
        """All of them, in order; the shelf is empty behind them."""
        filled, self._bytes = self._bytes, BytesIO()
        end = filled.seek(0, 2)
        filled.seek(0)
        while filled.tell() < end:
            yield pickle.load(filled)  # noqa: S301 - our own, a moment ago

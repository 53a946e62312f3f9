"""Room for work that several threads do at once, so that memory does not grow with their number."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Room:
    """So much of something; who finds too little left waits."""

    def __init__(self, size: float) -> None:
        self._size = size
        self._used = 0.0
        self._changed = Condition()

    @contextmanager
    def taken(self, share: float) -> Iterator[None]:
        """Take a share for as long as the block lasts; more than there is takes all of it."""
        share = min(share, self._size)
        with self._changed:
            self._changed.wait_for(lambda: self._used + share <= self._size)
            self._used += share
        try:
            yield
        finally:
            with self._changed:
                self._used -= share
                self._changed.notify_all()

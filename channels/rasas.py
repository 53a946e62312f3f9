"""Which Rasa server answers a conversation: it stays with one, which keeps its tracker in memory.

A server answers one turn at a time, so a new conversation goes where the fewest wait. One whose
server is away moves: each server sees by the stored events that another has answered meanwhile, and
reads them anew (`bot/tracker.py`). That costs as much as a turn or two, so it moves for nothing
else: moved where three more were waiting, `python -m benchmarks.bot` answered 5 % fewer messages.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

MOST_KEPT = 10_000  # conversations whose server is remembered; the others' is chosen anew
AWAY_SECONDS = 5.0  # that a server without an answer is left alone, while there is another


class Rasas:
    """The servers, and how many turns wait at each."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.urls = tuple(urls)
        self._waiting = [0] * len(self.urls)
        self._away_until = [0.0] * len(self.urls)  # by the monotonic clock
        self._homes: OrderedDict[str, int] = OrderedDict()

    @contextmanager
    def asked(self, conversation: str) -> Iterator[str]:
        """The address of its server, at which a turn waits for as long as the block lasts."""
        home = self._homes[conversation] = self._home(conversation)
        self._homes.move_to_end(conversation)
        while len(self._homes) > MOST_KEPT:
            self._homes.popitem(last=False)
        self._waiting[home] += 1
        try:
            yield self.urls[home]
        finally:
            self._waiting[home] -= 1

    def note_away(self, url: str) -> None:
        """It did not answer: whoever comes next is asked elsewhere, for a while."""
        self._away_until[self.urls.index(url)] = time.monotonic() + AWAY_SECONDS

    def forget(self, conversation: str) -> None:
        """Its next turn, if there is one, is that of a new conversation."""
        self._homes.pop(conversation, None)

    def _home(self, conversation: str) -> int:
        home = self._homes.get(conversation)
        if home is not None and self._is_there(home):
            return home
        return min(self._there(), key=lambda place: self._rank(place, conversation))

    def _there(self) -> Sequence[int]:
        """The places of the servers that answer; of all, where none is known to."""
        every = range(len(self.urls))
        return [place for place in every if self._is_there(place)] or every

    def _is_there(self, place: int) -> bool:
        return time.monotonic() >= self._away_until[place]

    def _rank(self, place: int, conversation: str) -> tuple[int, bytes]:
        """Fewest waiting first; of equals any, but the same one after a restart too."""
        chance = hashlib.sha256(f"{conversation} {place}".encode()).digest()
        return self._waiting[place], chance

"""Threads share a room, and never more than it holds."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest

from speech.room import Room


class Meter:
    """Takes shares and notes the most that was taken at once."""

    def __init__(self, size: float) -> None:
        self._room, self._lock = Room(size), Lock()
        self._now = self.most = 0.0

    def work(self, share: float) -> None:
        with self._room.taken(share):
            with self._lock:
                self._now += share
                self.most = max(self.most, self._now)
            time.sleep(0.005)
            with self._lock:
                self._now -= share


@pytest.mark.parametrize(
    ("size", "shares", "most"),
    [
        (10, [10] * 6, 10),  # one after the other
        (10, [5] * 12, 10),  # two at once
        (10, [25] * 3, 25),  # larger than the room: alone
        (10, [6, 3] * 6, 9),  # what is left of the room is used
    ],
)
def test_no_more_is_taken_at_once_than_there_is(
    size: float, shares: list[float], most: float
) -> None:
    meter = Meter(size)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(meter.work, shares))
    assert meter.most == most


def test_a_share_is_given_back_when_the_work_fails() -> None:
    room = Room(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), room.taken(1):
            _ = 1 / 0
    with room.taken(1):
        pass

"""What a call has used goes back to the system."""

import ctypes
from pathlib import Path

import numpy as np
import pytest

from speech import memory
from speech.memory import give_back

SMALL = 100_000  # bytes; from 128 KiB on the C library asks the system for each block by itself
COUNT = 1_000


def _resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="this C library hands memory back itself"
)
def test_free_memory_between_held_blocks_is_given_back() -> None:
    blocks = [np.ones(SMALL, dtype=np.uint8) for _ in range(COUNT)]
    full = _resident()
    del blocks[:-1]  # the last one holds the heap's end where it is
    give_back()
    assert full - _resident() > 0.8 * SMALL * COUNT


def test_where_the_c_library_cannot_be_asked_nothing_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory._trim.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    give_back()
    assert memory._trim() is None
    memory._trim.cache_clear()

"""What a call has used goes back to the system."""

import ctypes
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from speech import memory
from speech.memory import give_back, share_one_heap
from tests.speech.need import resident_mb

SMALL = 100_000  # bytes; from 128 KiB on the C library asks the system for each block by itself
COUNT = 1_000


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="this C library hands memory back itself"
)
def test_free_memory_between_held_blocks_is_given_back() -> None:
    blocks = [np.ones(SMALL, dtype=np.uint8) for _ in range(COUNT)]
    full_mb = resident_mb()
    del blocks[:-1]  # the last one holds the heap's end where it is
    give_back()
    assert full_mb - resident_mb() > 0.8 * SMALL * COUNT / 1e6


def test_where_the_c_library_cannot_be_asked_nothing_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory._trim.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    give_back()
    assert memory._trim() is None
    memory._trim.cache_clear()


# Threads that all hold memory at once: glibc gives each a heap of its own, `<heap nr=` in its list.
_HEAPS = """
import ctypes, sys, threading
from speech.memory import share_one_heap
if sys.argv[2] == "shared":
    share_one_heap()
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
meet = threading.Barrier(4)
def work():
    meet.wait()
    library.malloc(1000)
    meet.wait()
threads = [threading.Thread(target=work) for _ in range(4)]
for each in threads: each.start()
for each in threads: each.join()
library.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(library.fopen(sys.argv[1].encode(), b"w"))
library.malloc_info(0, file)
library.fclose(file)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="of glibc")
def test_threads_share_one_heap(tmp_path: Path) -> None:
    heaps = {}
    for how in ("shared", "apart"):
        path = tmp_path / how
        subprocess.run([sys.executable, "-c", _HEAPS, str(path), how], check=True)
        heaps[how] = path.read_text(encoding="utf-8").count("<heap nr=")
    assert heaps["shared"] == 1
    assert heaps["apart"] > 1


def test_a_c_library_that_cannot_share_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    share_one_heap.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    share_one_heap()  # does not raise
    assert share_one_heap.cache_info().currsize == 1
    share_one_heap.cache_clear()

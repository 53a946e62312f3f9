"""Prints how much memory a batch of the longest pieces needs beyond rest, in MB."""

import threading
from pathlib import Path

import numpy as np

from core.settings import Settings
from core.spans import TimeSpan
from speech.audio import SAMPLE_RATE_HZ
from speech.choice import find_moonshine, load_engine
from speech.engines import Piece
from speech.memory import give_back, share_one_heap
from speech.pieces import LONGEST

PIECES = 4
PAGE_BYTES = 4096


def resident_mb() -> float:
    """Of this process, in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * PAGE_BYTES / 1e6


class Watch(threading.Thread):
    """Notes the most, every 2 ms."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self.over = threading.Event()

    def run(self) -> None:
        """Until it is over."""
        while not self.over.wait(0.002):
            self.most = max(self.most, resident_mb())


def noise(seconds: float, seed: int) -> Piece:
    """A piece in which nobody speaks, all of it taken for voice."""
    span = TimeSpan(0, seconds)
    rng = np.random.default_rng(seed)
    sound = 0.02 * rng.standard_normal(round(seconds * SAMPLE_RATE_HZ))
    return Piece(0, span, (span,), sound.astype(np.float32))


def main() -> None:
    """Load, rest, then hear the batch."""
    share_one_heap()
    choice = find_moonshine(Settings())
    if choice is None:
        raise SystemExit("Moonshine's weights are not in models/")
    engine = load_engine(choice)
    engine.transcribe([noise(1, 0)], language="en")
    give_back()
    rest, watch = resident_mb(), Watch()
    watch.start()
    engine.transcribe([noise(LONGEST, seed) for seed in range(PIECES)], language="en")
    watch.over.set()
    watch.join()
    print(watch.most - rest)  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()

"""First pass: in short windows that overlap, how many voices sound, and which are the same.

The network looks at 5 s and gives each moment the probabilities of up to three voices. Which is
which holds inside one window only; `Scene` keeps what the windows agree on, and the windows
themselves packed, so four hours take 15 MB.

Source: Bredin and Laurent, End-to-end speaker segmentation (2021).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.spans import TimeSpan
from speech.audio import SAMPLE_RATE_HZ, Samples
from speech.sessions import empty_pool
from speech.voices.running import ahead, load_network
from speech.voices.windows import Windows

WINDOW = 5.0  # seconds, as the network was trained
# Seconds from window to window: the tenth that MODELS.md "Figures" found needed; half as many made
# no difference to any figure of benchmarks/speech, a fourth lost voices.
HOP = 0.5
FRAME = 0.016875  # seconds from frame to frame: 10 × 3 × 3 × 3 samples
FRAME_OFFSET = 0.03096875  # seconds from a window's begin to the middle of its first frame
FRAMES = 293  # of a window
VOICES = 3  # that the network tells apart in one window
_SAMPLES = round(WINDOW * SAMPLE_RATE_HZ)
BATCH = 4  # windows; 16 take the same time, and 0.3 GB more
NEARBY = 15  # frames, 0.25 s: what lies before and after a moment when a change is judged
EDGE = 30  # frames, 0.5 s: near its edges a window knows one side only, so it counts for less
OVERLAP = 0.5  # probability that two speak, from which a moment is nobody's

Array = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What the windows say, frame by frame from the beginning of the recording.

    `voice` is the probability that anybody speaks, `change` how much activity moves from one voice
    to another there, `overlap` whether two speak, each of shape (frames,).
    """

    voice: Array
    change: Array
    overlap: Flags
    windows: Windows


class Segmenter:
    """The segmentation network."""

    def __init__(self, path: Path, *, threads: int = 0) -> None:
        """Load it.

        Raises:
            ModelUnavailable: the file does not load.
        """
        self._session = load_network(path)
        self._threads = threads

    def scene(
        self, blocks: Iterable[Samples], duration: float, voiced: Sequence[TimeSpan]
    ) -> Scene:
        """Look at a whole recording; windows in which nobody speaks are passed over.

        Args:
            blocks: shape (1, time), 16 kHz, in order.
            duration: of the recording in seconds.
            voiced: where there is voice at all, in time order.
        """
        tally, windows = _Tally(frame_of(duration) + FRAMES + 1), Windows()
        wanted = _numbered(windows_of(blocks, duration), voiced)
        batches = iter(lambda: list(islice(wanted, BATCH)), [])
        for batch, found in ahead(self._run, batches, threads=self._threads):
            for (number, _), window in zip(batch, found, strict=True):
                windows.add(start_frame(number), np.round(window * 255).astype(np.uint8))
                tally.add(start_frame(number), window)
        empty_pool(self._session, {"sound": np.zeros((1, 1, _SAMPLES), dtype=np.float32)})
        voice, overlap, change = tally.means()
        return Scene(voice, change, overlap >= OVERLAP, windows)

    def _run(self, batch: Sequence[tuple[int, Samples]]) -> Array:
        """The probabilities of a batch, shape (windows, frames, 3)."""
        sound = np.stack([samples for _, samples in batch])[:, None]  # (windows, 1, time)
        found: Array = self._session.run(None, {"sound": sound})[0]
        return found


def windows_of(blocks: Iterable[Samples], duration: float) -> Iterator[Samples]:
    """Windows of 5 s, each `HOP` after the one before, the last filled up with silence."""
    size, hop = round(WINDOW * SAMPLE_RATE_HZ), round(HOP * SAMPLE_RATE_HZ)
    left = count_windows(duration)
    held: Samples = np.zeros(0, dtype=np.float32)
    for block in blocks:
        held = np.concatenate([held, block[0]])
        while left and len(held) >= size:
            yield held[:size].copy()
            held, left = held[hop:], left - 1
    for number in range(left):
        rest = held[number * hop : number * hop + size]
        yield np.pad(rest, (0, size - len(rest)))


def count_windows(duration: float) -> int:
    """How many windows a recording of so many seconds has."""
    size, hop = round(WINDOW * SAMPLE_RATE_HZ), round(HOP * SAMPLE_RATE_HZ)
    whole = round(duration * SAMPLE_RATE_HZ)
    return max(1, -(-(whole - size) // hop) + 1) if whole else 0


def start_frame(number: int) -> int:
    """The frame at which a window begins."""
    return round(number * HOP / FRAME)


def frame_of(second: float) -> int:
    """The frame whose middle is nearest to a second."""
    return max(0, round((second - FRAME_OFFSET) / FRAME))


def second_of(frame: float) -> float:
    """Where a frame begins: half a frame before its middle."""
    return max(0.0, (frame - 0.5) * FRAME + FRAME_OFFSET)


def changes(window: Array) -> Array:
    """How much activity moves from one voice to another at each frame, shape (frames,).

    Args:
        window: probabilities, shape (frames, 3).
    """
    sums = np.vstack([np.zeros((1, window.shape[1])), np.cumsum(window, axis=0)])
    here = np.arange(len(window))
    first, last = np.maximum(0, here - NEARBY), np.minimum(len(window), here + NEARBY)
    before = (sums[here] - sums[first]) / np.maximum(here - first, 1)[:, None]
    after = (sums[last] - sums[here]) / (last - here)[:, None]
    gone = np.maximum(before - after, 0).sum(axis=1)
    come = np.maximum(after - before, 0).sum(axis=1)
    moved: Array = np.minimum(gone, come).astype(np.float32)
    moved[:NEARBY] = moved[-NEARBY:] = 0  # too little is known there
    return moved


class _Tally:
    """Running means over the windows that cover each frame."""

    def __init__(self, frames: int) -> None:
        self._sums = np.zeros((3, frames), dtype=np.float32)  # voice, overlap, change
        self._weights = np.full(frames, 1e-6, dtype=np.float32)
        ramp = np.arange(1, FRAMES + 1)
        self._trust = np.minimum(1.0, np.minimum(ramp, ramp[::-1]) / EDGE).astype(np.float32)

    def add(self, start: int, window: Array) -> None:
        """Take one window's probabilities, shape (frames, 3)."""
        ordered = np.sort(window, axis=1)
        here = slice(start, start + len(window))
        found = np.stack([ordered[:, -1], ordered[:, -2], changes(window)])
        self._sums[:, here] += found * self._trust
        self._weights[here] += self._trust

    def means(self) -> Array:
        """Voice, overlap and change, shape (3, frames); it takes the sums' place."""
        self._sums /= self._weights
        return self._sums


def _numbered(
    windows: Iterable[Samples], voiced: Sequence[TimeSpan]
) -> Iterator[tuple[int, Samples]]:
    """The windows in which there is voice, with their numbers."""
    rest = list(reversed(voiced))
    for number, samples in enumerate(windows):
        start = number * HOP
        while rest and rest[-1].end <= start:
            rest.pop()
        if rest and rest[-1].start < start + WINDOW:
            yield number, samples

"""Stretches: pieces of speech of which each is, as far as can be seen, one voice.

They are cut finely, at pauses and wherever the windows see activity move from voice to voice: a
cut too many costs nothing, as the voices decide later, a change inside a stretch would stay.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from speech.voices.segmentation import FRAME, FRAMES, Array, Flags, Scene
from speech.voices.windows import Bytes, Windows

# All by benchmarks/speech "Voices", on one call, one sample, and 30 calls made out of them.
VOICE = 0.55  # probability from which anybody speaks; 0.5 and 0.6 are within 0.01 of DER
CHANGE = 0.1  # least movement from voice to voice at which to cut
LONGEST = 1.6  # seconds: what the voice encoder hears at once
SHORTEST = 6  # frames, 0.1 s: no stretch is cut shorter
PEAK = 12  # frames, 0.2 s: only one cut among so many to each side


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """From frame `start` up to, not including, frame `end`."""

    start: int
    end: int

    @property
    def seconds(self) -> float:
        """Its length."""
        return (self.end - self.start) * FRAME


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """How far pairs of stretches look like one voice to the windows that see both.

    `first` and `second` are numbers of stretches, `sameness` lies in -1..1, shape (pairs,).
    """

    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    sameness: Array


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What is left of a scene once it is cut, a few megabytes of hours.

    `overlap` says where two speak, `clash` where they surely do, shape (frames,).
    """

    stretches: tuple[Stretch, ...]
    links: Links
    overlap: Flags
    clash: Flags


def cut_up(scene: Scene) -> Parts:
    """All that is needed of a scene."""
    stretches = find_stretches(scene)
    return Parts(
        stretches=stretches,
        links=find_links(scene.windows, stretches),
        overlap=scene.overlap,
        clash=scene.overlap & (scene.voice > VOICE),
    )


def find_stretches(scene: Scene) -> tuple[Stretch, ...]:
    """Cut the speech of a scene, in time order."""
    return tuple(
        part
        for run in runs(scene.voice > VOICE)
        for whole in _at_changes(run, scene.change)
        for part in _no_longer(whole, scene)
    )


def runs(flags: npt.NDArray[np.bool_]) -> Iterator[Stretch]:
    """The runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        yield Stretch(int(start), int(end))


def find_links(windows: Windows, stretches: tuple[Stretch, ...]) -> Links:
    """Compare every two stretches that a window holds, and take the mean over its windows."""
    starts = np.array([each.start for each in stretches])
    ends = np.array([each.end for each in stretches])
    ready = _Means()
    sums: dict[tuple[int, int], tuple[float, int]] = {}  # of pairs that may be seen again
    for begin, window in windows:
        first = int(np.searchsorted(ends, begin + SHORTEST))
        last = int(np.searchsorted(starts, begin + FRAMES - SHORTEST))
        inside, shares = _shares(window, stretches[first:last], begin)
        ready.take(sums, before=first)
        likeness = 2 * shares @ shares.T - 1
        for one in range(len(inside)):
            for other in range(one + 1, len(inside)):
                pair = first + inside[one], first + inside[other]
                total, count = sums.get(pair, (0.0, 0))
                sums[pair] = total + float(likeness[one, other]), count + 1
    ready.take(sums, before=len(stretches))
    return ready.links()


class _Means:
    """Pairs that no later window holds, in little memory."""

    def __init__(self) -> None:
        self._first, self._second, self._sameness = array("q"), array("q"), array("f")

    def take(self, sums: dict[tuple[int, int], tuple[float, int]], *, before: int) -> None:
        """Take the pairs whose first stretch comes before one out of the sums."""
        for pair in [pair for pair in sums if pair[0] < before]:
            total, count = sums.pop(pair)
            self._first.append(pair[0])
            self._second.append(pair[1])
            self._sameness.append(total / count)

    def links(self) -> Links:
        """All that was taken."""
        return Links(
            np.array(self._first, dtype=np.int64),
            np.array(self._second, dtype=np.int64),
            np.array(self._sameness, dtype=np.float32),
        )


def _shares(window: Bytes, stretches: tuple[Stretch, ...], begin: int) -> tuple[list[int], Array]:
    """Which of the stretches the window holds, and how each is shared among its three voices."""
    inside, shares = [], []
    for number, each in enumerate(stretches):
        part = window[max(0, each.start - begin) : each.end - begin]
        activity = part.sum(axis=0, dtype=np.float32)
        if len(part) >= SHORTEST and activity.sum() > 0:
            inside.append(number)
            shares.append(activity / activity.sum())
    return inside, np.array(shares, dtype=np.float32).reshape(len(inside), window.shape[1])


def _at_changes(run: Stretch, change: Array) -> Iterator[Stretch]:
    here = change[run.start : run.end]
    cuts = [run.start]
    for frame in range(SHORTEST + 1, len(here) - SHORTEST):
        around = here[max(0, frame - PEAK) : frame + PEAK + 1]
        is_peak = here[frame] >= CHANGE and here[frame] == around.max()
        if is_peak and run.start + frame - cuts[-1] > SHORTEST:
            cuts.append(run.start + frame)
    yield from (Stretch(start, end) for start, end in pairwise([*cuts, run.end]))


def _no_longer(whole: Stretch, scene: Scene) -> Iterator[Stretch]:
    """Parts of at most `LONGEST`, cut where a change or a pause is likeliest."""
    most = int(LONGEST / FRAME)
    while whole.end - whole.start > most:
        window = slice(whole.start + most // 2, whole.start + most)
        at = window.start + int(np.argmax(scene.change[window] - scene.voice[window]))
        yield Stretch(whole.start, at)
        whole = Stretch(at, whole.end)
    yield whole

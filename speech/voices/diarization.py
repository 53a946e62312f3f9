"""Who speaks when on one channel: `find_voices` is the whole way from sound to voices.

Windows say where voices sound and change; the speech between is cut into stretches; each is
heard once, where nobody speaks over it, and becomes a vector; vectors and windows together say
which voice it is. The work grows with the sound, the memory hardly.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf
from typing import Protocol

import numpy as np
import numpy.typing as npt

from core.spans import TimeSpan
from speech.audio import Samples
from speech.voices.encoder import Embeddings, VoiceEncoder
from speech.voices.labelling import SURE, Labelling, label
from speech.voices.segmentation import FRAME, Array, Flags, Segmenter, second_of
from speech.voices.stretches import Links, Parts, Stretch, cut_up, runs

FILL = 0.25  # seconds; shorter pauses of one voice are inside a phrase, benchmarks "Voices"
# One voice, when its halves are as alike as each is to itself and the windows do not tell them
# apart: halves of single voices gave 0.93 and 0.94 with links of 0.80 and 0.04, the most alike of
# 40 pairs 0.87 with 0.83 and 0.91 with -0.49. benchmarks/speech "Voices".
ALIKE = 0.9
TOLD_APART = -0.1  # mean link between the halves, below which the windows know two voices
UNTOLD = 0.2  # the same where there are too few stretches to compare
FEWEST = 3  # stretches of each half, below which likeness says nothing


@dataclass(frozen=True, slots=True, order=True)
class VoiceSpan:
    """One voice speaks from start to end; `voice` counts from 0 in order of appearance."""

    span: TimeSpan
    voice: int


@dataclass(frozen=True, slots=True, eq=False)
class Voices:
    """Who speaks when: `spans` in time order, those of different voices may overlap.

    `vectors` are the voices as unit vectors, shape (voices, n), to be compared with enrolled ones.
    """

    spans: tuple[VoiceSpan, ...]
    vectors: Array

    @property
    def count(self) -> int:
        """How many voices were found."""
        return len(self.vectors)


Source = Callable[[], Iterable[Samples]]  # opens the sound anew: blocks (1, time), 16 kHz


class Diarizer(Protocol):
    """Finds the voices of one channel."""

    def describe(self) -> str:
        """Name and revision of what it runs, as it is noted."""

    def find_voices(
        self, sound: Source, duration: float, voiced: Sequence[TimeSpan], *, count: int
    ) -> Voices:
        """At most `count` voices in a recording of so many seconds.

        Args:
            voiced: where there is voice at all, in time order.
        """


class EmbeddedDiarizer:
    """The two networks that need no model hub and no torch."""

    def __init__(self, segmenter: Segmenter, encoder: VoiceEncoder, *, revision: str) -> None:
        self._segmenter = segmenter
        self._encoder = encoder
        self._revision = revision

    def describe(self) -> str:
        """Name and revision."""
        return f"segmentation 2022 with voice vectors ({self._revision})"

    def find_voices(
        self, sound: Source, duration: float, voiced: Sequence[TimeSpan], *, count: int
    ) -> Voices:
        """At most `count` voices; fewer when they cannot be told apart."""
        parts = cut_up(self._segmenter.scene(sound(), duration, voiced))
        embeddings = self._encoder.embed(sound(), parts.stretches, parts.overlap)
        return assembled(parts, embeddings, duration, count=count)


def assembled(parts: Parts, embeddings: Embeddings, duration: float, *, count: int) -> Voices:
    """Voices out of what both networks said."""
    if not parts.stretches:
        return Voices((), np.zeros((0, embeddings.vectors.shape[1]), dtype=np.float32))
    weights = np.array([each.seconds for each in parts.stretches], dtype=np.float32)
    labelling = label(embeddings, parts.links, weights, count)
    if count > 1 and is_one_voice(labelling, embeddings, parts.links):
        labelling = label(embeddings, parts.links, weights, 1)
    tracks = _tracks(parts, labelling.labels, len(labelling.voices))
    spans = sorted(_spans(tracks, duration))
    order = list(dict.fromkeys(each.voice for each in spans))  # as they appear
    return Voices(
        spans=tuple(VoiceSpan(each.span, order.index(each.voice)) for each in spans),
        vectors=labelling.voices[order],
    )


def is_one_voice(labelling: Labelling, embeddings: Embeddings, links: Links) -> bool:
    """Whether what was told apart is one person after all."""
    labels = labelling.labels
    sure = embeddings.seconds >= SURE
    groups = [_group(embeddings.vectors, sure & (labels == n)) for n in np.unique(labels[sure])]
    if len(groups) < 2:
        return True
    told = labels[links.first] != labels[links.second]
    both = sure[links.first] & sure[links.second]
    sameness = links.sameness[told & both]
    link = float(sameness.mean()) if len(sameness) else 0.0
    if min(group.size for group in groups) < FEWEST:
        return link >= UNTOLD
    return link >= TOLD_APART and _alikeness(groups) >= ALIKE


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """So many unit vectors as their sum: all that means of cosines need."""

    size: int
    total: Array

    @property
    def within(self) -> float:
        """Mean cosine of every two."""
        square = float(self.total @ self.total)  # of the cosines of all pairs and each self
        return (square - self.size) / max(self.size * (self.size - 1), 1)

    def between(self, other: "_Group") -> float:
        """Mean cosine of every pair across."""
        return float(self.total @ other.total) / (self.size * other.size)


def _group(vectors: Array, chosen: Flags) -> _Group:
    return _Group(int(chosen.sum()), chosen.astype(np.float32) @ vectors)


def _alikeness(groups: Sequence[_Group]) -> float:
    """Mean cosine between groups over that within them; the least of all pairs."""
    return min(
        one.between(other) / max((one.within + other.within) / 2, 1e-9)
        for one, other in combinations(groups, 2)
    )


def _tracks(parts: Parts, labels: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.bool_]:
    """Which voice sounds in which frame, shape (voices, frames)."""
    tracks = np.zeros((count, len(parts.clash)), dtype=bool)
    for stretch, voice in zip(parts.stretches, labels, strict=True):
        tracks[voice, stretch.start : stretch.end] = True
    places = list(runs(parts.clash))
    for place, voices in zip(places, nearest_two(parts.stretches, labels, places), strict=True):
        for voice in voices:
            tracks[voice, place.start : place.end] = True
    return tracks


def nearest_two(
    stretches: Sequence[Stretch], labels: npt.NDArray[np.int64], places: Sequence[Stretch]
) -> Iterator[list[int]]:
    """The two voices that speak nearest to each place where two speak at once.

    Args:
        stretches: in time order, none overlapping another.
    """
    ends = [each.end for each in stretches]
    wanted = min(2, len(np.unique(labels)))
    for place in places:
        middle = (place.start + place.end) / 2
        near = _outwards(stretches, bisect_right(ends, middle), middle)
        found: dict[int, None] = {}
        while len(found) < wanted:
            found[int(labels[next(near)])] = None
        yield list(found)


def _outwards(stretches: Sequence[Stretch], first: int, middle: float) -> Iterator[int]:
    """Numbers of stretches by their distance from a frame; `first` ends behind it."""
    left, right = first - 1, first
    while left >= 0 or right < len(stretches):
        before = middle - stretches[left].end if left >= 0 else inf
        after = max(0.0, stretches[right].start - middle) if right < len(stretches) else inf
        if before <= after:
            yield left
            left -= 1
        else:
            yield right
            right += 1


def _spans(tracks: npt.NDArray[np.bool_], duration: float) -> Iterable[VoiceSpan]:
    for voice, track in enumerate(tracks):
        for run in runs(_filled(track)):
            start, end = second_of(run.start), min(second_of(run.end), duration)
            if start < end:
                yield VoiceSpan(TimeSpan(start, end), voice)


def _filled(track: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The track with its short pauses filled."""
    whole = track.copy()
    for gap in runs(~track):
        inside = gap.start > 0 and gap.end < len(track)
        if inside and (gap.end - gap.start) * FRAME <= FILL:
            whole[gap.start : gap.end] = True
    return whole

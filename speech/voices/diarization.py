"""Who speaks when on one channel: `find_voices` is the whole way from sound to voices.

Windows say where voices sound and change; the speech between is cut into stretches; each is
heard once, where nobody speaks over it, and becomes a vector; vectors and windows together say
which voice it is. The work grows with the sound, the memory hardly.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from core.spans import TimeSpan
from speech.audio import Samples
from speech.voices.encoder import OVERLAP, Embeddings, VoiceEncoder
from speech.voices.labelling import SURE, Labelling, label
from speech.voices.segmentation import FRAME, Array, Scene, Segmenter, second_of
from speech.voices.stretches import VOICE, Links, Stretch, find_links, find_stretches, runs

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
        scene = self._segmenter.scene(sound(), duration, voiced)
        stretches = find_stretches(scene)
        embeddings = self._encoder.embed(sound(), stretches, scene.overlap)
        return assembled(scene, stretches, embeddings, duration, count=count)


def assembled(
    scene: Scene,
    stretches: tuple[Stretch, ...],
    embeddings: Embeddings,
    duration: float,
    *,
    count: int,
) -> Voices:
    """Voices out of what both networks said."""
    if not stretches:
        return Voices((), np.zeros((0, embeddings.vectors.shape[1]), dtype=np.float32))
    links = find_links(scene, stretches)
    weights = np.array([each.seconds for each in stretches], dtype=np.float32)
    labelling = label(embeddings, links, weights, count)
    if count > 1 and is_one_voice(labelling, embeddings, links):
        labelling = label(embeddings, links, weights, 1)
    tracks = _tracks(scene, stretches, labelling.labels, len(labelling.voices))
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
    groups = [embeddings.vectors[sure & (labels == each)] for each in np.unique(labels[sure])]
    groups = [group for group in groups if len(group)]
    if len(groups) < 2:
        return True
    told = labels[links.first] != labels[links.second]
    both = sure[links.first] & sure[links.second]
    sameness = links.sameness[told & both]
    link = float(sameness.mean()) if len(sameness) else 0.0
    if min(len(group) for group in groups) < FEWEST:
        return link >= UNTOLD
    return link >= TOLD_APART and _alikeness(groups) >= ALIKE


def _alikeness(groups: Sequence[Array]) -> float:
    """Mean cosine between groups over that within them; the least of all pairs."""
    within = [_mean_within(group) for group in groups]
    return min(
        float((one @ other.T).mean()) / max((within[n] + within[n + 1 + m]) / 2, 1e-9)
        for n, one in enumerate(groups)
        for m, other in enumerate(groups[n + 1 :])
    )


def _mean_within(group: Array) -> float:
    size = len(group)
    total = float(np.square(group.sum(axis=0)).sum())  # of the cosines of all pairs and each self
    return (total - size) / max(size * (size - 1), 1)


def _tracks(
    scene: Scene, stretches: Sequence[Stretch], labels: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.bool_]:
    """Which voice sounds in which frame, shape (voices, frames)."""
    tracks = np.zeros((count, len(scene.voice)), dtype=bool)
    for stretch, voice in zip(stretches, labels, strict=True):
        tracks[voice, stretch.start : stretch.end] = True
    for both in runs((scene.overlap > OVERLAP) & (scene.voice > VOICE)):
        for voice in _nearest_two(stretches, labels, both):
            tracks[voice, both.start : both.end] = True
    return tracks


def _nearest_two(
    stretches: Sequence[Stretch], labels: npt.NDArray[np.int64], place: Stretch
) -> list[int]:
    """The two voices that speak nearest to a place where two speak at once."""
    middle = (place.start + place.end) / 2
    starts = np.array([each.start for each in stretches])
    ends = np.array([each.end for each in stretches])
    away = np.maximum(0, np.maximum(starts - middle, middle - ends))
    return list(dict.fromkeys(int(each) for each in labels[np.argsort(away, kind="stable")]))[:2]


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

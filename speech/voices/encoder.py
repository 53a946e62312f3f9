"""Second pass: each stretch of one voice as a vector, from what nobody else speaks over.

Source: Wan et al., Generalized end-to-end loss for speaker verification (2018); the weights are
Resemblyzer's, trained on 1.6 s of 40 mel bands.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from speech.audio import SAMPLE_RATE_HZ, Samples
from speech.sessions import empty_pool
from speech.voices.mel import BANDS, HOP, SIZE, frame_power, mel_spectrogram
from speech.voices.running import ahead, load_network
from speech.voices.segmentation import Array, Flags, frame_of, second_of
from speech.voices.stretches import Stretch

DIMENSIONS = 256
FRAMES = 160  # mel frames, 1.6 s: what the encoder was trained on
FRAMES_PER_SECOND = 100
LEAST = 0.3  # seconds alone; such short ones went to the right voice in 96 of 100, benchmarks
BATCH = 8  # stretches; 4 to 64 take the same time, 32 another 70 MB
# Mean square that every stretch is brought to: -30 dBFS, Resemblyzer's own; here both up and down,
# so that a quiet channel's voice has the same vector.
LEVEL = 10 ** (-30 / 10)
_QUIETEST = 1e-9  # mean square below which there is nothing to bring up


@dataclass(frozen=True, slots=True, eq=False)
class Embeddings:
    """One row a stretch: `vectors` (stretches, 256), unit length or zero; `seconds` heard alone."""

    vectors: Array
    seconds: Array

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Which stretches have a vector, shape (stretches,)."""
        return self.seconds >= LEAST - 1e-6  # float32 of 0.3


class VoiceEncoder:
    """The voice encoder."""

    def __init__(self, path: Path, *, threads: int = 0) -> None:
        """Load it.

        Raises:
            ModelUnavailable: the file does not load.
        """
        self._session = load_network(path)
        self._threads = threads

    def embed(
        self, blocks: Iterable[Samples], stretches: Sequence[Stretch], overlap: Flags
    ) -> Embeddings:
        """A vector for every stretch that is long enough where one voice sounds alone.

        Args:
            blocks: shape (1, time), 16 kHz, from the beginning.
            overlap: whether two speak, per frame of the scene.
        """
        vectors = np.zeros((len(stretches), DIMENSIONS), dtype=np.float32)
        seconds = np.zeros(len(stretches), dtype=np.float32)
        wanted = self._wanted(blocks, stretches, overlap, seconds)
        batches = iter(lambda: list(islice(wanted, BATCH)), [])
        for batch, found in ahead(self._run, batches, threads=self._threads):
            vectors[[number for number, _ in batch]] = found
        empty_pool(self._session, {"mel": np.zeros((1, FRAMES, BANDS), dtype=np.float32)})
        return Embeddings(vectors, seconds)

    @staticmethod
    def _wanted(
        blocks: Iterable[Samples], stretches: Sequence[Stretch], overlap: Flags, seconds: Array
    ) -> Iterator[tuple[int, Array]]:
        """Number and spectrogram of the stretches with enough of one voice; notes the seconds."""
        for number, sound in enumerate(cut_out(blocks, stretches)):
            alone = _alone(stretches[number], overlap, len(sound))
            seconds[number] = len(alone) / FRAMES_PER_SECOND
            if len(alone) / FRAMES_PER_SECOND >= LEAST:
                yield number, levelled(sound, alone)

    def _run(self, batch: Sequence[tuple[int, Array]]) -> Array:
        """Unit vectors of a batch, shape (stretches, 256)."""
        mels = np.stack([mel for _, mel in batch])  # (stretches, 160, 40)
        found: Array = self._session.run(None, {"mel": mels})[0]
        lengths: Array = np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return found / lengths


def cut_out(blocks: Iterable[Samples], stretches: Sequence[Stretch]) -> Iterator[Samples]:
    """The sound of each stretch, shape (time,), holding no more than is still needed.

    Args:
        stretches: in time order, none overlapping another.
    """
    held: Samples = np.zeros(0, dtype=np.float32)
    begin = 0
    waiting = [(_sample(each.start), _sample(each.end)) for each in stretches][::-1]
    for block in blocks:
        held = np.concatenate([held, block[0]])
        while waiting and waiting[-1][1] <= begin + len(held):
            start, end = waiting.pop()
            yield held[start - begin : end - begin]
        keep = waiting[-1][0] if waiting else begin + len(held)
        drop = min(max(0, keep - begin), len(held))
        held, begin = held[drop:].copy(), begin + drop
    for start, end in reversed(waiting):
        yield held[max(0, start - begin) : max(0, end - begin)]


def levelled(sound: Samples, alone: npt.NDArray[np.int64]) -> Array:
    """The spectrogram of the chosen frames at one loudness, repeated to 1.6 s, shape (160, 40)."""
    chosen = np.resize(alone, FRAMES) if len(alone) < FRAMES else _middle(alone)
    power = float(frame_power(sound)[chosen].mean())
    mel = mel_spectrogram(sound)[chosen] * (LEVEL / max(power, _QUIETEST))
    return mel.astype(np.float32)


def _alone(stretch: Stretch, overlap: Flags, samples: int) -> npt.NDArray[np.int64]:
    """The mel frames of a stretch in which nobody else speaks."""
    if samples < SIZE:
        return np.zeros(0, dtype=np.int64)
    frames = np.arange(samples // HOP)
    seconds = second_of(stretch.start) + frames / FRAMES_PER_SECOND
    scene = np.minimum([frame_of(second) for second in seconds], len(overlap) - 1)
    return frames[~overlap[scene]]


def _middle(frames: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    first = (len(frames) - FRAMES) // 2
    return frames[first : first + FRAMES]


def _sample(frame: int) -> int:
    return round(second_of(frame) * SAMPLE_RATE_HZ)

"""Voice activity: where each channel holds speech, found block by block in bounded memory.

The detector is silero v6, which comes inside faster-whisper (MIT). It judges hops of 32 ms and
remembers a little; that memory is carried from block to block, so a file may be of any length.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from faster_whisper.vad import get_vad_model  # type: ignore[import-untyped]  # no stubs

from core.spans import TimeSpan
from speech.audio import SAMPLE_RATE_HZ, Samples
from speech.series import Series

HOP_SAMPLES = 512  # silero's frame at 16 kHz
HOP = HOP_SAMPLES / SAMPLE_RATE_HZ  # seconds
_CONTEXT_SAMPLES = 64  # of the frame before, which silero wants to see again

VOICE = 0.5  # silero's own default threshold
NO_VOICE = 0.35  # silero's default: 0.15 below the other, so that a voice does not flicker
PAUSE = 0.3  # seconds; shorter silences are inside a phrase (stops, breath), by reading 1 call
SHORTEST = 0.1  # seconds; clicks are shorter; silero's own default is 0.25, which loses 'no'
SILENCE_DBFS = -120.0  # of digital zero, where a logarithm has no value
SAME_SOUND = 0.98  # correlation of two channels that carry one sound: 4 % of energy differs


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """What one pass over the sound found.

    `voiced` has a tuple of spans per channel, in time order; `levels` an array per channel in
    dBFS, shape (hops,), one hop being 32 ms; `is_one_sound` is set when both channels carry the
    same.
    """

    voiced: tuple[tuple[TimeSpan, ...], ...]
    levels: tuple[npt.NDArray[np.float32], ...]
    is_one_sound: bool


def listen(blocks: Iterable[Samples], channels: int) -> Activity:
    """Measure voice, level and likeness of the channels in one pass.

    Args:
        blocks: shape (channels, time), 16 kHz, in order.
    """
    meters = [VoiceMeter() for _ in range(channels)]
    likeness = Likeness()
    for block in blocks:
        likeness.add(block)
        for meter, samples in zip(meters, block, strict=True):
            meter.add(samples)
    for meter in meters:
        meter.finish()
    return Activity(
        voiced=tuple(voiced_spans(meter.probabilities) for meter in meters),
        levels=tuple(meter.levels for meter in meters),
        is_one_sound=likeness.is_one_sound,
    )


class VoiceMeter:
    """The probability of a voice, and the level, in every hop of one channel."""

    def __init__(self) -> None:
        self._model = get_vad_model()
        self._state = np.zeros((2, 1, 1, 128), dtype=np.float32)  # silero's LSTM: h and c
        self._context = np.zeros(_CONTEXT_SAMPLES, dtype=np.float32)
        self._rest: Samples = np.zeros(0, dtype=np.float32)
        self._probabilities, self._levels = Series(), Series()

    @property
    def probabilities(self) -> npt.NDArray[np.float32]:
        """Shape (hops,), 0..1."""
        return self._probabilities.numbers

    @property
    def levels(self) -> npt.NDArray[np.float32]:
        """Shape (hops,), dBFS."""
        return self._levels.numbers

    def add(self, samples: Samples) -> None:
        """Take the next samples, shape (time,)."""
        samples = np.concatenate([self._rest, samples])
        whole = len(samples) // HOP_SAMPLES * HOP_SAMPLES
        self._rest = samples[whole:]
        if whole:
            self._judge(samples[:whole].reshape(-1, HOP_SAMPLES))  # (hops, 512)

    def finish(self) -> None:
        """Judge what is left, filled up with silence."""
        if len(self._rest):
            self.add(np.zeros(HOP_SAMPLES - len(self._rest), dtype=np.float32))

    def _judge(self, hops: Samples) -> None:
        before = np.vstack([self._context, hops[:-1, -_CONTEXT_SAMPLES:]])  # (hops, 64)
        self._context = hops[-1, -_CONTEXT_SAMPLES:]
        frames = np.hstack([before, hops])  # (hops, 576)
        found, h, c = self._model.session.run(
            None, {"input": frames, "h": self._state[0], "c": self._state[1]}
        )
        self._state = np.stack([h, c])
        self._probabilities.add(found.reshape(-1))
        self._levels.add(level_dbfs(hops))


class Likeness:
    """Whether two channels carry one sound, from running sums."""

    def __init__(self) -> None:
        self._products = np.zeros((2, 2))

    def add(self, block: Samples) -> None:
        """Take the next block, shape (channels, time)."""
        if len(block) == 2:
            self._products += block.astype(np.float64) @ block.T.astype(np.float64)

    @property
    def is_one_sound(self) -> bool:
        """True for two channels that are equal up to loudness; silence is like nothing."""
        (left, both), (_, right) = self._products
        return bool(left > 0 and right > 0 and both / np.sqrt(left * right) >= SAME_SOUND)


def level_dbfs(hops: Samples) -> npt.NDArray[np.float32]:
    """Root mean square of each row in dB below full scale, shape (rows,)."""
    power = np.mean(np.square(hops, dtype=np.float64), axis=1)
    levels: npt.NDArray[np.float64] = 10 * np.log10(power + 10 ** (SILENCE_DBFS / 10))
    return levels.astype(np.float32)


def voiced_spans(probabilities: npt.NDArray[np.float32]) -> tuple[TimeSpan, ...]:
    """Stretches of speech: begun above one threshold, ended by a pause below another.

    Args:
        probabilities: of a voice, shape (hops,).
    """
    spans: list[TimeSpan] = []
    begin = last = -1  # hop numbers; begin < 0: nobody speaks
    for hop, probability in enumerate(probabilities):
        if probability >= VOICE and begin < 0:
            begin = hop
        if begin >= 0 and probability >= NO_VOICE:
            last = hop + 1
        elif begin >= 0 and (hop + 1 - last) * HOP >= PAUSE:
            spans.append(TimeSpan(begin * HOP, last * HOP))
            begin = -1
    if begin >= 0:
        spans.append(TimeSpan(begin * HOP, last * HOP))
    return tuple(span for span in spans if span.duration >= SHORTEST)


def median_level(levels: npt.NDArray[np.float32], spans: Sequence[TimeSpan]) -> float:
    """Median level of one channel (hops,) inside the spans, in dBFS; silence without any."""
    inside = [levels[hop_of(span.start) : hop_of(span.end)] for span in spans]
    heard = np.concatenate([levels[:0], *inside])
    return float(np.median(heard)) if len(heard) else SILENCE_DBFS


def hop_of(second: float) -> int:
    """The number of the hop nearest to a second."""
    return round(second / HOP)

"""Sounds for benchmarks: read whole, and written again as a telephone carries them."""

from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from speech.audio import SAMPLE_RATE_HZ, Reading, Samples, probe


def load(path: Path) -> Samples:
    """A file's first channel, shape (time,), 16 kHz."""
    blocks = Reading(probe(path, max_hours=1), max_hours=1).blocks()
    samples: Samples = np.concatenate(list(blocks), axis=1)[0]
    return samples


def save(samples: Samples, path: Path, *, codec: str, rate: int) -> Path:
    """Write samples of shape (time,), 16 kHz, as a WAV of this coding and rate."""
    frame = AudioFrame.from_ndarray(samples[None].copy(), format="fltp", layout="mono")
    frame.sample_rate = SAMPLE_RATE_HZ
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        if not isinstance(stream, AudioStream):
            raise TypeError(f"{codec} is no coding of sound")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path

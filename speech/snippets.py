"""A few seconds of a recording as a file of their own, for those who may not hear the rest."""

import wave
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from core.errors import BadAudio
from core.spans import TimeSpan
from speech.audio import SAMPLE_RATE_HZ, AudioFile, Reading, Samples

LOUDEST = 32767  # of 16 bits
SLACK_HOURS = (
    1.0  # the limit was checked when the recording came in; it may have been lowered since
)


def cut(file: AudioFile, span: TimeSpan, target: Path) -> float:
    """Write the seconds of `span` to `target`, as WAV of 16 bits, 16 kHz; how many they are.

    The sound is read from its beginning, as it was when it was written down, so that the seconds
    are the transcript's own also where a coding cannot jump to them exactly. No more than a block
    is held in memory.

    Raises:
        BadAudio: the sound ends before the span begins, or cannot be read.
    """
    count = 0
    with wave.open(str(target), "wb") as out:
        out.setnchannels(file.channels)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE_HZ)
        for part in _parts(file, span):
            out.writeframes(_packed(part))
            count += part.shape[1]
    if not count:
        target.unlink(missing_ok=True)
        raise BadAudio(f"{file.path.name} has no sound from second {span.start:.1f} on")
    return count / SAMPLE_RATE_HZ


def _parts(file: AudioFile, span: TimeSpan) -> Iterator[Samples]:
    """The samples in the span, block by block: float32 (channels, time), 16 kHz."""
    first, last = round(span.start * SAMPLE_RATE_HZ), round(span.end * SAMPLE_RATE_HZ)
    reading = Reading(file, max_hours=(file.duration or span.end) / 3600 + SLACK_HOURS)
    place = 0
    with closing(reading.blocks()) as blocks:
        for block in blocks:
            if (part := block[:, max(0, first - place) : max(0, last - place)]).shape[1]:
                yield part
            place += block.shape[1]
            if place >= last:
                return


def _packed(samples: Samples) -> bytes:
    """(channels, time) → interleaved little-endian integers of 16 bits."""
    return np.rint(np.clip(samples.T, -1.0, 1.0) * LOUDEST).astype("<i2").tobytes()

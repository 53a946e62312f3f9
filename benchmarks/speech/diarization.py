"""The diarization error rate, and references to judge by: a standard measure in a page of code.

Our own, because the library that has it brings pandas and matplotlib.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.spans import TimeSpan
from speech.activity import listen
from speech.audio import SAMPLE_RATE_HZ, Samples
from speech.voices.diarization import VoiceSpan

FRAMES_PER_SECOND = 100
COLLAR = 0.25  # seconds to each side of a boundary in the reference that are not judged
# A channel speaks where it is louder than this, pauses up to 0.3 s filled, bursts below 0.1 s left
# out. The channels of the call are silent at -60 dBFS and below.
LOUD_DBFS = -40.0
PAUSE = 0.3
BURST = 0.1
Tracks = npt.NDArray[np.bool_]  # (speakers, frames of 10 ms)


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Shares of the reference's speech: missed, invented, and given to the wrong speaker."""

    missed: float
    invented: float
    confused: float

    @property
    def total(self) -> float:
        """The diarization error rate."""
        return self.missed + self.invented + self.confused

    def __str__(self) -> str:
        return (
            f"DER {self.total:.4f} (missed {self.missed:.4f}, invented {self.invented:.4f}, "
            f"wrong speaker {self.confused:.4f})"
        )


def error_rate(reference: Tracks, found: Tracks, *, collar: float = 0.0) -> ErrorRate:
    """NIST's diarization error rate, under the best of all pairings of speakers.

    Args:
        reference: who speaks in each frame.
        found: likewise, as many frames.
        collar: seconds to each side of the reference's boundaries that are left out.

    Source: NIST, The 2009 (RT-09) rich transcription evaluation plan, section 6.
    """
    judged = _outside_collars(reference, round(collar * FRAMES_PER_SECOND))
    size = max(len(reference), len(found))
    truth = _padded(reference, size)[:, judged]
    ours = _padded(found, size)[:, judged]
    shared = truth.astype(np.int64) @ ours.T.astype(np.int64)  # frames, (truth, ours)
    best = max(
        itertools.permutations(range(size)),
        key=lambda order: sum(shared[n, m] for n, m in enumerate(order)),
    )
    right = (truth & ours[list(best)]).sum(axis=0)
    said, heard = truth.sum(axis=0), ours.sum(axis=0)
    speech = max(1, int(said.sum()))
    return ErrorRate(
        missed=float(np.maximum(0, said - heard).sum() / speech),
        invented=float(np.maximum(0, heard - said).sum() / speech),
        confused=float((np.minimum(said, heard) - right).sum() / speech),
    )


def energy_reference(channels: Samples) -> Tracks:
    """Who speaks when, from the loudness of clean channels, shape (channels, frames)."""
    size = SAMPLE_RATE_HZ // FRAMES_PER_SECOND
    frames = channels.shape[1] // size
    rows = []
    for channel in channels:
        power = np.square(channel[: frames * size].reshape(frames, size)).mean(axis=1)
        smooth = np.convolve(power, np.ones(3) / 3, mode="same")
        rows.append(_mended(10 * np.log10(smooth + 1e-12) > LOUD_DBFS))
    return np.stack(rows)


def voice_reference(channels: Samples) -> Tracks:
    """Likewise from silero, which our own hearing uses and which leaves out loud sounds."""
    spans = listen([channels], len(channels)).voiced
    made = (VoiceSpan(span, n) for n, of_one in enumerate(spans) for span in of_one)
    return tracks_of(tuple(made), channels.shape[1] * FRAMES_PER_SECOND // SAMPLE_RATE_HZ)


def read_rttm(path: Path, duration: float) -> Tracks:
    """An RTTM file's speakers, in order of appearance."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    order = list(dict.fromkeys(row[7] for row in rows))
    spans = (
        VoiceSpan(TimeSpan(float(row[3]), float(row[3]) + float(row[4])), order.index(row[7]))
        for row in rows
    )
    return tracks_of(tuple(spans), round(duration * FRAMES_PER_SECOND))


def tracks_of(spans: Sequence[VoiceSpan], frames: int) -> Tracks:
    """Spans as frames of 10 ms."""
    tracks = np.zeros((1 + max((each.voice for each in spans), default=0), frames), dtype=bool)
    for each in spans:
        start, end = (round(s * FRAMES_PER_SECOND) for s in (each.span.start, each.span.end))
        tracks[each.voice, start:end] = True
    return tracks


def _outside_collars(reference: Tracks, collar: int) -> npt.NDArray[np.bool_]:
    judged = np.ones(reference.shape[1], dtype=bool)
    if not collar:
        return judged
    for track in reference:
        for edge in np.flatnonzero(np.diff(track, prepend=False, append=False)):
            judged[max(0, edge - collar) : edge + collar] = False
    return judged


def _padded(tracks: Tracks, size: int) -> Tracks:
    return np.pad(tracks, ((0, size - len(tracks)), (0, 0)))


def _mended(track: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The track with pauses filled first, then bursts left out."""
    for value, seconds in ((False, PAUSE), (True, BURST)):
        edges = np.flatnonzero(np.diff(track == value, prepend=False, append=False))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            is_edge = not value and (start == 0 or end == len(track))
            if not is_edge and end - start <= seconds * FRAMES_PER_SECOND:
                track[start:end] = not value
    return track

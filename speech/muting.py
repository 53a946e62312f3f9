"""Muting: a copy of a recording in which stretches are silent and every other second is the same.

The copy is written frame by frame, so a call of hours takes no more memory than one of seconds.
Times do not move. The fades lie outside the stretches, so nothing of them is left to hear.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from errno import ENOSPC
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame, format_dtypes
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError

from core.errors import BadAudio, BadInput, Unavailable
from core.recording import Mute
from core.spans import joined
from speech.audio import MISSING_SECONDS, AudioFile, Reading, open_container, sound_stream

FADE = 0.01  # seconds, either side: a cut at full level clicks, and 10 ms are below a syllable
UNSIGNED_ZERO = 128  # silence in 8-bit sound, which has no sign
# What is written again in its own coding: codec → the name ffmpeg writes it by. The codings that
# browsers do not play (GSM, G.726, ADPCM) and that ffmpeg writes badly (Vorbis) become FLAC.
KEPT = {"flac": "flac", "alac": "alac", "mp3": "libmp3lame", "mp3float": "libmp3lame",
        "aac": "aac", "opus": "libopus", "libopus": "libopus"}  # fmt: skip
# What ffmpeg calls a file's format when reading → the format it is written in.
CONTAINERS = {"wav": "wav", "w64": "w64", "mp3": "mp3", "flac": "flac", "ogg": "ogg",
              "aiff": "aiff", "au": "au", "aac": "adts", "matroska,webm": "matroska",
              "mov,mp4,m4a,3gp,3g2,mj2": "ipod"}  # fmt: skip
LOSSY = {"libmp3lame", "aac", "libopus"}
Frame: TypeAlias = npt.NDArray[Any]  # (channels, time), in the file's own sample type


@dataclass(frozen=True, slots=True)
class Muted:
    """What was written: `seconds` of it are silenced; `note` says so when the format changed."""

    container: str
    codec: str
    seconds: float
    note: str


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch in samples of the file's own rate, on one channel or on all."""

    begin: int
    end: int
    channel: int | None


def mute(file: AudioFile, mutes: Sequence[Mute], target: Path) -> Muted:
    """Write a copy of `file` to `target` in which the stretches are silent.

    What lies behind the end of the sound is ignored. A damaged packet becomes silence of its
    length, as it does when the call is heard.

    Raises:
        BadInput: a channel is named that the file has not.
        BadAudio: nothing of the file can be read or written; nothing is left behind.
        Unavailable: the disk is full.
    """
    check_channels(file, mutes)
    container, codec = _format(file)
    try:
        length = _write(file, mutes, target, container, codec)
    except (FFmpegError, ValueError, BadAudio) as error:
        target.unlink(missing_ok=True)
        if getattr(error, "errno", None) == ENOSPC:
            raise Unavailable("the disk is full; nothing was silenced", retryable=True) from error
        raise BadAudio(f"{file.path.name} could not be silenced: {error}") from error
    return Muted(container, codec, _silenced(mutes, length), _note(file, codec))


def gains(holes: Sequence[Hole], begin: int, shape: tuple[int, int], fade: int) -> Frame | None:
    """How loud each sample stays, 0..1, shape (channels, time); None when all stay as they are.

    Args:
        begin: the number of the first sample.
        fade: samples over which the sound goes and comes, outside the holes.
    """
    size = shape[1]
    near = [h for h in holes if h.begin - fade < begin + size and begin < h.end + fade]
    if not near:
        return None
    places = np.arange(begin, begin + size)
    gain = np.ones(shape)
    for hole in near:
        away = np.maximum(hole.begin - places, places - (hole.end - 1))  # <= 0 inside
        wanted = np.clip(away / fade, 0.0, 1.0)
        rows = slice(None) if hole.channel is None else slice(hole.channel, hole.channel + 1)
        gain[rows] = np.minimum(gain[rows], wanted)
    return gain


def quieted(samples: Frame, gain: Frame) -> Frame:
    """The samples times the gain, those at gain 1 bit for bit as they were."""
    zero = UNSIGNED_ZERO if samples.dtype == np.uint8 else 0
    made = (samples.astype(np.float64) - zero) * gain + zero
    if not np.issubdtype(samples.dtype, np.floating):
        made = np.rint(made)
    return np.where(gain == 1.0, samples, made.astype(samples.dtype))


def check_mutes(file: AudioFile, mutes: Sequence[Mute], *, max_hours: float) -> None:
    """Whether what is to be silenced is there.

    Raises:
        BadInput: the file has no such channel, or ends before.
        BadAudio: nothing of the sound that it promises is there.
    """
    check_channels(file, mutes)
    latest = max((mute.span.end for mute in mutes), default=0.0)
    ends = file.duration or 0.0
    if latest > ends + MISSING_SECONDS:  # some codings only estimate their length
        reading = Reading(file, max_hours=max_hours)
        for _ in reading.blocks():
            ends = max(ends, reading.duration)
    if latest > ends + MISSING_SECONDS:
        raise BadInput(
            f"{latest:.1f} s of {file.path.name} cannot be silenced: the recording ends at "
            f"{ends:.1f} s"
        )


def check_channels(file: AudioFile, mutes: Sequence[Mute]) -> None:
    """Raise BadInput when a channel is to be silenced that the file has not."""
    for each in mutes:
        if each.channel is not None and not 0 <= each.channel < file.channels:
            raise BadInput(
                f"{file.path.name} has {file.channels} channel(s), so there is no channel "
                f"{each.channel + 1} to silence"
            )


def _holes(mutes: Sequence[Mute], rate: int) -> tuple[Hole, ...]:
    return tuple(
        Hole(floor(m.span.start * rate), max(ceil(m.span.end * rate), 1), m.channel)
        for m in mutes
        if m.span.duration > 0
    )


def _format(file: AudioFile) -> tuple[str, str]:
    """The container and the codec of the copy: the file's own where they can be written."""
    container = CONTAINERS.get(file.container)
    codec = file.codec if file.codec.startswith("pcm_") else KEPT.get(file.codec)
    return (container, codec) if container and codec else ("flac", "flac")


def _note(file: AudioFile, codec: str) -> str:
    if codec == "flac" and file.codec != "flac":
        return f"The silenced copy is FLAC, as {file.codec} cannot be written again."
    if codec in LOSSY:
        return f"The silenced copy was encoded again, as {file.codec.removesuffix('float')}."
    return ""


def _silenced(mutes: Sequence[Mute], length: float) -> float:
    spans = joined(each.span for each in mutes)
    return round(sum(max(0.0, min(s.end, length) - s.start) for s in spans), 3)


class _Passing:
    """The holes near the samples that go by, so that a block costs the same in a long call."""

    def __init__(self, holes: Sequence[Hole]) -> None:
        self._coming = deque(sorted(holes, key=lambda hole: hole.begin))
        self._near: list[Hole] = []

    def near(self, begin: int, size: int, fade: int) -> Sequence[Hole]:
        """Those that reach into these samples; `begin` never goes back."""
        while self._coming and self._coming[0].begin - fade < begin + size:
            self._near.append(self._coming.popleft())
        self._near = [hole for hole in self._near if begin < hole.end + fade]
        return self._near


class _Copy:
    """The file that is written; it takes its rate and channels from the first frame."""

    def __init__(self, out: OutputContainer, codec: str, file: AudioFile, rate: int) -> None:
        layout = "mono" if file.channels == 1 else "stereo"
        made = out.add_stream(codec, rate=rate, layout=layout)
        if not isinstance(made, AudioStream):
            raise BadAudio(f"{codec} is no coding of sound")
        self._out, self._stream, self._layout = out, made, layout
        self.rate, self.place = rate, 0

    def add(self, samples: Frame, kind: str) -> None:
        """Write the next samples."""
        packed = samples if kind.endswith("p") else samples.T.reshape(1, -1)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(packed), kind, self._layout)
        frame.sample_rate, frame.pts = self.rate, self.place
        frame.time_base = Fraction(1, self.rate)
        self._out.mux(self._stream.encode(frame))
        self.place += samples.shape[1]

    def finish(self) -> float:
        """Write what the encoder still holds; how many seconds it all is."""
        self._out.mux(self._stream.encode(None))
        return self.place / self.rate


def _write(
    file: AudioFile, mutes: Sequence[Mute], target: Path, container: str, codec: str
) -> float:
    """Copy the sound; how many seconds it is."""
    with av.open(str(target), "w", format=container) as out:
        copy: _Copy | None = None
        holes = _Passing(())
        for samples, kind, rate in _frames(file):
            if copy is None:
                copy = _Copy(out, codec, file, rate)
                holes = _Passing(_holes(mutes, rate))
            fade = round(FADE * rate)
            near = holes.near(copy.place, samples.shape[1], fade)
            gain = gains(near, copy.place, samples.shape, fade)
            copy.add(samples if gain is None else quieted(samples, gain), kind)
        if copy is None:
            raise BadAudio("it holds no sound")
        return copy.finish()


def _frames(file: AudioFile) -> Iterator[tuple[Frame, str, int]]:
    """The sound as it was encoded: samples, the name of their type, and their rate."""
    with open_container(file.path) as container:
        stream = sound_stream(container, file.path)
        kind, rate = "", stream.rate
        try:
            for packet in container.demux(stream):
                try:
                    frames = packet.decode()
                except FFmpegError:  # a damaged packet: silence takes its place, so times hold
                    if kind:
                        yield (
                            _silence(file.channels, packet.duration, stream, kind, rate),
                            kind,
                            rate,
                        )
                    continue
                for frame in frames:
                    kind, rate = kind or frame.format.name, frame.sample_rate
                    yield _samples(frame, file.channels, kind), kind, rate
        except (FFmpegError, ValueError):  # breaks off here, or changes its format half-way
            return


def _samples(frame: AudioFrame, channels: int, kind: str) -> Frame:
    """Shape (channels, time).

    Raises:
        ValueError: the frame is of another kind than those before it.
    """
    if frame.format.name != kind or frame.layout.nb_channels != channels:
        raise ValueError("the sound changes its format half-way")
    array = frame.to_ndarray()
    return array if kind.endswith("p") else array.reshape(-1, channels).T


def _silence(channels: int, ticks: int | None, stream: AudioStream, kind: str, rate: int) -> Frame:
    seconds = float((ticks or 0) * (stream.time_base or 0))
    zero = UNSIGNED_ZERO if kind.startswith("u8") else 0
    return np.full((channels, round(seconds * rate)), zero, dtype=format_dtypes[kind])

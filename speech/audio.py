"""Audio in: what a file holds, and its sound in blocks, so that memory stays bounded.

PyAV reads it (WAV in any coding, MP3, FLAC, OGG, Opus, M4A). ffmpeg would also open playlists,
which name other files and addresses, so the formats are listed and everything else is refused.
"""

import hashlib
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError

from core.errors import BadAudio
from speech.containers import claimed_seconds, is_cut_short

Samples: TypeAlias = npt.NDArray[np.float32]  # (channels, time) or (time,), 16 kHz, -1..1

SAMPLE_RATE_HZ = 16_000  # what the recognisers and the voice detector want
BLOCK_SECONDS = 30.0  # 3.8 MB for two channels
READABLE = "WAV, MP3, FLAC, OGG, Opus or M4A"
MISSING_SECONDS = 0.5  # codecs pad by up to 0.1 s; less missing than this is no damage
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 4_000, 384_000  # telephones have 8,000, studios up to 192,000
_OPTIONS = {
    "format_whitelist": "wav,w64,mp3,flac,ogg,mov,aac,matroska,aiff,au",
    "protocol_whitelist": "file",
}


@dataclass(frozen=True, slots=True)
class AudioFile:
    """What the container says; `duration` is its claim in seconds, None when it makes none."""

    path: Path
    container: str
    codec: str
    channels: int
    sample_rate_hz: int
    duration: float | None


def fingerprint(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def probe(path: Path, *, max_hours: float) -> AudioFile:
    """Look at a file without decoding it.

    Raises:
        BadAudio: empty, unreadable, not sound, three channels or more, or too long.
    """
    _check_size(path)
    with open_container(path) as container:
        stream = sound_stream(container, path)
        file = AudioFile(
            path=path,
            container=container.format.name,
            codec=stream.codec_context.name,
            channels=stream.channels,
            sample_rate_hz=stream.rate,
            duration=claimed_seconds(path, container.duration),
        )
    _check_channels(file)
    _check_rate(file)
    _check_length(path, file.duration or 0.0, max_hours)
    return file


class Reading:
    """One pass through a file's sound.

    After `blocks` is used up, `duration` is the length in seconds of what could be decoded and
    `incomplete_at` the second where a damaged file breaks, None for a whole one.
    """

    def __init__(self, file: AudioFile, *, max_hours: float) -> None:
        self.incomplete_at: float | None = None
        self._samples_read = 0
        self._file = file
        self._max_hours = max_hours

    @property
    def duration(self) -> float:
        """Seconds decoded so far."""
        return self._samples_read / SAMPLE_RATE_HZ

    def blocks(self, seconds: float = BLOCK_SECONDS) -> Generator[Samples, None, None]:
        """The sound in order, in blocks of `seconds` (the last is shorter).

        Raises:
            BadAudio: nothing of the sound a header promises is there, or it exceeds the limit.
        """
        size = round(seconds * SAMPLE_RATE_HZ)
        held: list[Samples] = []
        count = 0
        for chunk in self._chunks():
            held.append(chunk)
            count += chunk.shape[1]
            if count < size:
                continue
            sound = np.concatenate(held, axis=1)  # (channels, time)
            while sound.shape[1] >= size:
                yield sound[:, :size]
                sound = sound[:, size:]
            held, count = [sound], sound.shape[1]
        if held and (rest := np.concatenate(held, axis=1)).shape[1]:
            yield rest
        self._judge()

    def _chunks(self) -> Iterator[Samples]:
        with open_container(self._file.path) as container:
            stream = sound_stream(container, self._file.path)
            layout = "mono" if self._file.channels == 1 else "stereo"
            resampler = AudioResampler("fltp", layout, SAMPLE_RATE_HZ)
            for chunk in self._decoded(container, stream, resampler):
                self._samples_read += chunk.shape[1]
                _check_length(self._file.path, self.duration, self._max_hours)
                yield chunk

    def _decoded(
        self, container: InputContainer, stream: AudioStream, resampler: AudioResampler
    ) -> Iterator[Samples]:
        first: tuple[int, int] | None = None
        try:
            for packet in container.demux(stream):
                try:
                    frames = packet.decode()
                except FFmpegError:  # a damaged packet: silence takes its place, so times hold
                    self._note_break()
                    yield _silence(self._file.channels, packet.duration, stream.time_base)
                    continue
                for frame in frames:
                    first = first or _form(frame)
                    if _form(frame) != first:  # the resampler would pass it through unseen
                        raise ValueError(f"from {first} to {_form(frame)}")
                    yield from _arrays(resampler.resample(frame))
        except (FFmpegError, ValueError):  # breaks off here, or changes its format half-way
            self._note_break()
        yield from _arrays(resampler.resample(None))

    def _note_break(self) -> None:
        if self.incomplete_at is None:
            self.incomplete_at = round(self.duration, 2)

    def _judge(self) -> None:
        claimed = self._file.duration or 0.0
        if self.duration == 0.0 and claimed > 0.0:
            raise BadAudio(
                f"{self._file.path.name} promises {claimed:.1f} s of sound and holds none; "
                "copy it again from where it was recorded"
            )
        if self.duration < claimed - MISSING_SECONDS or is_cut_short(self._file.path):
            self._note_break()


def _arrays(frames: Iterable[AudioFrame]) -> Iterator[Samples]:
    return (frame.to_ndarray().astype(np.float32, copy=False) for frame in frames)


def _form(frame: AudioFrame) -> tuple[int, int]:
    """Rate and channels of a frame, which stay the same in a whole file."""
    return frame.sample_rate, frame.layout.nb_channels


def _silence(channels: int, ticks: int | None, tick: Fraction | None) -> Samples:
    seconds = min(max(0.0, float((ticks or 0) * (tick or 0))), BLOCK_SECONDS)  # it may lie
    return np.zeros((channels, round(seconds * SAMPLE_RATE_HZ)), dtype=np.float32)


def open_container(path: Path) -> InputContainer:
    """The file, opened; the caller closes it.

    Raises:
        BadAudio: it is no sound that can be read.
    """
    try:
        return av.open(
            str(path),
            mode="r",
            options=dict(_OPTIONS),
            metadata_errors="replace",  # tags may be in any encoding, and nobody reads them here
        )
    except (FFmpegError, ValueError) as error:  # UnicodeError is a ValueError
        raise BadAudio(
            f"{path.name} is not sound that can be read; Parley reads {READABLE}. If it was cut "
            "off while being copied, copy it again; otherwise export it as WAV"
        ) from error


def sound_stream(container: InputContainer, path: Path) -> AudioStream:
    """The first stream of sound.

    Raises:
        BadAudio: there is none.
    """
    if not container.streams.audio:
        raise BadAudio(f"{path.name} holds no sound ({container.format.name})")
    stream = container.streams.audio[0]
    if getattr(stream, "codec_context", None) is None:  # a coding that ffmpeg does not know
        raise BadAudio(f"{path.name} is in a coding that cannot be read; export it as WAV")
    return stream


def _check_size(path: Path) -> None:
    if not path.is_file():
        raise BadAudio(f"{path} is not a file; name an audio file ({READABLE})")
    if path.stat().st_size == 0:
        raise BadAudio(f"{path.name} is empty (0 bytes); copy it again from where it was recorded")


def _check_channels(file: AudioFile) -> None:
    if not 1 <= file.channels <= 2:
        raise BadAudio(
            f"{file.path.name} has {file.channels} channels; Parley reads one (mono) or two (agent "
            "and customer). Mix it down, or export one file per party pair"
        )


def _check_rate(file: AudioFile) -> None:
    """A header that lies about the rate would turn a second of sound into hours."""
    if not LOWEST_RATE_HZ <= file.sample_rate_hz <= HIGHEST_RATE_HZ:
        raise BadAudio(
            f"{file.path.name} claims {file.sample_rate_hz} samples a second, which no recorder "
            "makes; copy it again from where it was recorded"
        )


def _check_length(path: Path, seconds: float, max_hours: float) -> None:
    if seconds > max_hours * 3600:
        raise BadAudio(
            f"{path.name} is longer than the limit of {max_hours:g} hours "
            f"({seconds / 3600:.2f} hours so far); cut it, or raise PARLEY_MAX_RECORDING_HOURS"
        )

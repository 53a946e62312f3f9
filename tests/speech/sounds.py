"""Sounds for tests: made here, encoded by PyAV, spoken by Debian's flite."""

import shutil
import subprocess
import wave
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

RATE = 16_000
SHARED = Path(__file__).parents[3] / "shared" / "data"
Sound = npt.NDArray[np.float32]


def tone(seconds: float, hertz: float = 440.0, loud: float = 0.3) -> Sound:
    """A sine, shape (1, time)."""
    return (loud * np.sin(2 * np.pi * hertz * _clock(seconds))).astype(np.float32)[None]


def silence(seconds: float, channels: int = 1) -> Sound:
    """Digital zero, shape (channels, time)."""
    return np.zeros((channels, round(seconds * RATE)), dtype=np.float32)


def beside(*channels: Sound) -> Sound:
    """Several mono sounds as the channels of one, filled up to the longest."""
    longest = max(sound.shape[1] for sound in channels)
    return np.vstack([np.pad(sound, ((0, 0), (0, longest - sound.shape[1]))) for sound in channels])


def after(*sounds: Sound) -> Sound:
    """Sounds one after another."""
    return np.concatenate(sounds, axis=1)


def write(path: Path, sound: Sound, codec: str = "pcm_s16le", rate: int = RATE) -> Path:
    """Encode a sound of shape (channels, time) at 16 kHz."""
    layout = {1: "mono", 2: "stereo", 3: "3.0"}[len(sound)]
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(sound), format="fltp", layout=layout)
    frame.sample_rate = RATE
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        assert isinstance(stream, AudioStream)
        stream.layout = layout
        size = stream.codec_context.frame_size or None
        resampler = AudioResampler(stream.format.name, layout, rate, frame_size=size)
        parts = [*(resampler.resample(frame) if sound.shape[1] else []), *resampler.resample(None)]
        for part in [*parts, None]:
            container.mux(stream.encode(part))
    return path


def write_nothing(path: Path) -> Path:
    """A whole WAV file of 0 seconds on two channels."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8_000)
    return path


def say(text: str, folder: Path, voice: str = "slt") -> Sound:
    """A synthetic voice, shape (1, time); flite must be installed."""
    path = folder / "said.wav"
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
    return read(path)


def read(path: Path) -> Sound:
    """A file's sound at 16 kHz, shape (channels, time)."""
    with av.open(str(path)) as container:
        resampler = AudioResampler("fltp", None, RATE)
        frames = [f for each in container.decode(audio=0) for f in resampler.resample(each)]
        frames += resampler.resample(None)
        return np.concatenate([frame.to_ndarray() for frame in frames], axis=1).astype(np.float32)


def has_flite() -> bool:
    """Whether the synthesiser is there."""
    return shutil.which("flite") is not None


def _clock(seconds: float) -> npt.NDArray[np.float64]:
    return np.arange(round(seconds * RATE)) / RATE

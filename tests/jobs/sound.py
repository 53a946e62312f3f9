"""Calls that tests make: a buzz with formants, which the voice detector takes for a voice."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE_HZ = 16_000
# First three formants of five vowels, Peterson and Barney (1952), rounded.
VOWELS = (
    (700, 1220, 2600),
    (300, 2300, 3000),
    (500, 900, 2400),
    (400, 2000, 2550),
    (350, 800, 2200),
)
Floats = npt.NDArray[np.float64]


def call_file(
    path: Path, *voiced: tuple[int, float, float], channels: int = 2, seconds: float = 6.0
) -> Path:
    """Write a WAV file in which a voice sounds on (channel, start, end); else it is silent."""
    sound = np.zeros((channels, round(seconds * RATE_HZ)))
    for number, (channel, start, end) in enumerate(voiced):
        made = _voice(end - start, np.random.default_rng(number), pitch_hz=120 + 60 * channel)
        begin = round(start * RATE_HZ)
        sound[channel, begin : begin + len(made)] = made
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((sound.T * 32767).astype("<i2").tobytes())
    return path


def _voice(seconds: float, random: np.random.Generator, *, pitch_hz: float) -> Floats:
    parts: list[Floats] = []
    while sum(len(part) for part in parts) < seconds * RATE_HZ:
        parts.append(random.normal(size=800) * 0.1 * np.hanning(800))  # a consonant, 50 ms
        parts.append(_vowel(random, pitch_hz))
    joined: Floats = np.concatenate(parts)[: round(seconds * RATE_HZ)] * 0.4
    return joined


def _vowel(random: np.random.Generator, pitch_hz: float) -> Floats:
    size = round(random.uniform(0.12, 0.25) * RATE_HZ)
    bend = 1 + 0.15 * np.sin(np.pi * np.arange(size) / size) + 0.05 * random.normal()
    beats = np.floor(np.cumsum(pitch_hz * bend) / RATE_HZ)
    sound: Floats = np.zeros(size)
    sound[np.nonzero(np.diff(beats))[0]] = 1.0
    for formant, width in zip(VOWELS[random.integers(len(VOWELS))], (80, 100, 150), strict=True):
        sound = np.convolve(sound, _resonance(formant, width))[:size]
    sound *= np.hanning(size) ** 0.3
    made: Floats = sound / (np.abs(sound).max() + 1e-9)
    return made


def _resonance(formant: float, width: float) -> Floats:
    steps = np.arange(800)
    fall = np.exp(-np.pi * width / RATE_HZ)
    angle = 2 * np.pi * formant / RATE_HZ
    made: Floats = (1 - fall) * fall**steps * np.sin((steps + 1) * angle) / np.sin(angle)
    return made

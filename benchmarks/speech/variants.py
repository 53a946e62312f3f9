"""Voices told apart in what may become of a call: `python -m benchmarks.speech.variants CALL O`.

CALL is a stereo call with clean channels, O the sound of one more person. Each variant is made
here, always alike, and judged by the loudness of the clean channels.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.speech.diarization import (
    COLLAR,
    FRAMES_PER_SECOND,
    Tracks,
    energy_reference,
    error_rate,
    tracks_of,
)
from core.settings import load_settings
from speech.activity import listen
from speech.audio import SAMPLE_RATE_HZ, Reading, Samples, probe
from speech.voices.choice import choose_voices, load_voices
from speech.voices.diarization import Diarizer

FRAME = SAMPLE_RATE_HZ // FRAMES_PER_SECOND  # samples
Case = tuple[str, Samples, Tracks, int]  # name, mono (time,), reference, speakers


def main() -> None:
    """Print one line a variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("call", type=Path)
    parser.add_argument("other", type=Path)
    asked = parser.parse_args()
    diarizer = load_voices(choose_voices(load_settings()))
    for name, mono, reference, speakers in cases(_sound(asked.call), _sound(asked.other)):
        count, text = _judged(diarizer, mono.astype(np.float32), reference, speakers)
        print(f"{name:<42} {count} voices, {text}")  # noqa: T201


def cases(channels: Samples, other: Samples) -> Iterator[Case]:
    """All variants of a call of shape (2, time)."""
    one, two = channels
    mono: Samples = channels.mean(axis=0)
    truth = energy_reference(channels)
    yield "as it is", mono, truth, 2
    yield "the first 12 dB down", one / 8 + two / 2, truth, 2
    yield "the second 20 dB down", one / 2 + two / 20, truth, 2
    yield "mu-law at 8 kHz", _mu_law(mono), truth, 2
    yield "mu-law at 8 kHz, 30 dB down", _mu_law(0.03 * mono), truth, 2
    yield "white noise at 15 dB", _noisy(mono, 15, white=True), truth, 2
    yield "pink noise at 10 dB", _noisy(mono, 10, white=False), truth, 2
    yield "its first 30 s", mono[: 30 * SAMPLE_RATE_HZ], truth[:, : 30 * FRAMES_PER_SECOND], 2
    yield ("the first says 5/6 of the rest", *_mostly(mono, truth, 1), 2)
    yield ("the second says 5/6 of the rest", *_mostly(mono, truth, 0), 2)
    yield "the first alone", one, truth[:1], 2
    yield "the second alone", two, truth[1:], 2
    yield ("30 s of music on hold", *_with_music(mono, truth), 2)
    yield ("a third voice, number told", *_with_third(mono, truth, other[0]), 3)


def _judged(diarizer: Diarizer, mono: Samples, reference: Tracks, speakers: int) -> tuple[int, str]:
    sound, seconds = mono[None], len(mono) / SAMPLE_RATE_HZ
    voiced = listen([sound], 1).voiced[0]
    found = diarizer.find_voices(lambda: [sound], seconds, voiced, count=speakers)
    tracks = tracks_of(found.spans, reference.shape[1] + FRAMES_PER_SECOND)
    rate = error_rate(reference, tracks[:, : reference.shape[1]], collar=COLLAR)
    return found.count, str(rate)


def _mu_law(mono: Samples) -> Samples:
    """Half the rate, 8 bits a sample, and back."""
    spectrum = np.fft.rfft(mono[: len(mono) // 2 * 2])
    narrow = np.fft.irfft(spectrum[: len(spectrum) // 2 + 1], len(mono) // 2) / 2
    coded = np.sign(narrow) * np.log1p(255 * np.minimum(1, np.abs(narrow))) / np.log(256)
    coded = np.round(coded * 127) / 127
    plain = np.sign(coded) * (256 ** np.abs(coded) - 1) / 255
    half = np.fft.rfft(plain)
    wide = np.concatenate([half, np.zeros(len(mono) // 2 + 1 - len(half))])
    made: Samples = (np.fft.irfft(wide, len(mono) // 2 * 2) * 2).astype(np.float32)
    return made


def _noisy(mono: Samples, decibels: float, *, white: bool) -> Samples:
    noise = np.random.default_rng(0).standard_normal(len(mono))
    if not white:
        spectrum = np.fft.rfft(noise)
        pink = spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum))))
        noise = np.fft.irfft(pink, len(mono))
    speech = np.square(mono[np.abs(mono) > 0.01]).mean()
    made: Samples = mono + noise * np.sqrt(speech / np.square(noise).mean() / 10 ** (decibels / 10))
    return made


def _mostly(mono: Samples, truth: Tracks, quiet: int) -> tuple[Samples, Tracks]:
    """Cut out five in six of the stretches in which the speaker `quiet` speaks alone."""
    edges = np.flatnonzero(np.diff(truth[quiet], prepend=False, append=False))
    gone = np.zeros(truth.shape[1], dtype=bool)
    for number, (start, end) in enumerate(zip(edges[::2], edges[1::2], strict=True)):
        if number % 6:
            gone[max(0, start - 10) : end + 10] = True
    kept = np.flatnonzero(~(gone & ~truth[1 - quiet]))
    samples = (kept[:, None] * FRAME + np.arange(FRAME)).ravel()
    return mono[samples], truth[:, kept]


def _with_music(mono: Samples, truth: Tracks) -> tuple[Samples, Tracks]:
    """Chords that beat, in the middle."""
    clock = np.arange(30 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tones = [
        0.06 * np.sin(2 * np.pi * hertz * clock) * (np.sin(np.pi * (n + 1) * clock) > 0)
        for n, hertz in enumerate((220, 277, 330, 440))
    ]
    at = truth.shape[1] // 2
    silence = np.zeros((len(truth), 30 * FRAMES_PER_SECOND), dtype=bool)
    parts = [mono[: at * FRAME], np.sum(tones, axis=0), mono[at * FRAME :]]
    return np.concatenate(parts), np.concatenate([truth[:, :at], silence, truth[:, at:]], axis=1)


def _with_third(mono: Samples, truth: Tracks, other: Samples) -> tuple[Samples, Tracks]:
    """Somebody else before the call, as loud as it, and again after it."""
    said = _mu_law(other * float(np.abs(mono).max() / np.abs(other).max()))
    said = said[: len(said) // FRAME * FRAME]
    spoken = energy_reference(said[None])
    rows = np.zeros((3, 2 * spoken.shape[1] + truth.shape[1]), dtype=bool)
    rows[2, : spoken.shape[1]] = spoken[0]
    rows[:2, spoken.shape[1] : -spoken.shape[1]] = truth
    rows[2, -spoken.shape[1] :] = spoken[0]
    whole = mono[: truth.shape[1] * FRAME]
    return np.concatenate([said, whole, said]), rows


def _sound(path: Path) -> Samples:
    reading = Reading(probe(path, max_hours=24), max_hours=24)
    return np.concatenate(list(reading.blocks()), axis=1)  # (channels, time)


if __name__ == "__main__":
    main()

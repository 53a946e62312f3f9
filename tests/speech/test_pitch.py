"""Pitch: known tones, telephone bands, silence, and blocks of any size."""

import numpy as np
import pytest

from speech.activity import HOP_SAMPLES
from speech.pitch import HIGHEST_HZ, LOWEST_HZ, PitchMeter
from tests.speech.sounds import RATE, Sound

Pitches = np.ndarray


def voice(hertz: float, seconds: float = 2.0, *, lowest: float = 0.0) -> Sound:
    """Harmonics up to 3400 Hz, those below `lowest` left out as a telephone does."""
    clock = np.arange(round(seconds * RATE)) / RATE
    numbers = [k for k in range(1, int(3400 / hertz) + 1) if k * hertz >= lowest]
    made = sum((np.sin(2 * np.pi * hertz * k * clock + k) / k for k in numbers), 0 * clock)
    return (0.1 * made).astype(np.float32)


def pitches(sound: Sound, block: int = 4001) -> Pitches:
    meter = PitchMeter()
    for start in range(0, len(sound), block):
        meter.add(sound[start : start + block])
    meter.finish()
    return meter.pitches


@pytest.mark.parametrize("hertz", [75, 98.5, 120, 165, 220, 300, 390])
@pytest.mark.parametrize("lowest", [0.0, 300.0])
def test_a_voice_has_its_pitch_also_behind_a_telephone(hertz: float, lowest: float) -> None:
    found = pitches(voice(hertz, lowest=lowest))
    assert np.nanmedian(found) == pytest.approx(hertz, rel=0.005)
    assert np.isnan(found).mean() < 0.1
    assert (np.abs(np.log2(found[~np.isnan(found)] / hertz)) < 1 / 12).mean() > 0.95


def test_a_glide_is_followed() -> None:
    seconds = 4.0
    hertz = np.linspace(100, 200, round(seconds * RATE))
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    harmonics = np.stack([np.sin(k * phase) / k for k in range(1, 8)])
    sound = (0.1 * harmonics.sum(axis=0)).astype(np.float32)
    found = pitches(sound)
    middles = (np.arange(len(found)) + 1) * HOP_SAMPLES  # a hop looks at 48 ms
    wanted = hertz[np.minimum(middles, len(hertz) - 1)]
    assert np.nanmedian(np.abs(found / wanted - 1)) < 0.01


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(RATE, dtype=np.float32),
        np.random.default_rng(3).normal(size=2 * RATE).astype(np.float32) * 0.1,
        voice(40.0),  # a hum far below any voice is not taken for one an octave higher
    ],
)
def test_what_is_no_voice_has_no_pitch(sound: Sound) -> None:
    found = pitches(sound)
    assert np.isnan(found).mean() > 0.9
    heard = found[~np.isnan(found)]
    assert ((heard > LOWEST_HZ * 0.95) & (heard < HIGHEST_HZ * 1.1)).all()


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 5_000, 16_001])
def test_there_is_a_hop_for_each_of_the_voice_detector(size: int) -> None:
    assert len(pitches(voice(150)[:size])) in {-(-size // HOP_SAMPLES), size // HOP_SAMPLES}


@pytest.mark.parametrize("block", [1, 511, 512, 7_777, 10**6])
def test_blocks_make_no_difference(block: int) -> None:
    sound = voice(150, 0.7)
    assert np.array_equal(pitches(sound, block), pitches(sound), equal_nan=True)

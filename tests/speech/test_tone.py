"""Tone of voice: borders of its names, and stretches of made voices against their own usual."""

import numpy as np
import pytest

from core.measures import Tone, TonePoint
from core.spans import TimeSpan
from speech.activity import HOP
from speech.tone import LEAST_VOICE, MOST_SLICES, VoiceSound, named, tone_of


@pytest.mark.parametrize(
    ("loudness", "pitch", "spread", "tone"),
    [
        (0.0, 0.0, 6.0, Tone.CALM),
        (6.0, 0.0, 6.0, Tone.RAISED),
        (5.9, 0.0, 6.0, Tone.CALM),
        (3.0, 1.5, 6.0, Tone.RAISED),
        (2.9, 1.5, 6.0, Tone.CALM),
        (3.0, 1.4, 6.0, Tone.CALM),
        (0.0, 5.0, 6.0, Tone.CALM),  # higher alone is a question or a laugh
        (-9.0, -3.0, 6.0, Tone.CALM),
        (0.0, 0.0, 2.9, Tone.FLAT),
        (0.0, 0.0, 3.0, Tone.CALM),
        (6.0, 0.0, 1.0, Tone.RAISED),  # raised and monotonous is raised
        (6.0, None, None, Tone.RAISED),
        (3.0, None, None, Tone.CALM),
        (0.0, None, None, Tone.CALM),  # no pitch is not a flat pitch
    ],
)
def test_the_name_follows_from_the_numbers(
    loudness: float, pitch: float | None, spread: float | None, tone: Tone
) -> None:
    assert named(loudness, pitch, spread) is tone


def made(*stretches: tuple[float, float, float]) -> VoiceSound:
    """Ten seconds each of (level in dBFS, middle pitch in Hz, half width in semitones)."""
    random = np.random.default_rng(5)
    hops = round(10 / HOP)
    levels = [np.full(hops, level) for level, _, _ in stretches]
    pitches = [
        middle * 2 ** (random.uniform(-width, width, hops) / 12) for _, middle, width in stretches
    ]
    sound = VoiceSound(
        np.concatenate(levels).astype(np.float32), np.concatenate(pitches).astype(np.float32)
    )
    sound.pitches[::3] = np.nan  # consonants
    return sound


def tones(points: tuple[TonePoint, ...]) -> list[Tone]:
    return [point.tone for point in points]


def test_a_voice_is_measured_against_its_own_usual() -> None:
    usual = [(-20, 200, 4)] * 3
    for level, height in ((0, 1.0), (-25, 0.5)):  # another line, another voice: the same picture
        sound = made(
            *[(each[0] + level, 200 * height, 4) for each in usual],
            (-13 + level, 200 * height, 4),
            (-16 + level, 230 * height, 4),
            (-20 + level, 200 * height, 0.8),
        )
        points = tone_of(sound, (TimeSpan(0, 60),), 60.0)
        assert tones(points) == [Tone.CALM] * 3 + [Tone.RAISED, Tone.RAISED, Tone.FLAT]
        assert points[3].loudness_db == pytest.approx(7.0)
        assert points[4].pitch_semitones == pytest.approx(2.4, abs=0.3)
        assert points[5].range_semitones == pytest.approx(1.3, abs=0.3)
        assert [point.span.start for point in points] == [0, 10, 20, 30, 40, 50]


def test_a_stretch_needs_enough_of_the_voice() -> None:
    sound = made((-20, 200, 4), (-20, 200, 4), (-5, 200, 4))
    spans = (TimeSpan(0, 10), TimeSpan(12, 12 + LEAST_VOICE - 0.1), TimeSpan(20, 20 + LEAST_VOICE))
    points = tone_of(sound, spans, 30.0)
    assert [(point.span.start, point.tone) for point in points] == [
        (0.0, Tone.CALM),
        (20.0, Tone.RAISED),
    ]


def test_nobody_has_no_tone() -> None:
    assert tone_of(made((-20, 200, 4)), (), 10.0) == ()
    assert tone_of(VoiceSound(np.zeros(0, np.float32), np.zeros(0, np.float32)), (), 0.0) == ()


def test_whispered_speech_has_loudness_and_no_pitch() -> None:
    sound = made((-40, 200, 4))
    sound.pitches[:] = np.nan
    (point,) = tone_of(sound, (TimeSpan(0, 10),), 10.0)
    assert (point.tone, point.pitch_semitones, point.range_semitones) == (Tone.CALM, None, None)


@pytest.mark.parametrize(("hours", "length"), [(0.5, 10), (2400 / 3600, 10), (1, 20), (4, 60)])
def test_long_calls_have_longer_stretches(hours: float, length: float) -> None:
    seconds = hours * 3600
    hops = round(seconds / HOP)
    sound = VoiceSound(np.full(hops, -20, np.float32), np.full(hops, 200, np.float32))
    points = tone_of(sound, (TimeSpan(0, seconds),), seconds)
    assert points[0].span == TimeSpan(0, length)
    assert len(points) == round(seconds / length) <= MOST_SLICES
    assert points[-1].span.end == seconds


def test_octave_errors_do_not_widen_the_range() -> None:
    sound = made((-20, 120, 2))
    wrong = sound.pitches.copy()
    wrong[::9] *= 2
    pitch = VoiceSound(sound.levels, wrong).pitch
    clean = sound.pitch
    assert pitch is not None and clean is not None
    assert pitch.high_hz == pytest.approx(clean.high_hz, rel=0.02)

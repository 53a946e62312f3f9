"""An agent's voice out of a recording, and the recordings that are no good for it."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.errors import BadAudio
from core.spans import TimeSpan
from speech.voices.diarization import Source, Voices, VoiceSpan
from speech.voices.enrolment import voice_of
from tests.speech.sounds import after, beside, has_flite, say, silence, write
from tests.speech.voices.build import voices

pytestmark = pytest.mark.skipif(not has_flite(), reason="flite is not installed")
LONG = (
    "Good morning, this is the returns desk, and I will read to you for quite a while today. " * 3
)


class Shares:
    """Hears as many voices as it is asked for, up to the shares of the time it was given."""

    def __init__(self, *shares: float) -> None:
        self.shares = shares
        self.heard = 0.0

    def describe(self) -> str:
        """Its name."""
        return "shares"

    def find_voices(
        self, sound: Source, duration: float, voiced: Sequence[TimeSpan], *, count: int
    ) -> Voices:
        """The first voices, one after another."""
        self.heard = float(np.abs(np.concatenate(list(sound()), axis=1)).max())
        ends = np.cumsum([0.0, *self.shares[:count]]) * duration
        spans = [
            VoiceSpan(TimeSpan(float(start), float(end)), voice)
            for voice, (start, end) in enumerate(itertools.pairwise(ends))
        ]
        return Voices(tuple(spans), voices(len(spans)))


def test_a_voice_is_its_unit_vector(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", say(LONG, tmp_path))
    vector = voice_of(path, Shares(1.0), channel=None, max_hours=1)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_a_word_of_somebody_passing_by_does_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", say(LONG, tmp_path))
    assert voice_of(path, Shares(0.95, 0.05), channel=None, max_hours=1)
    with pytest.raises(BadAudio, match="two people speak"):
        voice_of(path, Shares(0.8, 0.2), channel=None, max_hours=1)


def test_too_little_speech_is_refused_with_what_is_needed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", after(say("Good morning.", tmp_path), silence(20)))
    with pytest.raises(BadAudio, match=r"needs 10 s"):
        voice_of(path, Shares(1.0), channel=None, max_hours=1)


def test_of_two_channels_one_must_be_named(tmp_path: Path) -> None:
    spoken = say(LONG, tmp_path)
    path = write(tmp_path / "a.wav", beside(0.01 * spoken, spoken))
    with pytest.raises(BadAudio, match="--channel"):
        voice_of(path, Shares(1.0), channel=None, max_hours=1)
    diarizer = Shares(1.0)
    voice_of(path, diarizer, channel=2, max_hours=1)
    assert diarizer.heard > 0.1

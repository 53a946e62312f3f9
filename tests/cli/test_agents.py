"""`parley agents`: voices are enrolled with consent, listed and forgotten."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.spans import TimeSpan
from speech.voices.choice import VoiceChoice
from speech.voices.diarization import Source, Voices, VoiceSpan
from tests.cli.shell import parley
from tests.speech.sounds import has_flite, say, write
from tests.speech.voices.build import voices

LONG = (
    "Good morning, this is the returns desk, and I will read to you for quite a while today. " * 3
)


class OneVoice:
    """Hears one voice all along."""

    def describe(self) -> str:
        """Its name."""
        return "made networks"

    def find_voices(
        self, sound: Source, duration: float, voiced: Sequence[TimeSpan], *, count: int
    ) -> Voices:
        """From begin to end."""
        return Voices((VoiceSpan(TimeSpan(0.0, duration), 0),), voices(1))


@pytest.fixture
def networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.agents.choose_voices", lambda _: VoiceChoice(Path(), False))
    monkeypatch.setattr("cli.agents.load_voices", lambda *_, **__: OneVoice())


@pytest.mark.usefixtures("networks")
@pytest.mark.skipif(not has_flite(), reason="flite is not installed")
def test_a_voice_is_enrolled_listed_and_forgotten(tmp_path: Path) -> None:
    path = write(tmp_path / "sam.wav", say(LONG, tmp_path))
    assert "No voice is kept" in parley(tmp_path, "agents", "list").out
    done = parley(tmp_path, "agents", "enrol", "Sam Lee", str(path), "--consent")
    assert "Sam Lee will be recognised" in done.out
    listed = parley(tmp_path, "agents", "list").out
    assert "Sam Lee  since " in listed
    assert "made networks" in listed
    assert parley(tmp_path, "agents", "forget", "sam lee").status == 0
    assert "No voice is kept" in parley(tmp_path, "agents", "list").out
    assert parley(tmp_path, "agents", "forget", "sam lee").status == 2


@pytest.mark.usefixtures("networks")
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("Sam", "sam.wav"), "--consent"),
        ((" ", "sam.wav", "--consent"), "needs a name"),
        (("Sam\x1b[2J", "sam.wav", "--consent"), r"the name Sam\x1b[2J holds"),
        (("Sam\nBen", "sam.wav", "--consent"), r"the name Sam\nBen holds"),
        (("Sam", "mono.wav", "--consent", "--channel", "2"), "there is no channel 2"),
        (("Sam", "none.wav", "--consent"), "not a file"),
    ],
)
def test_what_cannot_be_enrolled_says_why(
    tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    write(tmp_path / "mono.wav", np.zeros((1, 16_000), np.float32))
    done = parley(tmp_path, "agents", "enrol", *words)
    assert done.status == 2
    assert reason in done.err


def test_without_networks_the_command_that_mends_it_is_named(tmp_path: Path) -> None:
    done = parley(tmp_path, "agents", "enrol", "Sam", "sam.wav", "--consent")
    assert done.status == 1
    assert "parley models pull diarization" in done.err

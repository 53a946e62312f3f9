"""A mono call from file to turns: made networks and voices, real ones where the weights are."""

import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.speech.diarization import energy_reference, error_rate, read_rttm, tracks_of
from core.conversation import Role
from core.errors import ModelUnavailable
from core.recording import ChannelLayout
from core.settings import Settings
from core.spans import TimeSpan
from speech.activity import listen
from speech.hearing import TELLING_APART, Heard, hear
from speech.voices.choice import VoiceChoice, choose_voices, load_voices
from speech.voices.diarization import Diarizer, EmbeddedDiarizer, Source, Voices, VoiceSpan
from speech.voices.encoder import VoiceEncoder
from speech.voices.mono import MonoSetup
from speech.voices.naming import KnownVoice
from speech.voices.segmentation import Segmenter
from tests.speech.build import Parrot
from tests.speech.sounds import SHARED, after, beside, has_flite, read, say, silence, write
from tests.speech.voices.build import voices

MODELS = Path(__file__).parents[3] / "models"
CALL = SHARED / "calls" / "auto-repairs-40.wav"
SAMPLE = SHARED / "speech" / "sample.wav"

needs_flite = pytest.mark.skipif(not has_flite(), reason="flite is not installed")


class Told:
    """A diarizer that was told who speaks when, and reads the sound it is given."""

    def __init__(self, *spans: tuple[float, float, int]) -> None:
        self.spans = tuple(VoiceSpan(TimeSpan(a, b), voice) for a, b, voice in spans)
        self.asked: list[tuple[float, float, int]] = []

    def describe(self) -> str:
        """Its name."""
        return "told"

    def find_voices(
        self, sound: Source, duration: float, voiced: Sequence[TimeSpan], *, count: int
    ) -> Voices:
        """What it was told."""
        heard = sum(block.shape[1] for block in sound()) / 16_000
        self.asked.append((heard, duration, count))
        return Voices(self.spans, voices(len({each.voice for each in self.spans})))


def _hear(path: Path, setup: MonoSetup | None, *texts: str) -> tuple[Heard, list[str]]:
    rest = iter(texts)
    steps: list[str] = []
    heard = hear(
        path,
        recording="r1",
        layout=ChannelLayout.AGENT_CUSTOMER,
        engine=Parrot(lambda _: next(rest, "")),
        language="en",
        max_hours=5,
        mono=setup,
        progress=lambda step, *_: steps.append(step),
    )
    return heard, steps


@needs_flite
def test_a_mono_call_has_voices_roles_and_a_note(tmp_path: Path) -> None:
    one = say("Thank you for calling Harbour and Pine, how can I help?", tmp_path)
    two = say("I am calling about my lamp.", tmp_path, voice="kal")
    end = one.shape[1] / 16_000
    told = Told((0.0, end, 0), (end, end + two.shape[1] / 16_000, 1))
    path = write(tmp_path / "a.wav", after(one, two))
    setup = MonoSetup(load=lambda: told, speakers=3)
    heard, steps = _hear(
        path,
        setup,
        "Thank you for calling Harbour and Pine how can I help",
        "I am calling about my lamp",
    )
    assert [turn.role for turn in heard.turns] == [Role.AGENT, Role.CUSTOMER]
    assert [turn.speech and turn.speech.speaker for turn in heard.turns] == ["voice 1", "voice 2"]
    assert heard.turns[1].text == "I am calling about my lamp"
    assert any("The agent is voice 1" in note for note in heard.notes)
    ((seconds, duration, count),) = told.asked
    assert seconds == pytest.approx(heard.duration)
    assert (duration, count) == (heard.duration, 3)
    assert TELLING_APART in steps


@needs_flite
def test_fake_stereo_is_told_apart_too_and_stereo_is_not(tmp_path: Path) -> None:
    spoken = say("Hello, this is a test.", tmp_path)
    told = Told((0.0, 3.0, 0))
    setup = MonoSetup(load=lambda: told)
    heard, _ = _hear(write(tmp_path / "a.wav", beside(spoken, 0.7 * spoken)), setup, "hello")
    assert len(told.asked) == 1
    assert heard.turns[0].speech is not None
    assert heard.turns[0].speech.speaker == "voice 1"
    both = beside(after(spoken, silence(3)), after(silence(3), spoken))
    heard, _ = _hear(write(tmp_path / "b.wav", both), setup, "hello", "hello")
    assert len(told.asked) == 1
    assert {turn.role for turn in heard.turns} == {Role.AGENT, Role.CUSTOMER}


@needs_flite
def test_an_enrolled_agent_gives_role_and_name(tmp_path: Path) -> None:
    told = Told((0.0, 2.0, 0), (2.0, 4.0, 1))
    path = write(tmp_path / "a.wav", after(say("Hello, this is a test.", tmp_path), silence(1)))
    vectors = voices(2)
    for model, role in (("told", Role.AGENT), ("other", Role.UNKNOWN)):
        known = (KnownVoice("Sam", vectors[0], model),)
        setup = MonoSetup(load=lambda: told, known=known)
        heard, _ = _hear(path, setup, "hello this is a test")
        assert heard.turns[0].role is role
        assert heard.turns[0].author == ("Sam" if role is Role.AGENT else None)


@needs_flite
def test_without_networks_roles_stay_unknown_and_a_note_says_how_to_mend_it(
    tmp_path: Path,
) -> None:
    settings = Settings(_env_file=None, models=tmp_path / "none")  # type: ignore[call-arg]
    setup = MonoSetup(load=lambda: load_voices(choose_voices(settings)))
    path = write(tmp_path / "a.wav", say("Hello, this is a test.", tmp_path))
    heard, _ = _hear(path, setup, "hello this is a test")
    assert {turn.role for turn in heard.turns} == {Role.UNKNOWN}
    assert any("parley models pull diarization" in note for note in heard.notes)


def test_silence_asks_for_no_words(tmp_path: Path) -> None:
    told = Told()
    heard, _ = _hear(write(tmp_path / "a.wav", silence(3.0)), MonoSetup(load=lambda: told))
    assert heard.turns == ()


FAKE_TORCH = """
import types
cuda = types.SimpleNamespace(is_available=lambda: False)
set_num_threads = from_numpy = lambda value: value
"""
FAKE_PYANNOTE = """
import os, types
import torchaudio._extension as extension
assert not extension._IS_TORCHAUDIO_EXT_AVAILABLE
SEEN = dict(os.environ)
class Segment:
    def __init__(self, start, end): self.start, self.end = start, end
class Annotation:
    def itertracks(self, yield_label):
        yield Segment(2.0, 3.5), 0, "B"
        yield Segment(-0.1, 1.0), 0, "A"
    def labels(self): return ["A", "B"]
class Pipeline:
    @classmethod
    def from_pretrained(cls, folder):
        cls.folder = folder
        return cls()
    def __call__(self, file, num_speakers):
        assert file["waveform"].shape == (1, 48000) and num_speakers == 2
        vectors = [[3.0, 4.0], [0.0, 2.0]]
        return types.SimpleNamespace(speaker_diarization=Annotation(), speaker_embeddings=vectors)
"""


@pytest.fixture
def pyannote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Packages with the names of pyannote's, which note what they see when they are imported."""
    packages = {
        "torch": FAKE_TORCH,
        "torchaudio": "from torchaudio import _extension",
        "torchaudio/_extension": "raise OSError('libcudart is missing')",
        "pyannote": "",
        "pyannote/audio": FAKE_PYANNOTE,
    }
    for name, code in packages.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("PYANNOTE_METRICS_ENABLED", "HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "")
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.split(".")[0] in {"torch", "torchaudio", "pyannote"}:
            del sys.modules[name]


@pytest.mark.usefixtures("pyannote")
def test_pyannote_reports_nothing_and_gives_voices_as_they_appear(tmp_path: Path) -> None:
    diarizer = load_voices(VoiceChoice(tmp_path, is_community=True))
    seen = sys.modules["pyannote.audio"].SEEN
    assert seen["PYANNOTE_METRICS_ENABLED"] == "0"
    assert seen["HF_HUB_OFFLINE"] == "1"
    sound = np.zeros((1, 48_000), dtype=np.float32)
    found = diarizer.find_voices(lambda: [sound], 3.0, [TimeSpan(0, 3)], count=2)
    assert found.spans == (
        VoiceSpan(TimeSpan(0.0, 1.0), 0),
        VoiceSpan(TimeSpan(2.0, 3.0), 1),
    )
    np.testing.assert_allclose(found.vectors, [[0.6, 0.8], [0.0, 1.0]])
    assert diarizer.find_voices(lambda: [sound], 3.0, [], count=2).spans == ()


def test_community_without_pyannote_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yaml").touch()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    settings = Settings(_env_file=None, diarization_model=str(tmp_path))  # type: ignore[call-arg]
    with pytest.raises(ModelUnavailable, match="make mono"):
        choose_voices(settings)


@pytest.fixture
def real() -> EmbeddedDiarizer:
    """The real networks, with every socket blocked from here on."""
    folder = MODELS / "voices"
    if not (folder / "encoder.onnx").is_file():
        pytest.skip("no networks: run `parley models pull diarization`")
    return EmbeddedDiarizer(
        Segmenter(folder / "segmentation.onnx"), VoiceEncoder(folder / "encoder.onnx"), revision="r"
    )


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may open a socket."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def _found(diarizer: Diarizer, sound: np.ndarray, count: int = 2) -> Voices:
    activity = listen([sound], 1)
    return diarizer.find_voices(
        lambda: [sound], sound.shape[1] / 16_000, activity.voiced[0], count=count
    )


@pytest.mark.weights
@pytest.mark.usefixtures("no_network")
@pytest.mark.skipif(not CALL.is_file(), reason="the shared data is not here")
def test_a_real_calls_voices_are_its_channels(real: EmbeddedDiarizer) -> None:
    both = read(CALL)
    reference = energy_reference(both)
    found = _found(real, both.mean(axis=0, keepdims=True))
    assert found.count == 2
    rate = error_rate(reference, tracks_of(found.spans, reference.shape[1]), collar=0.25)
    assert rate.total <= 0.03
    assert rate.confused <= 0.01
    alone = _found(real, both[:1])
    assert alone.count == 1
    known = KnownVoice("Michelle", alone.vectors[0], "r")
    assert max(float(each @ known.vector) for each in found.vectors) > 0.95


@pytest.mark.weights
@pytest.mark.usefixtures("no_network")
@pytest.mark.skipif(not SAMPLE.is_file(), reason="the shared data is not here")
def test_a_telephone_talk_comes_near_its_reference(real: EmbeddedDiarizer) -> None:
    sound = read(SAMPLE)
    reference = read_rttm(SAMPLE.with_suffix(".rttm"), sound.shape[1] / 16_000)
    found = _found(real, sound)
    assert error_rate(reference, tracks_of(found.spans, reference.shape[1])).total <= 0.055

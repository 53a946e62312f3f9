"""faster-whisper's real loading and decoding code, on a model with random weights."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from core.conversation import Timing
from core.errors import ModelUnavailable
from core.spans import TimeSpan
from speech.choice import EngineChoice, load_engine
from speech.engines import Piece
from speech.whisper import Whisper
from tests.speech.tiny_whisper import build_whisper


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_whisper(tmp_path_factory.mktemp("models") / "faster-whisper-random")


@pytest.fixture(scope="module")
def whisper(folder: Path) -> Whisper:
    return Whisper(folder, model="random", revision="r", threads=1)


def _piece(channel: int, start: float, seconds: float, seed: int) -> Piece:
    samples = np.random.default_rng(seed).normal(0, 0.1, round(seconds * 16_000))
    span = TimeSpan(start, start + seconds)
    return Piece(channel, span, (span,), samples.astype(np.float32))


def test_whisper_describes_itself(whisper: Whisper) -> None:
    card = whisper.describe()
    assert card.label == "faster-whisper random (r)"
    assert (card.languages, card.timing) == (("en",), Timing.HEARD)


def test_whisper_gives_each_piece_its_own_words_with_times(whisper: Whisper) -> None:
    pieces = [_piece(0, 10.0, 3.2, 1), _piece(1, 11.5, 2.5, 2), _piece(0, 40.0, 1.1, 3)]
    segments = whisper.transcribe(pieces, language="en")
    assert len(segments) == 3
    heard = [(piece, segment) for piece, segment in zip(pieces, segments, strict=True) if segment]
    assert heard, "the random model must write something for this test to say anything"
    for piece, segment in heard:
        assert segment.channel == piece.channel
        starts = [word.span.start for word in segment.words]
        assert starts == sorted(starts)
        assert piece.span.start <= segment.span.start <= segment.span.end <= piece.span.end
        assert all(word.timing is Timing.HEARD for word in segment.words)
        assert all(0 <= (word.probability or 0) <= 1 for word in segment.words)
        assert segment.text == " ".join(word.text for word in segment.words)


def test_a_piece_is_decoded_alike_alone_and_in_a_batch(whisper: Whisper) -> None:
    one, two = _piece(0, 10.0, 3.2, 1), _piece(1, 30.0, 2.5, 2)
    (alone,) = whisper.transcribe([two], language="en")
    _, together = whisper.transcribe([one, two], language="en")
    assert alone is not None
    assert together is not None
    assert together.text == alone.text


def test_whisper_refuses_a_language_it_does_not_speak(whisper: Whisper) -> None:
    with pytest.raises(ModelUnavailable, match="does not speak 'de'"):
        whisper.transcribe([_piece(0, 0, 1, 1)], language="de")


def test_damaged_weights_are_said_with_what_mends_them(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        content = path.read_bytes()
        (tmp_path / path.name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelUnavailable, match="parley models pull asr"):
        Whisper(tmp_path, model="random", revision="r")


def test_pieces_in_one_window_keep_their_own_seconds_and_channels(whisper: Whisper) -> None:
    pieces = [_piece(n % 2, 100.0 * n, 4.0, n) for n in range(9)]
    segments = whisper.transcribe(pieces, language="en")
    assert len(segments) == 9
    heard = [(piece, each) for piece, each in zip(pieces, segments, strict=True) if each]
    assert heard
    for piece, segment in heard:
        assert segment.channel == piece.channel
        inside = [piece.span.start <= word.span.start <= piece.span.end for word in segment.words]
        assert all(inside)


def test_names_to_listen_for_change_what_is_read_first(folder: Path, whisper: Whisper) -> None:
    named = Whisper(folder, model="random", revision="r", threads=1, hotwords="order help today")
    pieces = [_piece(0, 0.0, 6.0, 5)]
    (plain,), (with_names,) = (each.transcribe(pieces, language="en") for each in (whisper, named))
    assert plain is not None
    assert with_names is not None
    assert plain.text != with_names.text


def test_no_more_tokens_are_written_than_asked_for(folder: Path) -> None:
    short = Whisper(folder, model="random", revision="r", threads=1, most_tokens=3)
    (segment,) = short.transcribe([_piece(0, 0.0, 6.0, 5)], language="en")
    assert segment is None or len(segment.words) <= 3


def test_nothing_is_asked_of_the_network(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a recogniser on disk reached for the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    choice = EngineChoice("faster-whisper", "random", folder)
    whisper = load_engine(choice, threads=1, names=["Harbour & Pine"])
    assert len(whisper.transcribe([_piece(0, 0.0, 3.0, 1)], language="en")) == 1


class Looping:
    """In place of faster-whisper's pipeline: a window of several pieces makes it loop."""

    def __init__(self, no_speech: float = 0.0) -> None:
        self.windows: list[float] = []
        self._no_speech = no_speech

    def transcribe(
        self, _: object, *, clip_timestamps: list[dict[str, float]], **options: object
    ) -> tuple[list[SimpleNamespace], None]:
        """'so' five times in a long window, 'hello there' in a short one."""
        found = []
        for clip in clip_timestamps:
            seconds = clip["end"] - clip["start"]
            self.windows.append(round(seconds, 1))
            said = ["so"] * 5 if seconds > 5 else ["hello", "there"]
            step = seconds / len(said)
            words = [
                SimpleNamespace(
                    word=f" {text}",
                    start=clip["start"] + n * step,
                    end=clip["start"] + (n + 1) * step,
                    probability=0.9,
                )
                for n, text in enumerate(said)
            ]
            found.append(
                SimpleNamespace(
                    seek=round(clip["start"] * 100),
                    words=words,
                    no_speech_prob=self._no_speech if seconds > 5 else 0.0,
                    avg_logprob=-2.0,
                )
            )
        return found, None


@pytest.mark.parametrize("no_speech", [0.0, 0.9])
def test_the_pieces_of_an_odd_window_are_decoded_again_each_alone(
    folder: Path, no_speech: float
) -> None:
    whisper = Whisper(folder, model="random", revision="r", threads=1)
    pipeline = Looping(no_speech)
    whisper._pipeline = pipeline
    segments = whisper.transcribe([_piece(0, 10.0, 4.0, 1), _piece(0, 50.0, 3.0, 2)], language="en")
    assert pipeline.windows == [7.0, 4.0, 3.0]
    assert [segment.text for segment in segments if segment] == ["hello there"] * 2
    assert [segment.words[0].span.start for segment in segments if segment] == [10.0, 50.0]


def test_noise_alone_is_no_segment(folder: Path) -> None:
    whisper = Whisper(folder, model="random", revision="r", threads=1)
    whisper._pipeline = Looping(0.9)
    assert whisper.transcribe([_piece(0, 10.0, 9.0, 1)], language="en") == (None,)

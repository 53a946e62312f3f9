"""Moonshine with its real weights: words that were said, and what damage says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.conversation import Role, Timing, Word
from core.errors import ModelUnavailable
from core.recording import ChannelLayout
from core.settings import Settings
from core.spans import TimeSpan
from speech.audio import Reading, probe
from speech.choice import EngineChoice, find_moonshine, load_engine
from speech.engines import Engine, Piece
from speech.greedy import Token
from speech.hearing import Heard, hear
from speech.tokens import load_vocabulary, words_of
from tests.speech.sounds import SHARED, after, has_flite, say, silence, write

CALL = SHARED / "calls" / "auto-repairs-40.wav"
JFK = SHARED / "speech" / "jfk.flac"


@pytest.fixture(scope="module")
def engine() -> Engine:
    choice = find_moonshine(Settings())
    if choice is None:
        pytest.skip("Moonshine's weights are not in models/; run `parley models pull asr`")
    return load_engine(choice)


def _hear(path: Path, engine: Engine) -> Heard:
    return hear(
        path,
        recording="r",
        layout=ChannelLayout.AGENT_CUSTOMER,
        engine=engine,
        language="en",
        max_hours=1,
    )


def _words(heard: Heard) -> str:
    return " ".join(re.findall(r"[a-z']+", " ".join(t.text for t in heard.turns).lower()))


@pytest.mark.weights
@pytest.mark.skipif(not has_flite(), reason="flite is not installed (Debian: apt install flite)")
@pytest.mark.parametrize(("codec", "name"), [("pcm_mulaw", "a.wav"), ("libmp3lame", "a.mp3")])
def test_a_synthetic_voice_on_a_telephone(
    tmp_path: Path, engine: Engine, codec: str, name: str
) -> None:
    spoken = say("Good morning. I would like to know where my order is.", tmp_path)
    path = write(tmp_path / name, after(silence(1), spoken, silence(1)), codec, 8_000)
    heard = _hear(path, engine)
    assert "good morning" in _words(heard)
    assert "where my order is" in _words(heard)
    words = [word for turn in heard.turns if turn.speech for word in turn.speech.words]
    assert all(word.timing is Timing.ALIGNED for word in words)
    assert all(word.probability is not None and 0 < word.probability <= 1 for word in words)
    assert 1.0 < words[0].span.start < 1.35  # flite begins with 0.2 s of silence


@pytest.mark.weights
@pytest.mark.skipif(not JFK.is_file(), reason=f"{JFK.name} is not beside the checkout")
def test_a_well_known_speech(engine: Engine) -> None:
    heard = _hear(JFK, engine)
    assert "ask not what your country can do for you ask what you can do" in _words(heard)
    words = [word for turn in heard.turns if turn.speech for word in turn.speech.words]
    begins = [word.span.start for word in words]
    # By level: the pauses before 'ask', 'not', 'what' and 'ask' end there.
    assert [begins[n] for n in (5, 6, 7, 14)] == pytest.approx([3.29, 4.03, 5.42, 8.2], abs=0.08)


@pytest.mark.weights
@pytest.mark.skipif(not JFK.is_file(), reason=f"{JFK.name} is not beside the checkout")
def test_pieces_of_all_lengths_keep_their_places(engine: Engine) -> None:
    """The longest is decoded first; what comes back stands where it was."""
    (block,) = Reading(probe(JFK, max_hours=1), max_hours=1).blocks()
    ends = (2.5, 11.0, 4.6)
    spans = [TimeSpan(0, end) for end in ends]
    pieces = [Piece(0, span, (span,), block[0, : round(span.end * 16_000)]) for span in spans]
    texts = [each.text.lower() for each in engine.transcribe(pieces, language="en") if each]
    assert [text.split()[-1].strip(".,") for text in texts] == ["americans", "country", "not"]
    assert "ask what you can do" in texts[1]


@pytest.mark.weights
@pytest.mark.skipif(not CALL.is_file(), reason=f"{CALL.name} is not beside the checkout")
def test_a_real_call(engine: Engine) -> None:
    heard = _hear(CALL, engine)
    said = {role: _of(heard, role) for role in (Role.AGENT, Role.CUSTOMER)}
    assert "i'm michelle" in said[Role.AGENT]
    assert "8 a.m." in said[Role.AGENT]
    assert "two days from now" in said[Role.AGENT]
    assert "else i can help you with" in said[Role.AGENT]
    assert "lights come on" in said[Role.CUSTOMER]
    assert "my name is jack" in said[Role.CUSTOMER]
    starts = [turn.speech.span.start for turn in heard.turns if turn.speech]
    assert starts == sorted(starts)
    assert _second_of(heard, "8") == pytest.approx(206, abs=4)  # "between 8 a.m. and 10 a.m."


def _of(heard: Heard, role: Role) -> str:
    return " ".join(turn.text for turn in heard.turns if turn.role is role).lower()


def _second_of(heard: Heard, text: str) -> float:
    words: list[Word] = [word for turn in heard.turns if turn.speech for word in turn.speech.words]
    return next(word.span.start for word in words if word.text == text)


def test_damaged_weights_are_said_with_what_mends_them(tmp_path: Path) -> None:
    for name in ("encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"):
        (tmp_path / name).write_bytes(b"not a model")
    with pytest.raises(ModelUnavailable, match="parley models pull asr"):
        load_engine(EngineChoice("moonshine", "tiny-en", tmp_path))


LONG = b"x" * 200  # its length takes two bytes: 200 = (128 + 72) and 1


def test_load_vocabulary_reads_short_and_long_entries(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.bin"
    path.write_bytes(b"\x03<s>" + bytes([128 + 72, 1]) + LONG + b"\x01a")
    assert load_vocabulary(path) == (b"<s>", LONG, b"a")
    path.write_bytes(b"\x09abc")
    with pytest.raises(ModelUnavailable, match="breaks off"):
        load_vocabulary(path)


def test_words_of_joins_tokens_at_the_marks() -> None:
    mark = "\u2581".encode()
    vocabulary = [b"<unk>", b"<s>", b"</s>", mark + b"caf", b"\xc3", b"\xa9", mark + b"-", b"."]
    tokens = [Token(number, 0.5) for number in (1, 6, 3, 4, 5, 7, 2)]
    (word,) = words_of(tokens, [*vocabulary, b"<<ST_0>>"])
    assert (word.text, word.probability) == ("caf\u00e9.", 0.5)


@pytest.mark.weights
def test_the_longest_pieces_need_little_memory(engine: Engine) -> None:
    """160 to 195 MB; with the hearings of a piece encoded at once 320 to 340."""
    command = [sys.executable, "-m", "tests.speech.need"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 250

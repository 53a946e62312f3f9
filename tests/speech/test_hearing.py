"""From a file to turns, with an engine that says what the test wants."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.conversation import Role
from core.recording import ChannelLayout, Segment
from core.spans import TimeSpan
from speech.engines import Piece
from speech.hearing import LISTENING, TRANSCRIBING, Heard, hear
from tests.speech.build import Parrot
from tests.speech.sounds import (
    after,
    beside,
    has_flite,
    say,
    silence,
    tone,
    write,
    write_nothing,
)

needs_flite = pytest.mark.skipif(
    not has_flite(), reason="flite is not installed (Debian: apt install flite)"
)


def _hear(path: Path, engine: Parrot, layout: str = "agent,customer") -> Heard:
    return hear(
        path,
        recording="r1",
        layout=ChannelLayout(layout),
        engine=engine,
        language="en",
        max_hours=1,
    )


def _by_channel(*texts: str) -> Parrot:
    return Parrot(lambda piece: texts[piece.channel])


@pytest.mark.parametrize("make", [write_nothing, lambda path: write(path, silence(5.0, 2))])
def test_silence_is_a_transcript_without_segments(tmp_path: Path, make: object) -> None:
    engine = _by_channel("never", "asked")
    heard = _hear(make(tmp_path / "a.wav"), engine)  # type: ignore[operator]
    assert heard.transcript.segments == ()
    assert heard.turns == ()
    assert engine.heard == []
    assert heard.incomplete_at is None
    assert "Nobody speaks on channel 2." in heard.notes


@needs_flite
def test_a_stereo_call_becomes_turns_in_time_order(tmp_path: Path) -> None:
    one, two = say("Good morning, how can I help?", tmp_path), say("My sofa is late.", tmp_path)
    left = after(silence(1), one, silence(two.shape[1] / 16_000 + 1), one)
    right = after(silence(1.5 + one.shape[1] / 16_000), two)
    steps: list[tuple[str, float, float]] = []
    heard = hear(
        write(tmp_path / "call.mp3", beside(left, right), "libmp3lame", 44_100),
        recording="r1",
        layout=ChannelLayout.AGENT_CUSTOMER,
        engine=_by_channel("good morning how can I help", "my sofa is late"),
        language="en",
        max_hours=1,
        progress=lambda *step: steps.append(step),
    )
    assert [turn.role for turn in heard.turns] == [Role.AGENT, Role.CUSTOMER, Role.AGENT]
    assert heard.turns[1].text == "my sofa is late"
    assert heard.turns[0].speech is not None
    assert heard.turns[0].speech.span.start == pytest.approx(1.0, abs=0.3)
    assert (heard.transcript.engine, heard.transcript.recording) == ("parrot", "r1")
    assert heard.duration == pytest.approx(left.shape[1] / 16_000, abs=0.2)
    assert steps[0][0] == LISTENING
    assert steps[-1][0] == TRANSCRIBING
    assert steps[-1][1] == pytest.approx(steps[-1][2])


@needs_flite
def test_an_echo_is_not_heard_twice(tmp_path: Path) -> None:
    spoken = say("Could you tell me the number of your order, please?", tmp_path)
    reply = say("It is four one one seven.", tmp_path, voice="kal")
    left = after(silence(0.5), spoken, silence(4))
    echo = 0.1 * after(silence(0.65), spoken)
    right = after(echo, silence(0.8), reply, silence(0.5))
    engine = _by_channel("could you tell me", "it is four one one seven")
    heard = _hear(write(tmp_path / "a.wav", beside(left, right)), engine)
    assert [turn.role for turn in heard.turns] == [Role.AGENT, Role.CUSTOMER]
    assert heard.turns[1].text == "it is four one one seven"
    assert heard.quality[1].echo_seconds > 1.0
    assert heard.quality[0].echo_seconds == 0.0


@needs_flite
def test_one_sound_on_both_channels_is_mono_and_said_so(tmp_path: Path) -> None:
    spoken = say("Hello, this is a test.", tmp_path)
    engine = _by_channel("hello this is a test")
    heard = _hear(write(tmp_path / "a.wav", beside(spoken, 0.7 * spoken)), engine)
    assert heard.layout is ChannelLayout.MONO
    assert [turn.role for turn in heard.turns] == [Role.UNKNOWN]
    assert any("one sound on both channels" in note for note in heard.notes)


@needs_flite
@pytest.mark.parametrize("channels", [1, 2])
def test_mono_has_one_voice_with_role_unknown(tmp_path: Path, channels: int) -> None:
    one, two = say("Hello, this is a test.", tmp_path), say("And another.", tmp_path)
    sound = one if channels == 1 else beside(after(one, silence(1)), after(silence(3), two))
    layout = "agent,customer" if channels == 1 else "mono"
    heard = _hear(write(tmp_path / "a.wav", sound), _by_channel("hello"), layout)
    assert heard.layout is ChannelLayout.MONO
    assert {turn.role for turn in heard.turns} == {Role.UNKNOWN}
    assert any("one channel" in note for note in heard.notes) is (channels == 1)


@needs_flite
def test_no_more_sound_is_handed_over_at_once_than_memory_is_planned_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("speech.hearing.MOST_SECONDS", 8.0)
    one = say("Hello, this is a test.", tmp_path)
    sound = after(*[part for _ in range(6) for part in (one, silence(2))])
    batches: list[float] = []

    class Weighing(Parrot):
        batch = 100

        def transcribe(
            self, pieces: Sequence[Piece], *, language: str
        ) -> tuple[Segment | None, ...]:
            batches.append(sum(piece.span.duration for piece in pieces))
            return super().transcribe(pieces, language=language)

    heard = _hear(write(tmp_path / "a.wav", sound), Weighing(lambda _: "hello"))
    assert len(heard.transcript.segments) == 6
    assert len(batches) > 1
    assert max(batches) <= 8.0


@needs_flite
def test_a_loop_is_decoded_again_in_halves(tmp_path: Path) -> None:
    spoken = say("Please hold the line while I look that up for you, it takes a moment.", tmp_path)
    whole = spoken.shape[1] / 16_000

    def answer(piece: Piece) -> str:
        is_whole = piece.span.duration > 0.8 * whole
        return "hold the line hold the line hold the line" if is_whole else "please hold the line"

    engine = Parrot(answer)
    heard = _hear(write(tmp_path / "a.wav", spoken), engine)
    assert [segment.text for segment in heard.transcript.segments] == ["please hold the line"] * 2


@needs_flite
def test_hours_are_spelled_as_people_look_for_them(tmp_path: Path) -> None:
    spoken = say("Please hold the line while I look that up for you.", tmp_path)
    heard = _hear(write(tmp_path / "a.wav", spoken), _by_channel("we open at eight a. M. daily"))
    assert [turn.text for turn in heard.turns] == ["we open at eight a.m. daily"]
    assert [each.text for each in heard.transcript.segments] == ["we open at eight a.m. daily"]


@needs_flite
def test_a_loop_that_stays_keeps_one_round(tmp_path: Path) -> None:
    spoken = say("Please hold the line while I look that up for you.", tmp_path)
    engine = _by_channel("la la la la la la la")
    heard = _hear(write(tmp_path / "a.wav", spoken), engine)
    assert {segment.text for segment in heard.transcript.segments} == {"la"}


@needs_flite
def test_a_truncated_mp3_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    spoken = say("Hello, this is a test of a file that breaks off.", tmp_path)
    path = write(tmp_path / "a.mp3", after(spoken, spoken), "libmp3lame", 44_100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    heard = _hear(path, _by_channel("hello"))
    assert heard.turns
    assert heard.incomplete_at == pytest.approx(spoken.shape[1] / 16_000, abs=0.5)
    assert any("damaged" in note for note in heard.notes)


def test_what_progress_raises_ends_the_work(tmp_path: Path) -> None:
    def stop(*_: object) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        hear(
            write(tmp_path / "a.wav", np.vstack([tone(2), tone(2, 330)])),
            recording="r1",
            layout=ChannelLayout.AGENT_CUSTOMER,
            engine=_by_channel("", ""),
            language="en",
            max_hours=1,
            progress=stop,
        )


@needs_flite
def test_the_agents_channel_is_found_by_what_is_said(tmp_path: Path) -> None:
    spoken = say("Thank you for calling, how can I help you today?", tmp_path)
    reply = say("My sofa has not arrived.", tmp_path, voice="kal")
    left = after(silence(spoken.shape[1] / 16_000 + 0.5), reply)
    engine = _by_channel("my sofa hasn't arrived", "thank you for calling how can I help you")
    heard = _hear(write(tmp_path / "a.wav", beside(left, spoken)), engine, "find")
    assert heard.layout is ChannelLayout.CUSTOMER_AGENT
    assert [turn.role for turn in heard.turns] == [Role.AGENT, Role.CUSTOMER]
    assert any("found on channel 2" in note for note in heard.notes)
    unknown = _hear(tmp_path / "a.wav", _by_channel("hello", "hello there"), "find")
    assert unknown.layout is ChannelLayout.FIND
    assert {turn.role for turn in unknown.turns} == {Role.UNKNOWN}


@needs_flite
def test_a_call_is_measured_while_it_is_heard(tmp_path: Path) -> None:
    one, two = say("Good morning, how can I help?", tmp_path), say("My sofa is late.", tmp_path)
    first = one.shape[1] / 16_000
    left = after(one, silence(8))
    right = after(silence(first + 5.0), two)
    engine = _by_channel("good morning how can I help", "my sofa is late")
    path = write(tmp_path / "a.wav", beside(left, right))
    measures = _hear(path, engine).measures
    assert [voice.speaker for voice in measures.voices] == ["channel 1", "channel 2"]
    assert [voice.words for voice in measures.voices] == [6, 4]
    assert measures.voices[0].talk_seconds == pytest.approx(first, abs=0.5)
    assert measures.dead_air_share.part == pytest.approx(5.0, abs=0.8)
    assert measures.voices[0].pitch is not None
    muted = hear(
        path, recording="r1", layout=ChannelLayout.AGENT_CUSTOMER, engine=engine, language="en",
        max_hours=1, excluded=(TimeSpan(first, first + 5),),
    ).measures  # fmt: skip
    assert [span.duration for span in muted.dead_air if span.start < first + 4] == []
    assert muted.excluded


def test_silence_has_measures_without_values(tmp_path: Path) -> None:
    measures = _hear(write(tmp_path / "a.wav", silence(5.0, 2)), _by_channel("", "")).measures
    assert measures.dead_air_share.value == pytest.approx(1.0)
    assert [voice.pace.value for voice in measures.voices] == [None, None]
    assert [voice.pitch for voice in measures.voices] == [None, None]
    nothing = _hear(write_nothing(tmp_path / "b.wav"), _by_channel("", "")).measures
    assert nothing.talk_over.value is None

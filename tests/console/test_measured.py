"""What people read of a call's sound: figures with what they are made of, no data where none is."""

import re
from dataclasses import replace

import pytest

from console.measured import HEIGHT, MOST_MOMENTS, WIDTH, measured, numbers, share
from console.quality import quality_of, shown
from core.conversation import Event, EventKind, JsonValue, Role
from core.measures import CallMeasures, Pitch, Share, Tone, TonePoint, VoiceMeasures
from core.recording import Mute, Recording, RecordingState
from core.spans import TimeSpan
from store import conversations, recordings
from tests.build import call, chat
from tests.console.conftest import LINES, START, House, store_call

PAGE = "/conversations/call-1"


def points(*tones: Tone) -> tuple[TonePoint, ...]:
    loudness = {Tone.CALM: 0.5, Tone.RAISED: 7.25, Tone.FLAT: -1.0}
    return tuple(
        TonePoint(TimeSpan(10 * n, 10 * n + 10), tone, loudness[tone], -2.0, 5.125)
        for n, tone in enumerate(tones)
    )


AGENT = VoiceMeasures(
    "channel 1", 30.0, 90, -20.0, Pitch(200.0, 150.0, 250.0), (), points(Tone.CALM, Tone.RAISED)
)
CUSTOMER = VoiceMeasures(
    "channel 2", 10.0, 25, None, None, (TimeSpan(5, 6.5),), points(Tone.CALM, Tone.FLAT)
)
MEASURES = CallMeasures(60.0, 3.0, (TimeSpan(10, 19),), (TimeSpan(20, 30),), (AGENT, CUSTOMER))


def test_figures_stand_with_what_they_are_made_of() -> None:
    made = measured(replace(call(*LINES), agent="Ann", measures=MEASURES))
    assert made is not None and made.talk is not None
    assert (made.talk.value, made.talk.made_of) == ("75 %", "0:30 of 0:40 of speech")
    assert (made.talk_over.value, made.talk_over.made_of) == ("5 %", "0:03 of 1:00")
    assert (made.dead_air.value, made.dead_air.made_of) == ("18 %", "0:09 of 0:50")
    assert [voice.who for voice in made.voices] == ["Ann", "Customer"]
    assert [voice.kind for voice in made.voices] == ["agent", "customer"]
    assert [voice.pace.value for voice in made.voices] == ["180", "150"]
    assert [voice.pitch.value for voice in made.voices] == ["200 Hz", "no data"]
    assert [voice.loudness.value for voice in made.voices] == ["−20 dB", "no data"]
    assert [voice.raised.value for voice in made.voices] == ["1 of 2", "0 of 2"]
    assert [(m.start, m.who, m.tone) for m in made.moments] == [
        (10.0, "Ann", Tone.RAISED),
        (10.0, "Customer", Tone.FLAT),
    ]
    assert [bar.width for bar in made.bars] == [240.0, 80.0]
    assert made.excluded == 10.0


def test_swapped_parties_swap_their_measures() -> None:
    whole = replace(call(*LINES), measures=MEASURES)
    other = {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}
    turned = tuple(replace(turn, role=other[turn.role]) for turn in whole.turns)
    made = measured(replace(whole, turns=turned))
    assert made is not None and made.talk is not None
    assert made.talk.value == "25 %"
    assert [voice.who for voice in made.voices] == ["Customer", "Agent"]


def test_unknown_voices_have_no_talk_share_and_their_labels() -> None:
    whole = call(*LINES)
    unknown = tuple(replace(turn, role=Role.UNKNOWN) for turn in whole.turns)
    made = measured(replace(whole, turns=unknown, measures=MEASURES))
    assert made is not None
    assert made.talk is None
    assert [(voice.who, voice.kind) for voice in made.voices] == [
        ("Channel 1", "unknown"),
        ("Channel 2", "unknown"),
    ]


def test_a_chat_and_an_old_call_have_no_measures() -> None:
    assert measured(chat(("customer", "hello"))) is None
    assert measured(call(*LINES)) is None


def test_silence_says_no_data_and_draws_nothing() -> None:
    nothing = VoiceMeasures("channel 1", 0.0, 0, None, None)
    made = measured(replace(call(), measures=CallMeasures(0.0, 0.0, (), (), (nothing,))))
    assert made is not None
    assert (made.talk_over.value, made.dead_air.value) == ("no data", "no data")
    assert made.voices[0].pace.value == "no data"
    assert made.voices[0].raised.value == "no data"
    assert (made.bars, made.is_tone_drawn) == ((), False)


def test_drawings_stay_within_their_frame_and_lists_are_short() -> None:
    wild = tuple(
        TonePoint(TimeSpan(10 * n, 10 * n + 10), Tone.RAISED, 40.0 * (-1) ** n, None, None)
        for n in range(240)
    )
    gaps = tuple(TimeSpan(10 * n, 10 * n + 4) for n in range(30))
    voice = replace(AGENT, tone=wild)
    made = measured(
        replace(call(*LINES), measures=CallMeasures(2400.0, 0.0, gaps, (), (voice, CUSTOMER)))
    )
    assert made is not None
    for dot in made.voices[0].dots:
        assert 0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT
    assert len(made.moments) == len(made.gaps) == MOST_MOMENTS
    assert made.more_gaps == 30 - MOST_MOMENTS


@pytest.mark.parametrize(
    ("part", "whole", "value"),
    [
        (0.0, 60.0, "0 %"),
        (0.1, 60.0, "under 1 %"),
        (0.29, 60.0, "under 1 %"),
        (0.31, 60.0, "1 %"),
        (60.0, 60.0, "100 %"),
        (0.0, 0.0, "no data"),
    ],
)
def test_a_share_rounds_and_never_hides_that_there_is_some(
    part: float, whole: float, value: str
) -> None:
    assert share(Share(part, whole)).value == value


def test_numbers_leave_out_what_is_not_known() -> None:
    assert numbers(points(Tone.RAISED)[0]) == "+7.2 dB, −2.0 semitones, range 5.1"
    bare = TonePoint(TimeSpan(0, 10), Tone.CALM, 0.0, None, None)
    assert numbers(bare) == "+0.0 dB"


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("level_dbfs", -21.5, "−22 dB"),
        ("voiced_seconds", 88.13, "88.1 s"),
        ("low_probability_share", 0.125, "12 %"),
        ("snr_db", 18.4, "18 dB"),
        ("clipped_samples", 3, "3"),
        ("codec", "pcm_mulaw", "pcm_mulaw"),
        ("anything", None, "no data"),
        ("is_clipped", True, "True"),
    ],
)
def test_figures_that_come_later_are_shown_with_their_unit(
    key: str, value: JsonValue, text: str
) -> None:
    assert shown(key, value) == text


def recording(**changes: object) -> Recording:
    made = Recording("r-call-1", "0" * 64, "a.wav", RecordingState.SCORED, START)
    return replace(made, **changes)  # type: ignore[arg-type] # fields of a recording


def test_quality_is_a_table_of_channels_and_facts() -> None:
    made = quality_of(
        recording(
            notes=("The file is damaged: it breaks at 3.0 s.", "Nobody speaks on channel 2."),
            quality={
                "codec": "pcm_mulaw",
                "channels": [
                    {"channel": 0, "voiced_seconds": 8.0, "echo_seconds": 0.0, "new_figure": 1},
                    {"channel": 1, "voiced_seconds": 0.0, "echo_seconds": 0.0, "new_figure": 2},
                ],
            },
            mutes=(Mute(TimeSpan(1, 3)), Mute(TimeSpan(2, 4), 1)),
        )
    )
    assert made.notes == ("Nobody speaks on channel 2.",)  # the page has its own of the other
    assert made.rows == (("Speech", ("8.0 s", "0.0 s")), ("New figure", ("1", "2")))
    assert made.facts == (("Coding", "pcm_mulaw"),)
    assert made.muted_seconds == 3.0
    assert quality_of(recording()).is_empty
    odd = quality_of(recording(quality={"channels": "many"}))
    assert (odd.rows, odd.channels) == ((), 0)


async def test_the_page_shows_measures_notes_and_mutes(house: House) -> None:
    muted = Event(EventKind.MUTED, None, note="channel 2", span=TimeSpan(2.0, 3.5))
    await store_call(house, measures=MEASURES, events=(muted,))
    async with house.database.writing() as session:
        is_there = await recordings.claim(
            session, "r-call-1", RecordingState.SCORED, worker="w", now=START, seconds=60
        )
        assert is_there
        await recordings.advance(
            session,
            "r-call-1",
            RecordingState.SCORED,
            worker="w",
            notes=["Nobody speaks on <b>channel</b> 2."],
            quality={"codec": "pcm_mulaw", "channels": [{"channel": 0, "level_dbfs": -21.0}]},
        )
    _, text = await house.get("sam", PAGE)
    assert "How it sounds" in text and "75 %" in text and "0:30 of 0:40 of speech" in text
    assert '<a class="seek" href="#player" data-start="5.0">0:05</a>' in text
    assert "+7.2 dB, −2.0 semitones, range 5.1" in text
    assert "Nobody speaks on &lt;b&gt;channel&lt;/b&gt; 2." in text
    assert "−21 dB" in text
    assert re.search(r"0:02</span> Silenced<span[^>]*>1.5 s, channel 2", text)
    assert "says nothing about what somebody feels" in re.sub(r"\s+", " ", text)
    assert "style=" not in text  # the page's policy lets no such thing through


async def test_a_damaged_recording_says_where_it_breaks(house: House) -> None:
    await store_call(house)
    async with house.database.writing() as session:
        await recordings.claim(
            session, "r-call-1", RecordingState.SCORED, worker="w", now=START, seconds=60
        )
        await recordings.advance(
            session, "r-call-1", RecordingState.SCORED, worker="w", incomplete_at=65.0,
            notes=["The file is damaged: it breaks at 65.0 s.", "It carries one sound."],
        )  # fmt: skip
    _, text = await house.get("sam", PAGE)
    assert "breaks off or is damaged at 1:05" in text
    assert "It carries one sound." in text
    assert "The file is damaged" not in text  # said once


async def test_a_call_without_measures_has_no_such_section(house: House, call_id: str) -> None:
    _, text = await house.get("sam", PAGE)
    assert "How it sounds" not in text
    assert "The recording</h2>" not in text


async def test_the_player_plays_the_silenced_copy_alone(house: House) -> None:
    await store_call(house)
    async with house.database.writing() as session:
        await recordings.hear_again(session, "r-call-1", (Mute(TimeSpan(0, 1)),))
        found = await recordings.get(session, "r-call-1")
    status, text = await house.get("sam", f"{PAGE}/audio")
    assert (status, "being silenced" in text) == (404, True)
    _, text = await house.get("sam", PAGE)
    assert "<audio" not in text
    assert "Parts of this recording are being silenced" in text
    with house.files.muting(found) as target:
        target.write_bytes(b"RIFF\0\0\0\0WAVE the silenced copy")
    _, text = await house.get("sam", PAGE)
    assert "<audio" in text and "are being silenced" not in text
    client = await house.visitor("sam")
    async with client.get(f"{PAGE}/audio") as response:
        assert await response.read() == b"RIFF\0\0\0\0WAVE the silenced copy"
        assert response.headers["Content-Type"] == "audio/wav"


async def test_measures_go_with_the_conversation(house: House) -> None:
    await store_call(house, measures=MEASURES)
    async with house.database.reading() as session:
        assert (await conversations.get(session, "call-1")).measures == MEASURES
    status, _, _ = await house.post("sam", f"{PAGE}/delete")
    assert status == 303
    async with house.database.reading() as session:
        assert await conversations.find(session, "call-1") is None

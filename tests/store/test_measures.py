"""Measures, mutes and notes of a call: kept as they were, replaced when it is heard anew, gone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.conversation import Event, EventKind
from core.errors import NotFound
from core.measures import CallMeasures, Pitch, Tone, TonePoint, VoiceMeasures
from core.recording import ChannelLayout, Mute, Recording, RecordingState, ordered
from core.spans import TimeSpan
from store import conversations, erasure, measures, recordings, roles
from store.database import Database
from tests.build import call, chat

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
POINT = TonePoint(TimeSpan(0, 10), Tone.FLAT, -0.5, None, 2.5)
VOICE = VoiceMeasures("channel 1", 12.5, 30, -21.5, Pitch(120.5, 98.0, 160.0), (), (POINT,))
MEASURES = CallMeasures(60.0, 1.5, (TimeSpan(4, 8),), (TimeSpan(20, 25),), (VOICE,))
CALL = replace(call(("agent", "hello"), ("customer", "hi")), measures=MEASURES)
OPENED = Event(EventKind.OPENED, NOW)


def muted(start: float) -> Event:
    return Event(EventKind.MUTED, None, note="channel 1", span=TimeSpan(start, start + 1))


async def test_a_call_keeps_its_measures_and_a_chat_has_none(database: Database) -> None:
    async with database.writing() as session:
        await conversations.add(session, CALL, now=NOW)
        await conversations.add(session, chat(("customer", "hello"), id="c2"), now=NOW)
    async with database.reading() as session:
        assert await conversations.get(session, "c1") == CALL
        assert (await conversations.get(session, "c2")).measures is None
        assert await measures.find(session, "c1") == MEASURES


async def test_a_call_heard_anew_has_its_new_measures_and_mutes(database: Database) -> None:
    first = replace(CALL, events=(OPENED, muted(1)))
    again = replace(
        CALL,
        measures=replace(MEASURES, talk_over_seconds=9.0),
        events=(OPENED, muted(1), muted(5)),
    )
    async with database.writing() as session:
        await conversations.add(session, first, now=NOW)
        await conversations.add_event(session, "c1", Event(EventKind.ROLES_SWAPPED, NOW, "Sam"))
        await conversations.replace_turns(session, again)
        found = await conversations.get(session, "c1")
    assert found.measures is not None
    assert found.measures.talk_over_seconds == 9.0
    assert [event.kind for event in found.events] == [
        EventKind.OPENED,
        EventKind.ROLES_SWAPPED,  # what people did stays
        EventKind.MUTED,
        EventKind.MUTED,
    ]


async def test_measures_go_with_their_call(database: Database) -> None:
    async with database.writing() as session:
        await conversations.add(session, CALL, now=NOW)
        await erasure.erase_conversation(session, "c1", actor="test", now=NOW)
    async with database.reading() as session:
        assert await measures.find(session, "c1") is None


def recording(**changes: object) -> Recording:
    made = Recording("r1", "a" * 64, "a.wav", RecordingState.RECEIVED, NOW)
    return replace(made, **changes)  # type: ignore[arg-type] # fields of a recording


async def test_a_recording_keeps_mutes_notes_and_quality(database: Database) -> None:
    whole = recording(
        mutes=(Mute(TimeSpan(1, 2)), Mute(TimeSpan(3, 4.5), 1)),
        notes=("Nobody speaks on channel 2.",),
        quality={"codec": "pcm_mulaw", "channels": [{"channel": 0, "level_dbfs": -21.5}]},
    )
    async with database.writing() as session:
        assert await recordings.receive(session, whole) == (whole, True)
    async with database.reading() as session:
        assert await recordings.get(session, "r1") == whole


async def test_hearing_again_takes_the_recording_from_its_worker(database: Database) -> None:
    received = RecordingState.RECEIVED
    async with database.writing() as session:
        await recordings.receive(session, recording())
        assert await recordings.claim(session, "r1", received, worker="a", now=NOW, seconds=60)
        await recordings.hear_again(session, "r1", (Mute(TimeSpan(1, 2)),))
        assert not await recordings.advance(
            session, "r1", RecordingState.TRANSCRIBED, worker="a", duration=9.0
        )
        assert await recordings.due(session, now=NOW) == ["r1"]


def test_mutes_have_one_order_whatever_they_came_in() -> None:
    one, other, both = Mute(TimeSpan(1, 2), 0), Mute(TimeSpan(1, 2), 1), Mute(TimeSpan(1, 2))
    early = Mute(TimeSpan(0, 9), 1)
    assert ordered([other, both, one, early, one]) == (early, both, one, other)
    assert ordered([one, early, both, other]) == (early, both, one, other)


async def test_whose_voice_it_is_can_be_said_of_calls_alone_that_have_it(
    database: Database,
) -> None:
    async with database.writing() as session:
        await conversations.add(session, CALL, now=NOW)
        await recordings.receive(session, recording(conversation="c1", layout=ChannelLayout.FIND))
        await roles.tell_agent(session, "c1", "channel 2", actor="Sam", now=NOW)
        kept = await recordings.get(session, "r1")
        assert kept.layout is ChannelLayout.CUSTOMER_AGENT
        with pytest.raises(NotFound):
            await roles.tell_agent(session, "nobody", "channel 1", actor="Sam", now=NOW)

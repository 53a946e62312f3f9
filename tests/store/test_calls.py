"""Calls and their recordings are stored once each, found again, and go with their conversation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.call import Call, CallRecording, CallRecordingState, CallStage
from core.conversation import Channel, Conversation, Event, EventKind, Role, Speech, Turn
from core.handoff import Holder
from core.people import Address, AddressKind
from core.spans import TimeSpan
from store import buttons, calls, conversations, erasure, handoffs, owed, presses, search, standing
from store.database import Database

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CALLER = Address(AddressKind.PHONE, "+447700900123")


async def _call(database: Database) -> Call:
    async with database.writing() as session:
        opened = await conversations.open_chat(session, Channel.VOICE, CALLER, now=NOW)
        call = Call("twilio", "CA1", opened.id, NOW)
        await calls.save(session, call)
        await calls.save_recording(session, CallRecording("RE1", "CA1", opened.id, NOW))
    return call


async def test_a_call_is_found_as_it_was_stored_last(database: Database) -> None:
    call = await _call(database)
    changed = replace(
        call, stage=CallStage.PERSON, step=3, key="k", answer="<Response/>", told_from=1,
        told_to=2, silences=1, misheard=2, is_slow=True, called="+441632960000", pending="HP-10442",
        leg="CA2",        answered_at=NOW, ended_at=NOW,
    )  # fmt: skip
    async with database.writing() as session:
        await calls.save(session, changed)
    async with database.reading() as session:
        assert await calls.find(session, "twilio", "CA1") == changed
        assert await calls.find_by_conversation(session, call.conversation) == changed
        assert await calls.find(session, "twilio", "CA9") is None
        assert await calls.find(session, "other", "CA1") is None


async def test_a_recording_is_due_once_its_call_is_over_and_its_pause_as_well(
    database: Database,
) -> None:
    call = await _call(database)
    async with database.reading() as session:
        assert await calls.recordings_due(session, now=NOW) == ()
    async with database.writing() as session:
        handoff = await handoffs.get(session, call.conversation)
        await handoffs.move(session, handoff, Holder.CLOSED, now=NOW)
    async with database.reading() as session:
        (due,) = await calls.recordings_due(session, now=NOW)
    later = replace(due, attempts=1, try_after=NOW + timedelta(minutes=1))
    async with database.writing() as session:
        await calls.save_recording(session, later)
        assert await calls.recordings_due(session, now=NOW) == ()
        assert await calls.recordings_due(session, now=NOW + timedelta(minutes=1)) == (later,)
        fetched = replace(later, state=CallRecordingState.FETCHED, recording="r1")
        await calls.save_recording(session, fetched)
        assert await calls.recordings_due(session, now=NOW + timedelta(hours=1)) == ()
        assert await calls.recording_behind(session, "r1") == fetched
        assert await calls.recording_behind(session, "r2") is None


async def test_spoken_turns_are_put_in_between_and_the_others_keep_what_hangs_on_them(
    database: Database,
) -> None:
    call = await _call(database)
    lines = (("a", Role.BOT), ("b", Role.CUSTOMER), ("c", Role.BOT), ("d", Role.CUSTOMER))
    async with database.writing() as session:
        for number, (name, role) in enumerate(lines):
            turn = Turn(name, role, f"words {name}", NOW + timedelta(seconds=10 * number))
            await conversations.append_turn(session, call.conversation, turn, now=NOW)
        (button,) = await buttons.issue(session, call.conversation, "a", [("Yes", "/yes")])
        await presses.record(session, call.conversation, "b", button.id)
        for kind in (EventKind.RECORDING_PAUSED, EventKind.RECORDING_RESUMED):
            await conversations.add_event(session, call.conversation, Event(kind, NOW))
    for heard in (("x", "y"), ("z",)):  # the second time it is heard anew
        async with database.writing() as session:
            known = await conversations.get(session, call.conversation)
            await conversations.put_in(session, _with_spoken(known, heard))
        async with database.reading() as session:
            made = await conversations.get(session, call.conversation)
            assert [turn.id for turn in made.turns] == ["a", "b", *heard, "c", "d"]
            assert (await standing.read(session, call.conversation)).pressed == {"b": button.id}
            assert await conversations.last_position(session, call.conversation) == 3 + len(heard)
            (found,) = search.matching(session, "spoken")
            assert list(await session.scalars(found)) == [call.conversation]
        assert (made.recording, made.engine, made.agent) == ("r1", "parrot", "Ann")
        (pause,) = [e for e in made.events if e.kind is EventKind.RECORDING_PAUSED]
        assert pause.span == TimeSpan(1.0, 2.0)


def _with_spoken(known: Conversation, ids: tuple[str, ...]) -> Conversation:
    """The call with turns that were heard behind its second one."""
    written = [turn for turn in known.turns if turn.speech is None]
    spoken = [
        Turn(name, Role.AGENT, f"spoken {name}", NOW, Speech(TimeSpan(place, place + 1)))
        for place, name in enumerate(ids)
    ]
    events = [
        replace(event, span=TimeSpan(1.0, 2.0))
        if event.kind is EventKind.RECORDING_PAUSED
        else event
        for event in known.events
    ]
    return replace(
        known,
        turns=(*written[:2], *spoken, *written[2:]),
        events=tuple(events),
        recording="r1",
        engine="parrot",
        agent="Ann",
    )


async def test_a_deleted_conversation_takes_its_calls_along(database: Database) -> None:
    call = await _call(database)
    async with database.writing() as session:
        await erasure.erase_conversation(session, call.conversation, actor="u1", now=NOW)
    async with database.reading() as session:
        assert await calls.find(session, "twilio", "CA1") is None
        assert await calls.find_recording(session, "RE1") is None
        assert await owed.due(session, at_most=9) == (call.conversation,)  # the bot heard it too

"""Calls and their recordings are stored once each, found again, and go with their conversation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.call import Call, CallRecording, CallRecordingState, CallStage
from core.conversation import Channel
from core.handoff import Holder
from core.people import Address, AddressKind
from store import calls, conversations, erasure, handoffs, owed
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


async def test_a_deleted_conversation_takes_its_calls_along(database: Database) -> None:
    call = await _call(database)
    async with database.writing() as session:
        await erasure.erase_conversation(session, call.conversation, actor="u1", now=NOW)
    async with database.reading() as session:
        assert await calls.find(session, "twilio", "CA1") is None
        assert await calls.find_recording(session, "RE1") is None
        assert await owed.due(session, at_most=9) == (call.conversation,)  # the bot heard it too

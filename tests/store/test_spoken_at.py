"""The time of import is no longer taken for the hour of a call, in a database of before as well."""

from datetime import UTC, datetime

from core.call import CallRecording, CallRecordingState
from core.conversation import Channel, Conversation, Event, EventKind
from core.recording import Recording, RecordingState
from store import calls, conversations, recordings
from store.database import Database
from tests.store.test_files_of_customers import migrate

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_only_a_call_of_the_telephone_keeps_its_hour(database: Database) -> None:
    async with database.writing() as session:
        for name in ("file", "phone"):
            opened = (Event(EventKind.OPENED, NOW),)
            talk = Conversation(name, Channel.VOICE, (), opened, NOW, NOW)
            await conversations.add(session, talk, now=NOW)
            sound = Recording(
                f"r-{name}", name[0] * 64, "a.wav", RecordingState.SCORED, NOW, conversation=name
            )
            await recordings.receive(session, sound)
        kept = CallRecordingState.FETCHED
        told = CallRecording("RE1", "CA1", "phone", NOW, state=kept, recording="r-phone")
        await calls.save_recording(session, told)
    await migrate(database, "0021")
    await migrate(database, "head")
    async with database.reading() as session:
        for name, at in (("file", None), ("phone", NOW)):
            found = await conversations.get(session, name)
            assert (found.opened_at, found.events[0].at) == (NOW, at)

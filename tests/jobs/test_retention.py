"""Words are kept as long as the bot says: no longer, no shorter, sound and address with them."""

import errno
import logging
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.conversation import Channel
from core.handoff import Holder
from core.ids import new_id
from core.people import Address, AddressKind
from core.recording import Recording
from jobs import steps
from jobs.ingest import IngestRequest, receive_file
from jobs.place import Place
from jobs.retention import Retention
from jobs.running import Ending
from store import attachments, audit, conversations, handoffs, recordings
from store.attachments import Content
from store.tables import AddressRow
from tests.build import chat

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
VISITOR = Address(AddressKind.WEB, "token")


@pytest.mark.parametrize(("age_days", "kept"), [(0, True), (89, True), (91, False), (4000, False)])
async def test_a_closed_conversation_is_kept_for_its_days(
    place: Place, age_days: int, kept: bool
) -> None:
    ended = NOW - age_days * DAY
    talk = replace(chat(("customer", "hello")), opened_at=ended, closed_at=ended)
    async with place.database.writing() as session:
        await conversations.add(session, talk, now=NOW)
    assert await Retention(place).look(NOW) == (0 if kept else 1)
    assert await Retention(place).look(NOW) == 0
    async with place.database.reading() as session:
        assert (await conversations.find(session, talk.id) is not None) is kept
        rows = await audit.rows_of(session, talk.id)
    assert [(row.actor, row.action) for row in rows] == (
        [] if kept else [("retention", "conversation.deleted")]
    )


async def test_an_open_conversation_is_never_deleted(place: Place) -> None:
    long_ago = NOW - 400 * DAY
    async with place.database.writing() as session:
        opened = await conversations.open_chat(session, Channel.WEB, VISITOR, now=long_ago)
    assert await Retention(place).look(NOW) == 0
    async with place.database.writing() as session:
        handoff = await handoffs.get(session, opened.id)
        await handoffs.move(session, handoff, Holder.CLOSED, now=long_ago)
    assert await Retention(place).look(NOW) == 1
    async with place.database.reading() as session:
        hashed = conversations.address_hash(session, VISITOR)
        assert await session.get(AddressRow, hashed) is None


async def test_a_recording_goes_with_its_conversation(place: Place, recording: Recording) -> None:
    assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.DONE
    sound = place.files.folder / recording.id
    assert await Retention(place).look(NOW + 89 * DAY) == 0
    assert await Retention(place).look(NOW + 91 * DAY) == 1
    assert not sound.exists()
    async with place.database.reading() as session:
        assert await recordings.find(session, recording.id) is None


async def test_a_recording_nobody_heard_goes_too(place: Place, recording: Recording) -> None:
    sound = place.files.folder / recording.id
    assert await Retention(place).look(NOW + 91 * DAY) == 1
    assert not sound.exists()


async def test_files_that_no_row_knows_are_deleted_after_a_day(
    place: Place, recording: Recording
) -> None:
    stray, fresh = place.files.folder / new_id(), place.files.folder / new_id()
    draft, foreign = place.files.folder / ".draft-1", place.files.folder / "notes.txt"
    for path in (stray, fresh, draft, foreign):
        path.write_bytes(b"words")
    for path in (stray, draft, foreign, place.files.folder / recording.id):
        os.utime(path, ((NOW - 2 * DAY).timestamp(),) * 2)
    assert await Retention(place).tidy(NOW) == 1
    left = {path.name for path in place.files.folder.iterdir()}
    assert left == {recording.id, fresh.name, foreign.name}


async def test_a_picture_is_no_stray_file_and_goes_with_its_conversation(place: Place) -> None:
    ended = NOW - DAY
    said = chat(("customer", "it looks like this"))
    talk = replace(said, opened_at=ended, closed_at=ended)
    async with place.database.writing() as session:
        await conversations.add(session, talk, now=NOW)
        content = Content("image/png", 9, 2, 2)
        name = await attachments.add_kept(session, talk.id, "t0", content, now=NOW)
    place.files.folder.mkdir(parents=True, exist_ok=True)
    path = place.files.folder / name
    path.write_bytes(b"a picture")
    os.utime(path, ((NOW - 2 * DAY).timestamp(),) * 2)
    assert await Retention(place).tidy(NOW) == 0
    assert path.exists()
    assert await Retention(place).look(NOW + 91 * DAY) == 1
    assert not path.exists()


async def test_files_that_customers_sent_are_known_and_go_with_their_conversation(
    place: Place, recording: Recording
) -> None:
    del recording
    phone = Address(AddressKind.PHONE, "+447700900123")
    async with place.database.writing() as session:
        opened = await conversations.open_chat(session, Channel.WHATSAPP, phone, now=NOW)
        await attachments.add(session, opened.id, "m1", ["https://api.twilio.com/a"], now=NOW)
        (sent,) = await attachments.waiting(session)
        handoff = await handoffs.get(session, opened.id)
        await handoffs.move(session, handoff, Holder.CLOSED, now=NOW)
    file = place.files.folder / sent.id
    file.write_bytes(b"picture")
    os.utime(file, ((NOW - 2 * DAY).timestamp(),) * 2)
    assert await Retention(place).tidy(NOW) == 0
    assert file.exists()
    await Retention(place).look(NOW + 91 * DAY)
    assert not file.exists()


@pytest.mark.parametrize(("after_days", "kept"), [(89, True), (91, False)])
async def test_what_failed_in_the_inbox_is_kept_as_long(
    place: Place, after_days: int, kept: bool
) -> None:
    failed = place.settings.inbox / "failed"
    (failed / "deeper").mkdir(parents=True)
    (failed / "call.wav").write_bytes(b"words")
    os.utime(failed / "call.wav", (0, 0))  # an old recording that failed today
    await Retention(place).tidy(datetime.now(UTC) + after_days * DAY)
    assert (failed / "call.wav").exists() is kept
    assert (failed / "deeper").is_dir()


async def test_an_empty_database_deletes_no_files(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    place.files.folder.mkdir(parents=True)
    sound = place.files.folder / new_id()
    sound.write_bytes(b"words")
    with caplog.at_level(logging.WARNING, "parley.jobs"):
        assert await Retention(place).tidy(NOW + 2 * DAY) == 0
    assert sound.exists()
    assert "the database knows none" in caplog.text


async def test_a_file_that_cannot_be_deleted_is_tried_again(
    place: Place, recording: Recording, call: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    sound = place.files.folder / recording.id
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        assert await Retention(place).look(NOW + 91 * DAY) == 1
    assert sound.exists()
    await receive_file(place, IngestRequest(call), now=NOW)  # the database knows something
    assert await Retention(place).tidy(NOW + 92 * DAY) == 1
    assert not sound.exists()


@pytest.mark.parametrize(("age_days", "is_kept"), [(89, True), (91, False)])
async def test_letters_in_a_folder_are_deleted_in_time(
    place: Place, age_days: int, is_kept: bool
) -> None:
    letter = place.settings.var / "mail" / "code-1.eml"
    letter.parent.mkdir(parents=True)
    letter.write_text("To: anna@example.com")
    written = (NOW - age_days * DAY).timestamp()
    os.utime(letter, (written, written))
    await Retention(place).tidy(NOW)
    assert letter.exists() is is_kept

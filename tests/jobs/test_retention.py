"""Words are kept as long as the bot says: no longer, no shorter, sound and address with them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.conversation import Channel
from core.handoff import Holder
from core.people import Address, AddressKind
from core.recording import Recording
from jobs import steps
from jobs.place import Place
from jobs.retention import Retention
from jobs.running import Ending
from store import audit, conversations, handoffs, recordings
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
    sound = place.files.path(recording.id)
    assert await Retention(place).look(NOW + 89 * DAY) == 0
    assert await Retention(place).look(NOW + 91 * DAY) == 1
    assert not sound.exists()
    async with place.database.reading() as session:
        assert await recordings.find(session, recording.id) is None


async def test_a_recording_nobody_heard_goes_too(place: Place, recording: Recording) -> None:
    sound = place.files.path(recording.id)
    assert await Retention(place).look(NOW + 91 * DAY) == 1
    assert not sound.exists()

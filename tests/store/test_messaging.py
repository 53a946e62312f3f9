"""Messages on their way, files that came, and who wants none: on SQLite and PostgreSQL alike."""

from datetime import UTC, datetime, timedelta

import pytest

from core.conversation import Channel, Role, Turn
from core.people import Address, AddressKind
from store import attachments, conversations, dispatches, messaging, outbox, webhooks
from store.attachments import Content
from store.database import Database
from store.dispatches import Progress
from store.outbox import Delivery, Report

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PHONE = Address(AddressKind.PHONE, "+447700900123")
OURS = "+442079460018"


async def open_chat(database: Database, channel: Channel = Channel.WHATSAPP) -> str:
    """A conversation with one turn of ours in the outbox."""
    async with database.writing() as session:
        chat = (await conversations.open_chat(session, channel, PHONE, now=NOW)).id
        await conversations.append_turn(session, chat, Turn("t1", Role.BOT, "hi", NOW), now=NOW)
        await outbox.enqueue(session, chat, "t1", now=NOW)
        await messaging.note_written(session, chat, ours=OURS, now=NOW)
    return chat


async def test_a_line_is_both_numbers_and_when_the_customer_wrote_last(database: Database) -> None:
    chat = await open_chat(database)
    async with database.writing() as session:
        await messaging.note_written(session, chat, ours="+1", now=NOW - timedelta(hours=1))
        line = await messaging.find_line(session, chat)
        assert line == messaging.Line("+1", PHONE.value, NOW), "a clock set back shuts no window"
        assert await messaging.find_line(session, "nothing") is None


async def test_a_stop_is_of_one_address_and_found_again(database: Database) -> None:
    other = Address(AddressKind.PHONE, "+447700900124")
    async with database.writing() as session:
        for _ in range(2):
            await messaging.opt_out(session, PHONE, now=NOW)
        assert await messaging.is_opted_out(session, PHONE)
        assert not await messaging.is_opted_out(session, other)
        assert await messaging.opt_in(session, PHONE)
        assert not await messaging.opt_in(session, PHONE)
        assert not await messaging.is_opted_out(session, PHONE)


async def test_what_is_pending_is_found_by_channel_and_in_order(database: Database) -> None:
    chat = await open_chat(database)
    await open_chat(database, Channel.WEB)
    async with database.writing() as session:
        await conversations.append_turn(session, chat, Turn("t2", Role.BOT, "x", NOW), now=NOW)
        await outbox.enqueue(session, chat, "t2", now=NOW)
        channels = (Channel.WHATSAPP, Channel.SMS)
        assert await outbox.with_pending(session, channels) == (chat,)
        later = NOW + timedelta(minutes=1)
        await outbox.postpone(session, chat, "t1", next_at=later)
    async with database.writing() as session:
        first = await outbox.next_pending(session, chat)
        assert first is not None
        assert (first.turn, first.attempts, first.next_at) == ("t1", 1, later)
        assert await outbox.set_state(session, chat, "t1", Delivery.SENT, now=NOW)
        assert not await outbox.set_state(session, chat, "t1", Delivery.SENT, now=NOW)
        second = await outbox.next_pending(session, chat)
        assert second is not None
        assert second.turn == "t2"
        await outbox.set_state(session, chat, "t2", Delivery.FAILED, now=NOW, reason="why")
    async with database.reading() as session:
        assert await outbox.next_pending(session, chat) is None
        assert await outbox.reports(session, chat) == {
            "t1": Report(Delivery.SENT),
            "t2": Report(Delivery.FAILED, "why"),
        }


@pytest.mark.parametrize(
    ("reports", "progress", "code"),
    [
        ([(Progress.SENT, None), (Progress.ACCEPTED, None)], Progress.SENT, None),
        ([(Progress.READ, None), (Progress.FAILED, 30003)], Progress.READ, None),
        ([(Progress.FAILED, 30003), (Progress.SENT, None)], Progress.FAILED, 30003),
        ([(Progress.FAILED, 30003), (Progress.DELIVERED, None)], Progress.DELIVERED, None),
    ],
)
async def test_a_message_goes_forwards_alone(
    database: Database,
    reports: list[tuple[Progress, int | None]],
    progress: Progress,
    code: int | None,
) -> None:
    chat = await open_chat(database)
    async with database.writing() as session:
        made = await dispatches.begin(session, chat, "t1", 0, is_numbered=False, now=NOW)
    for told, why in reports:
        async with database.writing() as session:
            await dispatches.report(session, made.id, told, now=NOW, sid="SM1", code=why)
    async with database.writing() as session:
        (found,) = await dispatches.of_turn(session, chat, "t1")
        assert (found.progress, found.code, found.sid) == (progress, code, "SM1")
        again = await dispatches.begin(session, chat, "t1", 0, is_numbered=True, now=NOW)
        assert again == found, "what Twilio has keeps its form"
        assert await dispatches.report(session, "nothing", told, now=NOW) is None


async def test_a_turn_is_as_far_as_the_last_of_its_parts(database: Database) -> None:
    chat = await open_chat(database)
    async with database.writing() as session:
        parts = [
            await dispatches.begin(session, chat, "t1", part, is_numbered=True, now=NOW)
            for part in range(2)
        ]
        assert dispatches.delivery_of(parts) is Delivery.PENDING
        await dispatches.report(session, parts[0].id, Progress.READ, now=NOW)
        now = await dispatches.of_turn(session, chat, "t1")
        assert dispatches.delivery_of(now) is Delivery.PENDING
        await dispatches.report(session, parts[1].id, Progress.SENT, now=NOW)
        now = await dispatches.of_turn(session, chat, "t1")
        assert dispatches.delivery_of(now) is Delivery.SENT
        assert await dispatches.numbered(session, chat) == {"t1"}


async def test_files_and_webhooks_are_kept_by_their_ids(database: Database) -> None:
    chat = await open_chat(database)
    async with database.writing() as session:
        await attachments.add(session, chat, "t1", ["https://api.twilio.com/a"], now=NOW)
        (one,) = await attachments.waiting(session)
        content = Content("image/png", 3, 2, 1)
        assert await attachments.mark_kept(session, one.id, content)
        assert not await attachments.mark_kept(session, "nothing", content)
        by_itself = await attachments.add_kept(session, chat, "t2", content, now=NOW)
        await webhooks.keep(session, "message:SM1", "first", conversation=chat, now=NOW)
        await webhooks.keep(session, "message:SM1", "again", conversation=chat, now=NOW)
    async with database.reading() as session:
        assert await attachments.waiting(session) == ()
        for file_id in (one.id, by_itself):
            assert (await attachments.get(session, chat, file_id)).content == content
        assert await attachments.known(session) == {one.id, by_itself}
        assert set(await attachments.of_conversation(session, chat)) == {"t1", "t2"}
        assert await webhooks.find(session, "message:SM1") == "again"

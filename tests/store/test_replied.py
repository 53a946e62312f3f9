"""What a reply is to: found by Twilio's id or a turn's, among one person's conversations alone."""

from datetime import UTC, datetime, timedelta

from core.conversation import Channel, Role, Turn
from core.people import Address, AddressKind
from store import conversations, dispatches, erasure, replied
from store.database import Database
from store.dispatches import Progress
from store.replied import Place

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PHONE = Address(AddressKind.PHONE, "+447700900123")
OTHER = Address(AddressKind.PHONE, "+447700900124")


async def open_chat(database: Database, address: Address, sid: str, *turns: Turn) -> str:
    """A conversation of these turns, the first of which Twilio knows as `sid`."""
    async with database.writing() as session:
        chat = (await conversations.open_chat(session, Channel.WHATSAPP, address, now=NOW)).id
        for turn in turns:
            await conversations.append_turn(session, chat, turn, now=NOW)
        sent = await dispatches.begin(session, chat, turns[0].id, 0, is_numbered=False, now=NOW)
        await dispatches.report(session, sent.id, Progress.SENT, now=NOW, sid=sid)
    return chat


async def test_a_message_is_found_among_the_customers_own(database: Database) -> None:
    said = Turn("SM-in", Role.CUSTOMER, "hello", NOW)
    chat = await open_chat(database, PHONE, "SM-1", Turn("b1", Role.BOT, "yes?", NOW), said)
    await open_chat(database, OTHER, "SM-2", Turn("b1", Role.BOT, "secret", NOW))
    async with database.reading() as session:
        assert await replied.find_message(session, PHONE, "SM-1") == Place(chat, "b1")
        assert await replied.find_message(session, PHONE, "SM-in") == Place(chat, "SM-in")
        for sid in ("SM-2", "b1", "", "SM-none"):
            assert await replied.find_message(session, PHONE, sid) is None, sid


async def test_a_reply_names_a_turn_here_before_one_of_earlier(database: Database) -> None:
    old = await open_chat(
        database,
        PHONE,
        "SM-1",
        Turn("b1", Role.BOT, "of earlier", NOW),
        Turn("b2", Role.BOT, "only there", NOW),
    )
    await open_chat(database, OTHER, "SM-2", Turn("b9", Role.BOT, "secret", NOW))
    later = NOW + timedelta(days=1)
    chat = await open_chat(
        database,
        PHONE,
        "SM-3",
        Turn("b1", Role.BOT, "of now", NOW),
        Turn("m1", Role.CUSTOMER, "this", later, replies_to="b1"),
        Turn("m2", Role.CUSTOMER, "that", later, replies_to="b2"),
        Turn("m3", Role.CUSTOMER, "theirs", later, replies_to="b9"),
        Turn("m4", Role.CUSTOMER, "nothing", later),
    )
    async with database.reading() as session:
        found = await replied.of_conversation(session, chat)
        assert {turn: to.text for turn, to in found.items()} == {"m1": "of now", "m2": "only there"}
        stored = await conversations.get(session, chat)
        assert [turn.replies_to for turn in stored.turns] == [None, "b1", "b2", "b9", None]
        assert await replied.of_conversation(session, old) == {}
        assert await replied.find(session, chat, "b9") is None
    async with database.writing() as session:
        await erasure.erase_conversation(session, old, actor="a test", now=later)
    async with database.reading() as session:
        assert set(await replied.of_conversation(session, chat)) == {"m1"}

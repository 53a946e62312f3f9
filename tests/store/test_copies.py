"""Copies by e-mail in the store: claimed by one, counted for a day, no address when done."""

from datetime import UTC, datetime, timedelta

import pytest

from core.conversation import Channel
from core.errors import NotFound
from core.people import Address, AddressKind
from store import conversations, copies
from store.copies import Asked, Copy, CopyState, Reason
from store.database import Database

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANN, BEN = Address(AddressKind.WEB, "ann"), Address(AddressKind.WEB, "ben")


async def ask(database: Database, visitor: Address, id: str, address: str = "a@b.example") -> str:
    """A visitor's copy of their conversation; the conversation's id."""
    async with database.writing() as session:
        chat = await conversations.find_open_chat(session, visitor)
        if chat is None:
            chat = (await conversations.open_chat(session, Channel.WEB, visitor, now=NOW)).id
        made = Copy(id, chat, address, "en", 3, CopyState.WAITING, None, 0, NOW)
        await copies.add(session, made)
    return chat


async def test_a_copy_is_claimed_by_one_until_its_time_is_over(database: Database) -> None:
    await ask(database, ANN, "c1")
    async with database.writing() as session:
        assert await copies.due(session, now=NOW) == ("c1",)
        first = await copies.claim(session, "c1", now=NOW, until=NOW + MINUTE)
        assert first is not None
        assert (first.attempts, first.address, first.last) == (1, "a@b.example", 3)
        assert await copies.claim(session, "c1", now=NOW, until=NOW + MINUTE) is None
        assert await copies.due(session, now=NOW) == ()
        assert await copies.due(session, now=NOW + MINUTE) == ("c1",)
        again = await copies.claim(session, "c1", now=NOW + MINUTE, until=NOW + 2 * MINUTE)
        assert again is not None
        assert again.attempts == 2


async def test_what_is_done_has_no_address_and_is_not_due(database: Database) -> None:
    await ask(database, ANN, "c1")
    async with database.writing() as session:
        await copies.postpone(session, "c1", until=NOW + MINUTE)
        late = await copies.find(session, "c1")
        assert late is not None
        assert (late.reason, late.address) == (Reason.LATER, "a@b.example")
        await copies.settle(session, late, CopyState.REFUSED, Reason.ADDRESS, now=NOW)
        done = await copies.get_own(session, ANN, "c1")
        assert (done.state, done.reason, done.address) == (CopyState.REFUSED, Reason.ADDRESS, None)
        assert await copies.due(session, now=NOW + MINUTE) == ()
        with pytest.raises(NotFound):
            await copies.get_own(session, BEN, "c1")
        with pytest.raises(NotFound):
            await copies.get_own(session, ANN, "c2")


async def test_copies_are_counted_by_customer_and_by_address(database: Database) -> None:
    chat = await ask(database, ANN, "c1")
    await ask(database, ANN, "c2", "other@b.example")
    other = await ask(database, BEN, "c3")
    async with database.reading() as session:
        since = NOW - MINUTE
        assert await copies.asked(session, chat, "a@b.example", since=since) == Asked(2, 2)
        assert await copies.asked(session, other, "new@b.example", since=since) == Asked(1, 0)
        assert await copies.asked(session, chat, "a@b.example", since=NOW) == Asked(0, 0)


async def test_what_waits_is_never_forgotten_by_its_age(database: Database) -> None:
    await ask(database, ANN, "c1")
    await ask(database, BEN, "c2")
    async with database.writing() as session:
        done = await copies.find(session, "c2")
        assert done is not None
        await copies.settle(session, done, CopyState.SENT, None, now=NOW)
        await copies.forget_old(session, now=NOW + copies.KEPT + MINUTE)
        assert await copies.find(session, "c1") is not None
        assert await copies.find(session, "c2") is None

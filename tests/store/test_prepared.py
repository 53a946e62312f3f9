"""Statements run by the driver's own cursor: the same rows, types and errors as SQLAlchemy's."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from core.conversation import Channel, Role, Turn
from core.errors import Unavailable
from core.people import Address, AddressKind
from core.settings import Settings
from store import conversations, handoffs, standing
from store.columns import table_of
from store.database import Database, open_database
from store.prepared import often
from store.tables import ConversationRow, TurnRow

NOW = datetime(2026, 1, 31, 10, 20, 30, 123456, tzinfo=UTC)
_ROWS, _TURNS = table_of(ConversationRow).c, table_of(TurnRow).c
_ID = bindparam("id", type_=_ROWS.id.type)
PLAIN = select(_TURNS.id, _TURNS.text, _TURNS.said_at, _TURNS.start).where(
    _TURNS.conversation_id == _ID
)
MARKED = often(
    select(_TURNS.id, _TURNS.text, _TURNS.said_at, _TURNS.start).where(
        _TURNS.conversation_id == _ID
    )
)
TWICE = often(insert(table_of(ConversationRow)).values(id=_ID, channel="web", holder="bot"))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = await open_database(Settings(var=tmp_path), inline=True)
    yield made
    await made.close()


async def open_chat(database: Database) -> str:
    async with database.writing() as session:
        visitor = Address(AddressKind.WEB, "v1")
        opened = await conversations.open_chat(session, Channel.WEB, visitor, now=NOW)
        there = NOW.astimezone(timezone(timedelta(hours=5)))
        for number in range(3):
            turn = Turn(f"m{number}", Role.CUSTOMER, f"wörds {number}", there)
            await conversations.append_turn(session, opened.id, turn, now=NOW)
    return opened.id


async def test_rows_are_those_of_sqlalchemy(database: Database) -> None:
    chat = await open_chat(database)
    async with database.reading() as session:
        plain = (await session.execute(PLAIN, {"id": chat})).all()
        marked = (await session.execute(MARKED, {"id": chat})).all()
        assert [tuple(row) for row in marked] == [tuple(row) for row in plain]
        assert [row.said_at for row in marked] == [NOW] * 3
        assert marked[0].text == "wörds 0"
        assert (await session.execute(MARKED, {"id": "nobody"})).first() is None
        assert not list(await session.execute(MARKED, {"id": "nobody"}))


async def test_what_every_message_asks_is_the_same_by_either_driver(
    database: Database, tmp_path: Path
) -> None:
    chat = await open_chat(database)
    other = await open_database(Settings(var=tmp_path))
    seen = []
    for one in (database, other):
        async with one.reading() as session:
            seen.append((await standing.read(session, chat), await handoffs.get(session, chat)))
    assert seen[0] == seen[1]
    await other.close()


async def test_what_the_database_refuses_is_told_as_by_sqlalchemy(database: Database) -> None:
    chat = await open_chat(database)
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            await session.execute(TWICE, {"id": chat})
    async with database.reading() as session:
        assert (await handoffs.get(session, chat)).conversation == chat


async def test_a_database_that_is_gone_is_told_as_ever(database: Database) -> None:
    chat = await open_chat(database)
    with pytest.raises(Unavailable, match="no such table"):
        async with database.writing() as session:
            await session.connection()
            driver = session._driver  # type: ignore[attr-defined] # of InlineSession
            driver.execute("ALTER TABLE turns RENAME TO away")
            await session.execute(MARKED, {"id": chat})


@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_at_its_end_nothing_runs_on_the_connection_given_back(
    database: Database, end: str
) -> None:
    chat = await open_chat(database)
    async with database.writing() as session:
        await getattr(session, end)()
        assert session._driver is None  # type: ignore[attr-defined] # of InlineSession
    async with database.reading() as session:
        assert len((await session.execute(MARKED, {"id": chat})).all()) == 3

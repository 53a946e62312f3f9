"""Nothing that a person said, is called or is reached at outlives its conversation."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Table, insert, select

from core.conversation import Channel
from core.handoff import Holder
from core.people import Address, AddressKind
from store import conversations, erasure, handoffs
from store.database import Database
from store.tables import Base
from store.types import Moment, Personal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CANARY = "canary words of a person"
# Who works here and how they sound, and what the shop knows of its own customers and orders, is no
# conversation's.
KEPT = {"users", "agent_voices", "shop_customers", "orders"}
RESULT = f'{{"number": "T-1", "note": "{CANARY}"}}'
WITHOUT_WORDS = {"survey_invitations", "one_time_codes", "attachments"}  # and gone all the same
RECORDS = {"tickets", "returns", "coaching_tasks"}  # the rows stay, the words go


def personal() -> dict[str, list[str]]:
    """Every column of a person's words, by table."""
    found = {
        table.name: [column.name for column in table.columns if isinstance(column.type, Personal)]
        for table in Base.metadata.sorted_tables
    }
    return {name: columns for name, columns in found.items() if columns and name not in KEPT}


def value_of(column: Any, chat: str, customer: str) -> object:
    """Something that fits a column; it hangs on the conversation where it can."""
    named = {"conversation_id": chat, "customer_id": customer, "recording_id": "r1", "id": "x1",
             "invitation_id": "i1", "turn_id": "m1", "key": "m1", "number": "T-1", "position": 0,
             "order_number": "HP-10442", "result": RESULT, "evaluation_id": None,
             "session_id": "x1", "review_id": "v1", "dispute_id": "d1"}  # fmt: skip
    if column.name in named and not (column.name == "id" and column.type.python_type is int):
        return named[column.name]
    if isinstance(column.type, Personal):
        return CANARY
    if isinstance(column.type, Moment):
        return NOW
    if isinstance(column.type, JSON):
        return []
    kinds = {str: "x", int: 7, float: 1.0, bool: False, date: NOW.date()}
    return kinds[column.type.python_type]


OWN_IDS = {
    "turns": "m1", "recordings": "r1", "survey_invitations": "i1", "reviews": "v1", "disputes": "d1"
}  # fmt: skip


async def fill(database: Database) -> str:
    """One closed conversation with a row in every table that can hold a person's words."""
    async with database.writing() as session:
        visitor = Address(AddressKind.WEB, CANARY)
        chat = (await conversations.open_chat(session, Channel.WEB, visitor, now=NOW)).id
        handoff = await handoffs.get(session, chat)
        await handoffs.move(session, handoff, Holder.CLOSED, now=NOW, reason=CANARY)
        people = Base.metadata.tables["customers"]
        customer = str(await session.scalar(select(people.c.id)))
        await session.execute(people.update().values(name=CANARY))
        talks = Base.metadata.tables["conversations"]
        words = dict.fromkeys(personal()["conversations"], CANARY)
        await session.execute(talks.update().values(**words))
        for table in Base.metadata.sorted_tables:
            if table.name in ("customers", "conversations", "addresses", "events"):
                continue
            if table.name in personal() or table.name in WITHOUT_WORDS:
                await session.execute(insert(table).values(**row_of(table, chat, customer)))
    return chat


def row_of(table: Table, chat: str, customer: str) -> dict[str, object]:
    row = {column.name: value_of(column, chat, customer) for column in table.columns}
    if "id" in row and table.name in OWN_IDS:
        row["id"] = OWN_IDS[table.name]
    return row


@pytest.fixture
async def filled(database: Database) -> AsyncIterator[tuple[Database, str]]:
    yield database, await fill(database)


async def words_left(database: Database) -> set[str]:
    """The tables in which the canary is still to be found."""
    left = set()
    async with database.reading() as session:
        for name, columns in personal().items():
            table = Base.metadata.tables[name]
            rows = await session.execute(select(*(table.c[column] for column in columns)))
            if any(CANARY in str(value) for row in rows for value in row):
                left.add(name)
    return left


async def test_erasure_leaves_no_word_of_a_person(filled: tuple[Database, str]) -> None:
    database, chat = filled
    assert await words_left(database) == set(personal()), "every such column was filled"
    async with database.writing() as session:
        await erasure.erase_conversation(session, chat, actor="ann", now=NOW)
    assert await words_left(database) == set()
    async with database.reading() as session:
        for name in RECORDS:
            assert await session.scalar(select(Base.metadata.tables[name])) is not None
        assert await session.scalar(select(Base.metadata.tables["one_time_codes"])) is None


async def test_what_goes_with_a_conversation_is_counted(filled: tuple[Database, str]) -> None:
    database, chat = filled
    async with database.writing() as session:
        kept = await erasure.attached(session, chat)
        other = await erasure.attached(session, "another")
        await erasure.erase_conversation(session, chat, actor="ann", now=NOW)
        left = await erasure.attached(session, chat)
    assert asdict(kept) == dict.fromkeys(asdict(kept), 1)
    assert set(asdict(other).values()) == set(asdict(left).values()) == {0}


@pytest.mark.parametrize(("days", "is_gone"), [(89, False), (91, True)])
async def test_words_in_the_shops_records_go_in_time(
    filled: tuple[Database, str], days: int, is_gone: bool
) -> None:
    database, _chat = filled
    later = NOW + timedelta(days=days)
    async with database.writing() as session:
        before = later - timedelta(days=90)
        await erasure.erase_old_words(session, before=before, now=later)
    left = await words_left(database)
    assert ("tickets" in left, "returns" in left) == (not is_gone, not is_gone)
    assert "shop_keys" not in left

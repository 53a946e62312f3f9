"""Transactions, migrations, and the column type that nothing looks into."""

import asyncio
import socket
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from core.errors import BadSettings, Unavailable
from core.settings import Settings
from store import audit, shop
from store.database import Database, make_engine, open_database
from store.shop import orders
from store.tables import Base, ConversationRow, OrderRow, TurnRow
from store.types import Personal
from tests.store.conftest import POSTGRES


def order(number: str) -> OrderRow:
    return OrderRow(
        number=number, postcode="", customer_name="", items=[], status="placed",
        ordered_on=date(2026, 1, 1),
    )  # fmt: skip


async def test_migrations_give_exactly_the_tables(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_opening_together_migrates_once(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    opened = await asyncio.gather(*(open_database(settings) for _ in range(4)))
    async with opened[0].reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM orders"))).scalar() == 0
    for database in opened:
        await database.close()


async def test_sqlite_uses_wal_and_foreign_keys(tmp_path: Path) -> None:
    database = await open_database(Settings(var=tmp_path))
    async with database.reading() as session:
        assert (await session.execute(text("PRAGMA journal_mode"))).scalar() == "wal"
        assert (await session.execute(text("PRAGMA foreign_keys"))).scalar() == 1
    await database.close()


@pytest.mark.parametrize(
    "look",
    [
        lambda column: column == "x",
        lambda column: column.like("%x%"),
        lambda column: column.in_(["x"]),
        lambda column: column < "x",
        lambda column: column.desc(),
        lambda column: "x" + column,
    ],
)
@pytest.mark.parametrize("column", [TurnRow.text, ConversationRow.customer, OrderRow.postcode])
def test_personal_columns_refuse_to_be_looked_into(look, column) -> None:  # type: ignore[no-untyped-def] # any column, any way of looking
    with pytest.raises(TypeError, match=r"store\.search"):
        look(column)


def test_personal_columns_may_be_asked_for_null() -> None:
    assert "IS NULL" in str(select(TurnRow.id).where(TurnRow.text.is_(None)))


def test_every_column_of_words_is_personal() -> None:
    words = {
        "turns": {"text", "author", "words"},
        "conversations": {"agent", "customer", "handoff_summary"},
        "transcripts": {"segments"},
        "users": {"email", "name"},
        "survey_responses": {"text"},
        "alerts": {"note"},
        "addresses": {"value"},
        "evaluations": {"findings"},
        "calibration_sessions": {"title"},
        "calibration_items": {"findings"},
        "calibration_sheets": {"answers"},
        "calibration_consensus": {"reason"},
        "orders": {"postcode", "customer_name", "address"},
        "shop_customers": {"name", "email", "phone"},
        "returns": {"reason"},
        "tickets": {"note"},
        "shop_keys": {"result"},
        "verifications": {"name"},
        "reviews": {"comment"},
        "corrections": {"value", "comment", "machine_value"},
        "disputes": {"reason"},
        "decisions": {"value", "reason"},
        "draws": {"skip_reason"},
        "coaching_tasks": {"note", "answer", "outcome"},
        "examples": {"title", "why"},
        "copies": {"address"},
        "customers": {"name"},
    }
    for table, columns in words.items():
        for column in columns:
            assert isinstance(Base.metadata.tables[table].c[column].type, Personal), (table, column)


async def test_a_locked_database_is_unavailable_and_nothing_is_half_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.database.BUSY_TIMEOUT_MS", 50)
    database = await open_database(Settings(var=tmp_path))
    other = sqlite3.connect(tmp_path / "parley.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as caught:
        async with database.writing():
            pass
    assert caught.value.retryable
    async with database.reading() as session:  # readers never wait for a writer
        assert (await session.execute(text("SELECT count(*) FROM turns"))).scalar() == 0
    other.execute("ROLLBACK")
    other.close()
    await database.close()


@pytest.mark.parametrize(
    ("url", "begins"),
    [
        ("foo", "is no address"),
        ("postgresql+asyncpg://u:hush@host:port/parley", "is no address"),
        ("postgresql://u:hush@host/parley", "begins with postgresql://"),
        ("sqlite:///x.db", "begins with sqlite://"),
        ("mysql://u:hush@host/parley", "begins with mysql://"),
    ],
)
def test_an_address_that_is_none_is_told_without_its_password(url: str, begins: str) -> None:
    with pytest.raises(
        BadSettings, match=rf"PARLEY_DATABASE_URL {begins}.*asyncpg.*aiosqlite"
    ) as e:
        make_engine(url)
    assert "hush" not in str(e.value)


async def test_a_database_that_is_away_is_unavailable(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound and not listening: nobody answers here
        taken.bind(("127.0.0.1", 0))
        url = f"postgresql+asyncpg://parley@127.0.0.1:{taken.getsockname()[1]}/parley"
        database = Database(make_engine(url), b"key")
        for look in (database.reading, database.writing):
            with pytest.raises(Unavailable, match="no database answers") as caught:
                async with look():
                    pass
            assert caught.value.retryable
        with pytest.raises(Unavailable, match="no database answers"):
            await open_database(Settings(var=tmp_path, database_url=url))
    await database.close()


async def test_an_error_of_a_file_is_not_the_databases(database: Database) -> None:
    with pytest.raises(FileNotFoundError):
        async with database.writing():
            raise FileNotFoundError("a recording")


async def test_a_pool_that_is_used_up_is_unavailable(tmp_path: Path) -> None:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{tmp_path}/a.db", pool_size=1, max_overflow=0, pool_timeout=0.05
    )
    database = Database(engine, b"key")
    async with database.reading():
        with pytest.raises(Unavailable, match="in use"):
            async with database.reading():
                pass
    await database.close()


@pytest.mark.services
@pytest.mark.skipif(not POSTGRES, reason="PARLEY_TEST_DATABASE_URL names no PostgreSQL")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_connection_that_breaks_is_unavailable_and_the_next_one_works(
    database: Database,
) -> None:
    with pytest.raises(Unavailable) as caught:
        async with database.writing() as session:
            backend = await session.scalar(text("SELECT pg_backend_pid()"))
            async with database.writing() as other:
                await other.execute(text(f"SELECT pg_terminate_backend({backend})"))
            for _ in range(2):
                await session.execute(text("SELECT 1"))
    assert caught.value.retryable
    async with database.reading() as session:
        assert await session.scalar(text("SELECT 1")) == 1


async def test_one_look_sees_one_moment(database: Database) -> None:
    async with database.reading() as session:
        assert await session.scalar(text("SELECT count(*) FROM orders")) == 0
        async with database.writing() as other:
            other.add(order("X"))
        assert await session.scalar(text("SELECT count(*) FROM orders")) == 0
    async with database.reading() as session:
        assert await session.scalar(text("SELECT count(*) FROM orders")) == 1


async def test_an_error_inside_writing_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError, match="half way"):
        async with database.writing() as session:
            session.add(order("X"))
            await session.flush()
            raise RuntimeError("half way")
    async with database.reading() as session:
        assert await session.get(OrderRow, "X") is None


async def test_reads_of_one_task_share_a_look_until_something_changes(tmp_path: Path) -> None:
    database = await open_database(Settings(var=tmp_path), inline=True)
    number = text("SELECT count(*) FROM audit")

    async def count() -> int | None:
        async with database.reading() as session:
            found: int | None = await session.scalar(number)
            return found

    async def write(subject: str) -> None:
        async with database.writing() as session:
            now = datetime.now(UTC)
            await audit.record(session, actor="a", action="b", subject=subject, now=now)

    async with database.looking():
        async with database.reading() as one, database.reading() as other:
            assert one is other
        assert await count() == 0
        await asyncio.create_task(write("by another"))
        assert await count() == 0  # as it was when they began to look
        assert await asyncio.create_task(count()) == 1  # a task of its own looks by itself
        await write("by them")
        assert await count() == 2
    assert await count() == 2
    await database.close()


async def test_a_look_that_failed_is_followed_by_another(tmp_path: Path) -> None:
    database = await open_database(Settings(var=tmp_path))
    async with database.looking():
        with pytest.raises(Unavailable):
            async with database.reading() as session:
                await session.execute(text("SELECT * FROM nowhere"))
        async with database.reading() as session:
            assert await session.scalar(text("SELECT 1")) == 1
    await database.close()


async def test_an_order_is_asked_for_once_in_a_look(tmp_path: Path) -> None:
    database = await open_database(Settings(var=tmp_path))
    async with database.writing() as session:
        await shop.seed_demo(session, today=date(2025, 6, 5))
    async with database.looking(), database.reading() as session:
        first = await orders.find_order(session, "hp-10442")
        assert first is not None
        assert await orders.find_order(session, "HP-10442") is first
        assert await orders.find_order(session, "HP-99999") is None
    async with database.writing() as session:  # what is being changed is always asked for
        before = await orders.find_order(session, "HP-10538")
        await orders.cancel_order(session, "HP-10538")
        after = await orders.find_order(session, "HP-10538")
        assert before is not None
        assert after is not None
        assert (before.status, after.status) == ("placed", "cancelled")
    await database.close()

"""Statements that run where they are asked for: the same database, and nobody is kept waiting."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from core.errors import Unavailable
from core.settings import Settings
from store import database as module
from store.database import open_database

INSERT = text("INSERT INTO words VALUES (:word)")
WAIT_SECONDS = 0.3


async def test_inline_transactions_are_kept_or_undone_whole(tmp_path: Path) -> None:
    database = await open_database(Settings(var=tmp_path), inline=True)
    async with database.writing() as session:
        await session.execute(text("CREATE TABLE words (word TEXT)"))
        await session.execute(INSERT, {"word": "kept"})
    with pytest.raises(ZeroDivisionError):
        async with database.writing() as session:
            await session.execute(INSERT, {"word": "undone"})
            raise ZeroDivisionError
    async with database.reading() as session:
        assert (await session.scalars(text("SELECT word FROM words"))).all() == ["kept"]
    await database.close()


async def test_inline_waits_for_another_writer_without_stopping_others(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    database = await open_database(settings, inline=True)
    async with database.writing() as session:
        await session.execute(text("CREATE TABLE words (word TEXT)"))
    other = sqlite3.connect(tmp_path / "parley.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with database.writing() as session:
            await session.execute(INSERT, {"word": "late"})

    writing = asyncio.create_task(write())
    began = asyncio.get_running_loop().time()
    await asyncio.sleep(WAIT_SECONDS)
    assert asyncio.get_running_loop().time() - began < 5  # busy_timeout would take 10 s
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await writing
    async with database.reading() as session:
        assert (await session.scalars(text("SELECT word FROM words"))).all() == ["late"]
    await database.close()


async def test_a_writer_waits_no_longer_for_others_of_its_program_than_for_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await open_database(Settings(var=tmp_path), inline=True)
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 20)
    async with database.writing():
        with pytest.raises(Unavailable, match="busy") as raised:
            async with database.writing():
                pytest.fail("two writers at once")
    assert raised.value.retryable
    async with database.writing() as session:  # the turn of who gave up was not kept
        await session.execute(text("SELECT 1"))
    await database.close()


async def test_one_who_stops_waiting_to_write_keeps_nobody_from_it(tmp_path: Path) -> None:
    database = await open_database(Settings(var=tmp_path), inline=True)
    other = sqlite3.connect(tmp_path / "parley.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with database.writing() as session:
            await session.execute(text("CREATE TABLE words (word TEXT)"))

    waiting = asyncio.create_task(write())
    await asyncio.sleep(WAIT_SECONDS / 10)
    waiting.cancel()
    began = asyncio.get_running_loop().time()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert asyncio.get_running_loop().time() - began < 5  # busy_timeout would take 10 s
    other.execute("COMMIT")
    other.execute("BEGIN IMMEDIATE")  # at once: nobody who is gone holds the lock
    other.execute("COMMIT")
    other.close()
    await write()
    await database.close()


async def test_inline_failure_of_a_statement_is_told_as_ever(tmp_path: Path) -> None:
    database = await open_database(Settings(var=tmp_path), inline=True)
    with pytest.raises(Unavailable, match="no such table"):
        async with database.reading() as session:
            await session.execute(text("SELECT * FROM nowhere"))
    await database.close()


async def test_what_is_asked_within_a_transaction_waits_for_nothing(tmp_path: Path) -> None:
    database = await open_database(Settings(var=tmp_path), inline=True)
    async with database.writing() as session:
        asking = session.execute(text("SELECT 1"))
        with pytest.raises(StopIteration) as ended:
            asking.send(None)  # the first step is the last: no greenlet, nobody else in between
        assert ended.value.value.scalar_one() == 1
    await database.close()


async def test_writers_of_one_program_take_turns_in_order(tmp_path: Path) -> None:
    """Left to SQLite they would look again after longer and longer sleeps, in no order."""
    database = await open_database(Settings(var=tmp_path), inline=True)
    order = []

    async def write(number: int) -> None:
        async with database.writing():
            order.append(number)
            await asyncio.sleep(0.002)

    await asyncio.gather(*(write(number) for number in range(40)))
    assert order == list(range(40))
    await database.close()

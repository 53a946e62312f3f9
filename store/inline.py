"""SQLite for a program whose transactions are short: statements run where they are asked for.

aiosqlite hands each step of a statement (cursor, execute, fetch, close) to a thread and waits for
its answer, which costs more than the step itself. What waits for another writer still goes there.
"""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

import aiosqlite

Result = TypeVar("Result")

BEGIN_WRITING = "BEGIN IMMEDIATE"  # the one statement that waits: it takes the write lock
ROWS_AT_ONCE = 64  # as aiosqlite fetches them


class InlineConnection(aiosqlite.Connection):
    """A connection used by one task at a time, as those of a pool are."""

    async def _execute(self, fn: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        if args[:1] == (BEGIN_WRITING,) or fn == self._conn.close:
            waited: Result = await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]  # aiosqlite's own has no types
            return waited
        return fn(*args, **kwargs)


async def connect(path: str) -> InlineConnection:
    """Open a database file."""
    connection = InlineConnection(
        lambda: sqlite3.connect(path, check_same_thread=False), ROWS_AT_ONCE
    )
    connection._thread.daemon = True  # as SQLAlchemy has it: a program that ends waits for nobody
    await connection
    return connection

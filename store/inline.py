"""SQLite for a program whose transactions are short: statements run where they are asked for.

aiosqlite hands each step of a statement (cursor, execute, fetch, close) to a thread and waits for
its answer, which costs more than the step itself. SQLAlchemy's asyncio gives each statement a
greenlet, in case it has to wait; here only the beginning of a transaction may.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

from sqlalchemy import URL
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util import await_only

from store.prepared import find

NAME = "sqlite+inline"
BEGIN_WRITING = "BEGIN IMMEDIATE"  # the one statement that waits: it takes the write lock
AGAIN_SECONDS = 0.002  # other programs hold it for milliseconds


class InlineCursor(sqlite3.Cursor):
    """A cursor that waits for no other writer where others would have to wait with it."""

    def execute(self, statement: str, *parameters: Any) -> "InlineCursor":
        """As ever; while somebody else has the write lock, all others go on."""
        if statement != BEGIN_WRITING:
            return super().execute(statement, *parameters)
        (patience_ms,) = super().execute("PRAGMA busy_timeout").fetchone()
        super().execute("PRAGMA busy_timeout=0")
        try:
            return self._begin_writing(time.monotonic() + patience_ms / 1000)
        finally:
            super().execute(f"PRAGMA busy_timeout={patience_ms}")

    def _begin_writing(self, until: float) -> "InlineCursor":
        """Look again and again; one who is cancelled meanwhile leaves no lock behind."""
        while True:
            try:
                return super().execute(BEGIN_WRITING)
            except sqlite3.OperationalError as error:
                is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not is_busy or time.monotonic() >= until:
                    raise
            await_only(asyncio.sleep(AGAIN_SECONDS))

    async def _async_soft_close(self) -> None:
        """Nothing to wait for; SQLAlchemy's asyncio asks it of every cursor."""


class InlineConnection(sqlite3.Connection):
    """A connection used by one task at a time, as those of a pool are."""

    def cursor(self, *_options: Any) -> InlineCursor:  # type: ignore[override]  # ours alone
        """Always one of ours."""
        return super().cursor(InlineCursor)


class InlineDialect(SQLiteDialect_pysqlite):
    """Python's own sqlite3 under SQLAlchemy's asyncio: what it asks for is there at once."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        """Python's own."""
        return sqlite3

    @classmethod
    def get_pool_class(cls, _url: URL) -> type[Pool]:
        """As of any file under asyncio."""
        return AsyncAdaptedQueuePool

    def connect(self, *arguments: Any, **options: Any) -> Any:
        """Open a database file."""
        options |= {"check_same_thread": False, "factory": InlineConnection}
        return sqlite3.connect(*arguments, **options)


class InlineSession(AsyncSession):
    """A session that asks at once; `connection` is awaited first, as Database does: it may wait."""

    _driver: sqlite3.Connection | None = None  # of the transaction that has begun

    async def connection(self, *given: Any, **options: Any) -> AsyncConnection:
        """Begin, which may wait for another writer."""
        connection = await super().connection(*given, **options)
        raw = connection.sync_connection
        assert raw is not None  # noqa: S101 # it has just been made
        self._driver = raw.connection.driver_connection
        return connection

    async def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """A statement's result; what is asked often is run by the driver itself."""
        if self._driver is not None and isinstance(params, dict):
            prepared = find(statement, self.get_bind().dialect)
            if prepared is not None:
                return prepared.run(self._driver, params)
        return self.sync_session.execute(statement, params, **options)

    async def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """The object with this key, or None."""
        return self.sync_session.get(entity, ident, **options)

    async def scalar(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """The first value of the first row, or None."""
        return self.sync_session.scalar(statement, params, **options)

    async def scalars(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """The first value of each row."""
        return self.sync_session.scalars(statement, params, **options)

    async def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what was made as objects."""
        self.sync_session.flush(objects)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[None]:  # type: ignore[override] # nobody asks for more
        """A transaction, which ends with the block."""
        try:
            with self.sync_session.begin():
                yield
        finally:
            self._driver = None

    async def commit(self) -> None:
        """Keep everything; the transaction is over."""
        self._driver = None
        self.sync_session.commit()

    async def rollback(self) -> None:
        """Take everything back; the transaction is over."""
        self._driver = None
        self.sync_session.rollback()

    async def close(self) -> None:
        """Give the connection back."""
        self._driver = None
        self.sync_session.close()

    async def __aexit__(self, *_error: object) -> None:
        """Close at once, where SQLAlchemy makes a task of it that no cancelling reaches."""
        await self.close()


registry.register("sqlite.inline", __name__, InlineDialect.__name__)

"""Opens the database, brings its tables up to date, and hands out transactions."""

import asyncio
import fcntl
import hmac
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from core.errors import BadSettings, Unavailable
from core.settings import Settings, load_secret, make_var
from store.inline import BEGIN_WRITING, NAME, InlineDialect, InlineSession

BUSY_TIMEOUT_MS = 10_000  # SQLite waits so long for another writer; ours hold it for milliseconds
# Classes of SQLSTATE that pass by themselves: connection, too many of something, an operator's stop
# (PostgreSQL 15, appendix A); a wrong password (28) or an unknown database (3D) does not.
PASSING = ("08", "53", "57")
DRIVERS = ("postgresql+asyncpg", "sqlite+aiosqlite")
WRITTEN = (
    "write it as postgresql+asyncpg://user:password@host:5432/parley "
    "or sqlite+aiosqlite:///path/to/parley.db"
)
SEEN = "seen"  # in a look's session: what was found in it, since it stays as it is
MIGRATION_LOCK = 7_253_903  # any number, the same in every Parley on one PostgreSQL database


@dataclass(slots=True)
class _Look:
    """A look that one task shares out; tasks that it starts have their own."""

    task: asyncio.Task[Any] | None
    _session: AsyncSession | None = None

    async def session(self, make: Callable[[], Awaitable[AsyncSession]]) -> AsyncSession:
        """The one that is open, else a new one."""
        if self._session is None:
            self._session = await make()
        return self._session

    async def close(self) -> None:
        """End it; the next read begins another."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


_LOOK: ContextVar[_Look | None] = ContextVar("look", default=None)


def _own_look() -> _Look | None:
    """The look of this very task; a task that it started has its context, and may not share it."""
    look = _LOOK.get()
    return look if look is not None and look.task is asyncio.current_task() else None


class Database:
    """An engine, and the key of the hashes by which addresses and words are found."""

    def __init__(self, engine: AsyncEngine, key: bytes) -> None:
        self.engine = engine
        self._sessions = async_sessionmaker(
            engine,
            class_=InlineSession if engine.dialect.driver == InlineDialect.driver else AsyncSession,
            expire_on_commit=False,
            info={"key": key},
            autobegin=True,
        )
        self._look: dict[str, Any] = {"reading": True}
        # SQLite has one writer at a time, and who waits for another looks again after longer and
        # longer sleeps, in no order; those of one program wait for each other here instead.
        self._writers = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        if engine.dialect.name == "postgresql":  # whose own default looks anew at each statement
            self._look["isolation_level"] = "REPEATABLE READ"

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Let all that this task reads within share one look; a change ends it, and begins another.

        Opening one costs as much as two statements, and a turn of the bot reads in several places.
        """
        look = _Look(asyncio.current_task())
        token = _LOOK.set(look)
        try:
            with _translated():
                yield
        finally:
            _LOOK.reset(token)
            await look.close()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """One transaction that may change things: all of it happens, or none.

        Raises:
            Unavailable: the database is locked, full or gone; retryable.
        """
        look = _own_look()
        if look is not None:  # what is read from here on must see the change
            await look.close()
        with _translated():
            async with self._turn_to_write(), self._sessions() as session, session.begin():
                with _connecting():
                    await session.connection()  # SQLite's write lock is taken here, not half way
                yield session

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[None]:
        if self._writers is None:
            yield
            return
        try:
            async with asyncio.timeout(BUSY_TIMEOUT_MS / 1000):
                await self._writers.acquire()
        except TimeoutError as error:
            raise Unavailable("the database is busy with others", retryable=True) from error
        try:
            yield
        finally:
            self._writers.release()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """One consistent look at the database; on SQLite it waits for no writer.

        Raises:
            Unavailable: the database is gone; retryable.
        """
        look = _own_look()
        with _translated():
            if look is not None:
                try:
                    yield await look.session(self._open_look)
                except BaseException:  # cancelled as well
                    await look.close()  # whatever went wrong, the next read begins anew
                    raise
                return
            async with self._sessions() as session:
                await self._begin_look(session)
                yield session

    async def _open_look(self) -> AsyncSession:
        session = self._sessions()
        try:
            await self._begin_look(session)
        except BaseException:  # cancelled as well: nobody else knows of this session yet
            await session.close()
            raise
        return session

    async def _begin_look(self, session: AsyncSession) -> None:
        session.info[SEEN] = {}
        with _connecting():
            await session.connection(execution_options=self._look)

    async def close(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()


async def open_database(settings: Settings, *, inline: bool = False) -> Database:
    """Connect, migrate to the newest tables, and return the database.

    Args:
        inline: for a program all of whose transactions are short, store/inline.py.

    Raises:
        BadSettings: the place is no address.
        Unavailable: no database answers there.
    """
    make_var(settings)
    engine = make_engine(settings.database, inline=inline)
    try:
        with _translated():
            await _migrate(engine)
    except OSError as error:  # of the lock file
        await engine.dispose()
        raise Unavailable(f"the database's folder is no use: {error}", retryable=True) from error
    except Unavailable:
        await engine.dispose()
        raise
    return Database(engine, load_secret(settings, "address").encode())


def make_engine(url: str, *, inline: bool = False) -> AsyncEngine:
    """An async engine; SQLite gets WAL, foreign keys and a busy timeout.

    Raises:
        BadSettings: the address is not written as one of these two drivers wants it.
    """
    address = _address(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    engine = create_async_engine(
        address.set(drivername=NAME) if inline and is_sqlite and address.database else address,
        pool_pre_ping=not is_sqlite,
        hide_parameters=True,  # a statement in an error's text would carry people's words
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _address(url: str) -> URL:
    """The address in its parts; an error tells none of them, as one is a password."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:  # a port that is no number
        raise BadSettings(f"PARLEY_DATABASE_URL is no address of a database; {WRITTEN}") from error
    if address.drivername not in DRIVERS:
        raise BadSettings(f"PARLEY_DATABASE_URL begins with {address.drivername}://; {WRITTEN}")
    return address


def keyed_hash(session: AsyncSession, value: str) -> str:
    """HMAC-SHA256 of `value` under the address secret, in hex."""
    key: bytes = session.info["key"]
    return hmac.digest(key, value.encode(), "sha256").hex()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin for us: _begin_sqlite does
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "synchronous=NORMAL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a read that turns into a write would fail, not wait.

    Raises:
        OperationalError: it could not begin, as SQLAlchemy would say it.
    """
    reading = connection.get_execution_options().get("reading", False)
    statement = "BEGIN" if reading else BEGIN_WRITING
    if connection.dialect.driver != InlineDialect.driver:
        connection.exec_driver_sql(statement)
        return
    cursor = connection.connection.cursor()  # SQLAlchemy's way costs as much as a statement of ours
    try:
        cursor.execute(statement)
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from error
    finally:
        cursor.close()


async def _migrate(engine: AsyncEngine) -> None:
    async with _file_lock(engine):
        with _connecting():
            async with engine.connect():
                pass
        async with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK}
                )
            await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _lock(path: Path) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("w")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


@asynccontextmanager
async def _file_lock(engine: AsyncEngine) -> AsyncIterator[None]:
    """Programs that start together migrate one after another; waiting blocks no event loop."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or file == ":memory:":
        yield
        return
    lock = await asyncio.to_thread(_lock, Path(f"{file}.lock"))
    try:
        yield
    finally:
        lock.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise Unavailable(f"the database did not answer: {error.orig}", retryable=True) from error
    except PoolTimeout as error:
        raise Unavailable("all connections to the database are in use", retryable=True) from error
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise Unavailable(f"the database went away: {error.orig}", retryable=True) from error


@contextmanager
def _connecting() -> Iterator[None]:
    """Whatever keeps a connection from being made means that no database answers."""
    try:
        yield
    except OSError as error:  # asyncpg lets a refused connection through as it is
        raise Unavailable(f"no database answers: {error}", retryable=True) from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        raise Unavailable(
            f"the database did not answer: {error.orig}",
            retryable=state is None or state.startswith(PASSING),
        ) from error

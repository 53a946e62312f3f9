"""The tables of the tracker database, and how it is opened."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.engine.url import make_url
from sqlalchemy.pool import StaticPool

BUSY_TIMEOUT_MS = 5000  # as long as store/ waits for a locked SQLite file
TABLES_LOCK = 7_253_906  # any number, the same in every Parley on one PostgreSQL database

METADATA = sa.MetaData()

EVENTS = sa.Table(
    "bot_events",
    METADATA,
    sa.Column("conversation", sa.String(100), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("event", sa.Text, nullable=False),
)

ANSWERS = sa.Table(
    "bot_answers",
    METADATA,
    sa.Column("conversation", sa.String(100), primary_key=True),
    sa.Column("turn", sa.String(100), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("messages", sa.Text, nullable=False),
)


def open_database(url: str) -> Engine:
    """Connect, and make the tables that are not there yet; processes of one bot start together."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        engine = sa.create_engine(address, hide_parameters=True, pool_pre_ping=True)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                lock = sa.text("SELECT pg_advisory_xact_lock(:key)")
                connection.execute(lock, {"key": TABLES_LOCK})
            METADATA.create_all(connection)
        return engine
    # One connection, kept: opening the file for each statement, the default, costs 2 ms
    engine = sa.create_engine(address, hide_parameters=True, poolclass=StaticPool)
    sa.event.listen(engine, "connect", _set_up_sqlite)
    with _alone_with(address.database):
        METADATA.create_all(engine)
    return engine


@contextmanager
def _alone_with(file: str | None) -> Iterator[None]:
    """Let processes make a new file one after another: none may switch to WAL while one writes."""
    if not file:
        yield
        return
    path = Path(file)
    _create_private_file(path)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _create_private_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    # In WAL a crash of the program loses nothing; one of the machine may lose the last turns, which
    # channels has. Waiting for the disk at each turn costs 3 ms.
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")  # what is erased leaves no bytes behind
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")

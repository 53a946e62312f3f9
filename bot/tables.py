"""The tables of the tracker database, and how it is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.engine.url import make_url
from sqlalchemy.pool import StaticPool

BUSY_TIMEOUT_MS = 5000  # as long as store/ waits for a locked SQLite file

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
    """Connect, and make the tables that are not there yet."""
    address = make_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    if is_sqlite and address.database:
        _create_private_file(Path(address.database))
    if is_sqlite:
        # One connection, kept: opening the file for each statement, the default, costs 2 ms
        engine = sa.create_engine(address, hide_parameters=True, poolclass=StaticPool)
        sa.event.listen(engine, "connect", _set_up_sqlite)
    else:
        engine = sa.create_engine(address, hide_parameters=True, pool_pre_ping=True)
    METADATA.create_all(engine)
    return engine


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

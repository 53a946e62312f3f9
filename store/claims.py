"""Claims on rows of work: compare-and-set, the same for recordings and for conversations' scores.

A claim is a worker's name and the moment until which it counts; expired means free.
"""

from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import ConversationRow, RecordingRow

Table: TypeAlias = type[RecordingRow] | type[ConversationRow]


async def change(
    session: AsyncSession, table: Table, where: ColumnElement[bool], **values: Any
) -> int:
    """Change the rows of `table` that `where` finds; how many."""
    done = await session.execute(
        update(table).where(where).values(**values).execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined] # an UPDATE has a rowcount


def is_free(table: Table, now: datetime) -> ColumnElement[bool]:
    """Rows that no live claim covers."""
    return table.claimed_until.is_(None) | (table.claimed_until < now)


async def holder(session: AsyncSession, table: Table, row_id: str, *, now: datetime) -> str | None:
    """The worker who has a row; None when nobody has."""
    held = (table.id == row_id) & (table.claimed_until >= now)
    return await session.scalar(select(table.claimed_by).where(held))


def is_held(table: Table, row_id: str, worker: str) -> ColumnElement[bool]:
    """The row, while this worker has it."""
    return (table.id == row_id) & (table.claimed_by == worker)


async def take(
    session: AsyncSession,
    table: Table,
    row_id: str,
    *,
    when: ColumnElement[bool],
    worker: str,
    now: datetime,
    seconds: float,
) -> bool:
    """Claim a row and count one attempt; who has it already may take it again."""
    free = is_free(table, now) | (table.claimed_by == worker)
    taken = await change(
        session,
        table,
        (table.id == row_id) & when & free,
        claimed_by=worker,
        claimed_until=now + timedelta(seconds=seconds),
        attempts=table.attempts + 1,
    )
    return taken == 1


async def renew(
    session: AsyncSession, table: Table, row_id: str, *, worker: str, now: datetime, seconds: float
) -> bool:
    """Keep a claim for `seconds` more; False when it was lost."""
    until = now + timedelta(seconds=seconds)
    return await change(session, table, is_held(table, row_id, worker), claimed_until=until) == 1


async def release(
    session: AsyncSession,
    table: Table,
    row_id: str,
    *,
    worker: str,
    until: datetime | None,
    counted: bool,
) -> bool:
    """Give a claim back unfinished; nobody takes it before `until`.

    `counted=False` takes the attempt back: it was broken off, it did not fail.
    """
    given = await change(
        session,
        table,
        is_held(table, row_id, worker),
        claimed_by=None,
        claimed_until=until,
        attempts=table.attempts - (0 if counted else 1),
    )
    return given == 1


async def release_all(session: AsyncSession, table: Table, workers: str, *, counted: bool) -> int:
    """Give back every claim of the workers whose names begin with `workers`: they are gone."""
    return await change(
        session,
        table,
        table.claimed_by.startswith(workers, autoescape=True),
        claimed_by=None,
        claimed_until=None,
        attempts=table.attempts - (0 if counted else 1),
    )

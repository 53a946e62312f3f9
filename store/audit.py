"""Who read, listened, exported or changed what; rows are only ever added."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.people import AuditRow
from store.columns import table_of
from store.tables import AuditTable

_NEW = insert(table_of(AuditTable))  # one row is written in nearly every turn: not as an object


async def record(
    session: AsyncSession,
    *,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    detail: str | None = None,
) -> None:
    """Write one row. `actor` is a user id or a program's name, `subject` an id; no words."""
    row = {"at": now, "actor": actor, "action": action, "subject": subject, "detail": detail}
    await session.execute(_NEW, row)


async def is_noted(
    session: AsyncSession, *, actor: str, action: str, subject: str, since: datetime
) -> bool:
    """Whether `actor` did this with `subject` since then; asked often, so no row is read."""
    found = (
        select(AuditTable.id)
        .where(AuditTable.subject == subject, AuditTable.at >= since)
        .where(AuditTable.actor == actor, AuditTable.action == action)
    )
    return bool(await session.scalar(select(found.exists())))


async def rows_of(session: AsyncSession, subject: str) -> tuple[AuditRow, ...]:
    """Everything that was done with `subject`, oldest first."""
    rows = await session.scalars(
        select(AuditTable).where(AuditTable.subject == subject).order_by(AuditTable.id)
    )
    return tuple(AuditRow(row.at, row.actor, row.action, row.subject, row.detail) for row in rows)

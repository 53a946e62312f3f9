"""The lines that customers wait in, and which reason leads to which."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import BadInput, NotFound
from core.inbox import WorkQueue
from store.inbox_tables import WorkQueueRow


async def everyone(session: AsyncSession) -> tuple[WorkQueue, ...]:
    """All queues, by name."""
    rows = await session.scalars(select(WorkQueueRow).order_by(WorkQueueRow.name))
    return tuple(map(_queue_of, rows))


async def find(session: AsyncSession, name: str | None) -> WorkQueue | None:
    """The queue of this name, if there is one."""
    row = await session.get(WorkQueueRow, name) if name else None
    return None if row is None else _queue_of(row)


async def get(session: AsyncSession, name: str) -> WorkQueue:
    """The queue of this name.

    Raises:
        NotFound: there is none.
    """
    found = await find(session, name)
    if found is None:
        raise NotFound(f"There is no queue {name[:40]!r}.")
    return found


async def find_for(session: AsyncSession, reason: str) -> WorkQueue | None:
    """The queue that a handoff for this reason waits in; None for the one line of all others."""
    return next((one for one in await everyone(session) if reason in one.reasons), None)


async def save(session: AsyncSession, queue: WorkQueue) -> None:
    """Add a queue, or change the one of this name.

    Raises:
        BadInput: another queue takes one of its reasons already.
    """
    for other in await everyone(session):
        taken = set(other.reasons) & set(queue.reasons)
        if taken and other.name != queue.name:
            reason = min(taken).replace("_", " ")
            raise BadInput(
                f"“{reason}” leads to the queue {other.name} already; take it out there."
            )
    row = await session.get(WorkQueueRow, queue.name)
    if row is None:
        row = WorkQueueRow(name=queue.name)
        session.add(row)
    row.skills, row.reasons = list(queue.skills), list(queue.reasons)
    await session.flush()


async def remove(session: AsyncSession, name: str) -> None:
    """Delete a queue; what waits in it goes on waiting, for everybody.

    Raises:
        NotFound: there is none of this name.
    """
    await get(session, name)
    await session.execute(delete(WorkQueueRow).where(WorkQueueRow.name == name))


def _queue_of(row: WorkQueueRow) -> WorkQueue:
    return WorkQueue(row.name, tuple(row.skills), tuple(row.reasons))

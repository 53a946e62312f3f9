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


async def add(session: AsyncSession, queue: WorkQueue) -> None:
    """Add a queue.

    Raises:
        BadInput: there is one of this name, in whatever case; or another queue takes one of its
            reasons already.
    """
    for other in await everyone(session):
        if other.name.casefold() == queue.name.casefold():
            raise BadInput(f"There is a queue {other.name} already; change that one.")
    await _check_reasons(session, queue)
    session.add(
        WorkQueueRow(name=queue.name, skills=list(queue.skills), reasons=list(queue.reasons))
    )
    await session.flush()


async def change(session: AsyncSession, queue: WorkQueue) -> None:
    """Give the queue of this name other skills and reasons.

    Raises:
        NotFound: there is none of this name.
        BadInput: another queue takes one of its reasons already.
    """
    await get(session, queue.name)
    await _check_reasons(session, queue)
    row = await session.get_one(WorkQueueRow, queue.name)
    row.skills, row.reasons = list(queue.skills), list(queue.reasons)
    await session.flush()


async def remove(session: AsyncSession, name: str) -> None:
    """Delete a queue; what waits in it goes on waiting, for everybody.

    Raises:
        NotFound: there is none of this name.
    """
    await get(session, name)
    await session.execute(delete(WorkQueueRow).where(WorkQueueRow.name == name))


async def _check_reasons(session: AsyncSession, queue: WorkQueue) -> None:
    for other in await everyone(session):
        taken = set(other.reasons) & set(queue.reasons)
        if taken and other.name != queue.name:
            reason = min(taken).replace("_", " ")
            raise BadInput(
                f"“{reason}” leads to the queue {other.name} already; take it out there."
            )


def _queue_of(row: WorkQueueRow) -> WorkQueue:
    return WorkQueue(row.name, tuple(row.skills), tuple(row.reasons))

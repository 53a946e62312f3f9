"""Conversations that Rasa still has to forget; written with the close or the erasure itself."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import OwedRow


async def add(session: AsyncSession, conversation_id: str, *, now: datetime) -> None:
    """From this commit on the conversation is owed, however often the programs restart."""
    await session.merge(OwedRow(conversation_id=conversation_id, tried_at=now))
    await session.flush()


async def due(session: AsyncSession, *, at_most: int) -> tuple[str, ...]:
    """What is owed; what was not tried for the longest time comes first."""
    rows = await session.scalars(
        select(OwedRow.conversation_id)
        .order_by(OwedRow.tried_at, OwedRow.conversation_id)
        .limit(at_most)
    )
    return tuple(rows)


async def postpone(session: AsyncSession, conversation_id: str, *, now: datetime) -> None:
    """It could not be removed now; others come first next time. Nothing happens if not owed."""
    await session.execute(
        update(OwedRow).where(OwedRow.conversation_id == conversation_id).values(tried_at=now)
    )


async def settle(session: AsyncSession, conversation_id: str) -> None:
    """Rasa has forgotten it."""
    await session.execute(delete(OwedRow).where(OwedRow.conversation_id == conversation_id))

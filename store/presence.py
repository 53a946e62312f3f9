"""Who is at work: whose console page asked for something lately."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import SessionRow, UserRow

NOTED_EVERY = timedelta(seconds=30)  # a page asks every ten seconds; not each needs a write


async def is_noted(session: AsyncSession, user_id: str, *, now: datetime) -> bool:
    """Whether this person was seen a moment ago."""
    seen = await session.scalar(
        select(SessionRow.user_id)
        .where(SessionRow.user_id == user_id, SessionRow.seen_at > now - NOTED_EVERY)
        .limit(1)
    )
    return seen is not None


async def note(session: AsyncSession, user_id: str, *, now: datetime) -> None:
    """This person has the console open now."""
    await session.execute(
        update(SessionRow)
        .where(SessionRow.user_id == user_id, SessionRow.expires_at > now)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


async def is_anybody_here(session: AsyncSession, *, since: datetime) -> bool:
    """Whether somebody who may answer customers has had the console open since then."""
    found = await session.scalar(
        select(SessionRow.user_id)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .where(UserRow.is_active.is_(True), SessionRow.seen_at >= since)
        .limit(1)
    )
    return found is not None

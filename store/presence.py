"""Who is at work: whose console page asked for something lately."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.inbox import Presence
from store import agent_states
from store.inbox_tables import AgentStateRow
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
    await agent_states.note_seen(session, user_id, now=now)


async def is_anybody_here(session: AsyncSession, *, since: datetime) -> bool:
    """Whether somebody who may answer customers has had the console open since then.

    Who has said that they are away is not here.
    """
    found = await session.scalar(
        select(SessionRow.user_id)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .outerjoin(AgentStateRow, AgentStateRow.user_id == SessionRow.user_id)
        .where(UserRow.is_active.is_(True), SessionRow.seen_at >= since)
        .where(
            AgentStateRow.user_id.is_(None) | (AgentStateRow.presence == Presence.AVAILABLE.value)
        )
        .limit(1)
    )
    return found is not None

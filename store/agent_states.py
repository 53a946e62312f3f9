"""Who is at the inbox and what they can do; who was not seen for a while is away."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.inbox import AgentState, Presence
from store.inbox_tables import AgentStateRow


async def find(session: AsyncSession, user_id: str) -> AgentState:
    """A person's state; who never came to the inbox is away and wants what everybody does."""
    row = await session.get(AgentStateRow, user_id)
    return AgentState(user_id) if row is None else _state_of(row)


async def everyone(session: AsyncSession) -> dict[str, AgentState]:
    """The states of all who were ever at the inbox, by the user's id."""
    rows = await session.scalars(select(AgentStateRow).order_by(AgentStateRow.user_id))
    return {row.user_id: _state_of(row) for row in rows}


async def set_presence(
    session: AsyncSession, user_id: str, presence: Presence, *, now: datetime
) -> AgentState:
    """They take new conversations from now on, or none any more; what they hold stays theirs."""
    row = await _row(session, user_id)
    if row.presence != presence.value:
        row.presence, row.since = presence.value, now
    row.was_left = False
    if presence is Presence.AVAILABLE:
        row.seen_at = now
    await session.flush()
    return _state_of(row)


async def set_signs(session: AsyncSession, user_id: str, *, sound: bool, title: bool) -> None:
    """Which signs of new work a person wants."""
    row = await _row(session, user_id)
    row.plays_sound, row.marks_title = sound, title
    await session.flush()


async def set_work(
    session: AsyncSession, user_id: str, *, capacity: int | None, skills: tuple[str, ...]
) -> None:
    """How many conversations a person holds at once, and what they can do."""
    row = await _row(session, user_id)
    row.capacity, row.skills = capacity, list(skills)
    await session.flush()


async def note_seen(session: AsyncSession, user_id: str, *, now: datetime) -> None:
    """This person has a page of the console open."""
    await session.execute(
        update(AgentStateRow).where(AgentStateRow.user_id == user_id).values(seen_at=now)
    )


async def note_offered(session: AsyncSession, user_id: str, *, now: datetime) -> None:
    """A conversation was offered to this person; the next goes to somebody else first."""
    (await _row(session, user_id)).offered_at = now
    await session.flush()


async def leave_unseen(session: AsyncSession, *, before: datetime, now: datetime) -> int:
    """Who is available and was not seen since `before` is away from now on; how many."""
    rows = await session.scalars(
        select(AgentStateRow)
        .where(AgentStateRow.presence == Presence.AVAILABLE.value)
        .where(AgentStateRow.seen_at.is_(None) | (AgentStateRow.seen_at < before))
    )
    left = list(rows)
    for row in left:
        row.presence, row.since, row.was_left = Presence.AWAY.value, now, True
    await session.flush()
    return len(left)


async def _row(session: AsyncSession, user_id: str) -> AgentStateRow:
    row = await session.get(AgentStateRow, user_id)
    if row is None:
        row = AgentStateRow(
            user_id=user_id,
            presence=Presence.AWAY.value,
            skills=[],
            plays_sound=False,
            marks_title=True,
            was_left=False,
        )
        session.add(row)
    return row


def _state_of(row: AgentStateRow) -> AgentState:
    return AgentState(
        user=row.user_id,
        presence=Presence(row.presence),
        since=row.since,
        seen_at=row.seen_at,
        capacity=row.capacity,
        skills=tuple(row.skills),
        plays_sound=row.plays_sound,
        marks_title=row.marks_title,
        was_left=row.was_left,
        offered_at=row.offered_at,
    )

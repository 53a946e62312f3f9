"""The library of good examples: kept, published, taken back; each change is audited."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Conflict, NotFound
from core.example import Example, check_snippet
from core.spans import TimeSpan
from store import audit, conversations
from store.coaching_tables import ExampleRow


async def add(session: AsyncSession, example: Example) -> None:
    """Keep an example, unpublished; audited.

    Raises:
        BadInput: its turns and seconds are no snippet of the conversation.
        NotFound: there is no such conversation.
    """
    conversation = await conversations.get(session, example.conversation)
    span = check_snippet(conversation, example.first, example.last, example.span)
    session.add(
        ExampleRow(
            id=example.id,
            conversation_id=example.conversation,
            first_turn=example.first,
            last_turn=example.last,
            start=span.start if span else None,
            end=span.end if span else None,
            title=example.title.strip(),
            skill=example.skill.strip(),
            why=example.why.strip(),
            made_by=example.made_by,
            made_at=example.made_at,
            published_at=None,
            published_by=None,
        )
    )
    await session.flush()
    await _note(session, "example.made", example.id, example.made_by, example.made_at)


async def get(session: AsyncSession, example_id: str, *, published_only: bool) -> Example:
    """One example.

    Raises:
        NotFound: there is none with this id, or agents may not see it.
    """
    row = await session.get(ExampleRow, example_id)
    if row is None or (published_only and row.published_at is None):
        raise NotFound("There is no such example, or it is not published.")
    return _example_of(row)


async def library(
    session: AsyncSession, *, published_only: bool, skill: str | None = None
) -> tuple[Example, ...]:
    """All examples by skill, the newest of each first; small by nature, so all at once."""
    wanted = select(ExampleRow).order_by(ExampleRow.skill, ExampleRow.made_at.desc(), ExampleRow.id)
    if published_only:
        wanted = wanted.where(ExampleRow.published_at.is_not(None))
    if skill is not None:
        wanted = wanted.where(ExampleRow.skill == skill)
    return tuple(map(_example_of, await session.scalars(wanted)))


async def of_conversation(session: AsyncSession, conversation_id: str) -> tuple[Example, ...]:
    """What was made an example of in a conversation, oldest first."""
    rows = await session.scalars(
        select(ExampleRow)
        .where(ExampleRow.conversation_id == conversation_id)
        .order_by(ExampleRow.made_at, ExampleRow.id)
    )
    return tuple(map(_example_of, rows))


async def skills(session: AsyncSession) -> tuple[str, ...]:
    """The skills that there are examples of, in order."""
    found = select(ExampleRow.skill).distinct().order_by(ExampleRow.skill)
    return tuple(await session.scalars(found))


async def publish(session: AsyncSession, example_id: str, *, actor: str, now: datetime) -> None:
    """Agents see it from now on; audited.

    Raises:
        NotFound: there is no such example.
        Conflict: its conversation was heard anew, so that its turns are others now.
    """
    row = await _get_row(session, example_id)
    conversation = await conversations.get(session, row.conversation_id)
    if {row.first_turn, row.last_turn} - {turn.id for turn in conversation.turns}:
        raise Conflict("The conversation was written down anew; make the example once more.")
    if row.published_at is None:
        row.published_at, row.published_by = now, actor
        await _note(session, "example.published", example_id, actor, now)


async def take_back(session: AsyncSession, example_id: str, *, actor: str, now: datetime) -> None:
    """Agents see it no longer; audited.

    Raises:
        NotFound: there is no such example.
    """
    row = await _get_row(session, example_id)
    if row.published_at is not None:
        row.published_at = row.published_by = None
        await _note(session, "example.taken_back", example_id, actor, now)


async def remove(session: AsyncSession, example_id: str, *, actor: str, now: datetime) -> None:
    """Delete an example; its conversation stays. Audited.

    Raises:
        NotFound: there is no such example.
    """
    await _get_row(session, example_id)
    await session.execute(delete(ExampleRow).where(ExampleRow.id == example_id))
    await _note(session, "example.deleted", example_id, actor, now)


async def _note(
    session: AsyncSession, action: str, example_id: str, actor: str, now: datetime
) -> None:
    await audit.record(session, actor=actor, action=action, subject=example_id, now=now)


async def _get_row(session: AsyncSession, example_id: str) -> ExampleRow:
    row = await session.get(ExampleRow, example_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such example.")
    return row


def _example_of(row: ExampleRow) -> Example:
    span = None
    if row.start is not None and row.end is not None:
        span = TimeSpan(row.start, row.end)
    return Example(
        id=row.id,
        conversation=row.conversation_id,
        first=row.first_turn,
        last=row.last_turn,
        span=span,
        title=row.title,
        skill=row.skill,
        why=row.why,
        made_by=row.made_by,
        made_at=row.made_at,
        published_at=row.published_at,
        published_by=row.published_by,
    )

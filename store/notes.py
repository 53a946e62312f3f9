"""Notes of people at work about a conversation: never sent, and in nothing that a customer sees."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import EventKind
from core.errors import NotFound
from core.ids import new_id
from core.inbox import Note
from store.inbox_tables import NoteRow
from store.tables import EventRow


async def add(
    session: AsyncSession, conversation_id: str, *, user: str, text: str, now: datetime
) -> Note:
    """Write a note down."""
    row = NoteRow(id=new_id(), conversation_id=conversation_id, user_id=user, text=text, at=now)
    session.add(row)
    await session.flush()
    return _note_of(row)


async def of_conversation(session: AsyncSession, conversation_id: str) -> tuple[Note, ...]:
    """All notes, oldest first."""
    rows = await session.scalars(
        select(NoteRow)
        .where(NoteRow.conversation_id == conversation_id)
        .order_by(NoteRow.at, NoteRow.id)
    )
    return tuple(map(_note_of, rows))


async def passed_on(session: AsyncSession, conversations: Collection[str]) -> dict[str, Note]:
    """By conversation, the note that came with its last transfer, unless the bot had it since."""
    moves = await session.execute(
        select(EventRow.conversation_id, EventRow.kind, EventRow.at)
        .where(EventRow.conversation_id.in_(conversations))
        .where(EventRow.kind.in_((EventKind.TRANSFERRED.value, EventKind.RETURNED.value)))
        .order_by(EventRow.id)
    )
    last = {of: (kind, at) for of, kind, at in moves.all()}
    rows = await session.scalars(select(NoteRow).where(NoteRow.conversation_id.in_(last)))
    passed = EventKind.TRANSFERRED.value  # in one transaction with its note, at one moment
    return {
        row.conversation_id: _note_of(row)
        for row in rows
        if last[row.conversation_id] == (passed, row.at)
    }


async def remove(session: AsyncSession, conversation_id: str, note_id: str, *, user: str) -> None:
    """Take one's own note back.

    Raises:
        NotFound: there is none, or it is a colleague's.
    """
    row = await session.get(NoteRow, note_id)
    if row is None or row.conversation_id != conversation_id or row.user_id != user:
        raise NotFound("There is no such note of yours.")
    await session.delete(row)
    await session.flush()


def _note_of(row: NoteRow) -> Note:
    return Note(row.id, row.conversation_id, row.user_id, row.text, row.at)

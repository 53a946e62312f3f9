"""Deleting a conversation with everything that hangs on it."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound
from store import audit
from store.tables import ConversationRow, RecordingRow


async def erase_conversation(
    session: AsyncSession, conversation_id: str, *, actor: str, now: datetime
) -> tuple[str, ...]:
    """Delete turns, events, evaluations, surveys, search terms and recordings; audited.

    Returns:
        The ids of the recordings whose files the caller must delete after the commit.

    Raises:
        NotFound: there is no such conversation.
    """
    row = await session.get(ConversationRow, conversation_id)
    if row is None:
        raise NotFound(f"no conversation {conversation_id}")
    recordings = tuple(
        await session.scalars(
            select(RecordingRow.id).where(RecordingRow.conversation_id == conversation_id)
        )
    )
    await session.execute(delete(RecordingRow).where(RecordingRow.id.in_(recordings)))
    await session.execute(delete(ConversationRow).where(ConversationRow.id == conversation_id))
    await audit.record(
        session, actor=actor, action="conversation.deleted", subject=conversation_id, now=now
    )
    return recordings


async def erase_recording(
    session: AsyncSession, recording_id: str, *, actor: str, now: datetime
) -> None:
    """Delete a recording that became no conversation; audited."""
    done = await session.execute(delete(RecordingRow).where(RecordingRow.id == recording_id))
    if done.rowcount != 1:  # type: ignore[attr-defined] # a DELETE has a rowcount
        raise NotFound(f"no recording {recording_id}")
    await audit.record(
        session, actor=actor, action="recording.deleted", subject=recording_id, now=now
    )

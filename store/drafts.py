"""What somebody has begun to write to a customer; kept until it is sent, here and not in a page."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from store.inbox_tables import DraftRow


async def find(session: AsyncSession, conversation_id: str, user: str) -> str:
    """A person's unsent words; empty when there are none."""
    row = await session.get(DraftRow, (conversation_id, user))
    return "" if row is None else row.text


async def save(
    session: AsyncSession, conversation_id: str, user: str, text: str, *, now: datetime
) -> None:
    """Keep unsent words in place of those before; nothing but blanks keeps nothing."""
    if not text.strip():
        await forget(session, conversation_id, user)
        return
    row = await session.get(DraftRow, (conversation_id, user))
    if row is None:
        row = DraftRow(conversation_id=conversation_id, user_id=user)
        session.add(row)
    row.text, row.saved_at = text, now
    await session.flush()


async def forget(session: AsyncSession, conversation_id: str, user: str) -> None:
    """It was sent, or thrown away."""
    await session.execute(
        delete(DraftRow).where(
            DraftRow.conversation_id == conversation_id, DraftRow.user_id == user
        )
    )


async def forget_old(session: AsyncSession, *, before: datetime) -> None:
    """Words that nobody sent or touched since then are not going to be sent."""
    await session.execute(delete(DraftRow).where(DraftRow.saved_at < before))

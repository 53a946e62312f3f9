"""Which webhooks of Twilio were done, and what each was answered: a repeated one gets the same."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import ConversationRow
from store.twilio_tables import WebhookRow

# Twilio repeats within hours (its own retries, and a person who presses "resend" in its log);
# words that belong to no conversation are not kept longer than that needs.
KEPT = timedelta(days=7)


async def find(session: AsyncSession, key: str) -> str | None:
    """What this webhook was answered; None when it is new."""
    row = await session.get(WebhookRow, key)
    return None if row is None else row.answer


async def keep(
    session: AsyncSession, key: str, answer: str, *, conversation: str | None, now: datetime
) -> None:
    """It is done; what it was answered goes with its conversation, or after a week."""
    if conversation is not None and await session.get(ConversationRow, conversation) is None:
        return  # deleted meanwhile, with all that was said in it
    await session.merge(WebhookRow(key=key, conversation_id=conversation, answer=answer, at=now))
    await session.flush()


async def forget_old(session: AsyncSession, *, now: datetime) -> None:
    """Delete what Twilio will not repeat any more."""
    await session.execute(delete(WebhookRow).where(WebhookRow.at < now - KEPT))

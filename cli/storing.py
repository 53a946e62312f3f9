"""What commands do in the store: one transaction, in which reading a conversation is audited."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Conversation
from core.recording import Recording
from core.settings import Settings
from store import audit, conversations, recordings
from store.database import open_database

Made = TypeVar("Made")
ACTOR = "cli"


def in_store(settings: Settings, work: Callable[[AsyncSession], Awaitable[Made]]) -> Made:
    """Do `work` in one transaction that may change things: all of it happens, or none."""

    async def run() -> Made:
        database = await open_database(settings)
        try:
            async with database.writing() as session:
                return await work(session)
        finally:
            await database.close()

    return asyncio.run(run())


def read_conversation(
    settings: Settings, conversation_id: str, *, action: str
) -> tuple[Conversation, Recording | None]:
    """A stored conversation and its recording; that it was read is audited as `action`.

    Raises:
        NotFound: there is none with this id.
    """

    async def work(session: AsyncSession) -> tuple[Conversation, Recording | None]:
        conversation = await conversations.get(session, conversation_id)
        sound = conversation.recording
        recording = await recordings.find(session, sound) if sound else None
        now = datetime.now(UTC)
        await audit.record(session, actor=ACTOR, action=action, subject=conversation_id, now=now)
        return conversation, recording

    return in_store(settings, work)

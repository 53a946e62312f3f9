"""Rasa keeps open conversations only: what is closed, deleted or given back is removed there."""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog

from channels.bot import Bot
from channels.room import Room
from core.errors import BotUnavailable
from store import owed

AT_ONCE = 20  # removals side by side in the minute's loop: with Rasa away they take one time-out

log: Any = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Removes conversations from Rasa; what is owed is tried again until Rasa has done it."""

    room: Room
    bot: Bot

    async def forget(self, conversation_id: str) -> None:
        """Remove it, after the turn that is being answered and before the next.

        One given back to the bot is not owed: by the next try the bot may be in it again.
        """
        async with self.room.answering(conversation_id):
            try:
                await self.bot.forget(conversation_id)
            except BotUnavailable as error:
                log.warning("not_forgotten_yet", conversation=conversation_id, error=str(error))
                async with self.room.database.writing() as session:
                    await owed.postpone(session, conversation_id, now=self.room.clock())
                return
            async with self.room.database.writing() as session:
                await owed.settle(session, conversation_id)

    async def pay(self) -> None:
        """Try again what could not be removed, and what other programs deleted."""
        async with self.room.database.reading() as session:
            due = await owed.due(session, at_most=AT_ONCE)
        await asyncio.gather(*(self.forget(conversation_id) for conversation_id in due))

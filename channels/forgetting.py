"""Rasa keeps open conversations only: what is closed or given back is removed there."""

from dataclasses import dataclass, field
from typing import Any

import structlog

from channels.bot import Bot
from channels.room import Room
from core.errors import BotUnavailable, NotFound
from core.handoff import Holder

log: Any = structlog.get_logger()


@dataclass(eq=False, slots=True)
class Forgetting:
    """Removes conversations from Rasa; a closed one is tried again until Rasa has done it."""

    room: Room
    bot: Bot
    _owed: set[str] = field(default_factory=set)

    async def forget(self, conversation_id: str) -> None:
        """Remove it, after the turn that is being answered and before the next."""
        self._owed.discard(conversation_id)
        async with self.room.answering(conversation_id):
            try:
                await self.bot.forget(conversation_id)
            except BotUnavailable as error:
                log.warning("not_forgotten_yet", conversation=conversation_id, error=str(error))
                await self._owe(conversation_id)

    async def pay(self) -> None:
        """Try again what could not be removed."""
        for conversation_id in tuple(self._owed):
            await self.forget(conversation_id)

    async def _owe(self, conversation_id: str) -> None:
        """An open conversation is left alone: by the next try the bot may be in it again."""
        try:
            situation = await self.room.look(conversation_id)
        except NotFound:
            self._owed.add(conversation_id)  # erased here, so it must go there as well
            return
        if situation.handoff.holder is Holder.CLOSED:
            self._owed.add(conversation_id)

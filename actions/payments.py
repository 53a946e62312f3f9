"""Whether the customer of one conversation can pay by card here: on the telephone, by keypad."""

from dataclasses import dataclass
from typing import Protocol

from store import conversations
from store.database import Database


class CardKeypad(Protocol):
    """Where cards are taken; only the telephone does it, and the bot never sees one."""

    async def is_here(self) -> bool:
        """Whether this customer can key a card in now."""


@dataclass(frozen=True, slots=True)
class StoreCardKeypad:
    """A call has a keypad; `is_set_up` when there is a payment service as well."""

    database: Database
    conversation: str
    is_set_up: bool

    async def is_here(self) -> bool:
        """Whether this is a call, and there is a payment service."""
        if not self.is_set_up:
            return False
        async with self.database.reading() as session:
            return (await conversations.get(session, self.conversation)).is_voice


@dataclass(frozen=True, slots=True)
class NoKeypad:
    """A chat."""

    async def is_here(self) -> bool:
        """There is none."""
        return False

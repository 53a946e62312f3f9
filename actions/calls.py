"""Calls that were promised to the customer of one conversation, as channels keeps them."""

from dataclasses import dataclass
from typing import Protocol

from core.call_back import CallBack
from store import call_backs
from store.database import Database


class Calls(Protocol):
    """What is promised; only channels promises and takes back."""

    async def promised(self) -> CallBack | None:
        """The call that nobody has made yet, the latest promised when there are several."""


@dataclass(frozen=True, slots=True)
class StoreCalls:
    """Those of one customer, in whichever of their conversations."""

    database: Database
    conversation: str

    async def promised(self) -> CallBack | None:
        """The call that nobody has made yet."""
        async with self.database.reading() as session:
            found = await call_backs.open_of(session, self.conversation)
        return found[-1] if found else None

"""What went out and what arrived, noted for all conversations together a moment later.

A transaction for the marks of a moment costs what one for each of them would, and nobody waits for
a mark. What a crash takes is told again: a page says at its next hello how far it has come.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from core.errors import Unavailable
from core.tasks import Tasks
from store import outbox
from store.database import Database

SOON_SECONDS = 0.5  # at 20 messages a second ten share a transaction; an agent sees no delay

log: Any = structlog.get_logger()


@dataclass(eq=False, slots=True)
class Deliveries:
    """Collects marks, and stores them."""

    database: Database
    tasks: Tasks
    _sent: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _seen: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    _is_due: bool = False

    def note_sent(self, conversation_id: str, turn_ids: Sequence[str], *, now: datetime) -> None:
        """These turns have gone out on a connection."""
        for turn_id in turn_ids:
            self._sent.setdefault((conversation_id, turn_id), now)
        self._store_soon()

    def note_seen(self, conversation_id: str, position: int, *, now: datetime) -> None:
        """The customer's side has everything up to `position`."""
        last, _ = self._seen.get(conversation_id, (-1, now))
        if position > last:
            self._seen[conversation_id] = position, now
            self._store_soon()

    async def store(self) -> None:
        """Store all that has been noted; what arrived has gone out before."""
        sent, self._sent = self._sent, {}
        seen, self._seen = self._seen, {}
        if not sent and not seen:
            return
        try:
            async with self.database.writing() as session:
                await outbox.mark_all_sent(session, sent)
                await outbox.mark_all_seen(session, seen)
        except Unavailable as error:  # the page says so again at its next hello
            log.warning("deliveries_not_noted", error=type(error).__name__)

    def _store_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            self.tasks.start(self._wait_and_store(), about="deliveries")

    async def _wait_and_store(self) -> None:
        await asyncio.sleep(SOON_SECONDS)
        self._is_due = False
        await self.store()

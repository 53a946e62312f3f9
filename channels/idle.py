"""Once a minute: silent conversations close, which makes their score due; waits are watched."""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog

from channels.dialogue import Dialogue
from channels.watch import Watch
from core.conversation import Event, EventKind
from core.errors import Conflict
from core.handoff import Holder
from core.tasks import log_failure
from store import conversations, handoffs
from store.handoffs import Silent

log: Any = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class IdleClose:
    """Closes what nobody writes in; a customer who gave up waiting has abandoned it."""

    dialogue: Dialogue

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await asyncio.sleep(self.dialogue.room.settings.sweep_seconds)
            try:
                await self.sweep()
                await Watch(self.dialogue).sweep()
                await self.dialogue.room.tell_places()  # somebody may have gone in another program
                await self.dialogue.forgetting.pay()
            except Exception as error:  # noqa: BLE001  # the outermost frame of the loop
                log_failure("sweep_failed", error)

    async def sweep(self) -> int:
        """Close all that is idle now; how many."""
        room = self.dialogue.room
        async with room.database.reading() as session:
            idle = await handoffs.idle(
                session,
                now=room.clock(),
                web_minutes=room.settings.idle_close_minutes_web,
                messaging_minutes=room.settings.idle_close_minutes_messaging,
            )
        closed = [silent for silent in idle if await self._close(silent)]
        return len(closed)

    async def _close(self, silent: Silent) -> bool:
        room, handoff = self.dialogue.room, silent.handoff
        try:
            async with room.changing(handoff.conversation) as session:
                if handoff.holder is Holder.WAITING:
                    left = Event(EventKind.ABANDONED, room.clock())
                    await conversations.add_event(session, handoff.conversation, left)
                await handoffs.move(
                    session,
                    handoff,
                    Holder.CLOSED,
                    now=room.clock(),
                    reason="idle",
                    silent_since=silent.last_turn_at,
                )
        except Conflict:  # somebody took it, closed it or wrote in it since
            return False
        self.dialogue.forget_soon(handoff.conversation)
        log.info("closed_idle", conversation=handoff.conversation)
        return True

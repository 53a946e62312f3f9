"""Looks once a second whether an inbox looks different, while anybody has one open, and tells.

The database is where the console and the chat service meet, so this asks it: one small statement
for all pages together.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from core.errors import Unavailable
from store import inbox
from store.database import Database
from store.inbox import Pulse

LOOK_SECONDS = 1.0  # new work is seen a second later at most; a person notices no less

logger = logging.getLogger("console")


@dataclass(eq=False, slots=True)
class Bell:
    """The last look at all that waits and is held, and who wants to hear when it changes."""

    database: Database
    pulse: tuple[Pulse, ...] = ()
    is_over: bool = False
    _listeners: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _looking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """While this is open the bell looks; the first look is made before it begins."""
        self._listeners += 1
        try:
            if self._looking is None or self._looking.done():
                await self._look()
                self._looking = asyncio.create_task(self._run())
            yield
        finally:
            self._listeners -= 1
            if not self._listeners and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    async def wait(self, seconds: float) -> None:
        """Return when something has changed, and after so many seconds anyhow."""
        changed = self._changed
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await changed.wait()

    def ring(self) -> None:
        """Wake everybody who listens."""
        self._changed.set()
        self._changed = asyncio.Event()

    def close(self) -> None:
        """The server stops: every stream ends, and its page connects again."""
        self.is_over = True
        self.ring()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if await self._look():
                self.ring()

    async def _look(self) -> bool:
        """Whether anything is different; while the database is away nothing is."""
        try:
            async with self.database.reading() as session:
                found = await inbox.pulse(session)
        except Unavailable as error:
            logger.warning("the inbox was not looked at: %s", error)
            return False
        is_new, self.pulse = found != self.pulse, found
        return is_new


BELL: web.AppKey[Bell] = web.AppKey("bell", Bell)


async def end_streams(app: web.Application) -> None:
    """For `app.on_shutdown`: nobody waits for pages that stay open."""
    app[BELL].close()

"""The sweep: looks for rows that are due and sends the news of them.

A row is news when it is first seen due. News can get lost with a worker that is killed, so a row
that stays due is told again after `sweep_seconds`, but never while its queue still holds news:
a long call does not pile up messages behind itself.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core.errors import Unavailable
from jobs.app import SCORE, TRANSCRIBE, Post
from jobs.place import Place
from store import evaluations, recordings

LOG = logging.getLogger("parley.jobs")

MOST = 200  # of each kind at one look; the next ones are told when these have been taken
LOOK_SECONDS = 2.0  # how long a person who uploaded a call waits at most before it is begun


class Sweep:
    """What was told, and when."""

    def __init__(self, place: Place, post: Post) -> None:
        self._place = place
        self._post = post
        self._told: dict[tuple[str, str], datetime] = {}

    async def go_on(self) -> None:
        """Look every two seconds until cancelled."""
        while True:
            try:
                await self.look(datetime.now(UTC))
            except Unavailable as error:
                LOG.warning("the sweep looks again in %s s: %s", LOOK_SECONDS, error)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, now: datetime) -> int:
        """Send the news of what is due; how many pieces were sent.

        Raises:
            Unavailable: the database or the broker does not answer.
        """
        due = await self._due(now)
        self._told = {piece: at for piece, at in self._told.items() if piece in due}
        sent = 0
        for task in (TRANSCRIBE, SCORE):
            pieces = [piece for piece in due if piece[0] == task]
            sent += await self._tell(task, pieces, now)
        return sent

    async def _due(self, now: datetime) -> dict[tuple[str, str], None]:
        """Pieces of work in the order in which they came."""
        async with self._place.database.reading() as session:
            sounds = await recordings.due(session, now=now, most=MOST)
            scores = await evaluations.due(session, now=now, most=MOST)
        return dict.fromkeys(
            [*((TRANSCRIBE, sound) for sound in sounds), *((SCORE, each) for each in scores)]
        )

    async def _tell(self, task: str, pieces: Sequence[tuple[str, str]], now: datetime) -> int:
        fresh = [piece for piece in pieces if piece not in self._told]
        limit = timedelta(seconds=self._place.settings.sweep_seconds)
        stale = [
            piece for piece in pieces if piece not in fresh and now - self._told[piece] > limit
        ]
        if stale and not await asyncio.to_thread(self._post.waiting, task):
            fresh += stale
        for piece in fresh:
            await asyncio.to_thread(self._post.send, *piece)
            self._told[piece] = now
        return len(fresh)

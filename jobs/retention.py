"""Words are kept as long as the bot told the customer, and then deleted."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound, Unavailable
from jobs.inbox import FAILED
from jobs.place import Place
from store import attachments, erasure, recordings

LOG = logging.getLogger("parley.jobs")

LOOK_SECONDS = 3600.0  # kept for days, so an hour late is on time
STRAY = timedelta(days=1)  # no upload takes longer, and a row is written with its file
ACTOR = "retention"


class Retention:
    """Deletes closed conversations and their recordings after `retention_days`."""

    def __init__(self, place: Place) -> None:
        self._place = place

    async def go_on(self) -> None:
        """Look every hour until cancelled."""
        while True:
            for step in (self.look, self.tidy):
                try:
                    await step(datetime.now(UTC))
                except (Unavailable, OSError) as error:
                    LOG.warning("what has expired is deleted an hour later: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, now: datetime) -> int:
        """Delete what has expired, each in a transaction of its own; how many."""
        before = now - timedelta(days=self._place.settings.retention_days)
        async with self._place.database.reading() as session:
            closed = await erasure.expired_conversations(session, before=before, now=now)
            unheard = await erasure.expired_recordings(session, now=now)

        async def drop_conversation(session: AsyncSession, one: str) -> tuple[str, ...]:
            return await erasure.erase_conversation(session, one, actor=ACTOR, now=now)

        async def drop_recording(session: AsyncSession, one: str) -> tuple[str, ...]:
            await erasure.erase_recording(session, one, actor=ACTOR, now=now)
            return (one,)

        done = [await self._erase(one, drop_conversation) for one in closed]
        done += [await self._erase(one, drop_recording) for one in unheard]
        return sum(done)

    async def tidy(self, now: datetime) -> int:
        """Delete files that no row knows: they failed, or what made or deleted them was killed.

        Raises:
            Unavailable: the database does not answer, or where recordings are kept.
            OSError: a folder cannot be read.
        """
        self._forget_failed(now)
        self._forget_letters(now)
        before = now - timedelta(days=self._place.settings.retention_days)
        async with self._place.database.writing() as session:
            await erasure.erase_old_words(session, before=before, now=now)
        files = self._place.files
        await asyncio.to_thread(files.drop_stale, before=now - STRAY)
        old = await asyncio.to_thread(files.kept, before=now - STRAY)
        async with self._place.database.reading() as session:
            known = await recordings.known(session) | await attachments.known(session)
        if old and not known:  # an empty database is rather the wrong one than the only truth
            LOG.warning("%d recordings are kept, and the database knows none", len(old))
            return 0
        stray = [each for each in old if each not in known]
        gone = sum([await self._delete(each) for each in stray])
        await asyncio.to_thread(files.drop_unfinished, before=now - STRAY)
        return gone

    def _forget_failed(self, now: datetime) -> None:
        """What lay in the inbox and failed has no row, but may hold words all the same."""
        before = now - timedelta(days=self._place.settings.retention_days)
        for path in (self._place.settings.inbox / FAILED).glob("*"):
            found = path.lstat()
            if found.st_ctime < before.timestamp() and not path.is_dir():  # when it was put there
                path.unlink()

    def _forget_letters(self, now: datetime) -> None:
        """Letters, with codes and addresses, lie in a folder where no mail server is set up."""
        before = now - timedelta(days=self._place.settings.retention_days)
        for path in (self._place.settings.var / "mail").glob("*"):
            if path.lstat().st_mtime < before.timestamp() and not path.is_dir():
                path.unlink()

    async def _delete(self, sound: str) -> bool:
        try:
            await asyncio.to_thread(self._place.files.delete, sound)
        except Unavailable as error:  # `tidy` tries again
            LOG.warning("the sound of %s was not deleted: %s", sound, error)
            return False
        return True

    async def _erase(
        self, one: str, drop: Callable[[AsyncSession, str], Awaitable[tuple[str, ...]]]
    ) -> bool:
        try:
            async with self._place.database.writing() as session:
                sounds = await drop(session, one)
        except NotFound:  # somebody deleted it since
            return False
        for sound in sounds:
            await self._delete(sound)
        LOG.info("deleted %s: its time was over", one)
        return True

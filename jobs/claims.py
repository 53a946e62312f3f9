"""A claim on one step of work: taken by compare-and-set, kept alive while the work goes on.

What a worker writes counts only while its claim stands, so two workers may try, and one finishes.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Conflict, Unavailable
from core.recording import RecordingState
from store import evaluations, recordings
from store.database import Database

LOG = logging.getLogger("parley.jobs")
BEATS_PER_CLAIM = 3  # two renewals may fail before the claim expires


class ClaimLost(Conflict):
    """Another worker took the step over, or it was taken back; nothing of ours is written."""


class Claim(Protocol):
    """The right to do one step."""

    @property
    def subject(self) -> str:
        """What it is on, for the log: a kind and an id."""

    @property
    def seconds(self) -> float:
        """How long it lasts unless it is renewed."""

    async def take(self, session: AsyncSession, *, now: datetime) -> int | None:
        """Which attempt this is, counted from 1; None when there is nothing to take."""

    async def renew(self, session: AsyncSession, *, now: datetime) -> bool:
        """Keep it; False when it was lost."""

    async def release(
        self, session: AsyncSession, *, until: datetime | None, counted: bool
    ) -> bool:
        """Give it back unfinished; nobody takes it before `until`."""

    async def fail(self, session: AsyncSession, reason: str) -> bool:
        """Give the step up."""


@dataclass(frozen=True, slots=True)
class HearingClaim:
    """The right to transcribe a recording that was received."""

    recording: str
    worker: str
    seconds: float

    @property
    def subject(self) -> str:
        """For the log."""
        return f"recording {self.recording}"

    async def take(self, session: AsyncSession, *, now: datetime) -> int | None:
        """Which attempt this is; None when another has it or it was transcribed already."""
        step = RecordingState.RECEIVED
        if not await recordings.claim(
            session, self.recording, step, worker=self.worker, now=now, seconds=self.seconds
        ):
            return None
        return (await recordings.get(session, self.recording)).attempts

    async def renew(self, session: AsyncSession, *, now: datetime) -> bool:
        """Keep it; False when it was lost."""
        return await recordings.renew(
            session, self.recording, worker=self.worker, now=now, seconds=self.seconds
        )

    async def release(
        self, session: AsyncSession, *, until: datetime | None, counted: bool
    ) -> bool:
        """Give it back unfinished."""
        return await recordings.release(
            session, self.recording, worker=self.worker, until=until, counted=counted
        )

    async def fail(self, session: AsyncSession, reason: str) -> bool:
        """The recording cannot be transcribed."""
        return await recordings.fail(session, self.recording, worker=self.worker, reason=reason)


@dataclass(frozen=True, slots=True)
class ScoreClaim:
    """The right to make the score of a conversation that is due, be it a call or a chat."""

    conversation: str
    worker: str
    seconds: float

    @property
    def subject(self) -> str:
        """For the log."""
        return f"conversation {self.conversation}"

    async def take(self, session: AsyncSession, *, now: datetime) -> int | None:
        """Which attempt this is; None when another has it or no score is due."""
        if not await evaluations.claim(
            session, self.conversation, worker=self.worker, now=now, seconds=self.seconds
        ):
            return None
        return await evaluations.attempts(session, self.conversation)

    async def renew(self, session: AsyncSession, *, now: datetime) -> bool:
        """Keep it; False when it was lost."""
        return await evaluations.renew(
            session, self.conversation, worker=self.worker, now=now, seconds=self.seconds
        )

    async def release(
        self, session: AsyncSession, *, until: datetime | None, counted: bool
    ) -> bool:
        """Give it back unfinished."""
        return await evaluations.release(
            session, self.conversation, worker=self.worker, until=until, counted=counted
        )

    async def fail(self, session: AsyncSession, reason: str) -> bool:
        """The score cannot be made, and neither can its recording be finished."""
        if not await evaluations.fail(
            session, self.conversation, worker=self.worker, reason=reason
        ):
            return False
        await recordings.settle(session, self.conversation, RecordingState.FAILED, error=reason)
        return True


@dataclass(frozen=True, slots=True, eq=False)
class Hold:
    """A claim while its work goes on, also looked at from the thread that works."""

    claim: Claim
    _lost: threading.Event = field(default_factory=threading.Event)

    def lose(self) -> None:
        """The claim is gone: the work is to stop."""
        self._lost.set()

    def check(self) -> None:
        """Stop work that nobody would keep.

        Raises:
            ClaimLost: the claim is gone.
        """
        if self._lost.is_set():
            raise ClaimLost(f"the claim on {self.claim.subject} was lost")


@asynccontextmanager
async def held(database: Database, claim: Claim) -> AsyncIterator[Hold]:
    """Renew the claim while the block runs; leaving the block, however, ends the hold."""
    hold = Hold(claim)
    heart = asyncio.create_task(_beat(database, claim, hold))
    try:
        yield hold
    finally:
        hold.lose()
        heart.cancel()
        await asyncio.wait([heart])
        if not heart.cancelled() and (error := heart.exception()) is not None:
            LOG.error("the claim on %s was not kept alive", claim.subject, exc_info=error)


async def _beat(database: Database, claim: Claim, hold: Hold) -> None:
    while True:
        await asyncio.sleep(claim.seconds / BEATS_PER_CLAIM)
        try:
            async with database.writing() as session:
                kept = await claim.renew(session, now=datetime.now(UTC))
        except Unavailable as error:  # the next beat may succeed
            LOG.warning("the claim on %s was not renewed: %s", claim.subject, error)
            continue
        if not kept:
            hold.lose()
            return

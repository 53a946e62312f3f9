"""The job runner: one attempt at one step, and what becomes of it when it fails."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from core.errors import ParleyError, Unavailable
from jobs.claims import Claim, ClaimLost, Hold, held
from jobs.place import Place

LOG = logging.getLogger("parley.jobs")

FIRST_PAUSE_SECONDS = 5.0  # longer than a service takes to restart; SQLite has waited 10 s itself
PAUSE_FACTOR = 4  # 5 s, 20 s, 80 s
# A worker that was killed says nothing about the recording, one that it kills each time does:
# so many claims may expire before it is given up. Ten crashes of a recogniser cost minutes.
MOST_EXPIRED = 10

Work: TypeAlias = Callable[[Hold], Awaitable[None]]


class Ending(StrEnum):
    """What became of an attempt."""

    DONE = "done"
    ELSEWHERE = "elsewhere"  # another worker has it, or it is not due
    LOST = "lost"  # another worker took it over meanwhile
    AGAIN = "again"  # it failed and is due again after a pause
    FAILED = "failed"  # by what was given
    BROKEN = "broken"  # by what it needs: a recogniser, storage, a worker


async def run(place: Place, claim: Claim, work: Work) -> Ending:
    """Claim a step, do it, and give it back, give it up or leave it finished.

    What the caller can mend (BadInput) fails at once; what may pass is tried again, up to
    `max_attempts`; an error nobody foresaw is given back in the same way and raised.

    Raises:
        Unavailable: the database did not answer; the claim expires by itself.
    """
    async with place.database.writing() as session:
        attempt = await claim.take(session, now=datetime.now(UTC))
    if attempt is None:
        return Ending.ELSEWHERE
    if attempt > max(place.settings.max_attempts, MOST_EXPIRED):
        reason = f"each of {attempt - 1} workers ended in the midst of it"
        return await _fail(place, claim, reason, Ending.BROKEN)
    return await _attempt(place, claim, work, attempt)


async def _attempt(place: Place, claim: Claim, work: Work, attempt: int) -> Ending:
    try:
        async with held(place.database, claim) as hold:
            await work(hold)
    except ClaimLost:
        LOG.info("%s: another worker has it", claim.subject)
        return Ending.LOST
    except Unavailable as error:
        if not error.retryable:
            return await _fail(place, claim, str(error), Ending.BROKEN)
        return await _again(place, claim, attempt, str(error))
    except ParleyError as error:
        return await _fail(place, claim, str(error), Ending.FAILED)
    except Exception as error:  # the outermost frame of a step: whatever it was is told and counted
        await _again(place, claim, attempt, f"unexpected {type(error).__name__}")
        raise
    except BaseException:  # cancelled: the operator ends the program
        await _release(place, claim, until=None, counted=False)
        raise
    LOG.info("%s: done", claim.subject)
    return Ending.DONE


async def _again(place: Place, claim: Claim, attempt: int, reason: str) -> Ending:
    if attempt >= place.settings.max_attempts:
        return await _fail(place, claim, f"{reason} (tried {attempt} times)", Ending.BROKEN)
    pause = timedelta(seconds=FIRST_PAUSE_SECONDS * PAUSE_FACTOR ** (attempt - 1))
    LOG.warning("%s: attempt %d failed, again in %s: %s", claim.subject, attempt, pause, reason)
    await _release(place, claim, until=datetime.now(UTC) + pause, counted=True)
    return Ending.AGAIN


async def _fail(place: Place, claim: Claim, reason: str, ending: Ending) -> Ending:
    async with place.database.writing() as session:
        kept = await claim.fail(session, reason)
    LOG.warning("%s: given up", claim.subject)  # the reason may name a file; the row has it
    return ending if kept else Ending.LOST


async def _release(place: Place, claim: Claim, *, until: datetime | None, counted: bool) -> None:
    async with place.database.writing() as session:
        await claim.release(session, until=until, counted=counted)

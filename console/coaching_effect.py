"""What a coaching task's question earned before the task and after it: counted for its page."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from console import cards
from console.reporting import count
from core.coaching import Aim, CoachingTask
from core.judged import Wanted
from insight.coaching import Earned, Effect, days_before, effect, sides_of
from insight.windows import Window
from store import agents, reports, users

Counts = tuple[tuple[float, int], ...]


async def earned_before(
    session: AsyncSession, aim: Aim, agent: str, conversation: str, *, at: datetime, zone: ZoneInfo
) -> Counts:
    """What the agent earned on the question in the weeks before `at`, without that conversation."""
    return await _earned(session, aim, agent, days_before(at, zone), leave_out=conversation)


async def effect_of(
    session: AsyncSession,
    task: CoachingTask,
    *,
    now: datetime,
    zone: ZoneInfo,
    without: frozenset[str] = frozenset(),
) -> Effect:
    """Before, as it was counted when the task was made, and after, as it stands now.

    `without` are conversations that the reader scores blind; they are not counted after.
    """
    sides = sides_of(task, today=now.astimezone(zone).date(), zone=zone)
    after = None
    if sides.after is not None:
        own = task.conversation or ""
        after = await _earned(
            session, task.aim, task.agent, sides.after, leave_out=own, without=without
        )
    return effect(task, sides, after)


async def _earned(
    session: AsyncSession,
    aim: Aim,
    agent: str,
    window: Window,
    *,
    leave_out: str,
    without: frozenset[str] = frozenset(),
) -> Counts:
    keys = await agents.keys_of(session, await users.get(session, agent))
    card = await cards.find_version(session, aim.scorecard, aim.version)
    found = Earned(aim.question, window, card, leave_out=leave_out)
    wanted = Wanted(
        aim.scorecard, aim.version, window.start, window.end, agents=keys, without=without
    )
    await count(reports.judged(session, wanted), found)
    return found.counts()

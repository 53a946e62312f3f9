"""The scores people answer for, with the chance by which each conversation was drawn."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.draw import Way
from core.review import MACHINE
from store import agents
from store.review_tables import DrawRow, ReviewRow


@dataclass(frozen=True, slots=True)
class Sample:
    """One reviewed conversation of the queue; `score` None where nothing applied.

    `uniform` is the probability of the uniform draw, None when that did not draw it.
    """

    conversation: str
    agent: str
    score: float | None
    uniform: float | None
    by_risk: bool


@dataclass(frozen=True, slots=True)
class Samples:
    """An agent's: what was reviewed, how many were drawn, and how many of those were skipped."""

    reviewed: tuple[Sample, ...]
    drawn: int
    skipped: int


async def samples(session: AsyncSession, *, since: datetime) -> dict[str, Samples]:
    """What was drawn of conversations that ended after `since`, by agent.

    What people picked by hand is not in it: nobody knows the chance that they would.
    """
    rows = list(await session.scalars(select(DrawRow).where(DrawRow.ended_at >= since)))
    drawn: dict[str, list[DrawRow]] = {}
    for row in rows:
        drawn.setdefault(row.conversation_id, []).append(row)
    scores = await _scores(session, since)
    people = await agents.people(session)
    groups: dict[str, list[list[DrawRow]]] = {}
    for ways in drawn.values():
        groups.setdefault(agents.person(people, ways[0].agent_key), []).append(ways)
    return {
        agent: Samples(
            reviewed=tuple(
                _sample(agent, ways, scores[ways[0].conversation_id])
                for ways in found
                if ways[0].conversation_id in scores
            ),
            drawn=len(found),
            skipped=sum(all(way.skipped_at for way in ways) for ways in found),
        )
        for agent, found in groups.items()
    }


def _sample(agent: str, ways: list[DrawRow], score: float | None) -> Sample:
    chances = {row.way: row.probability for row in ways}
    return Sample(
        conversation=ways[0].conversation_id,
        agent=agent,
        score=score,
        uniform=chances.get(Way.UNIFORM.value),
        by_risk=Way.RISK.value in chances,
    )


async def _scores(session: AsyncSession, since: datetime) -> dict[str, float | None]:
    """By conversation, the score of its newest review that a person submitted."""
    found = select(DrawRow.conversation_id).where(DrawRow.ended_at >= since)
    rows = await session.scalars(
        select(ReviewRow)
        .where(ReviewRow.conversation_id.in_(found))
        .where(ReviewRow.submitted_by.is_not(None), ReviewRow.submitted_by != MACHINE)
        .order_by(ReviewRow.submitted_at, ReviewRow.id)
    )
    return {row.conversation_id: row.score for row in rows}

"""The scores people answer for, with the chance by which each conversation was drawn."""

from collections.abc import Iterable
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
    score: float | None
    uniform: float | None
    by_risk: bool


@dataclass(frozen=True, slots=True)
class Samples:
    """What was drawn of an agent to be reviewed by one scorecard: reviewed, drawn, skipped."""

    agent: str
    scorecard: str
    reviewed: tuple[Sample, ...]
    drawn: int
    skipped: int


async def samples(session: AsyncSession, *, since: datetime) -> tuple[Samples, ...]:
    """What was drawn of conversations that ended after `since`, by agent and scorecard.

    Only where chance has drawn too: of risks alone there is no honest mean. What people picked by
    hand is not in it: nobody knows the chance that they would.
    """
    rows = list(await session.scalars(select(DrawRow).where(DrawRow.ended_at >= since)))
    people = await agents.people(session)
    groups: dict[tuple[str, str], dict[str, list[DrawRow]]] = {}
    for row in rows:
        key = (agents.person(people, row.agent_key), row.scorecard or "")
        groups.setdefault(key, {}).setdefault(row.conversation_id, []).append(row)
    scores = await _scores(session, since)
    return tuple(
        _samples(agent, scorecard, found.values(), scores)
        for (agent, scorecard), found in groups.items()
        if any(row.way == Way.UNIFORM.value for ways in found.values() for row in ways)
    )


def _samples(
    agent: str,
    scorecard: str,
    drawn: Iterable[list[DrawRow]],
    scores: dict[tuple[str, str], float | None],
) -> Samples:
    found = list(drawn)
    return Samples(
        agent=agent,
        scorecard=scorecard,
        reviewed=tuple(
            _sample(ways, scores[ways[0].conversation_id, scorecard])
            for ways in found
            if (ways[0].conversation_id, scorecard) in scores
        ),
        drawn=len(found),
        skipped=sum(all(way.skipped_at for way in ways) for ways in found),
    )


def _sample(ways: list[DrawRow], score: float | None) -> Sample:
    chances = {row.way: row.probability for row in ways}
    return Sample(
        conversation=ways[0].conversation_id,
        score=score,
        uniform=chances.get(Way.UNIFORM.value),
        by_risk=Way.RISK.value in chances,
    )


async def _scores(session: AsyncSession, since: datetime) -> dict[tuple[str, str], float | None]:
    """By conversation and scorecard ("" for the last of any), what a person submitted last."""
    found = select(DrawRow.conversation_id).where(DrawRow.ended_at >= since)
    rows = await session.scalars(
        select(ReviewRow)
        .where(ReviewRow.conversation_id.in_(found))
        .where(ReviewRow.submitted_by.is_not(None), ReviewRow.submitted_by != MACHINE)
        .order_by(ReviewRow.submitted_at, ReviewRow.id)
    )
    scores: dict[tuple[str, str], float | None] = {}
    for row in rows:
        scores[row.conversation_id, row.scorecard] = row.score
        scores[row.conversation_id, ""] = row.score
    return scores

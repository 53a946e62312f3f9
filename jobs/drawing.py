"""Draws conversations for people to review, and closes evaluations whose time is over.

Risks are drawn as they show; the uniform draw of a period is made once it is over, when it is known
how many conversations there were. Everything that was drawn is written in one transaction with the
note that it was, so that nothing is drawn twice, however often and wherever this runs.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.alert import Alert, AlertKind, Citation, Cited
from core.draw import Drawn, Risk, Way, bounds
from core.errors import Unavailable
from core.evaluation import Evaluation
from core.ids import new_id
from core.scorecard import Scorecard
from core.settings import Settings
from core.survey_file import load_survey_rules
from jobs.cards import beside_the_code
from qa.cards import parse_scorecard
from qa.sampling import (
    Candidate,
    Case,
    draw_risks,
    draw_uniform,
    fatal_noes,
    risks_of,
    to_review_by,
)
from store import agents, alerts, draws, reviews, scorecards
from store.database import Database, keyed_hash, open_database
from store.draws import Ended, Sight
from store.scorecards import StoredCard

LOOK_SECONDS = 600.0  # a fatal answer is seen within ten minutes; of 3,000 calls a look costs 30 ms
# The last conversations of a period are scored by then: a long call takes as long to hear as it
# lasted, and PARLEY_MAX_RECORDING_HOURS is 8.
SETTLE = timedelta(hours=12)
AT_ONCE = 200  # conversations looked at in one transaction: 0.05 s of processor time
BACK = 4  # periods that are made up for when the worker was away; older ones coach nobody any more
ALERT_CLOCK = timedelta(hours=24)  # as for a detractor, DOMAIN "Metrics"
LOG = logging.getLogger("parley.jobs")


@dataclass(frozen=True, slots=True)
class DrawnNow:
    """What one look did."""

    uniform: int = 0
    by_risk: int = 0
    closed: int = 0


class Drawing:
    """Looks every ten minutes; `since` is from when on things are new to it."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._rules = load_survey_rules(settings.surveys)
        self._since: datetime | None = None

    async def go_on(self) -> None:
        """Look every ten minutes until cancelled."""
        while True:
            try:
                await self.look(datetime.now(UTC))
            except Unavailable as error:
                LOG.warning("conversations for review are drawn later: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, now: datetime) -> DrawnNow:
        """Draw what is due, and close what is over.

        Raises:
            Unavailable: the database does not answer.
        """
        async with self._database.writing() as session:
            while await agents.fill(session):
                pass
        by_risk = await self._draw_risks(now)
        async with self._database.writing() as session:
            await draws.alone(session)
            uniform = await self._draw_uniform(session, now)
        async with self._database.writing() as session:
            closed = await reviews.close_due(session, now=now)
        self._since = now - timedelta(seconds=LOOK_SECONDS)  # what was being written a moment ago
        return DrawnNow(uniform, by_risk, closed)

    async def _draw_risks(self, now: datetime) -> int:
        """From the period that runs and the one before it, as they ended."""
        begins = self._period(self._period(now)[0] - timedelta(seconds=1))[0]
        async with self._database.reading() as session:
            found = await draws.to_look_at(session, since=self._since or begins, ended_from=begins)
            first = await draws.first_seen(session) if found else {}
            cards = Cards(await scorecards.every(session))
        count = 0
        for place in range(0, len(found), AT_ONCE):
            async with self._database.writing() as session:
                await draws.alone(session)
                sights = await draws.sights(session, found[place : place + AT_ONCE])
                chosen = await self._chosen(session, sights, first, cards, begins)
                for sight, _ in chosen:
                    await _alert(session, sight, cards, now)
                count += await draws.add(session, [_by_risk(one, now) for _, one in chosen])
        return count

    async def _chosen(
        self,
        session: AsyncSession,
        sights: Sequence[Sight],
        first: Mapping[str, datetime],
        cards: "Cards",
        begins: datetime,
    ) -> list[tuple[Sight, Candidate]]:
        by_id = {sight.ended.conversation: sight for sight in sights}
        candidates = [self._candidate(sight, cards, first) for sight in sights]
        taken: Counter[tuple[str, datetime, Risk]] = Counter()
        for (agent, at, risk), count in (await draws.taken(session, begins)).items():
            taken[agent, self._period(at)[0], risk] += count
        most = self._settings.review_risks_per_agent
        return [(by_id[one.conversation], one) for one in draw_risks(candidates, taken, most=most)]

    async def _draw_uniform(self, session: AsyncSession, now: datetime) -> int:
        wanted = self._settings.review_per_agent
        return sum(
            [
                await _draw_period(session, period, wanted, now)
                for period in await self._due(session, now)
                if wanted
            ]
        )

    async def _due(self, session: AsyncSession, now: datetime) -> list[tuple[datetime, datetime]]:
        """The periods that are over: the last one, and those that were missed, oldest first."""
        last = await draws.last_made(session)
        found: list[tuple[datetime, datetime]] = []
        at = self._period(now - SETTLE)[0]
        for _ in range(BACK if last else 1):
            begins, ends = self._period(at - timedelta(seconds=1))
            if last and begins < self._period(last)[0]:
                break
            found.append((begins, ends))
            at = begins
        return found[::-1]

    def _period(self, at: datetime) -> tuple[datetime, datetime]:
        return bounds(self._settings.review_period, at, self._settings.zone)

    def _candidate(self, sight: Sight, cards: "Cards", first: Mapping[str, datetime]) -> Candidate:
        ended = sight.ended
        case = Case(
            conversation=ended.conversation,
            agent=ended.agent,
            ended_at=ended.ended_at,
            judged=tuple((each, cards.of(each)) for each in sight.evaluations),
            unsure_words=sight.unsure_words,
            is_detractor=any(self._rules.is_detractor(answer) for answer in sight.answers),
            agent_since=first.get(ended.agent),
        )
        risks = risks_of(case, new_agent_days=self._settings.review_new_agent_days)
        begins = self._period(ended.ended_at)[0]
        return Candidate(
            ended.conversation, ended.agent, ended.ended_at, begins, risks, to_review_by(case)
        )


class Cards:
    """Scorecards as they were used, each read once."""

    def __init__(self, stored: Iterable[StoredCard]) -> None:
        self._known = {(card.name, card.version): card for card in stored}

    def of(self, evaluation: Evaluation) -> Scorecard | None:
        """The scorecard of an evaluation; None when this version was never kept."""
        card = self._known.get((evaluation.scorecard, evaluation.version))
        return (
            parse_scorecard(*card.source)
            if card
            else beside_the_code(evaluation.scorecard, evaluation.version)
        )


async def _draw_period(
    session: AsyncSession, period: tuple[datetime, datetime], wanted: int, now: datetime
) -> int:
    """The uniform draw of every agent of a period for whom it was not made yet."""
    done = await draws.made(session, period[0])
    count = 0
    for agent, ended in (await draws.frame(session, *period)).items():
        if agent in done:
            continue
        seed = keyed_hash(session, f"draw:{agent}:{period[0].astimezone(UTC).isoformat()}")
        names, chance = draw_uniform([one.conversation for one in ended], wanted, seed=seed)
        drawn = [one for one in ended if one.conversation in names]
        count += await draws.add(session, [_by_chance(one, chance, now) for one in drawn])
        await draws.note_made(
            session, agent, period,
            conversations=len(ended), drawn=len(drawn), seed=seed, now=now,
        )  # fmt: skip
    return count


async def _alert(session: AsyncSession, sight: Sight, cards: Cards, now: datetime) -> None:
    """Tell a supervisor of each fatal answer, with the turn that it rests on."""
    for evaluation in sight.evaluations:
        for question in fatal_noes(evaluation, cards.of(evaluation)):
            found = evaluation.finding(question)
            turn = found.evidence[0].turn if found and found.evidence else None
            cited = Citation(Cited.FINDING, f"{evaluation.id}:{question}", turn)
            alert = Alert(
                new_id(), evaluation.conversation, AlertKind.FINDING, cited, now, now + ALERT_CLOCK
            )
            await alerts.raise_alert(session, alert)


def _by_chance(ended: Ended, chance: float, now: datetime) -> Drawn:
    return Drawn(
        new_id(), ended.conversation, ended.agent, Way.UNIFORM, chance, (), ended.ended_at, now,
        scorecard=ended.scorecard,
    )  # fmt: skip


def _by_risk(one: Candidate, now: datetime) -> Drawn:
    risks = tuple(risk for risk in Risk if risk in one.risks)
    return Drawn(
        new_id(), one.conversation, one.agent, Way.RISK, 1.0, risks, one.ended_at, now,
        scorecard=one.scorecard,
    )  # fmt: skip


async def draw_now(settings: Settings, *, now: datetime) -> DrawnNow:
    """Draw what is due, once, for the command line.

    Raises:
        Unavailable: no database answers.
        BadSurveys: the file of survey rules is wrong.
    """
    database = await open_database(settings)
    try:
        return await Drawing(settings, database).look(now)
    finally:
        await database.close()

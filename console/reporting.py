"""From a filter to a report: fetches rows, lets `insight` count them, names what they are of."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from console import cards
from console.report_filter import Asked
from core.judged import Contested, Judged, Version, Wanted
from core.people import User
from core.review import MACHINE
from core.scorecard import Scorecard
from insight.blind import BlindAnswers
from insight.breakdown import Breakdown, Grouping, Point, everything
from insight.disputes import Disputes
from insight.evaluators import Evaluators
from insight.questions import Loss, Questions
from insight.report_tables import (
    blind_table,
    dispute_table,
    evaluator_table,
    loss_table,
    question_table,
    question_week_table,
    satisfaction_table,
    score_table,
    week_table,
)
from insight.satisfaction import Satisfaction, Satisfactions
from insight.table import Table, told
from store import agents, blind, reports, users

Counted_contra = TypeVar("Counted_contra", contravariant=True)
Item = TypeVar("Item")
NO_QUEUE = {"": "no queue"}
DISPUTES_BY = ("question", "agent", "queue", "evaluator")


@dataclass(frozen=True, slots=True)
class Scope:
    """A filter that has been settled: which version, and what else judged these days.

    `wanted` reaches back over the days before the window, which changes are measured against.
    """

    asked: Asked
    wanted: Wanted
    card: Scorecard | None
    versions: tuple[Version, ...]
    people: Mapping[str, User]

    @property
    def others(self) -> tuple[Version, ...]:
        """Other versions of the same scorecard in these days, which are not counted here."""
        return tuple(
            one
            for one in self.versions
            if one.scorecard == self.wanted.scorecard and one.version != self.wanted.version
        )

    @property
    def in_window(self) -> Wanted:
        """The window alone."""
        return replace(self.wanted, start=self.asked.window.start)


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page shows: everything as one, its weeks, and what costs most."""

    whole: Table
    points: tuple[Point, ...]
    losses: tuple[Loss, ...]


class Counter(Protocol[Counted_contra]):
    """Something of `insight` that rows are given to."""

    def add(self, row: Counted_contra, /) -> None:
        """Count one row."""


async def scope_of(session: AsyncSession, asked: Asked, *, reader: str = "") -> Scope:
    """Settle a filter: the newest version of the scorecard that judged anything in these days.

    What the reader, a user's id, scores blind is left out.
    """
    window = asked.window
    found = await reports.versions(session, start=window.before.start, end=window.end)
    own = [one.version for one in found if one.scorecard == asked.scorecard]
    version = asked.version or (own[0] if own else 1)
    people = await agents.people(session)
    wanted = Wanted(
        scorecard=asked.scorecard,
        version=version,
        start=window.before.start,
        end=window.end,
        answers=asked.answers,
        channel=asked.channel,
        queue=asked.queue,
        agents=_keys(asked, people),
        without=await blind.blind_to(session, reader),
    )
    card = await cards.find_version(session, asked.scorecard, version)
    return Scope(asked, wanted, card, found, people)


async def overview(session: AsyncSession, scope: Scope) -> Overview:
    """Everything as one, in one pass."""
    whole = Breakdown(scope.asked.window, everything)
    asked = Questions(scope.asked.window, scope.card)
    await count(reports.judged(session, scope.wanted), whole, asked)
    return Overview(
        score_table("overview", "Conversations", await told_of(whole.lines), {"": "All"}),
        await told_of(lambda: whole.points("")),
        await told_of(asked.losses),
    )


async def questions(session: AsyncSession, scope: Scope) -> Table:
    """What was earned on each question."""
    found = await _questions(session, scope)
    return question_table(await told_of(found.lines), texts_of(scope))


async def losses(session: AsyncSession, scope: Scope) -> Table:
    """Which questions cost most."""
    found = await _questions(session, scope)
    return loss_table(await told_of(found.losses), texts_of(scope))


async def by_agent(session: AsyncSession, scope: Scope) -> Table:
    """Scores by who served."""
    lines = await told_of((await _scores(session, scope, lambda row: (row.agent,))).lines)
    names = await agents.names_of(session, [line.key for line in lines])
    return score_table("agents", "Agent", lines, names)


async def by_team(session: AsyncSession, scope: Scope) -> Table:
    """Scores by team; who is in two teams counts in both, who is in none in none."""
    found = await _scores(session, scope, lambda row: _teams(scope, row))
    return score_table("teams", "Team", await told_of(found.lines), {})


async def by_queue(session: AsyncSession, scope: Scope) -> Table:
    """Scores by queue; what came by none is a row of its own."""
    found = await _scores(session, scope, lambda row: (row.queue or "",))
    return score_table("queues", "Queue", await told_of(found.lines), NO_QUEUE)


async def weeks(session: AsyncSession, scope: Scope) -> Table:
    """Scores week by week, each with its interval; or one question, where one is asked for."""
    if scope.asked.question is None:
        return week_table(await points(session, scope))
    found = Questions(scope.asked.window, scope.card)
    await count(reports.judged(session, scope.in_window), found)
    lines = await told_of(found.lines)
    trends = [line.trend for line in lines if line.question == scope.asked.question]
    return question_week_table(trends[0] if trends else ())


async def points(session: AsyncSession, scope: Scope) -> tuple[Point, ...]:
    """The weeks themselves, for their drawing."""
    found = Breakdown(scope.asked.window, everything)
    await count(reports.judged(session, scope.in_window), found)
    return await told_of(lambda: found.points(""))


async def disputes(session: AsyncSession, scope: Scope, by: str = DISPUTES_BY[0]) -> Table:
    """How many disputed answers were overturned, by question, agent, queue or evaluator."""
    groupings: dict[str, Callable[[Contested], str | None]] = {
        "question": lambda row: row.question,
        "agent": lambda row: row.agent,
        "queue": lambda row: row.queue or "",
        "evaluator": lambda row: row.evaluator,
    }
    found = Disputes(scope.asked.window, groupings[by])
    await count(reports.contested(session, scope.wanted), found)
    lines = await told_of(found.lines)
    names = await _dispute_names(session, scope, by, [line.key for line in lines])
    return dispute_table(by.capitalize(), lines, names)


async def evaluators(session: AsyncSession, scope: Scope) -> Table:
    """How people evaluate, beside the machine, the others, and their own days before."""
    found = Evaluators(scope.asked.window, scope.card)
    await count(reports.answered(session, scope.wanted), found)
    return evaluator_table(await told_of(found.lines), await _user_names(session))


async def blind_answers(session: AsyncSession, scope: Scope) -> Table:
    """How people answer in blind sessions, beside the machine and the others."""
    found = BlindAnswers(scope.asked.window)
    await count(reports.blindly(session, scope.wanted), found)
    return blind_table(await told_of(found.lines), await _user_names(session))


async def satisfaction(session: AsyncSession, scope: Scope) -> Satisfaction:
    """The score beside what customers say."""
    found = Satisfactions(scope.asked.window)
    await count(reports.surveyed(session, scope.in_window), found)
    return await told_of(found.result)


async def satisfactions(session: AsyncSession, scope: Scope) -> Table:
    """The same as a table."""
    return satisfaction_table(await satisfaction(session, scope))


MAKERS: Mapping[str, Callable[[AsyncSession, Scope], Awaitable[Table]]] = {
    "questions": questions,
    "losses": losses,
    "agents": by_agent,
    "teams": by_team,
    "queues": by_queue,
    "weeks": weeks,
    "disputes": disputes,
    "evaluators": evaluators,
    "blind": blind_answers,
    "satisfaction": satisfactions,
}


async def count(rows: AsyncIterator[Item], *counters: Counter[Item]) -> None:
    """Give each row to each counter; no more than one is held."""
    async for row in rows:
        for counter in counters:
            counter.add(row)


async def told_of(work: Callable[[], Item]) -> Item:
    """What was counted, made beside the event loop: intervals of a large report take a second."""
    return await asyncio.to_thread(work)


def texts_of(scope: Scope) -> dict[str, str]:
    """What each question asks, where the form is known."""
    return {question.id: question.text for question in scope.card.questions} if scope.card else {}


def report_out(scope: Scope, table: Table) -> dict[str, Any]:
    """A report as plain JSON values, with what it was asked for."""
    asked = scope.asked
    return {
        **told(table),
        "from": asked.window.first.isoformat(),
        "to": asked.window.last.isoformat(),
        "timezone": str(asked.window.zone),
        "scorecard": scope.wanted.scorecard,
        "version": scope.wanted.version,
        "answers": asked.answers.value,
        "other_versions": {str(one.version): one.conversations for one in scope.others},
    }


async def _scores(session: AsyncSession, scope: Scope, grouping: Grouping) -> Breakdown:
    found = Breakdown(scope.asked.window, grouping)
    await count(reports.judged(session, scope.wanted), found)
    return found


async def _questions(session: AsyncSession, scope: Scope) -> Questions:
    found = Questions(scope.asked.window, scope.card)
    await count(reports.judged(session, scope.wanted), found)
    return found


async def _dispute_names(
    session: AsyncSession, scope: Scope, by: str, keys: list[str]
) -> Mapping[str, str]:
    if by == "question":
        return texts_of(scope)
    if by == "agent":
        return await agents.names_of(session, keys)
    return await _user_names(session) if by == "evaluator" else NO_QUEUE


async def _user_names(session: AsyncSession) -> dict[str, str]:
    return {user.id: user.name for user in await users.everyone(session)} | {MACHINE: "The machine"}


def _teams(scope: Scope, row: Judged) -> Iterable[str]:
    user = scope.people.get(row.agent)
    return user.teams if user else ()


def _keys(asked: Asked, people: Mapping[str, User]) -> frozenset[str] | None:
    """Every key of the agents that are asked for; None for all agents."""
    if asked.agent is None and asked.team is None:
        return None
    found: frozenset[str] | None = None
    if asked.agent is not None:
        one = people.get(asked.agent)
        same = {key for key, user in people.items() if one and user.id == one.id}
        found = frozenset(same | {asked.agent})
    if asked.team is not None:
        team = frozenset(key for key, user in people.items() if asked.team in user.teams)
        found = team if found is None else found & team
    return found

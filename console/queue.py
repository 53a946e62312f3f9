"""The review queue: what chance drew and what a risk drew, apart, and what it says of agents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from console.acting import actor_of, done, note_in
from console.context import Visit
from console.review_json import mean_out, queue_out
from console.reviews import RISKS, page_number
from core.draw import Way
from core.errors import BadInput
from qa.means import Mean, Reviewed, uniform_mean, weighted_mean
from store import agents, blind, draws, review_list, review_samples
from store.review_list import QueueFilter, QueueState
from store.review_samples import Samples

WEEKS = 8  # of conversations that an agent's mean is of: some sixteen reviews at two a week
WAYS = {Way.UNIFORM: "Drawn at random", Way.RISK: "Drawn for a risk"}
Choice = TypeVar("Choice", Way, QueueState)


@dataclass(frozen=True, slots=True)
class AgentMeans:
    """What was drawn and reviewed of one agent by one scorecard, and the two honest means of it."""

    agent: str
    scorecard: str
    reviewed: int
    drawn: int
    skipped: int
    uniform: Mean | None
    weighted: Mean | None


async def queue_page(visit: Visit) -> web.StreamResponse:
    """What is to be reviewed; `agent`, `state`, `way` and `page` narrow it."""
    query = visit.request.query
    state = choice(QueueState, query.get("state"), "state") or QueueState.OPEN
    agent = query.get("agent") or None
    one = choice(Way, query.get("way"), "way")
    lists = []
    async with visit.console.database.reading() as session:
        hidden = await blind.blind_to(session, visit.user.id)
        for way in (one,) if one else tuple(Way):
            wanted = QueueFilter(way, agent, state, besides=hidden)
            number = page_number(query) if one else 1
            lists.append((way, *await review_list.list_queue(session, wanted, number=number)))
        people = await review_list.known_agents(session)
        own = await agents.keys_of(session, visit.user)
    if visit.wants_json:
        return visit.data({way.value: queue_out(items, page) for way, items, page in lists})
    return visit.page(
        "queue.html", lists=lists, ways=WAYS, risks=RISKS, agents=people, agent=agent, own=own,
        state=state, states=tuple(QueueState), only=one, settings=visit.console.settings,
        link=lambda **parts: _link(agent=agent, state=state, **parts),
    )  # fmt: skip


async def means_page(visit: Visit) -> web.StreamResponse:
    """Each agent's mean of the last weeks, from the uniform draw alone and of everything drawn."""
    since = visit.console.now() - timedelta(weeks=WEEKS)
    async with visit.console.database.reading() as session:
        found = await review_samples.samples(session, since=since)
        names = await review_list.known_agents(session)
    rows = sorted((means_of(each, names) for each in found), key=order)
    if visit.wants_json:
        return visit.data({"since": since.isoformat(), "agents": [row_out(row) for row in rows]})
    return visit.page("means.html", rows=rows, since=since, weeks=WEEKS)


async def skip(visit: Visit) -> web.StreamResponse:
    """Leave a drawn conversation out, with the reason."""
    async with visit.console.database.writing() as session:
        drawn = await draws.skip(
            session,
            visit.part("draw"),
            await actor_of(session, visit),
            reason=note_in(visit, "reason"),
            now=visit.console.now(),
        )
    return done(visit, "/reviews/queue", {"draw": drawn.id, "skipped": drawn.skip_reason})


async def unskip(visit: Visit) -> web.StreamResponse:
    """Put it back into the queue."""
    async with visit.console.database.writing() as session:
        actor = await actor_of(session, visit)
        drawn = await draws.unskip(session, visit.part("draw"), actor, now=visit.console.now())
    return done(visit, "/reviews/queue?state=skipped", {"draw": drawn.id, "skipped": None})


def means_of(samples: Samples, names: Mapping[str, str]) -> AgentMeans:
    """Both means of what was reviewed of one agent by one scorecard."""
    reviewed = [
        Reviewed(one.score, one.uniform, one.by_risk)
        for one in samples.reviewed
        if one.score is not None
    ]
    return AgentMeans(
        agent=names.get(samples.agent, samples.agent),
        scorecard=samples.scorecard,
        reviewed=len(samples.reviewed),
        drawn=samples.drawn,
        skipped=samples.skipped,
        uniform=uniform_mean(reviewed),
        weighted=weighted_mean(reviewed),
    )


def order(row: AgentMeans) -> tuple[str, str]:
    """By the agent's name, then by scorecard."""
    return row.agent.casefold(), row.scorecard


def choice(kind: type[Choice], value: str | None, name: str) -> Choice | None:
    """One of the choices that a URL names.

    Raises:
        BadInput: it is none of them.
    """
    if not value:
        return None
    try:
        return kind(value)
    except ValueError as error:
        raise BadInput(f"{name}: {value[:40]!r} is not one of {', '.join(kind)}") from error


def row_out(row: AgentMeans) -> dict[str, Any]:
    """An agent's line as JSON."""
    return {
        "agent": row.agent,
        "scorecard": row.scorecard or None,
        "reviewed": row.reviewed,
        "drawn": row.drawn,
        "skipped": row.skipped,
        "uniform": mean_out(row.uniform),
        "weighted": mean_out(row.weighted),
    }


def _link(**parts: object) -> str:
    shown = {name: str(value) for name, value in parts.items() if value}
    return f"/reviews/queue?{urlencode(shown)}"

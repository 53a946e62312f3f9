"""`parley reviews`: what is to be reviewed, drawn, disputed, and the means that follow."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from cli.options import AsJson
from cli.storing import in_store
from console.queue import WEEKS, AgentMeans, means_of, order, row_out
from console.review_json import lines_out, queue_out
from console.reviews import RISKS
from core.draw import Way
from core.errors import BadInput
from core.review import ReviewState
from core.settings import load_settings
from jobs.drawing import draw_now
from qa.means import Mean
from store import review_list, review_samples, users
from store.review_list import Paged, QueueFilter, QueueItem, ReviewFilter, ReviewLine

app = typer.Typer(
    help="What people review: the queue, the draw, disputes, means.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Agent = Annotated[str | None, typer.Option("--agent", metavar="NAME", help="Of this agent alone.")]
Page = Annotated[int, typer.Option("--page", min=1, help="The lists have 25 lines a page.")]


@app.command()
def due(*, agent: Agent = None, page: Page = 1, as_json: AsJson = False) -> None:
    """List what waits to be reviewed: drawn by chance, and drawn for a risk."""

    async def work(session: AsyncSession) -> dict[Way, tuple[tuple[QueueItem, ...], Paged]]:
        key = await _key(session, agent)
        return {
            way: await review_list.list_queue(session, QueueFilter(way, key), number=page)
            for way in Way
        }

    found = in_store(load_settings(), work)
    if as_json:
        typer.echo(json.dumps({way.value: queue_out(*each) for way, each in found.items()}))
        return
    for way, (items, shown) in found.items():
        typer.echo(f"{'By chance' if way is Way.UNIFORM else 'For a risk'}: {shown.total}")
        typer.echo("\n".join(map(_drawn, items)) or "  nothing waits")
        if shown.count > 1:
            typer.echo(f"  page {shown.number} of {shown.count}")


@app.command()
def draw(*, as_json: AsJson = False) -> None:
    """Draw what is due now; the worker does so by itself every ten minutes."""
    done = asyncio.run(draw_now(load_settings(), now=datetime.now(UTC)))
    if as_json:
        counts = {"uniform": done.uniform, "risk": done.by_risk, "closed": done.closed}
        typer.echo(json.dumps(counts))
        return
    typer.echo(f"{done.uniform} drawn by chance, {done.by_risk} for a risk.")
    if done.closed:
        typer.echo(f"{done.closed} evaluations closed, their time being over.")


@app.command("list")
def show(
    *,
    state: Annotated[
        ReviewState | None, typer.Option("--state", help="Those that have come so far alone.")
    ] = None,
    agent: Agent = None,
    page: Page = 1,
    as_json: AsJson = False,
) -> None:
    """List reviews, the newest first, with the score and the machine's."""

    async def work(session: AsyncSession) -> tuple[tuple[ReviewLine, ...], Paged, dict[str, str]]:
        wanted = ReviewFilter(await _key(session, agent), state)
        names = {user.id: user.name for user in await users.everyone(session)}
        return *await review_list.list_reviews(session, wanted, number=page), names

    lines, shown, names = in_store(load_settings(), work)
    if as_json:
        typer.echo(json.dumps(lines_out(lines, shown, names)))
        return
    typer.echo("\n".join(map(_review, lines)) or "No review.")
    if shown.count > 1:
        typer.echo(f"page {shown.number} of {shown.count}")


@app.command()
def means(*, as_json: AsJson = False) -> None:
    """Print each agent's mean of the last weeks: drawn by chance alone, and weighted."""
    since = datetime.now(UTC) - timedelta(weeks=WEEKS)

    async def work(session: AsyncSession) -> list[AgentMeans]:
        names = await review_list.known_agents(session)
        found = await review_samples.samples(session, since=since)
        return sorted((means_of(each, names) for each in found), key=order)

    rows = in_store(load_settings(), work)
    if as_json:
        typer.echo(json.dumps({"since": since.isoformat(), "agents": list(map(row_out, rows))}))
        return
    typer.echo("\n".join(_means(rows)) or f"Nothing was drawn in the last {WEEKS} weeks.")


async def _key(session: AsyncSession, name: str | None) -> str | None:
    """The key of the agent who is called so.

    Raises:
        BadInput: nobody of whom something was drawn or reviewed is.
    """
    if name is None:
        return None
    known = await review_list.known_agents(session)
    found = [key for key, each in known.items() if each.casefold() == name.strip().casefold()]
    if not found:
        there = ", ".join(known.values()) or "nobody"
        raise BadInput(f"--agent: nothing was drawn or reviewed of {name!r}, but of {there}")
    return found[0]


def _drawn(item: QueueItem) -> str:
    drawn = item.drawn
    why = f"{100 * drawn.probability:.0f} % chance"
    if drawn.way is Way.RISK:
        why = ", ".join(RISKS[risk] for risk in drawn.risks)
    begun = ", begun" if item.review else ""
    return f"  {drawn.conversation}  {item.agent}  {_points(item.score)}  {why}{begun}"


def _review(line: ReviewLine) -> str:
    one = line.review
    machine = "" if one.score == one.machine_score else f" (machine {_points(one.machine_score)})"
    failed = ", failed" if one.failed else ""
    waiting = f", {line.open_disputes} to decide" if line.open_disputes else ""
    return f"{one.id}  {line.agent}  {one.state}{waiting}  {_points(one.score)}{machine}{failed}"


def _points(score: float | None) -> str:
    return "no score" if score is None else f"{score:.0f}"


def _means(rows: list[AgentMeans]) -> Iterator[str]:
    for row in rows:
        skipped = f", {row.skipped} skipped" if row.skipped else ""
        by = f" ({row.scorecard})" if row.scorecard else ""
        yield f"{row.agent}{by}: {row.reviewed} of {row.drawn} reviewed{skipped}"
        yield f"  by chance alone  {_mean(row.uniform)}"
        yield f"  weighted         {_mean(row.weighted)}"


def _mean(mean: Mean | None) -> str:
    if mean is None:
        return "no data"
    between = "" if mean.low is None else f" ({mean.low:.1f} to {mean.high:.1f})"
    return f"{mean.value:.1f}{between}, n = {mean.n}"

"""`parley coaching`: tasks and good examples, to read and for programs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from cli.options import AsJson
from cli.printing import say_json, say_lines
from cli.reports import cell_text
from cli.storing import ACTOR, in_store
from console.coaching import LIVE, STATES, last_day
from console.coaching_effect import effect_of
from console.coaching_out import effect_out, example_out, task_out
from console.findings import Quote, shown_quotes
from console.report_cells import shown
from core.coaching import CoachingTask, TaskState
from core.errors import BadInput, NotFound
from core.settings import Settings, load_settings
from insight.coaching import LEAST, Effect
from store import audit, coaching, conversations, examples, users
from store.coaching import TaskFilter

app = typer.Typer(
    help="Coaching tasks, and the library of good examples.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command("list")
def show_all(
    *,
    state: Annotated[
        str, typer.Option(help=f"{LIVE} (default), {', '.join(TaskState)}, or all.")
    ] = LIVE,
    agent: Annotated[str, typer.Option(metavar="EMAIL")] = "",
    as_json: AsJson = False,
) -> None:
    """List tasks, the most urgent first."""
    settings, now = load_settings(), datetime.now(UTC)

    async def work(session: AsyncSession) -> tuple[list[CoachingTask], dict[str, str]]:
        everyone = {user.id: user for user in await users.everyone(session)}
        owner = next((one.id for one in everyone.values() if one.email == agent), None)
        if agent and owner is None:
            raise NotFound(f"nobody signs in as {agent}; `parley user list` shows who does")
        names = {user.id: user.name for user in everyone.values()}
        return await _every(session, _filter(state, owner)), names

    tasks, names = in_store(settings, work)
    if as_json:
        say_json([task_out(task, now=now) for task in tasks])
    elif not tasks:
        typer.echo("No task is like that; they are made in the console, from a finding.")
    else:
        say_lines(_line(task, names, settings, now) for task in tasks)


@app.command()
def show(
    task_id: Annotated[str, typer.Argument(metavar="TASK", help="As `list` prints it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Print one task with its quotes, and its question before and after; audited."""
    settings, now = load_settings(), datetime.now(UTC)

    async def work(session: AsyncSession) -> tuple[CoachingTask, tuple[Quote, ...], Effect]:
        task = await coaching.get(session, task_id)
        quotes: tuple[Quote, ...] = ()
        if task.conversation is not None:
            talk = await conversations.get(session, task.conversation)
            quotes = shown_quotes(task.evidence, talk)
        await audit.record(session, actor=ACTOR, action="coaching.read", subject=task_id, now=now)
        return task, quotes, await effect_of(session, task, now=now, zone=settings.zone)

    task, quotes, effect = in_store(settings, work)
    if as_json:
        told = task_out(task, now=now, quotes=quotes) | {"effect": effect_out(effect)}
        say_json(told)
    else:
        say_lines(_lines(task, quotes, effect))


@app.command("examples")
def show_examples(
    *,
    skill: Annotated[str, typer.Option(metavar="NAME")] = "",
    as_json: AsJson = False,
) -> None:
    """List the library of good examples, by skill."""

    async def work(session: AsyncSession) -> list[dict[str, Any]]:
        found = await examples.library(session, published_only=False, skill=skill or None)
        return [example_out(one, lines=None) for one in found]

    found = in_store(load_settings(), work)
    if as_json:
        say_json(found)
    elif not found:
        typer.echo("No example yet; they are kept in the console, from a finding.")
    for one in [] if as_json else found:
        seconds = "" if one["start"] is None else f", {one['end'] - one['start']:.1f} s"
        published = "" if one["published_at"] else ", not published"
        typer.echo(f"{one['id']}  {one['skill']}: {one['title']}{seconds}{published}")


async def _every(session: AsyncSession, wanted: TaskFilter) -> list[CoachingTask]:
    first = await coaching.page(session, wanted)
    more = [
        await coaching.page(session, wanted, number=number) for number in range(2, first.count + 1)
    ]
    return [task for page in (first, *more) for task in page.items]


def _filter(state: str, agent: str | None) -> TaskFilter:
    if state in (LIVE, "all"):
        return TaskFilter(agent=agent, is_live=True if state == LIVE else None)
    try:
        return TaskFilter(agent=agent, state=TaskState(state))
    except ValueError as error:
        names = ", ".join((LIVE, *TaskState, "all"))
        raise BadInput(f"--state {state!r} is not one of {names}") from error


def _line(task: CoachingTask, names: dict[str, str], settings: Settings, now: datetime) -> str:
    due = last_day(task.due_at, settings.zone)
    late = ", overdue" if task.is_overdue(now) else ""
    name = names.get(task.agent, "somebody who is gone")
    return f"{task.id}  {name}: {task.skill}, {STATES[task.state]}, due {due}{late}"


def _lines(task: CoachingTask, quotes: tuple[Quote, ...], effect: Effect) -> Iterator[str]:
    yield f"{task.skill}: {STATES[task.state]}"
    yield f"  {task.aim.scorecard} version {task.aim.version}, {task.aim.question}"
    yield from (f"  {text}" for text in (task.note, task.answer, task.outcome) if text)
    yield from (f"  “{quote.text}”" for quote in quotes)
    yield f"  before: {cell_text(shown(effect.before))}"
    if effect.after is not None:
        yield f"  after: {cell_text(shown(effect.after))}"
        if effect.change is None:
            yield f"  too few yet: {LEAST} conversations on each side are needed"
        else:
            yield f"  difference: {cell_text(shown(effect.change))}"

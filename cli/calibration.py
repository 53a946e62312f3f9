"""`parley calibration`: blind sessions, their figures, and what submits by itself."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from cli.cards import find_named
from cli.options import AsJson
from cli.printing import say_json, say_lines
from cli.storing import ACTOR, in_store
from core.asked import asked_of
from core.calibration import CalibrationSession
from core.csv_text import csv_text
from core.settings import Settings, load_settings
from qa.agreement import Rate
from qa.chance import Coefficient
from qa.comparison import QuestionResult, compare
from qa.comparison_report import (
    ANSWER_FIELDS,
    FIGURE_FIELDS,
    answer_rows,
    figure_rows,
    gate_json,
    results_json,
)
from qa.gate import gate
from store import audit, blind, calibration, consensus, double_scores, users
from store.calibration import Progress

app = typer.Typer(
    help="Blind sessions, how well people and the machine agree, and what submits by itself.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Comparison: TypeAlias = tuple[CalibrationSession, tuple[QuestionResult, ...], dict[str, str]]
SessionId = Annotated[str, typer.Argument(metavar="SESSION", help="As `list` prints it.")]


class What(StrEnum):
    """What of a session is exported."""

    ANSWERS = "answers"
    FIGURES = "figures"


@app.command("list")
def show_all(*, as_json: AsJson = False) -> None:
    """List the sessions: the open ones by due date, then those that are over."""
    settings = load_settings()

    async def work(session: AsyncSession) -> tuple[tuple[Progress, ...], dict[str, str]]:
        return await calibration.every(session), await _names(session)

    found, names = in_store(settings, work)
    if as_json:
        typer.echo(json.dumps([_progress_json(each, names) for each in found]))
    elif not found:
        typer.echo("No session yet; a supervisor begins one in the console, under Calibration.")
    else:
        say_lines(_line(each, names, settings) for each in found)


@app.command()
def show(session_id: SessionId, *, as_json: AsJson = False) -> None:
    """Print the figures of each question of a session that is over; audited."""
    found, results, _ = in_store(load_settings(), _comparing(session_id, "calibration.compared"))
    if as_json:
        body = {"id": found.id, "title": found.title, "questions": results_json(results)}
        say_json(body)
    else:
        say_lines(_lines(found, results))


@app.command()
def export(
    session_id: SessionId,
    *,
    what: Annotated[What, typer.Option(help="Everybody's answers, or the figures.")] = What.ANSWERS,
) -> None:
    """Print a session that is over as CSV; audited."""
    work = _comparing(session_id, "calibration.exported")
    _, results, names = in_store(load_settings(), work)
    if what is What.ANSWERS:
        text = csv_text(ANSWER_FIELDS, answer_rows(results, names))
    else:
        text = csv_text(FIGURE_FIELDS, figure_rows(results))
    typer.echo(text, nl=False)


@app.command()
def gates(
    scorecard: Annotated[
        str, typer.Argument(metavar="[SCORECARD]", help="PARLEY_SCORECARD when left out.")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Say of each question whether its answers submit by themselves, and what is missing."""
    settings = load_settings()

    async def work(session: AsyncSession) -> list[tuple[str, bool, str, dict[str, object]]]:
        asked = asked_of(await find_named(session, scorecard or settings.scorecard))
        scores = await double_scores.of_questions(session, {each.digest for each in asked})
        found = [(each, gate(each, scores)) for each in asked if not each.by_person]
        return [(q.id, one.is_open, one.told, gate_json(q, one)) for q, one in found]

    lines = in_store(settings, work)
    if as_json:
        say_json([told for *_, told in lines])
        return
    for question, is_open, told, _ in lines:
        state = "submits by itself" if is_open else "suggestion"
        typer.echo(f"{question:<18} {state:<18} {told}")


def _comparing(session_id: str, action: str) -> Callable[[AsyncSession], Awaitable[Comparison]]:
    async def work(session: AsyncSession) -> Comparison:
        found = await calibration.get(session, session_id)
        sheets = await blind.sheets(session, found)
        decided = await consensus.decided(session, found.id)
        channels = await calibration.channels_of(session, found)
        await audit.record(
            session, actor=ACTOR, action=action, subject=found.id, now=datetime.now(UTC)
        )
        return found, compare(found, sheets, decided, channels), await _names(session)

    return work


async def _names(session: AsyncSession) -> dict[str, str]:
    return {user.id: user.name for user in await users.everyone(session)}


def _line(each: Progress, names: Mapping[str, str], settings: Settings) -> str:
    people = ", ".join(f"{names.get(user, user)} {n}" for user, n in each.submitted.items())
    ends = each.closed_at or each.due_at
    state = "over since" if each.closed_at else "due"
    day = ends.astimezone(settings.zone).strftime("%Y-%m-%d")
    return (
        f"{each.id}  {each.title}  {each.scorecard} {each.version}  {state} {day}  "
        f"{each.conversations} conversations  submitted: {people}"
    )


def _progress_json(each: Progress, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": each.id,
        "title": each.title,
        "scorecard": each.scorecard,
        "version": each.version,
        "made_at": each.made_at.isoformat(),
        "due_at": each.due_at.isoformat(),
        "closed_at": each.closed_at.isoformat() if each.closed_at else None,
        "conversations": each.conversations,
        "submitted": {names.get(user, user): n for user, n in each.submitted.items()},
    }


def _lines(found: CalibrationSession, results: Sequence[QuestionResult]) -> Iterator[str]:
    yield f"{found.title}: {found.scorecard} {found.version}, {len(found.items)} conversations"
    for result in results:
        yield f"{result.asked.id}{' (fatal)' if result.asked.is_fatal else ''}"
        unsure = f", unsure of {result.machine_unsure} more" if result.machine_unsure else ""
        yield (
            f"  machine and people  {_rate(result.machine.raw)}{unsure}; "
            f"kappa {_coefficient(result.machine.kappa)}; AC {_coefficient(result.machine.gwet)}"
        )
        if result.detection:
            yield (
                f"  of what fails       recall {_rate(result.detection.recall)}; "
                f"precision {_rate(result.detection.precision)}"
            )
        pairs = result.people.pairs
        yield (
            f"  people              {pairs.part} of {pairs.whole} pairs agree; alpha "
            f"{_coefficient(result.people.alpha)}; AC {_coefficient(result.people.gwet)}"
        )


def _rate(rate: Rate) -> str:
    if rate.value is None or rate.interval is None:
        return "no data"
    low, high = rate.interval
    return f"{rate.part} of {rate.whole} ({rate.value:.0%}, {low:.0%} to {high:.0%})"


def _coefficient(found: Coefficient) -> str:
    if found.value is None:
        return f"undefined ({found.why})"
    low, high = ("?" if end is None else f"{end:.2f}" for end in (found.low, found.high))
    return f"{found.value:.2f} ({low} to {high})"

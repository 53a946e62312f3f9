"""`parley reports`: the console's reports in the shell, to read, as JSON, or as CSV."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cli.options import AsJson
from cli.storing import ACTOR
from console import reporting
from console.report_cells import SHARES, Shown, shown
from console.report_filter import asked_of
from console.reporting import DISPUTES_BY, MAKERS, Scope
from core.csv_text import csv_text
from core.errors import BadInput
from core.settings import Settings, load_settings
from insight.table import Row, Table, flat
from store import audit, users
from store.database import Database, open_database

OVERVIEW = "overview"
NAMES = (OVERVIEW, *MAKERS)
WIDEST = 27  # characters of a column's title, about


def reports(
    report: Annotated[str, typer.Argument(metavar="REPORT", help=", ".join(NAMES))],
    *,
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="Such as 2026-11-01.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Today when left out.")] = "",
    scorecard: Annotated[str, typer.Option(metavar="NAME")] = "",
    version: Annotated[str, typer.Option(metavar="N", help="The newest when left out.")] = "",
    answers: Annotated[
        str, typer.Option(help="machine (default), corrected, or reviewed by people.")
    ] = "",
    channel: Annotated[str, typer.Option(help="voice, web, whatsapp or sms.")] = "",
    queue: Annotated[str, typer.Option(metavar="NAME")] = "",
    agent: Annotated[str, typer.Option(metavar="EMAIL", help="One agent's alone.")] = "",
    team: Annotated[str, typer.Option(metavar="NAME")] = "",
    question: Annotated[
        str, typer.Option(metavar="ID", help="Of weeks: one question in place of the score.")
    ] = "",
    by: Annotated[
        str, typer.Option(help=f"What a row of disputes is: {', '.join(DISPUTES_BY)}.")
    ] = DISPUTES_BY[0],
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for spreadsheets.")] = False,
) -> None:
    """Print a report with its intervals; exports are audited."""
    if as_json and as_csv:
        raise BadInput("--json and --csv: choose one of them")
    if report not in NAMES:
        raise BadInput(f"{report!r} is no report; there are {', '.join(NAMES)}")
    if by not in DISPUTES_BY:
        raise BadInput(f"--by {by!r} is not one of {', '.join(DISPUTES_BY)}")
    settings = load_settings()
    given = {
        "from": first, "to": last, "scorecard": scorecard, "version": version, "answers": answers,
        "channel": channel, "queue": queue, "team": team, "question": question,
    }  # fmt: skip
    scope, table = asyncio.run(_make(settings, given, report, agent=agent, by=by))
    if as_csv:
        typer.echo(csv_text(*flat(table)), nl=False)
    elif as_json:
        typer.echo(json.dumps(reporting.report_out(scope, table), ensure_ascii=False))
    else:
        _print(scope, table)


async def _make(
    settings: Settings, given: dict[str, str], name: str, *, agent: str, by: str
) -> tuple[Scope, Table]:
    database = await open_database(settings)
    try:
        if agent:
            given = given | {"agent": await _key_of(database, agent)}
        asked = asked_of(given, settings, now=datetime.now(UTC))
        async with database.reading() as session:
            scope = await reporting.scope_of(session, asked)
            table = await _table(session, scope, name, by)
        async with database.writing() as session:
            await audit.record(
                session, actor=ACTOR, action="report.exported", subject=name, now=datetime.now(UTC)
            )
    finally:
        await database.close()
    return scope, table


async def _table(session: Any, scope: Scope, name: str, by: str) -> Table:
    if name == OVERVIEW:
        return (await reporting.overview(session, scope)).whole
    if name == "disputes":
        return await reporting.disputes(session, scope, by)
    return await MAKERS[name](session, scope)


async def _key_of(database: Database, email: str) -> str:
    async with database.reading() as session:
        user = await users.find_by_email(session, email)
    if user is None:
        raise BadInput(f"nobody signs in as {email}; `parley user list` shows who does")
    return f"user:{user.id}"


def _print(scope: Scope, table: Table) -> None:
    window = scope.asked.window
    typer.echo(
        f"{window.first} to {window.last} ({window.zone}), {scope.wanted.scorecard} version "
        f"{scope.wanted.version}, answers: {scope.asked.answers}"
    )
    for one in scope.others:
        typer.echo(
            f"version {one.version} judged {one.conversations} more, which are not counted here"
        )
    if not table.rows:
        typer.echo("no data")
        return
    for row in table.rows:
        typer.echo("\n".join(_row(table, row)))


def _row(table: Table, row: Row) -> Iterator[str]:
    """What the row is about, then a line for each value: as wide as any terminal."""
    (_, name), *values = table.pairs(row)
    yield f"{name}"
    for column, value in values:
        if not isinstance(value, tuple):
            share = column.key in SHARES
            yield f"  {column.title:<{WIDEST}} {cell_text(shown(value, is_share=share))}"


def cell_text(cell: Shown) -> str:
    """A value with what is behind it in brackets."""
    behind = "; ".join(part for part in (cell.interval, cell.made_of) if part)
    return f"{cell.text} ({behind})" if behind else cell.text

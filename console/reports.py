"""The pages of reports: one filter, a drawing where there is one, and a table; also as CSV."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console import reporting
from console.charts import HEIGHT, SPARK_HEIGHT, SPARK_WIDTH, WIDTH, Chart, chart, spark
from console.context import Visit
from console.reading import note, note_once
from console.report_cells import NO_DATA, SHARES, Shown, number, shown
from console.report_filter import KEYS, Asked, asked_of
from console.report_links import Link, links
from console.reporting import DISPUTES_BY, MAKERS, Scope
from core.conversation import Channel
from core.csv_text import csv_text
from core.errors import BadInput, NotFound
from core.judged import Answers
from core.people import User, UserRole
from insight.breakdown import Point
from insight.figures import Figure
from insight.report_tables import loss_table
from insight.table import Column, Row, Table, Trend, Value, definitions_in, flat
from store import reports, users

TITLES = {
    "overview": "Overview",
    "questions": "Questions",
    "losses": "What costs points",
    "agents": "Agents",
    "teams": "Teams",
    "queues": "Queues",
    "weeks": "Weeks",
    "disputes": "Disputes",
    "evaluators": "Evaluators",
    "blind": "Blind answers",
    "satisfaction": "Score and CSAT",
}
ANSWERS = {
    Answers.MACHINE: "the machine’s answers",
    Answers.CORRECTED: "as people corrected them",
    Answers.REVIEWED: "people’s, of the uniform draw",
}
MOST_LOSSES = 5  # on the overview; the rest is a page of its own
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell and where it leads to; `spark` are a row's weeks as small lines, `told` in words."""

    column: Column
    shown: Shown
    links: tuple[Link, ...]
    spark: tuple[str, ...] = ()
    told: str = ""


async def overview_page(visit: Visit) -> web.StreamResponse:
    """Everything as one: score, its weeks, what costs most."""
    try:
        scope, found = await _made(visit, reporting.overview)
    except BadInput as error:
        return await _refused(visit, error, "overview")
    await note_once(visit, "report.read", "overview")
    if visit.wants_json:
        return visit.data(reporting.report_out(scope, found.whole))
    losses = loss_table(found.losses[:MOST_LOSSES], reporting.texts_of(scope))
    return await _page(
        visit,
        scope,
        found.whole,
        drawn=_week_chart(found.points),
        more=(_rows(scope, losses), losses) if losses.rows else None,
    )


async def report_page(visit: Visit) -> web.StreamResponse:
    """One report as a page, or as JSON."""
    name, by = _name(visit), _by(visit)
    try:
        scope, table = await _made(visit, _maker(name, by))
    except BadInput as error:
        return await _refused(visit, error, name, by)
    await note_once(visit, "report.read", name)
    if visit.wants_json:
        return visit.data(reporting.report_out(scope, table))
    return await _page(visit, scope, table, drawn=_drawn(table), by=by)


async def report_csv(visit: Visit) -> web.StreamResponse:
    """One report as CSV, with every figure's numerator, denominator, n and days; audited."""
    name = _name(visit)
    scope, table = await _made(visit, _maker(name, _by(visit)))
    async with visit.console.database.writing() as session:
        await note(session, visit, "report.exported", name)
    window = scope.asked.window
    return web.Response(
        text=csv_text(*flat(table)),
        content_type="text/csv",
        charset="utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="parley-{name}-{window.first}-'
            f'{window.last}.csv"'
        },
    )


def _name(visit: Visit) -> str:
    name = visit.part("report")
    if name not in MAKERS:
        raise NotFound(f"There is no report {name[:40]!r}; there are {', '.join(MAKERS)}.")
    return name


def _by(visit: Visit) -> str:
    by = visit.request.query.get("by", "").strip() or DISPUTES_BY[0]
    if by not in DISPUTES_BY:
        raise BadInput(f"by: {by[:40]!r} is not one of {', '.join(DISPUTES_BY)}")
    return by


def _asked(visit: Visit) -> Asked:
    return asked_of(visit.request.query, visit.console.settings, now=visit.console.now())


def _maker(name: str, by: str) -> Callable[[AsyncSession, Scope], Awaitable[Table]]:
    if name == "disputes":
        return lambda session, scope: reporting.disputes(session, scope, by)
    return MAKERS[name]


async def _made(
    visit: Visit, make: Callable[[AsyncSession, Scope], Awaitable[Made]]
) -> tuple[Scope, Made]:
    async with visit.console.database.reading() as session:
        scope = await reporting.scope_of(session, _asked(visit), reader=visit.user.id)
        return scope, await make(session, scope)


async def _page(
    visit: Visit,
    scope: Scope,
    table: Table,
    *,
    drawn: Chart | None = None,
    more: tuple[Any, Table] | None = None,
    by: str = DISPUTES_BY[0],
) -> web.Response:
    async with visit.console.database.reading() as session:
        head = await _head(session, scope, table.name, by, _filled(scope))
        drawn_for_review = await reports.drawn(session, scope.in_window)
    return visit.page(
        "report.html",
        **head,
        message="",
        table=table,
        rows=_rows(scope, table, by),
        chart=drawn,
        drawing=(WIDTH, HEIGHT),
        sparks=(SPARK_WIDTH, SPARK_HEIGHT),
        more=more,
        disputes_by=DISPUTES_BY,
        definitions=definitions_in(table),
        narrowed=narrowed(scope),
        drawn=drawn_for_review,
    )


async def _refused(
    visit: Visit, error: BadInput, name: str, by: str = DISPUTES_BY[0]
) -> web.StreamResponse:
    """The page with its filter as it was typed, and what is wrong with it in place of a table."""
    if visit.wants_json:
        raise error
    settings, now = visit.console.settings, visit.console.now()
    async with visit.console.database.reading() as session:
        scope = await reporting.scope_of(
            session, asked_of({}, settings, now=now), reader=visit.user.id
        )
        filled = _filled(scope) | dict(visit.request.query)
        head = await _head(session, scope, name, by, filled)
    return visit.page("report.html", status=400, **head, message=str(error))


async def _head(
    session: AsyncSession, scope: Scope, name: str, by: str, filled: Mapping[str, str]
) -> dict[str, Any]:
    """What leads to the other reports and chooses what this one is of, as the form is `filled`."""
    form = filled["scorecard"]
    versions = [str(one.version) for one in scope.versions if one.scorecard == form]
    return {
        "name": name,
        "title": TITLES[name],
        "titles": TITLES,
        "by": by,
        "scope": scope,
        "asked": scope.asked,
        "answers": ANSWERS,
        "channels": tuple(Channel),
        "queues": await reports.queues(session),
        "teams": await users.teams(session),
        "agents": _agents(await users.everyone(session)),
        "forms": sorted({one.scorecard for one in scope.versions} | {form}),
        "versions": dict.fromkeys([*versions, *filter(None, [filled["version"]])]),
        "filled": filled,
    }


def _filled(scope: Scope) -> dict[str, str]:
    """What stands in the form of the filter: also what was not asked for but is shown."""
    asked = scope.asked
    return {
        **dict.fromkeys(KEYS, ""),
        **asked.values,
        "from": asked.window.first.isoformat(),
        "to": asked.window.last.isoformat(),
        "scorecard": scope.wanted.scorecard,
        "answers": asked.answers.value,
    }


def _rows(
    scope: Scope, table: Table, by: str = DISPUTES_BY[0]
) -> list[tuple[Row, list[ShownCell]]]:
    trends = [value for row in table.rows for value in _values(row.values)]
    low, high = (min(trends), max(trends)) if trends else (0.0, 1.0)
    return [
        (
            row,
            [
                ShownCell(
                    column=column,
                    shown=shown(value, is_share=column.key in SHARES),
                    links=links(scope, table, row, column, by),
                    spark=spark(value, low, high) if isinstance(value, tuple) else (),
                    told=_weeks_told(row, value) if isinstance(value, tuple) else "",
                )
                for column, value in table.pairs(row)
            ],
        )
        for row in table.rows
    ]


def _weeks_told(row: Row, trend: Trend) -> str:
    """A row's weeks for who does not see the drawing."""
    figure = next(value for value in row.values if isinstance(value, Figure))
    weeks = (NO_DATA if one is None else number(one, figure.definition) for one in trend)
    return f"By week: {', '.join(weeks)}"


def _values(values: Sequence[Value]) -> list[float]:
    return [
        number
        for value in values
        if isinstance(value, tuple)
        for number in value
        if number is not None
    ]


def _drawn(table: Table) -> Chart | None:
    """Weeks as a line over time, scores as one over what customers answered."""
    figures = {
        row.key: value
        for row in table.rows
        for column, value in table.pairs(row)
        if isinstance(value, Figure) and column.key in ("score", "earned", "value")
    }
    if table.name == "weeks":
        weeks = ((date.fromisoformat(key), value) for key, value in figures.items())
        return chart([(f"{first:%-d %b}", value) for first, value in weeks])
    if table.name == "satisfaction":
        levels = ((key.removeprefix("csat_"), value) for key, value in figures.items())
        return chart([(f"CSAT {key}", value) for key, value in levels if key.isdecimal()])
    return None


def _week_chart(points: Sequence[Point]) -> Chart | None:
    return chart([(f"{point.window.first:%-d %b}", point.score) for point in points])


def narrowed(scope: Scope) -> list[str]:
    """Whose conversations are counted, where it is not everybody's."""
    asked, parts = scope.asked, []
    if asked.question:
        parts.append(f"“{reporting.texts_of(scope).get(asked.question, asked.question)}”")
    if asked.agent:
        user = scope.people.get(asked.agent)
        parts.append(user.name if user else "one agent")
    for name, value in (("team", asked.team), ("queue", asked.queue), ("", asked.channel)):
        if value:
            parts.append(f"{name} {value}".strip())
    return parts


def _agents(everyone: Sequence[User]) -> list[User]:
    return [user for user in everyone if UserRole.AGENT in user.roles]

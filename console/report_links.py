"""Where a number leads to: the conversations that it counts; and that list's own address, read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from console.report_filter import Asked, choice_of
from console.reporting import Scope
from core.errors import BadInput
from core.evaluation import Verdict
from core.judged import Behind, DisputeState, Result
from insight.table import Column, Row, Table
from insight.windows import Window

LIST = "/reports/conversations"
KEYS = ("result", "question", "verdict", "csat", "disputed", "evaluator", "blind", "no_queue")
ANY = "any"  # a CSAT of any height
SCORES = {"agents": "agent", "teams": "team", "queues": "queue"}


@dataclass(frozen=True, slots=True)
class Link:
    """An address, and the words under the number when it is not the number itself that leads."""

    url: str
    words: str = ""


def links(scope: Scope, table: Table, row: Row, column: Column, by: str) -> tuple[Link, ...]:
    """Where one number leads to; nowhere where it counts no conversations."""
    if table.name in SCORES or table.name in ("overview", "weeks"):
        return _of_scores(scope, table, row, column)
    if table.name in ("questions", "losses"):
        return _of_questions(scope, row, column)
    if table.name == "disputes":
        return _of_disputes(scope, row, column, by)
    return _of_people(scope, table, row, column)


def behind_of(scope: Scope, given: Mapping[str, str]) -> Behind:
    """What the list's address asks for; the window alone counts, not the days before.

    Raises:
        BadInput: a value is none that a link has.
    """
    values = {key: given[key].strip() for key in KEYS if given.get(key, "").strip()}
    csat = values.get("csat")
    if csat is not None and csat != ANY and csat not in "12345":
        raise BadInput(f"csat: {csat[:40]!r} is not one of 1 to 5, or {ANY}")
    wanted = scope.in_window
    return Behind(
        wanted=replace(wanted, queue="") if "no_queue" in values else wanted,
        result=choice_of(Result, values.get("result"), "result"),
        question=values.get("question"),
        verdict=choice_of(Verdict, values.get("verdict"), "verdict"),
        csat=int(csat) if csat and csat != ANY else None,
        surveyed=csat == ANY,
        disputed=choice_of(DisputeState, values.get("disputed"), "disputed"),
        evaluator=values.get("evaluator"),
        blind_by=values.get("blind"),
    )


def _of_scores(scope: Scope, table: Table, row: Row, column: Column) -> tuple[Link, ...]:
    more: dict[str, str | None] = {}
    if table.name in SCORES:
        more |= _row(SCORES[table.name], row.key)
    if table.name == "weeks":
        more |= _days(_week(scope, row))
    before = more | _days(scope.asked.window.before)
    failed = replace(_link(scope, result=Result.FAILED, **more), words="failed")
    known = {
        "score": (_link(scope, result=Result.SCORED, **more),),
        "earned": (_link(scope, **more),),  # the filter has the question
        "passed": (_link(scope, result=Result.PASSED, **more), failed),
        "unscored": (_link(scope, result=Result.UNSCORED, **more),),
        "change": (_link(scope, result=Result.SCORED, **before),),
        "trend": () if "no_queue" in more else (Link(scope.asked.url("/reports/weeks", **more)),),
    }
    return known.get(column.key, ())


def _of_questions(scope: Scope, row: Row, column: Column) -> tuple[Link, ...]:
    asked: dict[str, str | None] = {"question": row.key}
    no = replace(_link(scope, verdict=Verdict.NO, **asked), words="lowest answer")
    known = {
        "earned": (_link(scope, **asked), no),
        # the mean is of all conversations, whether it was answered or not
        "lost": (_link(scope, result=Result.SCORED), no),
        "fails": (replace(no, words=""),),
        "unsure": (_link(scope, verdict=Verdict.UNSURE, **asked),),
        "does_not_apply": (_link(scope, verdict=Verdict.NOT_APPLICABLE, **asked),),
        "change": (_link(scope, **asked, **_days(scope.asked.window.before)),),
        "trend": (Link(scope.asked.url("/reports/weeks", **asked)),),
    }
    return known.get(column.key, ())


def _of_people(scope: Scope, table: Table, row: Row, column: Column) -> tuple[Link, ...]:
    """What somebody submitted or scored blind, or what customers answered."""
    if table.name == "evaluators" and column.key == "changed":
        return (_link(scope, evaluator=row.key),)
    if table.name == "blind" and column.key in ("as_machine", "as_others"):
        return (_link(scope, blind=row.key),)
    if table.name == "satisfaction" and column.key == "value":
        level = row.key.removeprefix("csat_")
        return (_link(scope, csat=level if level.isdecimal() else ANY),)
    return ()


def _of_disputes(scope: Scope, row: Row, column: Column, by: str) -> tuple[Link, ...]:
    asked = _row(by, row.key)
    if column.key == "overturned":
        decided = _link(scope, disputed=DisputeState.DECIDED, **asked)
        return decided, replace(
            _link(scope, disputed=DisputeState.OVERTURNED, **asked), words="overturned"
        )
    if column.key == "waiting":
        return (_link(scope, disputed=DisputeState.WAITING, **asked),)
    if column.key == "change":
        days = _days(scope.asked.window.before)
        return (_link(scope, disputed=DisputeState.DECIDED, **asked, **days),)
    return ()


def _row(by: str, key: str) -> dict[str, str | None]:
    """What asks for one row alone; what waited in no queue has no name to ask for."""
    return {by: key} if key else {"no_queue": "yes"}


def _link(scope: Scope, **more: str | None) -> Link:
    """The list with this report's filter, its days and version written out."""
    asked: Asked = scope.asked
    written = {
        **_days(asked.window),
        "scorecard": scope.wanted.scorecard,
        "version": str(scope.wanted.version),
    }
    return Link(asked.url(LIST, **(written | more)))


def _days(window: Window) -> dict[str, str | None]:
    return {"from": window.first.isoformat(), "to": window.last.isoformat()}


def _week(scope: Scope, row: Row) -> Window:
    """The week that begins on the day which is the row's key."""
    first, window = date.fromisoformat(row.key), scope.asked.window
    last = min(first + timedelta(days=6 - first.weekday()), window.last)
    return Window(first, last, window.zone)

"""Calibration: the list of blind sessions, and one session, open or over."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from console.comparison import comparison_page, results_of
from console.context import Visit, see_other
from console.gates import note_gates
from console.reading import note
from core.calibration import CalibrationSession, Picked, Sheet
from core.csv_text import csv_text
from qa.comparison_report import ANSWER_FIELDS, FIGURE_FIELDS, answer_rows, figure_rows
from store import blind, calibration, users
from store.calibration import Progress

WAYS = {
    Picked.HAND: "by hand",
    Picked.RANDOM: "at random",
    Picked.UNIFORM: "from the review queue, drawn evenly",
    Picked.RISK: "from the review queue, drawn by risk",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One session of the list: how much of it is still this person's to do, None for others."""

    progress: Progress
    mine_left: int | None
    people: tuple[tuple[str, int], ...]
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One conversation that this person scores, and how far they are."""

    conversation: str
    number: int
    sheet: Sheet | None

    @property
    def state(self) -> str:
        """In words."""
        if self.sheet is None:
            return "not begun"
        return "submitted" if self.sheet.submitted_at else "draft"


async def calibration_page(visit: Visit) -> web.StreamResponse:
    """All sessions; what this person has to score comes first."""
    async with visit.console.database.reading() as session:
        found = await calibration.every(session)
        names = {user.id: user.name for user in await users.everyone(session)}
    lines = [_line(progress, names, visit) for progress in found]
    if visit.wants_json:
        return visit.data({"sessions": [_line_json(line) for line in lines]})
    return visit.page(
        "calibration.html",
        mine=[line for line in lines if line.mine_left],
        still=[line for line in lines if line.progress.closed_at is None],
        over=[line for line in lines if line.progress.closed_at is not None],
    )


async def session_page(visit: Visit) -> web.StreamResponse:
    """While it is open: who has come how far. When it is over: the comparison."""
    async with visit.console.database.reading() as session:
        found = await calibration.get(session, visit.part("session"))
    if not found.is_open:
        return await comparison_page(visit, found)
    return await _open_page(visit, found)


async def close(visit: Visit) -> web.StreamResponse:
    """End the session with what is in; who has not submitted does not count. Audited."""
    session_id = visit.part("session")
    async with visit.console.database.writing() as session:
        found = await blind.close(session, session_id, by=visit.user.id, now=visit.console.now())
    await note_gates(visit, found)
    return see_other(f"/calibration/{session_id}")


async def drop(visit: Visit) -> web.StreamResponse:
    """Delete a session that nobody has submitted anything to; audited."""
    async with visit.console.database.writing() as session:
        await calibration.drop(
            session, visit.part("session"), by=visit.user.id, now=visit.console.now()
        )
    return see_other("/calibration")


async def answers_csv(visit: Visit) -> web.StreamResponse:
    """Every answer of a session that is over, as a file; audited."""
    async with visit.console.database.reading() as session:
        found = await calibration.get(session, visit.part("session"))
        results = await results_of(session, found)
        names = {user.id: user.name for user in await users.everyone(session)}
    text = csv_text(ANSWER_FIELDS, answer_rows(results, names))
    return await _file(visit, found, "answers", text)


async def figures_csv(visit: Visit) -> web.StreamResponse:
    """Every figure of a session that is over, as a file; audited."""
    async with visit.console.database.reading() as session:
        found = await calibration.get(session, visit.part("session"))
        results = await results_of(session, found)
    return await _file(visit, found, "figures", csv_text(FIGURE_FIELDS, figure_rows(results)))


async def _open_page(visit: Visit, found: CalibrationSession) -> web.Response:
    async with visit.console.database.reading() as session:
        names = {user.id: user.name for user in await users.everyone(session)}
        (progress,) = [each for each in await calibration.every(session) if each.id == found.id]
        own = {s.conversation: s for s in await blind.own_sheets(session, found.id, visit.user.id)}
    is_mine = visit.user.id in found.people
    tasks = tuple(
        Task(item.conversation, number, own.get(item.conversation))
        for number, item in enumerate(found.items, start=1)
    )
    line = _line(progress, names, visit)
    if visit.wants_json:
        mine = {task.conversation: task.state for task in tasks} if is_mine else {}
        return visit.data(_line_json(line) | {"mine": mine})
    return visit.page(
        "calibration_session.html",
        found=found,
        line=line,
        tasks=tasks if is_mine else (),
        made_by=names.get(found.made_by, "somebody who is gone"),
        may_drop=progress.done == 0,
        ways=_ways(found),
    )


def _ways(found: CalibrationSession) -> list[tuple[str, int]]:
    """How its conversations were picked, with how many."""
    ways = [item.picked for item in found.items]
    return [(WAYS[way], ways.count(way)) for way in dict.fromkeys(ways)]


def _line(progress: Progress, names: dict[str, str], visit: Visit) -> Line:
    done = progress.submitted.get(visit.user.id)
    is_open = progress.closed_at is None
    people = [(names.get(user, "somebody"), count) for user, count in progress.submitted.items()]
    return Line(
        progress=progress,
        mine_left=progress.conversations - done if is_open and done is not None else None,
        people=tuple(sorted(people)),
        is_overdue=is_open and progress.due_at < visit.console.now(),
    )


def _line_json(line: Line) -> dict[str, Any]:
    progress = line.progress
    return {
        "id": progress.id,
        "title": progress.title,
        "scorecard": progress.scorecard,
        "version": progress.version,
        "made_at": progress.made_at.isoformat(),
        "due_at": progress.due_at.isoformat(),
        "closed_at": progress.closed_at.isoformat() if progress.closed_at else None,
        "conversations": progress.conversations,
        "submitted": dict(line.people),
        "mine_left": line.mine_left,
    }


async def _file(visit: Visit, found: CalibrationSession, what: str, text: str) -> web.Response:
    async with visit.console.database.writing() as session:
        await note(session, visit, "calibration.exported", found.id)
    disposition = f'attachment; filename="calibration-{found.id}-{what}.csv"'
    return web.Response(
        text=text, content_type="text/csv", headers={"Content-Disposition": disposition}
    )

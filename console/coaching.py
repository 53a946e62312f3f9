"""Coaching tasks: the list, one task with its evidence, and the steps that are taken with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.coaching_effect import effect_of
from console.coaching_out import effect_out, task_out
from console.context import Visit, see_other
from console.findings import Quote, shown_quotes
from console.forms import question_texts
from console.reading import check_not_blind, may_see, note_once
from console.report_cells import shown
from core.coaching import (
    LONGEST_NOTE,
    Aim,
    CoachingTask,
    TaskState,
    acknowledged,
    done,
    reopened,
    withdrawn,
)
from core.errors import BadInput, ParleyError
from core.example import Example
from core.people import User, UserRole
from insight.coaching import DAYS, LEAST
from store import blind, coaching, conversations, examples, users
from store.coaching import TaskFilter

STATES = {
    TaskState.OPEN: "not acknowledged yet",
    TaskState.ACKNOWLEDGED: "acknowledged",
    TaskState.DONE: "done",
    TaskState.WITHDRAWN: "withdrawn",
}
LIVE = "live"  # the list's own choice: what is still to be done


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the list, ready to be shown."""

    task: CoachingTask
    question: str
    agent: str
    state: str
    is_overdue: bool


async def coaching_page(visit: Visit) -> web.StreamResponse:
    """The tasks: an agent's own, a supervisor's all; `state`, `agent`, `skill` narrow them."""
    wanted = _filter(visit)
    number = visit.request.query.get("page", "1")
    async with visit.console.database.reading() as session:
        page = await coaching.page(
            session, wanted, number=int(number) if number.isdecimal() and len(number) < 7 else 1
        )
        everyone = await users.everyone(session)
        skills = await coaching.skills(session)
        texts = await question_texts(session, (task.aim for task in page.items))
    names = {user.id: user.name for user in everyone}
    if visit.wants_json:
        told = [task_out(task, now=visit.console.now()) for task in page.items]
        return visit.data({"tasks": told, "page": page.number, "total": page.total})
    return visit.page(
        "coaching.html",
        lines=[_line(task, texts, names, visit.console.now()) for task in page.items],
        page=page,
        page_url=lambda number: _url(visit, number),
        wanted=wanted,
        chosen=visit.request.query.get("state", LIVE),
        states=STATES,
        skills=skills,
        agents=_agents(everyone),
    )


async def task_page(visit: Visit) -> web.StreamResponse:
    """One task with its evidence; reading it is audited."""
    return await _page(visit)


async def acknowledge(visit: Visit) -> web.StreamResponse:
    """The agent has read it; audited."""
    answer = visit.form.get("answer", "")
    return await _step(
        visit,
        "coaching.acknowledged",
        lambda task, now: acknowledged(task, by=visit.user.id, answer=answer, now=now),
    )


async def finish(visit: Visit) -> web.StreamResponse:
    """It was worked on; audited."""
    outcome = visit.form.get("outcome", "")
    return await _step(
        visit,
        "coaching.done",
        lambda task, now: done(task, by=visit.user.id, outcome=outcome, now=now),
    )


async def withdraw(visit: Visit) -> web.StreamResponse:
    """It was a mistake; audited."""
    return await _step(
        visit, "coaching.withdrawn", lambda task, now: withdrawn(task, by=visit.user.id, now=now)
    )


async def reopen(visit: Visit) -> web.StreamResponse:
    """Its end is taken back, with a new date; audited."""
    try:
        due = end_of_day(visit.form.get("due", ""), visit.console.settings.zone)
    except BadInput as error:
        return await _page(visit, error=error)
    return await _step(
        visit,
        "coaching.reopened",
        lambda task, now: reopened(task, by=visit.user.id, due_at=due, now=now),
    )


def end_of_day(value: str, zone: ZoneInfo) -> datetime:
    """The moment at which a day such as 2026-11-30 is over where the company is.

    Raises:
        BadInput: it is no day.
    """
    try:
        day = date.fromisoformat(value.strip()) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{value[:40]!r} is not a day such as 2026-11-30.") from error
    return datetime.combine(day, time(), zone)


def last_day(due_at: datetime, zone: ZoneInfo) -> date:
    """The day at whose end a task is due."""
    return (due_at - timedelta(seconds=1)).astimezone(zone).date()


async def _step(
    visit: Visit, action: str, step: Callable[[CoachingTask, datetime], CoachingTask]
) -> web.StreamResponse:
    """Take a step, and show the page with what is wrong when it cannot be taken."""
    now, task_id = visit.console.now(), visit.part("task")
    try:
        async with visit.console.database.writing() as session:
            await coaching.get(session, task_id, agent=_only_own(visit))
            task = await coaching.change(
                session, task_id, lambda task: step(task, now),
                action=action, actor=visit.user.id, now=now,
            )  # fmt: skip
    except BadInput as error:
        if visit.wants_json:
            raise
        return await _page(visit, error=error)
    if visit.wants_json:
        return visit.data(task_out(task, now=now))
    return see_other(f"/coaching/{task_id}")


async def _page(visit: Visit, *, error: ParleyError | None = None) -> web.Response:
    async with visit.console.database.reading() as session:
        task = await coaching.get(session, visit.part("task"), agent=_only_own(visit))
        if task.conversation is not None:
            await check_not_blind(session, visit, task.conversation)
        values = await _values(session, visit, task)
        everyone = await users.everyone(session)
    await note_once(visit, "coaching.read", task.id)
    if visit.wants_json:
        told = task_out(task, now=visit.console.now(), quotes=values["quotes"])
        return visit.data(told | {"effect": effect_out(values["effect"])})
    effect = values.pop("effect")
    return visit.page(
        "coaching_task.html",
        status=400 if error else 200,
        message=str(error) if error else "",
        form=visit.form,
        task=task,
        state=STATES[task.state],
        names={user.id: user.name for user in everyone},
        due_on=last_day(task.due_at, visit.console.settings.zone),
        is_mine=task.agent == visit.user.id,
        is_overdue=task.is_overdue(visit.console.now()),
        today=visit.console.now().astimezone(visit.console.settings.zone).date(),
        longest_note=LONGEST_NOTE,
        effect=effect,
        before=shown(effect.before),
        after=shown(effect.after) if effect.after else None,
        change=shown(effect.change) if effect.change else None,
        least=LEAST,
        days=DAYS,
        **values,
    )


async def _values(session: AsyncSession, visit: Visit, task: CoachingTask) -> dict[str, Any]:
    """The evidence as it stands now, and good examples of the same skill."""
    found = await examples.library(session, published_only=not visit.is_reviewer, skill=task.skill)
    texts = await question_texts(session, [task.aim])
    return {
        "effect": await effect_of(
            session,
            task,
            now=visit.console.now(),
            zone=visit.console.settings.zone,
            without=await blind.blind_to(session, visit.user.id),
        ),
        "question": texts[task.aim],
        "quotes": await _quotes(session, task),
        "may_open": task.conversation is not None
        and await may_see(session, visit, task.conversation),
        "examples": tuple[Example, ...](found),
    }


async def _quotes(session: AsyncSession, task: CoachingTask) -> tuple[Quote, ...]:
    if task.conversation is None:
        return ()
    return shown_quotes(task.evidence, await conversations.get(session, task.conversation))


def _only_own(visit: Visit) -> str | None:
    return None if visit.is_reviewer else visit.user.id


def _filter(visit: Visit) -> TaskFilter:
    query = visit.request.query
    agent = _only_own(visit) or query.get("agent", "").strip() or None
    skill = query.get("skill", "").strip() or None
    chosen = query.get("state", LIVE).strip()
    if chosen in (LIVE, ""):
        return TaskFilter(agent=agent, skill=skill, is_live=True if chosen else None)
    try:
        return TaskFilter(agent=agent, skill=skill, state=TaskState(chosen))
    except ValueError as error:
        names = ", ".join((LIVE, *TaskState))
        raise BadInput(f"state: {chosen[:40]!r} is not one of {names}") from error


def _url(visit: Visit, number: int) -> str:
    """This list with the same filter, at another page."""
    kept = {key: value for key, value in visit.request.query.items() if key != "page"}
    return f"/coaching?{urlencode(kept | {'page': str(number)})}"


def _line(task: CoachingTask, texts: dict[Aim, str], names: dict[str, str], now: datetime) -> Line:
    return Line(
        task=task,
        question=texts[task.aim],
        agent=names.get(task.agent, "somebody who is gone"),
        state=STATES[task.state],
        is_overdue=task.is_overdue(now),
    )


def _agents(everyone: tuple[User, ...]) -> list[User]:
    return [user for user in everyone if UserRole.AGENT in user.roles]

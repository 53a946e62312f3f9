"""Coaching tasks: made, found, changed step by step; each change is audited."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.coaching import Aim, CoachingTask, TaskState, check_new
from core.errors import BadInput, NotFound
from core.evaluation import Evidence
from core.people import UserRole
from core.spans import TextSpan
from store import audit, users
from store.coaching_tables import CoachingTaskRow

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks; None means no limit. `is_live` leaves out what is done or withdrawn."""

    agent: str | None = None
    state: TaskState | None = None
    is_live: bool | None = None
    skill: str | None = None
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of tasks; pages count from 1, `total` counts all that match."""

    items: tuple[CoachingTask, ...]
    number: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


async def add(session: AsyncSession, task: CoachingTask) -> None:
    """Keep a new task; audited.

    Raises:
        BadInput: it says too little, or its agent is none, or is shut out.
        NotFound: there is no such user.
    """
    check_new(task)
    agent = await users.get(session, task.agent)
    if UserRole.AGENT not in agent.roles or not agent.is_active:
        raise BadInput(f"{agent.name} is no agent at work; a task needs one.")
    row = CoachingTaskRow(id=task.id)
    _write(row, task)
    session.add(row)
    await session.flush()
    await audit.record(
        session, actor=task.made_by, action="coaching.made", subject=task.id, now=task.made_at
    )


async def get(session: AsyncSession, task_id: str, *, agent: str | None = None) -> CoachingTask:
    """One task; with `agent` only their own.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
    """
    row = await session.get(CoachingTaskRow, task_id)
    if row is None or (agent is not None and row.agent_id != agent):
        raise NotFound("There is no such coaching task, or it is somebody else's.")
    return _task_of(row)


async def change(
    session: AsyncSession,
    task_id: str,
    step: Callable[[CoachingTask], CoachingTask],
    *,
    action: str,
    actor: str,
    now: datetime,
) -> CoachingTask:
    """Do one step of `core.coaching` with a task; audited as `action`, unless nothing changes.

    Raises:
        NotFound: there is none with this id.
        BadInput, Conflict, NotAllowed: the step's own.
    """
    row = await session.get(CoachingTaskRow, task_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("There is no such coaching task.")
    before = _task_of(row)
    after = step(before)
    if after != before:
        _write(row, after)
        await session.flush()
        await audit.record(session, actor=actor, action=action, subject=task_id, now=now)
    return after


async def page(session: AsyncSession, wanted: TaskFilter, *, number: int = 1) -> TaskPage:
    """One page: what is live first, the most urgent on top, then what ended, newest first."""
    limits = _limits(wanted)
    total = await session.scalar(select(func.count()).select_from(CoachingTaskRow).where(*limits))
    last = max(1, -(-(total or 0) // PAGE_SIZE))
    number = min(max(1, number), last)
    ended = func.coalesce(CoachingTaskRow.withdrawn_at, CoachingTaskRow.done_at)
    rows = await session.scalars(
        select(CoachingTaskRow)
        .where(*limits)
        .order_by(ended.is_not(None), ended.desc(), CoachingTaskRow.due_at, CoachingTaskRow.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return TaskPage(tuple(map(_task_of, rows)), number, total or 0)


async def waiting(session: AsyncSession, agent: str) -> int:
    """How many tasks an agent has not acknowledged yet."""
    limits = _limits(TaskFilter(agent=agent, state=TaskState.OPEN))
    found = await session.scalar(select(func.count()).select_from(CoachingTaskRow).where(*limits))
    return found or 0


async def skills(session: AsyncSession) -> tuple[str, ...]:
    """The skills that tasks were made for, in order."""
    return tuple(
        await session.scalars(
            select(CoachingTaskRow.skill).distinct().order_by(CoachingTaskRow.skill)
        )
    )


async def forget_conversation(session: AsyncSession, conversation_id: str) -> None:
    """Empty what was said about a conversation; that there was a task, and its dates, stay."""
    await session.execute(
        update(CoachingTaskRow)
        .where(CoachingTaskRow.conversation_id == conversation_id)
        .values(
            conversation_id=None, evaluation_id=None, evidence=[], note="", answer="", outcome=""
        )
        .execution_options(synchronize_session=False)
    )


def _limits(wanted: TaskFilter) -> list[ColumnElement[bool]]:
    row = CoachingTaskRow
    limits: list[ColumnElement[bool]] = []
    for column, value in (
        (row.agent_id, wanted.agent),
        (row.skill, wanted.skill),
        (row.conversation_id, wanted.conversation),
    ):
        if value is not None:
            limits.append(column == value)
    if wanted.is_live is not None:
        live = row.done_at.is_(None) & row.withdrawn_at.is_(None)
        limits.append(live if wanted.is_live else ~live)
    if wanted.state is not None:
        limits.extend(_in_state(wanted.state))
    return limits


def _in_state(state: TaskState) -> list[ColumnElement[bool]]:
    row = CoachingTaskRow
    if state is TaskState.WITHDRAWN:
        return [row.withdrawn_at.is_not(None)]
    standing = row.withdrawn_at.is_(None)
    if state is TaskState.DONE:
        return [standing, row.done_at.is_not(None)]
    read = row.acknowledged_at
    return [
        standing,
        row.done_at.is_(None),
        read.is_(None) if state is TaskState.OPEN else read.is_not(None),
    ]


def _write(row: CoachingTaskRow, task: CoachingTask) -> None:
    row.agent_id, row.skill = task.agent, task.skill.strip()
    aim = task.aim
    row.scorecard, row.version, row.question = aim.scorecard, aim.version, aim.question
    row.conversation_id, row.evaluation_id = task.conversation, task.evaluation
    row.evidence = [[one.turn, one.span.start, one.span.end] for one in task.evidence]
    row.note, row.answer, row.outcome = task.note.strip(), task.answer, task.outcome
    row.made_by, row.made_at, row.due_at = task.made_by, task.made_at, task.due_at
    row.before = [[value, times] for value, times in task.before]
    row.acknowledged_at = task.acknowledged_at
    row.done_at, row.done_by = task.done_at, task.done_by
    row.withdrawn_at, row.withdrawn_by = task.withdrawn_at, task.withdrawn_by


def _task_of(row: CoachingTaskRow) -> CoachingTask:
    return CoachingTask(
        id=row.id,
        agent=row.agent_id,
        skill=row.skill,
        aim=Aim(row.scorecard, row.version, row.question),
        conversation=row.conversation_id,
        evaluation=row.evaluation_id,
        evidence=tuple(Evidence(turn, TextSpan(start, end)) for turn, start, end in row.evidence),
        note=row.note,
        made_by=row.made_by,
        made_at=row.made_at,
        due_at=row.due_at,
        before=tuple((value, times) for value, times in row.before),
        acknowledged_at=row.acknowledged_at,
        answer=row.answer,
        done_at=row.done_at,
        done_by=row.done_by,
        outcome=row.outcome,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
    )

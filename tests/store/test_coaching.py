"""Coaching tasks: listed by urgency, an agent's own alone, changed once, outliving their words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.coaching import Aim, CoachingTask, TaskState, acknowledged, done, withdrawn
from core.errors import BadInput, Conflict, NotFound
from core.evaluation import Evidence
from core.people import User, UserRole
from core.spans import TextSpan
from store import audit, coaching, conversations, erasure, users
from store.coaching import TaskFilter
from store.database import Database
from tests.build import call

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AGENT, SUPERVISOR = UserRole.AGENT, UserRole.SUPERVISOR


async def hire(database: Database, name: str, role: UserRole = AGENT) -> User:
    async with database.writing() as session:
        return await users.create(
            session, email=f"{name}@example.org", name=name, roles=frozenset({role})
        )


async def made(database: Database, agent: str, id: str = "k1", *, days: int = 7) -> CoachingTask:
    task = CoachingTask(
        id=id, agent=agent, skill="Listening", aim=Aim("service", 2, "empathy"),
        conversation="c1", evaluation="e1", evidence=(Evidence("t1", TextSpan(3, 7)),),
        note="Wait until they have finished.", made_by="sam", made_at=NOW,
        due_at=NOW + timedelta(days=days), before=((0.0, 3), (1.0, 9)),
    )  # fmt: skip
    async with database.writing() as session:
        if await conversations.find(session, "c1") is None:
            talk = call(("agent", "hello"), ("customer", "my lamp broke"))
            await conversations.add(session, talk, now=NOW)
        await coaching.add(session, task)
    return task


async def listed(database: Database, wanted: TaskFilter) -> list[str]:
    async with database.reading() as session:
        return [task.id for task in (await coaching.page(session, wanted)).items]


async def test_a_task_is_found_as_it_was_made(database: Database) -> None:
    ann = await hire(database, "ann")
    task = await made(database, ann.id)
    async with database.reading() as session:
        assert await coaching.get(session, "k1") == task
        assert await coaching.get(session, "k1", agent=ann.id) == task
        assert await coaching.waiting(session, ann.id) == 1
        assert await coaching.skills(session) == ("Listening",)
        with pytest.raises(NotFound, match="somebody else's"):
            await coaching.get(session, "k1", agent="ben")
        with pytest.raises(NotFound):
            await coaching.get(session, "k2")


async def test_only_an_agent_at_work_gets_a_task(database: Database) -> None:
    sam, gone = await hire(database, "sam", SUPERVISOR), await hire(database, "gone")
    async with database.writing() as session:
        await users.set_active(session, gone.id, is_active=False)
    for name in (sam.id, gone.id):
        with pytest.raises(BadInput, match="no agent at work"):
            await made(database, name)
    with pytest.raises(NotFound):
        await made(database, "nobody")
    assert await listed(database, TaskFilter()) == []


async def test_each_change_is_written_once_and_audited(database: Database) -> None:
    ann = await hire(database, "ann")
    await made(database, ann.id)
    for _ in range(2):
        async with database.writing() as session:
            await coaching.change(
                session, "k1", lambda task: acknowledged(task, by=ann.id, answer="yes", now=NOW),
                action="coaching.acknowledged", actor=ann.id, now=NOW,
            )  # fmt: skip
    async with database.writing() as session:
        after = await coaching.change(
            session, "k1", lambda task: done(task, by="sam", outcome="talked", now=NOW),
            action="coaching.done", actor="sam", now=NOW,
        )  # fmt: skip
        assert after.state is TaskState.DONE
        with pytest.raises(Conflict):
            await coaching.change(
                session, "k1", lambda task: withdrawn(task, by="sam", now=NOW),
                action="coaching.withdrawn", actor="sam", now=NOW,
            )  # fmt: skip
        assert await coaching.get(session, "k1") == after
        rows = await audit.rows_of(session, "k1")
    assert [(row.actor, row.action) for row in rows] == [
        ("sam", "coaching.made"), (ann.id, "coaching.acknowledged"), ("sam", "coaching.done"),
    ]  # fmt: skip


async def test_the_most_urgent_comes_first_and_what_ended_last(database: Database) -> None:
    ann, ben = await hire(database, "ann"), await hire(database, "ben")
    for name, agent, days in (("k1", ann, 9), ("k2", ben, 3), ("k3", ann, 5), ("k4", ann, 1)):
        await made(database, agent.id, name, days=days)
    async with database.writing() as session:
        for name, hours in (("k4", 2), ("k3", 1)):
            at = NOW + timedelta(hours=hours)
            await coaching.change(
                session, name, lambda task, at=at: withdrawn(task, by="sam", now=at),  # type: ignore[misc] # a step
                action="coaching.withdrawn", actor="sam", now=at,
            )  # fmt: skip
    assert await listed(database, TaskFilter()) == ["k2", "k1", "k4", "k3"]
    assert await listed(database, TaskFilter(agent=ann.id)) == ["k1", "k4", "k3"]
    assert await listed(database, TaskFilter(is_live=True)) == ["k2", "k1"]
    assert await listed(database, TaskFilter(state=TaskState.WITHDRAWN)) == ["k4", "k3"]
    assert await listed(database, TaskFilter(state=TaskState.OPEN, agent=ben.id)) == ["k2"]
    assert await listed(database, TaskFilter(state=TaskState.DONE)) == []
    assert await listed(database, TaskFilter(skill="Empathy")) == []
    assert await listed(database, TaskFilter(conversation="c1", is_live=False)) == ["k4", "k3"]


async def test_pages_hold_fifty(database: Database) -> None:
    ann = await hire(database, "ann")
    for number in range(51):
        await made(database, ann.id, f"k{number:02}")
    async with database.reading() as session:
        first, beyond = [
            await coaching.page(session, TaskFilter(), number=number) for number in (1, 99)
        ]
    assert (len(first.items), first.total, first.count) == (50, 51, 2)
    assert (beyond.number, [task.id for task in beyond.items]) == (2, ["k50"])


async def test_a_task_outlives_its_conversation_without_its_words(database: Database) -> None:
    ann = await hire(database, "ann")
    task = await made(database, ann.id)
    async with database.writing() as session:
        await erasure.erase_conversation(session, "c1", actor="sam", now=NOW)
    async with database.reading() as session:
        left = await coaching.get(session, "k1")
    assert left == replace(task, conversation=None, evaluation=None, evidence=(), note="")

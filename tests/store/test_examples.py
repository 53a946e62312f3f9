"""The library of examples: agents see what is published, and nothing outlives its conversation."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.errors import BadInput, Conflict, NotFound
from core.example import Example
from core.spans import TimeSpan
from store import audit, conversations, erasure, examples
from store.database import Database
from tests.build import call, turn

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TALK = replace(
    call(("agent", "hello"), ("customer", "my lamp broke"), ("agent", "I am so sorry")),
    recording="r1",
)
EXAMPLE = Example(
    "x1", "c1", "t1", "t2", TimeSpan(1.0, 3.0), "Sorry at once", "Empathy", "Before all else.",
    "sam", NOW,
)  # fmt: skip


async def kept(database: Database, **changes: object) -> None:
    async with database.writing() as session:
        if await conversations.find(session, "c1") is None:
            await conversations.add(session, TALK, now=NOW)
        await examples.add(session, replace(EXAMPLE, **changes))  # type: ignore[arg-type] # fields of an example


async def shown(database: Database, *, published_only: bool) -> list[str]:
    async with database.reading() as session:
        found = await examples.library(session, published_only=published_only)
    return [example.id for example in found]


async def test_agents_see_what_is_published_and_as_long_as_it_is(database: Database) -> None:
    await kept(database)
    assert await shown(database, published_only=True) == []
    for step, ids in (
        (examples.publish, ["x1"]), (examples.publish, ["x1"]), (examples.take_back, []),
    ):  # fmt: skip
        async with database.writing() as session:
            await step(session, "x1", actor="sam", now=NOW)
        assert await shown(database, published_only=True) == ids
    assert await shown(database, published_only=False) == ["x1"]
    async with database.reading() as session:
        assert await examples.get(session, "x1", published_only=False) == EXAMPLE
        with pytest.raises(NotFound, match="not published"):
            await examples.get(session, "x1", published_only=True)
        actions = [row.action for row in await audit.rows_of(session, "x1")]
    assert actions == ["example.made", "example.published", "example.taken_back"]


async def test_what_is_no_snippet_is_not_kept(database: Database) -> None:
    with pytest.raises(BadInput, match="in their order"):
        await kept(database, first="t2", last="t1")
    async with database.reading() as session:
        assert await conversations.find(session, "c1") is None, "nothing is half stored"
    with pytest.raises(NotFound):
        async with database.writing() as session:
            await examples.add(session, EXAMPLE)


async def test_a_call_that_was_heard_anew_is_not_published(database: Database) -> None:
    await kept(database)
    anew = replace(TALK, turns=(turn("agent", "hello", start=0, id="n0"),))
    async with database.writing() as session:
        await conversations.replace_turns(session, anew)
    with pytest.raises(Conflict, match="written down anew"):
        async with database.writing() as session:
            await examples.publish(session, "x1", actor="sam", now=NOW)


async def test_they_stand_by_skill_and_are_deleted_one_by_one(database: Database) -> None:
    for name, skill in (("x1", "Listening"), ("x2", "Empathy"), ("x3", "Empathy")):
        await kept(database, id=name, skill=skill)
    assert await shown(database, published_only=False) == ["x2", "x3", "x1"]
    async with database.writing() as session:
        assert await examples.skills(session) == ("Empathy", "Listening")
        only = await examples.library(session, published_only=False, skill="Listening")
        assert [example.id for example in only] == ["x1"]
        await examples.remove(session, "x2", actor="sam", now=NOW)
        with pytest.raises(NotFound):
            await examples.remove(session, "x2", actor="sam", now=NOW)
        of_call = await examples.of_conversation(session, "c1")
    assert [example.id for example in of_call] == ["x1", "x3"]


async def test_erasing_the_conversation_removes_its_examples(database: Database) -> None:
    await kept(database)
    async with database.writing() as session:
        await erasure.erase_conversation(session, "c1", actor="sam", now=NOW)
    assert await shown(database, published_only=False) == []

"""Whom an evaluation judges: a user by what they wrote, a call's agent by a name nobody reads."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from core.conversation import Channel, Role, Turn
from core.people import Address, AddressKind, User, UserRole
from store import agents, conversations, evaluations, users
from store.database import Database
from store.tables import ConversationRow, EvaluationRow
from tests.build import call
from tests.store.test_conversations import evaluation_of

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


async def hire(database: Database, name: str) -> User:
    async with database.writing() as session:
        return await users.create(
            session, email=f"{name}@example.org", name=name, roles=frozenset({UserRole.AGENT})
        )


async def chat(database: Database, *authors: tuple[str, str]) -> str:
    """A chat of (role, user id) turns."""
    async with database.writing() as session:
        address = Address(AddressKind.WEB, str(authors))
        made = await conversations.open_chat(session, Channel.WEB, address, now=NOW)
        for place, (role, user) in enumerate(authors):
            turn = Turn(f"t{place}", Role(role), "hello", NOW)
            await conversations.append_turn(
                session, made.id, turn, now=NOW, agent_id=user or None
            )  # fmt: skip
    return made.id


async def spoken(database: Database, id: str, agent: str | None) -> str:
    async with database.writing() as session:
        await conversations.add(session, call(("agent", "hello"), id=id), now=NOW)
        await conversations.set_agent(session, id, agent)
    return id


async def key(database: Database, conversation: str) -> str:
    async with database.reading() as session:
        return await agents.key_of(session, conversation)


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ((("customer", ""), ("agent", "ann")), "user:ann"),
        ((("agent", "ann"), ("agent", "bea"), ("agent", "bea")), "user:bea"),
        ((("agent", "ann"), ("agent", "bea")), "user:bea"),  # as many: who came last
        ((("agent", ""), ("bot", "")), "unknown"),
        ((("customer", ""), ("bot", "")), "bot"),
        ((("customer", ""),), "unknown"),
        ((), "unknown"),
    ],
)
async def test_who_served_a_chat(
    database: Database, authors: tuple[tuple[str, str], ...], expected: str
) -> None:
    assert await key(database, await chat(database, *authors)) == expected


async def test_a_call_is_the_users_whose_name_or_address_it_came_with(database: Database) -> None:
    ann, bea = await hire(database, "ann"), await hire(database, "bea")
    calls = [
        await spoken(database, "c1", " ANN"),
        await spoken(database, "c2", "ann@example.org"),
        await spoken(database, "c3", "bea"),
        await spoken(database, "c4", "carl"),
    ]
    keys = [await key(database, one) for one in calls]
    assert all(one.startswith("name:") and "ann" not in one.lower() for one in keys)
    async with database.reading() as session:
        owner = await agents.people(session)
        assert [owner[one].id if one in owner else None for one in keys] == [
            ann.id, ann.id, bea.id, None,
        ]  # fmt: skip
        assert set(keys[:2]) < await agents.keys_of(session, ann)
        assert f"user:{ann.id}" in await agents.keys_of(session, ann)
    assert await key(database, await spoken(database, "c5", None)) == "unknown"


async def test_a_name_of_two_people_is_nobodys(database: Database) -> None:
    ann = await hire(database, "ann")
    async with database.writing() as session:
        other = await users.create(
            session, email="x@example.org", name="Ann", roles=frozenset({UserRole.AGENT})
        )
    async with database.reading() as session:
        shared = agents.name_key(session, "ann")
        for user in (ann, other):
            keys = await agents.keys_of(session, user)
            assert shared not in keys
            assert f"user:{user.id}" in keys


async def test_an_evaluation_says_whom_it_judges_and_old_ones_get_it_later(
    database: Database,
) -> None:
    chat_id = await chat(database, ("agent", "ann"))
    async with database.writing() as session:
        await evaluations.save(session, evaluation_of(chat_id))
    async with database.writing() as session:
        row = await session.scalar(select(EvaluationRow))
        assert row is not None
        assert row.agent_key == "user:ann"
        await session.execute(update(EvaluationRow).values(agent_key=None))
    async with database.writing() as session:
        assert await agents.fill(session) == 1
        assert await agents.fill(session) == 0
        assert await session.scalar(select(EvaluationRow.agent_key)) == "user:ann"
        assert await session.scalar(select(ConversationRow.id)) == chat_id

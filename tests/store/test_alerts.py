"""Alerts: one for each thing cited, an owner who has the fewest, taken and closed once."""

from datetime import UTC, datetime, timedelta

import pytest

from core.alert import Alert, AlertKind, Citation, Cited
from core.conversation import Channel, Role, Turn
from core.errors import BadInput, Conflict, NotFound
from core.people import Address, AddressKind, User, UserRole
from store import alerts, audit, conversations, erasure, users
from store.database import Database

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
OWNER, SUPERVISOR, AGENT = UserRole.OWNER, UserRole.SUPERVISOR, UserRole.AGENT


async def hire(database: Database, name: str, *roles: UserRole) -> User:
    async with database.writing() as session:
        return await users.create(
            session, email=f"{name}@example.org", name=name, roles=frozenset(roles)
        )


async def chat(database: Database) -> str:
    address = Address(AddressKind.WEB, "v")
    async with database.writing() as session:
        made = await conversations.open_chat(session, Channel.WEB, address, now=NOW)
        for name in ("t0", "t1"):
            turn = Turn(name, Role.CUSTOMER, "2", NOW)
            await conversations.append_turn(session, made.id, turn, now=NOW)
    return made.id


async def raised(
    database: Database, conversation: str, cited: str, *, hours: float = 24, id: str = ""
) -> bool:
    alert = Alert(
        id or f"a-{cited}", conversation, AlertKind.DETRACTOR,
        Citation(Cited.RESPONSE, cited, "t1"), NOW, NOW + timedelta(hours=hours),
    )  # fmt: skip
    async with database.writing() as session:
        return await alerts.raise_alert(session, alert)


async def owners(database: Database) -> list[str | None]:
    async with database.reading() as session:
        return [alert.owner for alert in await alerts.open_alerts(session)]


async def test_one_answer_makes_one_alert(database: Database) -> None:
    conversation = await chat(database)
    assert await raised(database, conversation, "r1")
    assert not await raised(database, conversation, "r1", id="again")
    async with database.reading() as session:
        (found,) = await alerts.of_conversation(session, conversation)
        assert await alerts.count_open(session) == 1
        assert await alerts.places(session, (found,)) == {found.id: 1}
    assert found.cites == Citation(Cited.RESPONSE, "r1", "t1")


async def test_supervisors_share_what_comes(database: Database) -> None:
    await hire(database, "olga", OWNER)
    sam = await hire(database, "sam", SUPERVISOR)
    sue = await hire(database, "sue", SUPERVISOR, AGENT)
    await hire(database, "ann", AGENT)
    conversation = await chat(database)
    for number in range(3):
        await raised(database, conversation, f"r{number}", hours=number + 1)
    assert await owners(database) == [sam.id, sue.id, sam.id]
    async with database.writing() as session:
        for cited in ("r0", "r2"):
            await alerts.close(session, f"a-{cited}", sam, note="called", now=NOW)
        await alerts.raise_alert(
            session,
            Alert("x", conversation, AlertKind.FINDING, Citation(Cited.FINDING, "e:q"), NOW, NOW),
        )
    assert (await owners(database))[0] == sam.id, "who has fewer open ones"


@pytest.mark.parametrize(
    ("people", "shut_out", "expected"),
    [
        ({"olga": OWNER, "sam": SUPERVISOR}, "", "sam"),
        ({"olga": OWNER, "sam": SUPERVISOR}, "sam", "olga"),
        ({"olga": OWNER}, "", "olga"),
        ({"ann": AGENT}, "", None),  # an agent cannot open the page
        ({}, "", None),
    ],
)
async def test_the_owner_is_an_active_supervisor_else_an_owner(
    database: Database, people: dict[str, UserRole], shut_out: str, expected: str | None
) -> None:
    made = {name: await hire(database, name, role) for name, role in people.items()}
    if shut_out:
        async with database.writing() as session:
            await users.set_active(session, made[shut_out].id, is_active=False)
    await raised(database, await chat(database), "r1")
    assert await owners(database) == [made[expected].id if expected else None]


async def test_the_most_urgent_is_first_and_what_is_closed_is_apart(database: Database) -> None:
    sam = await hire(database, "sam", SUPERVISOR)
    conversation = await chat(database)
    for cited, hours in (("late", 48), ("soon", 2), ("next", 24)):
        await raised(database, conversation, cited, hours=hours)
    async with database.writing() as session:
        closed = await alerts.close(session, "a-next", sam, note=" called ", now=NOW)
    assert (closed.closed_by, closed.note) == (sam.id, "called")
    async with database.reading() as session:
        assert [one.id for one in await alerts.open_alerts(session)] == ["a-soon", "a-late"]
        assert [one.id for one in await alerts.closed_alerts(session)] == ["a-next"]


async def test_taking_and_closing_happen_once_and_are_audited(database: Database) -> None:
    sam, sue = [await hire(database, name, SUPERVISOR) for name in ("sam", "sue")]
    await raised(database, await chat(database), "r1")
    async with database.writing() as session:
        for user in (sue, sue, sam):
            taken = await alerts.take(session, "a-r1", user, now=NOW)
            assert taken.owner == user.id
        with pytest.raises(BadInput, match="few words"):
            await alerts.close(session, "a-r1", sam, note=" ", now=NOW)
        await alerts.close(session, "a-r1", sam, note="called", now=NOW)
        with pytest.raises(Conflict, match="already"):
            await alerts.close(session, "a-r1", sue, note="me too", now=NOW)
        with pytest.raises(Conflict, match="already"):
            await alerts.take(session, "a-r1", sue, now=NOW)
        with pytest.raises(NotFound, match="no alert x"):
            await alerts.get(session, "x")
    async with database.reading() as session:
        rows = await audit.rows_of(session, "a-r1")
    assert [(row.actor, row.action) for row in rows] == [
        (sue.id, "alert.taken"),
        (sam.id, "alert.taken"),
        (sam.id, "alert.closed"),
    ]


async def test_an_erased_conversation_takes_its_alerts_along(database: Database) -> None:
    conversation = await chat(database)
    await raised(database, conversation, "r1")
    async with database.writing() as session:
        await erasure.erase_conversation(session, conversation, actor="sam", now=NOW)
    async with database.reading() as session:
        assert await alerts.count_open(session) == 0

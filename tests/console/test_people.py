"""The owner's page of users."""

import re

import pytest

from core.handoff import Holder
from core.people import UserRole
from store import audit, handoffs, users
from tests.console.conftest import START, House, store_chat


async def test_an_owner_adds_a_user_and_gets_their_link_once(house: House) -> None:
    form = {"name": "Eve <b>", "email": "eve@example.org", "role_agent": "on"}
    status, text, _ = await house.post("olga", "/users", form)
    assert status == 200
    link = re.search(r'value="(http://127\.0\.0\.1:8090/link/[\w-]+)"', text)
    assert link
    assert "Eve &lt;b&gt;" in text
    async with house.database.reading() as session:
        eve = await users.find_by_email(session, "eve@example.org")
        assert eve is not None
        assert eve.roles == {UserRole.AGENT}
        assert not eve.has_password
        assert [row.action for row in await audit.rows_of(session, eve.id)] == ["user.added"]
    _, text = await house.get("olga", "/users")
    assert "/link/" not in text
    path = link[1].removeprefix("http://127.0.0.1:8090")
    assert (await house.get("", path))[0] == 200


@pytest.mark.parametrize(
    "email, role, error",
    [
        ("nobody", "agent", "“nobody” is no e-mail address."),
        ("ann@example.org", "agent", "already a user"),
        (" ", "agent", "Give an e-mail address."),
        ("new@example.org", "", "Choose a role, or several: owner, supervisor, agent."),
        ("new@example.org", "boss", "Choose a role, or several: owner, supervisor, agent."),
    ],
)
async def test_a_wrong_user_is_refused_and_what_was_typed_stays(
    house: House, email: str, role: str, error: str
) -> None:
    form = {"name": "Eve", "email": email, f"role_{role}": "on"}
    status, text, _ = await house.post("olga", "/users", form)
    assert status == 400
    assert error in text
    assert f'value="{email}"' in text


async def test_a_user_is_shut_out_at_once_and_let_in_again(house: House) -> None:
    ann = house.people["ann"].id
    assert (await house.get("ann", "/conversations"))[0] == 200
    assert (await house.post("olga", f"/users/{ann}/active", {"active": "no"}))[0] == 303
    assert (await house.get("ann", "/conversations"))[0] == 303
    status, text, _ = await house.post("olga", f"/users/{ann}/link")
    assert (status, "is shut out" in text) == (400, True)
    await house.post("olga", f"/users/{ann}/active", {"active": "yes"})
    status, text, _ = await house.post("olga", f"/users/{ann}/link")
    assert (status, "/link/" in text) == (200, True)
    async with house.database.reading() as session:
        actions = [row.action for row in await audit.rows_of(session, ann)]
    assert actions == ["user.deactivated", "user.activated", "user.linked"]


async def test_an_owner_does_not_shut_themselves_out(house: House) -> None:
    olga = house.people["olga"].id
    status, text, _ = await house.post("olga", f"/users/{olga}/active", {"active": "no"})
    assert (status, "cannot shut yourself out" in text) == (400, True)
    assert (await house.get("olga", "/users"))[0] == 200


async def two_chats_of_ann(house: House) -> dict[str, str]:
    """Ann holds `one` and `two`; Ben holds `other`."""
    held = {}
    for name, agent in (("one", "ann"), ("two", "ann"), ("other", "ben")):
        held[name] = await store_chat(house, name, holder=Holder.PERSON, agent=agent)
    return held


async def queue(house: House, conversation_id: str) -> None:
    async with house.database.writing() as session:
        state = await handoffs.get(session, conversation_id)
        await handoffs.move(session, state, Holder.WAITING, now=START)


async def test_what_a_shut_out_user_holds_goes_back_to_the_queue(house: House) -> None:
    held = await two_chats_of_ann(house)
    left = [held["one"], held["two"]]

    async def next_one() -> None:
        await queue(house, left.pop(0))

    house.chat.then = next_one
    ann, olga = house.people["ann"].id, house.people["olga"].id
    path = f"/users/{ann}/active"
    status, _, location = await house.post("olga", path, {"active": "no"})
    assert (status, location) == (303, "/users")
    assert (
        house.chat.told
        == [("transfer", {"user": olga, "to": None, "queue": None, "note": None})] * 2
    )
    assert house.chat.about == [held["one"], held["two"]]
    assert (await house.post("olga", path, {"active": "yes"}))[0] == 303
    assert len(house.chat.told) == 2


@pytest.mark.parametrize("status, tries", [(500, 1), (401, 1), (409, 2)])
async def test_a_user_is_shut_out_though_the_chat_service_is_away(
    house: House, status: int, tries: int
) -> None:
    await two_chats_of_ann(house)
    house.chat.status = status
    ann = house.people["ann"].id
    path = f"/users/{ann}/active"
    for _ in range(2):  # the button beside the name tries again
        got, text, _ = await house.post("olga", path, {"active": "no"})
        assert got == 503
        assert "is shut out, but still holds 2 conversations" in text
        assert "Back to the queue" in text
    assert len(house.chat.told) == 2 * tries
    assert (await house.get("ann", "/conversations"))[0] == 303
    async with house.database.reading() as session:
        rows = await audit.rows_of(session, ann)
    assert [row.action for row in rows] == ["user.deactivated"]


async def test_teams_are_named_changed_and_audited(house: House) -> None:
    ann = house.people["ann"].id
    path = f"/users/{ann}/teams"
    for typed, kept in (
        (" sofas ,returns,sofas", ("returns", "sofas")), ("sofas, returns", ("returns", "sofas")),
        ("", ()),
    ):  # fmt: skip
        assert (await house.post("olga", path, {"teams": typed}))[0] == 303
        async with house.database.reading() as session:
            assert (await users.get(session, ann)).teams == kept
            assert await users.teams(session) == kept
            actions = [row.action for row in await audit.rows_of(session, ann)]
    assert actions == ["user.teams_changed"] * 2, "the second time nothing changed"


@pytest.mark.parametrize(
    "typed, message", [("x" * 41, "40 characters"), (",".join("abcdefghijk"), "11 teams")]
)
async def test_what_is_no_team_is_refused(house: House, typed: str, message: str) -> None:
    path = f"/users/{house.people['ann'].id}/teams"
    status, text, _ = await house.post("olga", path, {"teams": typed})
    assert (status, message in text) == (400, True)
    assert (await house.post("olga", "/users/nobody/teams", {"teams": "a"}))[0] == 404

"""Signing in, the growing wait, one-time links, the first owner."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from console.access import FORM, SESSION
from console.app import make_app
from console.first_run import NEWCOMER, link_url, owner_link
from console.live import LiveCommands
from console.passwords import LONGEST_WAIT, check_password, seconds_to_wait
from core.errors import BadInput
from core.people import UserRole
from core.settings import Settings
from store import audit, users
from store.database import Database, open_database
from tests.console.conftest import CHEAP, PASSWORD, START, Client, House

GOOD_WORDS = "correct horse battery"


async def sign_in(client: Client, email: str, password: str, **more: str) -> ClientResponse:
    async with client.get("/sign-in") as page:
        await page.read()
    token = client.session.cookie_jar.filter_cookies(client.make_url("/"))[FORM].value
    form = {"csrf": token, "email": email, "password": password, **more}
    response = await client.post("/sign-in", data=form, allow_redirects=False)
    await response.read()
    return response


async def test_the_right_password_opens_a_session(house: House) -> None:
    client = await house.visitor()
    response = await sign_in(client, " Ann@example.org ", PASSWORD, next="/conversations?page=2")
    assert (response.status, response.headers["Location"]) == (303, "/conversations?page=2")
    cookie = response.cookies[SESSION]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]
    async with client.get("/conversations") as page:
        assert page.status == 200


@pytest.mark.parametrize("onward", ["https://evil.example", "//evil.example", "/\\evil", "", "x"])
async def test_signing_in_never_leads_to_another_site(house: House, onward: str) -> None:
    response = await sign_in(await house.visitor(), "ann@example.org", PASSWORD, next=onward)
    assert response.headers["Location"] == "/conversations"


@pytest.mark.parametrize(
    "email, password",
    [
        ("ann@example.org", "wrong"),
        ("ann@example.org", ""),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("ann@example.org", "x" * 100_000),
    ],
)
async def test_a_wrong_pair_is_refused_in_the_same_words(
    house: House, email: str, password: str
) -> None:
    response = await sign_in(await house.visitor(), email, password)
    assert response.status == 401
    assert SESSION not in response.cookies


async def test_a_user_who_is_shut_out_cannot_come_in(house: House) -> None:
    async with house.database.writing() as session:
        await users.set_active(session, house.people["ann"].id, is_active=False)
    assert (await sign_in(await house.visitor(), "ann@example.org", PASSWORD)).status == 401
    status, _ = await house.get("ann", "/conversations")
    assert status == 303


async def test_failures_slow_the_account_down_and_say_for_how_long(house: House) -> None:
    client = await house.visitor()
    for _ in range(3):
        assert (await sign_in(client, "ann@example.org", "wrong")).status == 401
    response = await sign_in(client, "ANN@example.org", PASSWORD)
    assert (response.status, response.headers["Retry-After"]) == (429, "2")
    other = await sign_in(await house.visitor(), "ben@example.org", PASSWORD)
    assert other.status == 303
    house.clock.pass_seconds(2)
    assert (await sign_in(client, "ann@example.org", PASSWORD)).status == 303
    assert (await sign_in(await house.visitor(), "ann@example.org", "wrong")).status == 401


async def test_failures_slow_a_place_down_across_accounts(house: House) -> None:
    async with house.database.writing() as session:
        for _ in range(99):
            await users.record_failure(session, "address:127.0.0.1", now=START)
    assert (await sign_in(await house.visitor(), "ann@example.org", PASSWORD)).status == 303
    async with house.database.writing() as session:
        for _ in range(20):
            await users.record_failure(session, "address:127.0.0.1", now=START)
    response = await sign_in(await house.visitor(), "ann@example.org", PASSWORD)
    assert (response.status, response.headers["Retry-After"]) == (429, "30")
    client = await house.visitor()
    client.session.headers["X-Forwarded-For"] = "198.51.100.7, 203.0.113.9"
    assert (await sign_in(client, "ann@example.org", PASSWORD)).status == 303


@pytest.mark.parametrize(
    "count, seconds_ago, wait",
    [(0, 0, 0), (2, 0, 0), (3, 0, 2), (3, 1.5, 1), (3, 2, 0), (5, 0, 8), (40, 0, LONGEST_WAIT)],
)
def test_the_wait_doubles_up_to_its_limit(count: int, seconds_ago: float, wait: int) -> None:
    failures = [START - timedelta(seconds=seconds_ago)] * count
    assert seconds_to_wait(failures, START, free=3) == wait


@pytest.mark.parametrize(
    "password, again, error",
    [
        ("twelve chars", "twelve chars", None),
        ("eleven char", "eleven char", "too short"),
        ("", "", "too short"),
        ("twelve chars", "twelve charz", "not the same"),
        ("x" * 1001, "x" * 1001, "longer than"),
    ],
)
def test_a_password_has_a_length_and_nothing_else(
    password: str, again: str, error: str | None
) -> None:
    if error is None:
        check_password(password, again)
        return
    with pytest.raises(BadInput, match=error):
        check_password(password, again)


async def test_an_old_hash_is_renewed_at_sign_in(house: House) -> None:
    ann = house.people["ann"].id
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    async with house.database.writing() as session:
        await users.set_password_hash(session, ann, old)
    assert (await sign_in(await house.visitor(), "ann@example.org", PASSWORD)).status == 303
    async with house.database.reading() as session:
        renewed = await users.password_hash(session, ann)
    assert renewed != old
    assert renewed is not None
    assert not CHEAP.check_needs_rehash(renewed)


async def test_signing_out_ends_the_session_in_the_store(house: House) -> None:
    status, _, location = await house.post("ann", "/sign-out")
    assert (status, location) == (303, "/sign-in")
    assert (await house.get("ann", "/conversations"))[0] == 303  # the same cookie, shown again


async def test_a_session_ends_by_itself(house: House) -> None:
    house.clock.pass_seconds(24 * 3600 + 1)
    assert (await house.get("ann", "/conversations"))[0] == 303


async def follow(client: Client, path: str, values: dict[str, str]) -> tuple[int, str]:
    """Open a link's page, fill it in and send it."""
    async with client.get(path) as page:
        text = await page.text()
        if page.status != 200:
            return page.status, text
        token = page.cookies[FORM].value
    form = {"csrf": token, **values}
    async with client.post(path, data=form, allow_redirects=False) as response:
        return response.status, await response.text()


async def test_a_link_sets_a_password_once(house: House) -> None:
    ann = house.people["ann"].id
    async with house.database.writing() as session:
        link = await users.make_link(session, ann, now=START)
    new = {"password": GOOD_WORDS, "again": GOOD_WORDS}
    status, text = await follow(await house.visitor(), f"/link/{link}", {**new, "again": "other"})
    assert (status, "not the same" in text) == (400, True)
    client = await house.visitor()
    assert (await follow(client, f"/link/{link}", new))[0] == 303
    async with client.get("/conversations", allow_redirects=False) as page:
        assert page.status == 200
    assert (await house.get("ann", "/conversations"))[0] == 303  # earlier sessions ended
    status, text = await follow(await house.visitor(), f"/link/{link}", new)
    assert (status, "used already" in text) == (404, True)
    assert (await sign_in(await house.visitor(), "ann@example.org", GOOD_WORDS)).status == 303
    async with house.database.reading() as session:
        assert "user.password_set" in [row.action for row in await audit.rows_of(session, ann)]


@pytest.mark.parametrize("case", ["a day old", "shut out", "made up", "replaced"])
async def test_a_dead_link_says_so(house: House, case: str) -> None:
    ann = house.people["ann"].id
    async with house.database.writing() as session:
        link = await users.make_link(session, ann, now=START)
        if case == "shut out":
            await users.set_active(session, ann, is_active=False)
        if case == "replaced":
            await users.make_link(session, ann, now=START)
    if case == "a day old":
        house.clock.pass_seconds(24 * 3600 + 1)
    token = "guessed" if case == "made up" else link
    status, text = await house.get("", f"/link/{token}")
    assert status == 404
    assert "parley user link" in text


@pytest.fixture
async def empty(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return await open_database(Settings(var=tmp_path_factory.mktemp("empty")))


async def test_the_first_owner_names_themselves(empty: Database) -> None:
    settings = Settings(public_url="https://parley.example.org/")
    first = await owner_link(settings, empty)
    link = await owner_link(settings, empty)
    assert first is not None
    assert link is not None
    assert link.startswith("https://parley.example.org/link/")
    live = LiveCommands("http://127.0.0.1:9", "x")
    server = TestServer(make_app(settings, empty, live=live, hasher=CHEAP))
    client = Client(server)
    await client.start_server()
    path = link.removeprefix("https://parley.example.org")
    old = first.removeprefix("https://parley.example.org")
    new = {"password": GOOD_WORDS, "again": GOOD_WORDS}
    assert (await follow(client, old, new))[0] == 404  # the one printed last counts
    async with client.get(path) as page:
        token = page.cookies[FORM].value
        assert page.cookies[FORM]["secure"]
        assert "You become the owner" in await page.text()
    named = {"csrf": token, "name": "Olga", "email": "olga@example.org", **new}
    cookie = {"Cookie": f"{FORM}={token}"}  # the jar keeps a secure cookie from plain http
    async with client.post(path, data=named, headers=cookie, allow_redirects=False) as response:
        assert response.status == 303
        assert response.cookies[SESSION]["secure"]
    async with empty.reading() as session:
        owner = await users.find_by_email(session, "olga@example.org")
        assert owner is not None
        assert (owner.name, owner.has_password) == ("Olga", True)
        assert owner.roles == frozenset({UserRole.OWNER})
        assert await users.find_by_email(session, NEWCOMER) is None
    assert await owner_link(settings, empty) is None
    await client.close()
    await empty.close()


async def test_the_first_owner_needs_a_real_address(house: House) -> None:
    async with house.database.writing() as session:
        await users.set_active(session, house.people["olga"].id, is_active=False)
    link = await owner_link(house.settings, house.database)
    assert link is not None
    path = "/link/" + link.rsplit("/", 1)[1]
    new = {"password": GOOD_WORDS, "again": GOOD_WORDS, "name": "Otto"}
    for email, error in (("nobody", "is no e-mail address"), ("ann@example.org", "already a user")):
        status, text = await follow(await house.visitor(), path, {**new, "email": email})
        assert (status, error in text) == (400, True)
    good = {**new, "email": "otto@example.org"}
    assert (await follow(await house.visitor(), path, good))[0] == 303


@pytest.mark.parametrize(
    "values, base",
    [
        ({}, "http://127.0.0.1:8090"),
        ({"console_port": 9000}, "http://127.0.0.1:9000"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8090"),
        ({"public_url": "https://p.example/"}, "https://p.example"),
    ],
)
def test_a_link_is_shown_as_people_open_it(values: dict[str, object], base: str) -> None:
    settings = Settings.model_validate(values)
    assert link_url(settings, "t") == f"{base}/link/t"


async def test_the_path_asked_for_comes_back_after_signing_in(house: House) -> None:
    client = await house.visitor()
    async with client.get("/conversations/abc?x=1", allow_redirects=False) as response:
        query = urlencode({"next": "/conversations/abc?x=1"})
        assert response.headers["Location"] == f"/sign-in?{query}"

"""Who may use which route: all of them, for everybody; forms without their token; headers."""

import re
from pathlib import Path

import pytest
from aiohttp import FormData

from console.access import FORM, OWNERS, REVIEWERS, STAFF, Route
from console.routes import ROUTES
from tests.console.conftest import House

NOBODY, AGENT, SUPERVISOR, OWNER = "", "ann", "sam", "olga"
OPEN = {"/health", "/static/{name}", "/sign-in", "/link/{token}"}
OF_REVIEWERS = {
    "/conversations/{conversation}/export.json", "/conversations/{conversation}/swap",
    "/conversations/{conversation}/roles",
    "/conversations/{conversation}/rescore", "/conversations/{conversation}/delete", "/upload",
    "/upload/check",
    "/recordings/{recording}", "/recordings/{recording}/state", "/recordings/{recording}/retry",
    "/recordings/{recording}/delete",
    "/conversations/{conversation}/coaching", "/conversations/{conversation}/examples",
    "/coaching/{task}/done", "/coaching/{task}/withdraw", "/coaching/{task}/reopen",
    "/examples/{example}/publish", "/examples/{example}/take-back", "/examples/{example}/delete",
    "/reports", "/reports/conversations", "/reports/{report}.csv", "/reports/{report}",
    "/inbox/people", "/inbox/people/{user}", "/inbox/queues", "/inbox/queues/delete",
    "/canned-answers", "/canned-answers/{answer}", "/canned-answers/{answer}/delete",
    "/alerts", "/alerts/{alert}/take", "/alerts/{alert}/close",
    "/reviews", "/reviews/queue", "/reviews/means", "/draws/{draw}/skip", "/draws/{draw}/unskip",
    "/conversations/{conversation}/review", "/reviews/{review}/submit",
    "/reviews/{review}/comment", "/reviews/{review}/take-back", "/reviews/{review}/discard",
    "/reviews/{review}/questions/{question}",
    "/reviews/{review}/corrections/{correction}/undo", "/disputes", "/disputes/{dispute}",
    "/scorecards", "/scorecards/import", "/scorecards/preview", "/scorecards/{name}/{version}",
    *(f"/scorecards/{{name}}/{{version}}/{step}" for step in (
        "edit", "new", "activate", "retire", "delete", "export.yml", "export.csv")),
    "/calibration", "/calibration/new", "/calibration/gates", "/calibration/{session}",
    "/calibration/{session}/close", "/calibration/{session}/delete",
    "/calibration/{session}/answers.csv", "/calibration/{session}/figures.csv",
    "/calibration/{session}/conversations/{conversation}",
    "/calibration/{session}/questions/{question}",
}  # fmt: skip
OF_OWNERS = {"/users", "/users/{user}/link", "/users/{user}/active", "/users/{user}/teams"}
POSTS = [route for route in ROUTES if route.method == "POST"]


def path_of(route: Route) -> str:
    return re.sub(r"\{[a-z]+\}", "nothing", route.path)


def may(route: Route, who: str) -> bool:
    """Written by hand beside the table, so that a slip in the table fails here."""
    if route.path in OPEN:
        return True
    if who == NOBODY:
        return False
    if route.path in OF_OWNERS:
        return who == OWNER
    return route.path not in OF_REVIEWERS or who in (SUPERVISOR, OWNER)


@pytest.mark.parametrize("who", [NOBODY, AGENT, SUPERVISOR, OWNER])
async def test_every_route_lets_in_its_roles_alone(house: House, who: str) -> None:
    client = await house.visitor(who)
    slips = []
    for route in sorted(ROUTES, key=lambda route: route.path == "/sign-out"):  # that one last
        form = {"csrf": house.csrf[who]} if who and route.method == "POST" else None
        async with client.request(
            route.method, path_of(route), data=form, allow_redirects=False
        ) as response:
            text = "" if response.content_type == "text/event-stream" else await response.text()
            answer = (response.status, response.headers.get("Location", ""), text)
        if verdict_of(*answer) != wished(route, who):
            slips.append((route.method, route.path, answer[:2], wished(route, who)))
    assert slips == []


def wished(route: Route, who: str) -> str:
    if may(route, who):
        return "let in"
    return "sent to sign in" if who == NOBODY else "refused"


def verdict_of(status: int, location: str, text: str) -> str:
    """What happened, read from the answer alone."""
    if status == 401 or (status == 303 and location.startswith("/sign-in?next=")):
        return "sent to sign in"
    return "refused" if "is for the role" in text else "let in"


@pytest.mark.parametrize("token", [None, "", "guessed", "of-ann"])
async def test_a_form_without_its_own_token_changes_nothing(
    house: House, token: str | None
) -> None:
    given = house.csrf["ann"] if token == "of-ann" else token
    form = {} if given is None else {"csrf": given}
    for route in POSTS:
        client = await house.visitor("olga" if route.roles else "")
        headers = {"X-CSRF-Token": given} if route.streams and given is not None else {}
        async with client.post(
            path_of(route), data=form, headers=headers, allow_redirects=False
        ) as response:
            expected = 400 if route.streams and given is None else 403
            assert (route.path, response.status) == (route.path, expected)


async def test_a_file_is_not_read_before_the_token(house: House) -> None:
    client = await house.visitor("sam")
    form = FormData()
    form.add_field("files", b"RIFF", filename="a.wav")
    form.add_field("csrf", house.csrf["sam"])  # too late: behind the file
    async with client.post("/upload", data=form) as response:
        assert response.status == 403
    assert list(house.settings.recordings.glob("*")) == []


@pytest.mark.parametrize("path", ["/sign-in", "/nothing-here", "/conversations", "/health"])
async def test_every_answer_carries_the_security_headers(house: House, path: str) -> None:
    client = await house.visitor("ann")
    async with client.get(path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("{own}/conversations?q=a%22b&page=2#x", "/conversations?q=a%22b&amp;page=2#x"),
        ("{own}/reviews/nothing", None),  # this very page: reloading it
        ("https://example.org/conversations", None),
        ("{own}.example.org/conversations", None),
        ("javascript:alert(1)", None),
        ("{own}//example.org/", None),
        ("{own}/\\example.org", None),
        ("http://[", None),
        ("{own}", None),
        ("", None),
    ],
)
async def test_an_error_page_leads_back_to_the_page_before(
    house: House, referer: str, back: str | None
) -> None:
    client = await house.visitor("sam")
    own = str(house.server.make_url("/")).rstrip("/")
    headers = {"Referer": referer.format(own=own)}
    async with client.get("/reviews/nothing", headers=headers) as response:
        text = await response.text()
    assert response.status == 404
    assert 'href="/conversations"' in text
    found = re.search(r'class="button" href="([^"]*)"', text)
    assert (found and found[1]) == back


async def test_a_page_that_does_not_exist_leads_back_as_well(house: House) -> None:
    client = await house.visitor("sam")
    headers = {"Referer": str(house.server.make_url("/alerts"))}
    async with client.get("/no-such-page", headers=headers) as response:
        assert (response.status, 'href="/alerts"' in await response.text()) == (404, True)


def test_no_template_has_a_script_or_style_of_its_own() -> None:
    folder = Path(__file__).parents[2] / "console" / "templates"
    pages = sorted(folder.glob("*.html"))
    assert len(pages) > 10
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text), page.name
        assert "|safe" not in text.replace(" ", ""), page.name


def test_every_form_that_posts_carries_a_token() -> None:
    folder = Path(__file__).parents[2] / "console" / "templates"
    forms = 0
    for page in folder.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
            forms += 1
            assert 'name="csrf"' in form, page.name
    assert forms > 15


def test_the_roles_of_the_table_are_known_sets() -> None:
    assert {route.roles for route in ROUTES} == {None, STAFF, REVIEWERS, OWNERS}
    assert {route.path for route in ROUTES if route.roles is None} == OPEN


def test_every_route_is_documented_with_its_roles() -> None:
    text = (Path(__file__).parents[2] / "docs" / "http-routes.md").read_text(encoding="utf-8")
    section = text.split("## Console", 1)[1].split("\n## ", 1)[0]
    documented = set(re.findall(r"^\| `(GET|POST)` \| `([^`]+)` \| ([^|]+) \|", section, re.M))
    names = {None: "anyone", STAFF: "signed in", REVIEWERS: "supervisor, owner", OWNERS: "owner"}
    assert documented == {(r.method, r.path, names[r.roles]) for r in ROUTES}


async def test_the_sign_in_form_sets_a_strict_cookie(house: House) -> None:
    client = await house.visitor()
    async with client.get("/sign-in") as response:
        cookie = response.cookies[FORM]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"

"""Who may use which route; nothing is shown or changed before this has been asked."""

import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from console.context import CONSOLE, REVIEWERS, Console, Visit, see_other
from core.errors import (
    BadInput,
    Conflict,
    NotAllowed,
    NotFound,
    Overtaken,
    ParleyError,
    Unavailable,
)
from core.people import UserRole
from store import users
from store.users import SignedIn

__all__ = ["FORM", "OWNERS", "REVIEWERS", "SESSION", "STAFF", "Route", "guarded"]

SESSION, FORM = "parley_session", "parley_form"  # cookies
STAFF = frozenset(UserRole)
OWNERS = frozenset({UserRole.OWNER})
OLD_FORM = "This form is too old, or it came from another page. Go back, reload and send it again."

Answer = Callable[[Visit], Awaitable[web.StreamResponse]]
logger = logging.getLogger("console")


@dataclass(frozen=True, slots=True)
class Route:
    """One route: `roles` None means that nobody has to sign in.

    `is_data`: answers JSON to a script. `streams`: reads its own body and checks the token itself.
    """

    method: str
    path: str
    answer: Answer
    roles: frozenset[UserRole] | None
    is_data: bool = False
    streams: bool = False


def guarded(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The route's handler, behind its checks; errors become pages or JSON."""

    async def handle(request: web.Request) -> web.StreamResponse:
        console = request.app[CONSOLE]
        visit = _visit(request, console, None, route)
        try:
            if route.roles is not None:
                signed = await find_signed_in(request, console)
                visit = _visit(request, console, signed, route)
                if signed is None:
                    return _ask_to_sign_in(visit)
                _check_role(signed, route)
            if request.method == "POST" and not route.streams:
                visit = await _with_form(visit, route)
            return await route.answer(visit)
        except ParleyError as error:
            return failed(visit, error)

    return handle


async def find_signed_in(request: web.Request, console: Console) -> SignedIn | None:
    """Whose session the browser shows, or None."""
    token = request.cookies.get(SESSION)
    if not token:
        return None
    async with console.database.reading() as session:
        return await users.find_session(session, token, now=console.now())


def check_token(visit: Visit, given: str) -> None:
    """Raise NotAllowed unless the form carries this visitor's own token."""
    if not given or not compare_digest(given.encode(), visit.csrf.encode()):
        raise NotAllowed(OLD_FORM)


def failed(visit: Visit, error: ParleyError) -> web.Response:
    """A page, or JSON for a script, that says what went wrong in the error's own words."""
    status = status_of(error)
    if isinstance(error, Unavailable):
        logger.warning("%s answered 503: %s", visit.request.match_info.handler, error)
    if visit.wants_json:
        body = {"error": {"code": type(error).__name__, "message": str(error)}}
        return visit.data(body, status=status)
    title = "Somebody was first" if isinstance(error, Overtaken) else TITLES[status]
    return visit.page(
        "error.html", status=status, title=title, message=str(error), back=way_back(visit.request)
    )


def way_back(request: web.Request) -> str:
    """The console's own page that led here, without its host; empty when none did."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all
        return ""
    path = came_from._replace(scheme="", netloc="").geturl()
    is_own = came_from.netloc == request.host and re.match(r"/(?![/\\])", path) is not None
    return path if is_own and (request.method, path) != ("GET", request.path_qs) else ""


def status_of(error: ParleyError) -> int:
    """The HTTP status of an error."""
    kinds: tuple[tuple[type[ParleyError], int], ...] = (
        (BadInput, 400),
        (NotAllowed, 403),
        (NotFound, 404),
        (Conflict, 409),
        (Unavailable, 503),
    )
    return next((status for kind, status in kinds if isinstance(error, kind)), 500)


TITLES: Mapping[int, str] = {
    400: "That did not work",
    403: "Not allowed",
    404: "Not here",
    409: "This cannot be done",
    500: "Something broke",
    503: "Not available just now",
}


def _visit(request: web.Request, console: Console, signed: SignedIn | None, route: Route) -> Visit:
    if signed is not None:
        csrf = signed.csrf
    else:
        csrf = request.cookies.get(FORM) or secrets.token_urlsafe(24)
    wants_json = route.is_data or "application/json" in request.headers.get("Accept", "")
    return Visit(request, console, signed, csrf, {}, wants_json)


def _ask_to_sign_in(visit: Visit) -> web.Response:
    if visit.wants_json:
        body = {"code": "SignedOut", "message": "You are signed out. Reload the page to sign in."}
        return visit.data({"error": body}, status=401)
    onward = visit.request.path_qs if visit.request.method == "GET" else "/conversations"
    return see_other(f"/sign-in?{urlencode({'next': onward})}")


def _check_role(signed: SignedIn, route: Route) -> None:
    if route.roles is not None and not signed.user.roles & route.roles:
        needed = " or ".join(sorted(role.value for role in route.roles))
        raise NotAllowed(f"This page is for the role {needed}; an owner can give it to you.")


async def _with_form(visit: Visit, route: Route) -> Visit:
    posted = await visit.request.post()
    form = {name: value for name, value in posted.items() if isinstance(value, str)}
    check_token(visit, form.get("csrf", ""))
    return Visit(
        visit.request, visit.console, visit.signed, visit.csrf, form,
        visit.wants_json or route.is_data,
    )  # fmt: skip

"""The console's application: its parts, its routes, and the headers of every answer."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web
from argon2 import PasswordHasher

from console.access import TITLES, guarded, way_back
from console.bell import BELL, Bell, end_streams
from console.context import CONSOLE, Console
from console.file_response import sending_files
from console.live import LiveCommands
from console.pages import Pages
from console.passwords import Passwords
from console.routes import ROUTES
from core.settings import Settings
from store.database import Database
from store.files import open_files

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # an error page leads back to where one came from
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(
    settings: Settings,
    database: Database,
    *,
    live: LiveCommands,
    hasher: PasswordHasher | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> web.Application:
    """The application; it opens and closes nothing that was given to it."""
    app = web.Application(middlewares=[_unknown_pages])
    app[CONSOLE] = Console(
        settings=settings,
        database=database,
        files=open_files(settings),
        live=live,
        passwords=Passwords(hasher or PasswordHasher()),
        pages=Pages(Path(__file__).parent / "templates", settings.zone, now, settings.company),
        now=now,
    )
    for route in ROUTES:
        app.router.add_route(route.method, route.path, guarded(route))
    app[BELL] = Bell(database)
    app.on_shutdown.append(end_streams)
    app.on_startup.append(_prepare)
    app.cleanup_ctx.append(sending_files)
    app.on_response_prepare.append(_add_headers)
    return app


async def _prepare(app: web.Application) -> None:
    await app[CONSOLE].passwords.prepare()


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")


@web.middleware
async def _unknown_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give aiohttp's own refusals (no such page, wrong method, form too large) our page."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        text = request.app[CONSOLE].pages.render(
            "error.html",
            user=None, csrf="", path=request.path, is_reviewer=False,
            title=TITLES[404 if error.status == 404 else 400],
            message=_REFUSALS.get(error.status, error.reason), back=way_back(request),
        )  # fmt: skip
        return web.Response(text=text, status=error.status, content_type="text/html")


_REFUSALS = {
    404: "There is no such page.",
    405: "This address is not used in that way.",
    413: "The form is too large.",
}

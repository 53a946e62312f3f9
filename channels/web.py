"""The public listener: the page, its files, the help pages, and the WebSocket."""

from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from channels.crowd import Crowd, find_address
from channels.dialogue import Dialogue
from channels.files import File, send
from channels.help import HELP, help_article, help_index, load_help
from channels.requests import TALK_TO_A_PERSON
from channels.shield import add_headers, errors_as_json
from channels.twilio.account import account_of
from channels.twilio.routes import add_messaging
from channels.visit import HEARTBEAT_SECONDS, MAX_MESSAGE_BYTES, Visit
from channels.visitors import Doorkeeper
from core.settings import Settings

PAGES = Path(__file__).parent / "pages"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

# What an empty page offers; said in the customer's name, so each is a sentence the bot knows.
OPENERS = ("Where is my order?", "When are you open?")


CROWD: web.AppKey[Crowd] = web.AppKey("crowd", Crowd)
DIALOGUE: web.AppKey[Dialogue] = web.AppKey("dialogue", Dialogue)
DOORKEEPER: web.AppKey[Doorkeeper] = web.AppKey("doorkeeper", Doorkeeper)
FILES: web.AppKey[dict[str, File]] = web.AppKey("files", dict[str, File])


def chat_app(dialogue: Dialogue, doorkeeper: Doorkeeper) -> web.Application:
    """The first listener; everything on it may be asked by anybody."""
    app = web.Application(middlewares=[errors_as_json])
    app[CROWD], app[DIALOGUE], app[DOORKEEPER] = Crowd(), dialogue, doorkeeper
    app[FILES] = load_files(dialogue.room.settings)
    app[HELP] = load_help(dialogue.room.settings)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(end_visits)
    app.router.add_get("/", page)
    app.router.add_get("/chat", chat)
    app.router.add_get("/health", health)
    app.router.add_get("/help", help_index)
    app.router.add_get("/help/{slug}", help_article)
    app.router.add_get("/static/{name}", static)
    account = account_of(dialogue.room.settings)
    if account is not None:
        add_messaging(app, dialogue, account)
    return app


def load_files(settings: Settings) -> dict[str, File]:
    """The page filled in for this company, and its script, style and mark."""
    pages = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)
    html = pages.get_template("chat.html").render(
        company=settings.company,
        retention_days=settings.retention_days,
        limit=settings.max_message_characters,
        openers=OPENERS,
        talk_to_a_person=TALK_TO_A_PERSON,
    )
    files = {
        path.name: File(path.read_bytes(), TYPES[path.suffix])
        for path in PAGES.iterdir()
        if path.suffix in TYPES
    }
    return {**files, "": File(html.encode(), "text/html")}


async def page(request: web.Request) -> web.Response:
    """The chat page."""
    return send(request, request.app[FILES][""])


async def static(request: web.Request) -> web.Response:
    """A file of the page."""
    found = request.app[FILES].get(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound
    return send(request, found)


async def health(_request: web.Request) -> web.Response:
    """Up."""
    return web.json_response({"status": "ok"})


async def chat(request: web.Request) -> web.WebSocketResponse:
    """The WebSocket of docs/chat-protocol.md."""
    if not is_own_origin(request.headers.get("Origin"), request.headers.get("Host", "")):
        raise web.HTTPForbidden(reason="This address serves its own page only")
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MAX_MESSAGE_BYTES)
    if not socket.can_prepare(request).ok:
        raise web.HTTPUpgradeRequired(reason="This address speaks WebSocket")
    address = find_address(request.remote, request.headers.get("X-Forwarded-For", ""))
    if request.app[CROWD].is_full(address):
        raise web.HTTPTooManyRequests(reason="Too many connections from this address")
    with request.app[CROWD].counting(address):
        await socket.prepare(request)
        await Visit(request.app[DIALOGUE], request.app[DOORKEEPER], socket).run()
    return socket


def is_own_origin(origin: str | None, host: str) -> bool:
    """Whether the page that asks is ours; a program that is no browser names no origin."""
    return origin is None or urlsplit(origin).netloc.casefold() == host.casefold()


async def end_visits(app: web.Application) -> None:
    """Say goodbye to every page; each connects again when the server is back."""
    app[DIALOGUE].room.hub.close()

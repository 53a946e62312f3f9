"""The public listener: the page, the widget, their files, the help pages, and the WebSocket."""

from pathlib import Path

from aiohttp import web

from channels.chat_page import PAGES, ChatPage, colour_style, read_look
from channels.copy_routes import add_copies
from channels.crowd import Crowd, find_address
from channels.dialogue import Dialogue
from channels.files import File, send, squeeze
from channels.help import HELP, help_article, help_index, load_help
from channels.pictures import Intake, blocks_of
from channels.shield import add_headers, errors_as_json, framed_headers, is_own_origin
from channels.twilio.account import account_of
from channels.twilio.routes import add_messaging
from channels.visit import HEARTBEAT_SECONDS, MAX_MESSAGE_BYTES, Visit
from channels.visitors import Doorkeeper
from core.errors import NotAllowed
from store.files import open_files

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

EVERYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}

CHAT_PAGE: web.AppKey[ChatPage] = web.AppKey("chat_page", ChatPage)
CROWD: web.AppKey[Crowd] = web.AppKey("crowd", Crowd)
DIALOGUE: web.AppKey[Dialogue] = web.AppKey("dialogue", Dialogue)
DOORKEEPER: web.AppKey[Doorkeeper] = web.AppKey("doorkeeper", Doorkeeper)
INTAKE: web.AppKey[Intake] = web.AppKey("intake", Intake)
FILES: web.AppKey[dict[str, File]] = web.AppKey("files", dict[str, File])


def chat_app(dialogue: Dialogue, doorkeeper: Doorkeeper) -> web.Application:
    """The first listener; everything on it may be asked by anybody."""
    app = web.Application(middlewares=[errors_as_json])
    app[CROWD], app[DIALOGUE], app[DOORKEEPER] = Crowd(), dialogue, doorkeeper
    app[INTAKE] = Intake(dialogue, open_files(dialogue.room.settings))
    app[FILES] = load_files()
    app[CHAT_PAGE] = ChatPage(dialogue.room.settings)
    app[HELP] = load_help(dialogue.room.settings)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(end_visits)
    app.router.add_get("/", page)
    app.router.add_get("/chat", chat)
    app.router.add_get("/colour/{colour}", colour)
    app.router.add_get("/health", health)
    app.router.add_get("/help", help_index)
    app.router.add_get("/help/{slug}", help_article)
    app.router.add_get("/static/{name}", static)
    app.router.add_get("/widget", frame)
    app.router.add_get("/widget.js", widget)
    app.router.add_post("/pictures", send_picture)
    add_copies(app, dialogue.room, doorkeeper)
    account = account_of(dialogue.room.settings)
    if account is not None:
        add_messaging(app, dialogue, account)
    return app


def load_files() -> dict[str, File]:
    """The page's scripts, styles and mark."""
    return {
        path.name: File(_read(path), TYPES[path.suffix])
        for path in PAGES.iterdir()
        if path.suffix in TYPES and path.name != "widget.js"
    }


def _read(path: Path) -> bytes:
    return squeeze(path.read_text(encoding="utf-8")) if path.suffix == ".js" else path.read_bytes()


async def page(request: web.Request) -> web.Response:
    """The chat page."""
    return send(request, request.app[CHAT_PAGE].page(read_look(request.query)))


async def frame(request: web.Request) -> web.Response:
    """The chat page as it stands in a frame of the sites that the settings name."""
    shown = request.app[CHAT_PAGE]
    body = shown.page(read_look(request.query), is_framed=True)
    return send(request, body, framed_headers(shown.settings.widget_origins))


async def widget(request: web.Request) -> web.Response:
    """The script that a site embeds; any site may load it, the frame is what is guarded."""
    return send(request, request.app[CHAT_PAGE].widget, EVERYWHERE)


async def colour(request: web.Request) -> web.Response:
    """A stylesheet with a site's own colour, and what can be read on it."""
    found = colour_style(request.match_info["colour"])
    if found is None:
        raise web.HTTPNotFound
    return send(request, found)


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
    crowd = request.app[CROWD]
    if crowd.is_full(address) or not crowd.may_connect(address):
        raise web.HTTPTooManyRequests(reason="Too many connections from this address")
    with crowd.counting(address):
        await socket.prepare(request)
        shared = crowd.pace(address)
        await Visit(request.app[DIALOGUE], request.app[DOORKEEPER], socket, shared).run()
    return socket


async def send_picture(request: web.Request) -> web.Response:
    """A picture of a visitor who has said hello: the body is the picture, and nothing else."""
    if not is_own_origin(request.headers.get("Origin"), request.headers.get("Host", "")):
        raise web.HTTPForbidden(reason="This address serves its own page only")
    visitor = request.app[DOORKEEPER].find_visitor(request.headers.get("X-Parley-Visitor"))
    if visitor is None:
        raise NotAllowed("The header X-Parley-Visitor must hold the token of a welcome.")
    intake = request.app[INTAKE]
    address = find_address(request.remote, request.headers.get("X-Forwarded-For", ""))
    if intake.is_too_fast(address):
        raise web.HTTPTooManyRequests(reason="Too many pictures at once; wait a minute")
    turn = request.headers.get("X-Parley-Turn", "")
    return web.json_response(await intake.take(visitor, turn, blocks_of(request)), status=201)


async def end_visits(app: web.Application) -> None:
    """Say goodbye to every page; each connects again when the server is back."""
    app[DIALOGUE].room.hub.close()

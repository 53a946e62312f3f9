"""The listener on 127.0.0.1 for the console and other programs: live commands, and /metrics."""

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from channels.live import Desk
from channels.metrics import Metrics
from channels.shield import Handler, add_headers, errors_as_json
from core.errors import BadInput, NotAllowed
from core.handoff import Handoff
from core.ids import check_id

DESK: web.AppKey[Desk] = web.AppKey("desk", Desk)
METRICS: web.AppKey[Metrics] = web.AppKey("metrics", Metrics)
SECRET: web.AppKey[str] = web.AppKey("secret", str)

MAX_BODY_BYTES = 256 * 1024
MAX_NAME_LENGTH = 200

Json = dict[str, Any]
Command = Callable[[Desk, str, Json], Awaitable[Handoff]]


def live_app(desk: Desk, secret: str) -> web.Application:
    """The second listener; every route but health wants the bearer secret."""
    app = web.Application(
        middlewares=[errors_as_json, check_secret], client_max_size=MAX_BODY_BYTES
    )
    app[DESK], app[METRICS], app[SECRET] = desk, desk.dialogue.room.metrics, secret
    app.on_response_prepare.append(add_headers)
    app.router.add_get("/live/health", health)
    app.router.add_get("/metrics", metrics)
    app.router.add_get("/live/conversations/{conversation}/page", page)
    for name, command in COMMANDS.items():
        app.router.add_post(f"/live/conversations/{{conversation}}/{name}", _handler(command))
    return app


@web.middleware
async def check_secret(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Raise NotAllowed unless the caller shows the secret."""
    if request.path == "/live/health":
        return await handler(request)
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {request.app[SECRET]}".encode()):
        raise NotAllowed("this needs the header Authorization: Bearer with the live secret")
    return await handler(request)


async def health(_request: web.Request) -> web.Response:
    """Up."""
    return web.json_response({"status": "ok"})


async def metrics(request: web.Request) -> web.Response:
    """Numbers for Prometheus."""
    return web.Response(body=request.app[METRICS].text(), content_type="text/plain")


async def page(request: web.Request) -> web.Response:
    """Whether the customer of a web chat has it open."""
    conversation = check_id(request.match_info["conversation"], where="conversation")
    return web.json_response({"is_open": request.app[DESK].has_page_open(conversation)})


async def take(desk: Desk, conversation: str, body: Json) -> Handoff:
    """POST .../take."""
    return await desk.take(conversation, user=_user(body), name=_name(body))


async def say(desk: Desk, conversation: str, body: Json) -> Handoff:
    """POST .../say."""
    turn = check_id(_text(body, "turn"), where="turn")
    if turn.startswith("bot:"):
        raise BadInput("turn: ids of the bot's turns begin with bot:")
    text = _text(body, "text")
    return await desk.say(conversation, user=_user(body), name=_name(body), turn=turn, text=text)


async def transfer(desk: Desk, conversation: str, body: Json) -> Handoff:
    """POST .../transfer."""
    to, queue = _optional(body, "to"), _optional(body, "queue")
    if to is not None and queue is not None:
        raise BadInput("queue: a conversation goes to a person or to a queue, not to both")
    note = _note(body, desk.dialogue.room.settings.max_message_characters)
    return await desk.transfer(conversation, user=_user(body), to=to, queue=queue, note=note)


async def give_back(desk: Desk, conversation: str, body: Json) -> Handoff:
    """POST .../return."""
    note = _note(body, desk.dialogue.room.settings.max_message_characters)
    return await desk.give_back(conversation, user=_user(body), note=note)


async def close(desk: Desk, conversation: str, body: Json) -> Handoff:
    """POST .../close."""
    return await desk.close(conversation, user=_user(body))


async def pause_recording(desk: Desk, conversation: str, body: Json) -> Handoff:
    """POST .../pause-recording."""
    return await desk.pause_recording(conversation, user=_user(body))


async def resume_recording(desk: Desk, conversation: str, body: Json) -> Handoff:
    """POST .../resume-recording."""
    return await desk.resume_recording(conversation, user=_user(body))


COMMANDS: dict[str, Command] = {
    "take": take,
    "say": say,
    "transfer": transfer,
    "return": give_back,
    "close": close,
    "pause-recording": pause_recording,
    "resume-recording": resume_recording,
}


def _handler(command: Command) -> Handler:
    async def run(request: web.Request) -> web.StreamResponse:
        conversation = check_id(request.match_info["conversation"], where="conversation")
        handoff = await command(request.app[DESK], conversation, await _body(request))
        return web.json_response(
            {
                "holder": handoff.holder.value,
                "version": handoff.version,
                "held_by": handoff.agent,
            }
        )

    return run


async def _body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise BadInput("the body must be JSON") from error
    if not isinstance(body, dict):
        raise BadInput("the body must be a JSON object")
    return body


def _user(body: Json) -> str:
    return check_id(_text(body, "user"), where="user")


def _name(body: Json) -> str:
    name = _text(body, "name").strip()
    if not name or len(name) > MAX_NAME_LENGTH:
        raise BadInput(f"name: must have 1 to {MAX_NAME_LENGTH} characters")
    return name


def _note(body: Json, longest: int) -> str | None:
    note = _optional(body, "note")
    if note is not None and len(note) > longest:
        raise BadInput(f"note: at most {longest} characters")
    return note


def _optional(body: Json, key: str) -> str | None:
    value = body.get(key)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{key}: must be a string or null")
    return value


def _text(body: Json, key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise BadInput(f"{key}: must be a string")
    return value

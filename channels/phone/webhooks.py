"""The routes that Twilio calls for the telephone; each lets in only what Twilio signed."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from channels.phone.legs import Legs
from channels.phone.switchboard import Fields
from channels.shield import Handler
from channels.twilio.signed import signed
from core.errors import BadInput

LEGS: web.AppKey[Legs] = web.AppKey("legs", Legs)


def add_phone(app: web.Application, legs: Legs) -> None:
    """The telephone's webhooks on the public listener."""
    app[LEGS] = legs
    app.router.add_post("/twilio/voice/incoming", _route(_incoming))
    app.router.add_post("/twilio/voice/heard", _route(_heard))
    app.router.add_post("/twilio/voice/wait", _route(_wait))
    app.router.add_post("/twilio/voice/whisper", _route(_whisper))
    app.router.add_post("/twilio/voice/dialled", _route(_dialled))
    app.router.add_post("/twilio/voice/recorded", _route(_recorded))
    app.router.add_post("/twilio/voice/status", _route(_status))


def _route(answer: Callable[[web.Request, Fields], Awaitable[str]]) -> Handler:
    async def webhook(request: web.Request, fields: Fields) -> web.StreamResponse:
        text = await answer(request, fields)
        return web.Response(text=text, content_type="text/xml", charset="utf-8")

    return signed(webhook)


async def _incoming(request: web.Request, fields: Fields) -> str:
    return await request.app[LEGS].board.incoming(fields)


async def _heard(request: web.Request, fields: Fields) -> str:
    return await request.app[LEGS].board.heard(fields, _number(request, "step"))


async def _wait(request: web.Request, fields: Fields) -> str:
    step, number = _number(request, "step"), _number(request, "n")
    return await request.app[LEGS].board.waited(fields, step, number)


async def _whisper(request: web.Request, fields: Fields) -> str:
    return await request.app[LEGS].whisper(fields)


async def _dialled(request: web.Request, fields: Fields) -> str:
    return await request.app[LEGS].dialled(fields, _number(request, "step"))


async def _recorded(request: web.Request, fields: Fields) -> str:
    return await request.app[LEGS].recorded(fields)


async def _status(request: web.Request, fields: Fields) -> str:
    return await request.app[LEGS].status(fields)


def _number(request: web.Request, name: str) -> int:
    """A number of the address that we gave out, signed like all of it."""
    value = request.query.get(name, "")
    if not (value.isascii() and value.isdecimal() and len(value) < 7):
        raise BadInput(f"{name}: a number was expected")
    return int(value)

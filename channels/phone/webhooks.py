"""The routes that Twilio calls for the telephone; each lets in only what Twilio signed."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web

from channels.phone.legs import Legs
from channels.phone.switchboard import Fields
from channels.shield import Handler
from channels.twilio.signed import signed
from core.errors import BadInput, Unavailable
from core.tasks import log_failure

Answer = Callable[[web.Request, Fields], Awaitable[str]]
MOST_AGAIN = 3  # SQLite alone waits 10 s for another writer each time

log: Any = structlog.get_logger()

LEGS: web.AppKey[Legs] = web.AppKey("legs", Legs)


def add_phone(app: web.Application, legs: Legs) -> None:
    """The telephone's webhooks on the public listener."""
    app[LEGS] = legs
    app.router.add_post("/twilio/voice/incoming", _spoken(_incoming))
    app.router.add_post("/twilio/voice/heard", _spoken(_heard))
    app.router.add_post("/twilio/voice/card", _spoken(_card))
    app.router.add_post("/twilio/voice/wait", _spoken(_wait))
    app.router.add_post("/twilio/voice/whisper", _route(_whisper))
    app.router.add_post("/twilio/voice/dialled", _spoken(_dialled))
    app.router.add_post("/twilio/voice/recorded", _route(_recorded))
    app.router.add_post("/twilio/voice/status", _route(_status))


def _route(answer: Answer) -> Handler:
    async def webhook(request: web.Request, fields: Fields) -> web.StreamResponse:
        return _twiml(await answer(request, fields))

    return signed(webhook)


def _spoken(answer: Answer) -> Handler:
    """A route whose answer a caller hears: what fails here is no reason to drop their call."""

    async def webhook(request: web.Request, fields: Fields) -> web.StreamResponse:
        mouth = request.app[LEGS].board.mouth
        try:
            return _twiml(await answer(request, fields))
        except BadInput:
            raise
        except Unavailable as error:
            log.warning("call_bridged", error=str(error), path=request.path)
            times = _number(request, "again", default=0)
            if times < MOST_AGAIN:
                return _twiml(mouth.once_more(_again(request, times + 1)))
        except Exception as error:  # noqa: BLE001  # Twilio would tell the caller of an error
            log_failure("call_failed", error, path=request.path)
        return _twiml(mouth.give_up())

    return signed(webhook)


def _again(request: web.Request, times: int) -> str:
    """The same address, to be asked again."""
    query = {name: value for name, value in request.query.items() if name != "again"}
    return str(request.rel_url.with_query({**query, "again": str(times)}))


def _twiml(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/xml", charset="utf-8")


async def _incoming(request: web.Request, fields: Fields) -> str:
    return await request.app[LEGS].board.incoming(fields)


async def _heard(request: web.Request, fields: Fields) -> str:
    return await request.app[LEGS].board.heard(fields, _number(request, "step"))


async def _card(request: web.Request, fields: Fields) -> str:
    return await request.app[LEGS].board.carded(fields, _number(request, "step"))


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


def _number(request: web.Request, name: str, *, default: int | None = None) -> int:
    """A number of the address that we gave out, signed like all of it."""
    value = request.query.get(name, "" if default is None else str(default))
    if not (value.isascii() and value.isdecimal() and len(value) < 7):
        raise BadInput(f"{name}: a number was expected")
    return int(value)

"""Where the chat page asks for a copy by e-mail, and asks how far it has come."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from aiohttp import web

from channels.copies import Copies, NothingSaid, TooMany, WrongAddress
from channels.crowd import find_address
from channels.pace import Pace
from channels.room import Room
from channels.shield import is_own_origin
from channels.visitors import Doorkeeper
from channels.wire import check_turn_id, copy_out
from core.errors import BadInput, NotAllowed
from core.people import Address
from mail.opening import open_mail
from store.copies import Copy

MOST_BYTES = 4096  # an id, an address and a language
BURST, PER_SECOND = 10.0, 1 / 600  # from one address: an office, then one in ten minutes
MOST_PACES = 1000  # addresses remembered: those that asked last
CODES = {WrongAddress: (400, "wrong"), NothingSaid: (400, "empty"), TooMany: (429, "many")}


def add_copies(app: web.Application, room: Room, doorkeeper: Doorkeeper) -> None:
    """Add the routes, where a mail server is set up; without one nobody would get a letter.

    Raises:
        BadSettings: PARLEY_SMTP_URL is none.
    """
    if not room.settings.smtp_url:
        return
    counter = Counter(Copies(room, open_mail(room.settings)), doorkeeper)
    app[COUNTER] = counter
    app.router.add_post("/copies", counter.ask)
    app.router.add_get("/copies/{copy}", counter.look)

    async def running(_app: web.Application) -> AsyncIterator[None]:
        async with counter.copies.running():
            yield

    app.cleanup_ctx.append(running)


@dataclass(eq=False, slots=True)
class Counter:
    """Where copies are asked for, each visitor their own."""

    copies: Copies
    doorkeeper: Doorkeeper
    _paces: dict[str, Pace] = field(default_factory=dict)

    async def ask(self, request: web.Request) -> web.Response:
        """Ask for a copy; 202 when it is kept, and is on its way."""
        visitor = self._visitor(request)
        given = await _read(request)
        copy_id, address = check_turn_id(given.get("id", "")), given.get("address", "")
        try:
            self._count(request)
            copy = await self.copies.ask(visitor, copy_id, address, given.get("language", ""))
        except (WrongAddress, NothingSaid, TooMany) as error:
            status, code = CODES[type(error)]
            told = {"error": {"code": code, "message": str(error)}}
            return web.json_response(told, status=status)
        return self._told(copy, 202)

    async def look(self, request: web.Request) -> web.Response:
        """How far it has come."""
        return self._told(
            await self.copies.look(self._visitor(request), request.match_info["copy"])
        )

    def _visitor(self, request: web.Request) -> Address:
        if not is_own_origin(request.headers.get("Origin"), request.headers.get("Host", "")):
            raise web.HTTPForbidden(reason="This address serves its own page only")
        visitor = self.doorkeeper.find_visitor(request.headers.get("X-Parley-Visitor"))
        if visitor is None:
            raise NotAllowed("The header X-Parley-Visitor must hold the token of a welcome.")
        return visitor

    def _count(self, request: web.Request) -> None:
        """One more from this network address; programs of this machine are not counted."""
        address = find_address(request.remote, request.headers.get("X-Forwarded-For", ""))
        if address is None:
            return
        pace = self._paces.pop(address, None) or Pace(burst=BURST, per_second=PER_SECOND)
        self._paces[address] = pace  # the last, so that the first is who has asked for none longest
        while len(self._paces) > MOST_PACES:
            del self._paces[next(iter(self._paces))]
        if not pace.allows():
            raise TooMany("No more copies can be sent from this address now.")

    def _told(self, copy: Copy, status: int = 200) -> web.Response:
        return web.json_response(copy_out(copy, self.copies.room.clock()), status=status)


COUNTER: web.AppKey[Counter] = web.AppKey("counter", Counter)


async def _read(request: web.Request) -> dict[str, str]:
    """What was asked for: an object of strings.

    Raises:
        BadInput: it is none, or too large.
    """
    body = await request.content.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise BadInput(f"at most {MOST_BYTES} bytes ask for a copy")
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput("the body must be JSON") from error
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise BadInput("the body must be an object of strings: id, address, language")
    return given

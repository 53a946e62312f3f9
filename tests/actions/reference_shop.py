"""A server that speaks docs/backend.openapi.yml over any `Backend`, and checks what goes through.

Its routes are those of the document; requests and answers are held to the document's schemas.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it has no types
from pydantic_core import to_jsonable_python
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from actions.backend import Backend
from actions.circuit import Circuit
from actions.embedded import EmbeddedShop
from actions.http_backend import HttpBackend
from actions.http_calls import Caller
from actions.letters import Letters
from core.errors import BadInput, Conflict, NotFound, Unavailable
from core.settings import Settings
from core.shop import DeliverySlot, Refused, TicketKind
from mail.letter import Letter
from store.database import Database

DOCUMENT = Path(__file__).parents[2] / "docs" / "backend.openapi.yml"
CONTRACT = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
REGISTRY: Registry[Any] = Registry().with_resource(
    "urn:contract", Resource.from_contents(CONTRACT, default_specification=DRAFT202012)
)
TOKEN = "let-me-in"
NOW = datetime(2025, 6, 5, 10, 0, tzinfo=UTC)  # a Thursday, 11:00 in London
SETTINGS = Settings(_env_file=None)  # type: ignore[call-arg] # pydantic-settings' own argument


@dataclass
class Postbox:
    """Takes letters; `is_open` False refuses them."""

    letters: list[Letter] = field(default_factory=list)
    is_open: bool = True

    async def send(self, letter: Letter) -> None:
        await asyncio.sleep(0)  # as a mail server: others run meanwhile
        if not self.is_open:
            raise Unavailable("the postbox is shut", retryable=True)
        self.letters.append(letter)


@dataclass
class Clock:
    """Tells the time it was set to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def embedded(database: Database, postbox: Postbox, clock: Clock) -> EmbeddedShop:
    return EmbeddedShop(database, SETTINGS.zone, postbox, Letters("Harbour & Pine"), clock)


BROKEN: dict[str, Callable[[], web.Response]] = {
    "500 before": lambda: web.Response(status=500, text="<h1>oops</h1>"),
    "429": lambda: web.Response(status=429),
    "nonsense": lambda: web.Response(text="<html>", content_type="application/json"),
    "wrong shape": lambda: web.json_response({"number": 5}),
    "no zone": lambda: web.json_response(
        {"number": "F-1", "order": "HP-1", "starts_at": "2025-06-05T10:00:00",
         "ends_at": "2025-06-05T12:00:00"}
    ),
    "lost": lambda: web.Response(status=404, text="no such page"),
    "moved": lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}),
    "huge": lambda: web.Response(body=b"[" + b" " * 2_000_000 + b"]"),
}  # fmt: skip


@dataclass
class Server:
    """The reference server: `faults` go wrong one after another, `seen` is what was asked.

    Only calls by the method `hit` go wrong; all when it is empty.
    """

    backend: Backend
    faults: list[str] = field(default_factory=list)
    seen: list[tuple[str, str, str | None]] = field(default_factory=list)
    hit: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as the document says, or go wrong as the next fault says."""
        self.seen.append((request.method, request.path_qs, request.headers.get("Idempotency-Key")))
        is_hit = self.faults and self.hit in ("", request.method)
        fault = self.faults.pop(0) if is_hit else ""
        if fault == "slow":
            await asyncio.sleep(2)
        if fault in BROKEN:
            return BROKEN[fault]()
        response = await self._perform(request)
        if fault == "500 after":
            return web.Response(status=500)
        if fault == "hang up":
            assert request.transport is not None
            request.transport.abort()
        return response

    async def _perform(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401)
        template = str(request.match_info.route.resource.canonical)  # type: ignore[union-attr] # each route has one
        operation = CONTRACT["paths"][template][request.method.lower()]
        pointer = ["paths", template, request.method.lower()]
        body = json.loads(await request.read() or b"null")
        if "requestBody" in operation:
            check(body, [*pointer, "requestBody"], "application/json")
            assert 0 < len(request.headers["Idempotency-Key"]) <= 200
        status, kind, given = await self._ask(operation["operationId"], request, body)
        check(given, [*pointer, "responses", str(status)], kind)
        return web.json_response(given, status=status, content_type=kind)

    async def _ask(self, name: str, request: web.Request, body: Any) -> tuple[int, str, Any]:
        try:
            given = await OPERATIONS[name](self.backend, request, body)
        except Refused as error:
            return _problem(409, error.reason)
        except Conflict:
            return _problem(409, "key_reused")
        except NotFound:
            return _problem(404, "not_found")
        except BadInput:
            return _problem(422, "unusable")
        if given is None:
            return _problem(404, "not_found")
        return 200, "application/json", to_jsonable_python(given)


def check(value: Any, pointer: list[str], kind: str) -> None:
    """Hold a body to the document's schema at this place, following references on the way."""
    place: Any = CONTRACT
    for part in pointer:
        place = _follow(place[part])
    schema = {"$ref": f"urn:contract#{_pointer_of(place['content'][kind]['schema'])}"}
    validator = Draft202012Validator(
        schema, registry=REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    problems = [error.message for error in validator.iter_errors(value)]
    assert problems == [], (pointer, problems)


def _follow(place: Any) -> Any:
    while isinstance(place, dict) and "$ref" in place:
        found = CONTRACT
        for part in place["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        place = found
    return place


def _pointer_of(schema: Any) -> str:
    """Where in the document this very schema stands."""

    def find(place: Any, path: str) -> str | None:
        if place is schema:
            return path
        parts = place.items() if isinstance(place, dict) else enumerate(place)
        for name, inner in parts:
            if isinstance(inner, dict | list):
                escaped = str(name).replace("~", "~0").replace("/", "~1")
                escaped = escaped.replace("{", "%7B").replace("}", "%7D")
                if (found := find(inner, f"{path}/{escaped}")) is not None:
                    return found
        return None

    found = find(CONTRACT, "")
    assert found is not None
    return found


def _problem(status: int, reason: str) -> tuple[int, str, Any]:
    return status, "application/problem+json", {"status": status, "reason": reason}


def _key(request: web.Request) -> str:
    return request.headers["Idempotency-Key"]


def _number(request: web.Request) -> str:
    return request.match_info["number"]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def _sent_to(backend: Backend, request: web.Request, body: Any) -> Any:
    return {"sent_to": await backend.send_code(_number(request), body["code"], key=_key(request))}


Operation = Callable[[Backend, web.Request, Any], Awaitable[Any]]
OPERATIONS: dict[str, Operation] = {
    "find_order": lambda back, ask, _: back.find_order(_number(ask)),
    "orders_of": lambda back, ask, _: back.orders_of(ask.match_info["customer"]),
    "find_customer": lambda back, ask, _: back.find_customer(ask.match_info["customer"]),
    "delivery_slots": lambda back, ask, _: back.delivery_slots(
        _number(ask), since=date.fromisoformat(ask.query["since"])
    ),
    "change_slot": lambda back, ask, body: back.change_slot(
        _number(ask),
        DeliverySlot(date.fromisoformat(body["day"]), body["window"]),
        key=_key(ask),
    ),
    "change_address": lambda back, ask, body: back.change_address(
        _number(ask), body["address"], body["postcode"], key=_key(ask)
    ),
    "cancel_order": lambda back, ask, _: back.cancel_order(_number(ask), key=_key(ask)),
    "returnable_items": lambda back, ask, _: back.returnable_items(_number(ask)),
    "start_return": lambda back, ask, body: back.start_return(
        _number(ask), tuple(body["items"]), body["reason"], key=_key(ask)
    ),
    "returns_of": lambda back, ask, _: back.returns_of(_number(ask)),
    "find_return": lambda back, ask, _: back.find_return(_number(ask)),
    "send_invoice": lambda back, ask, _: back.send_invoice(_number(ask), key=_key(ask)),
    "amount_due": lambda back, ask, _: back.amount_due(_number(ask)),
    "record_payment": lambda back, ask, body: back.record_payment(
        _number(ask), body["amount_pence"], body["reference"], key=_key(ask)
    ),
    "free_fittings": lambda back, ask, _: back.free_fittings(
        _number(ask), since=_moment(ask.query["since"]), until=_moment(ask.query["until"])
    ),
    "book_fitting": lambda back, ask, body: back.book_fitting(
        _number(ask), _moment(body["starts_at"]), key=_key(ask)
    ),
    "fittings_of": lambda back, ask, _: back.fittings_of(_number(ask)),
    "find_fitting": lambda back, ask, _: back.find_fitting(_number(ask)),
    "move_fitting": lambda back, ask, body: back.move_fitting(
        _number(ask), _moment(body["starts_at"]), key=_key(ask)
    ),
    "cancel_fitting": lambda back, ask, _: back.cancel_fitting(_number(ask), key=_key(ask)),
    "open_ticket": lambda back, ask, body: back.open_ticket(
        TicketKind(body["kind"]), body["note"], order=body["order"], key=_key(ask)
    ),
    "add_to_ticket": lambda back, ask, body: back.add_to_ticket(
        _number(ask), body["note"], key=_key(ask)
    ),
    "find_ticket": lambda back, ask, _: back.find_ticket(_number(ask)),
    "tickets_of": lambda back, ask, _: back.tickets_of(_number(ask)),
    "change_contact": lambda back, ask, body: back.change_contact(
        ask.match_info["customer"], email=body["email"], phone=body["phone"], key=_key(ask)
    ),
    "find_customer_by_email": lambda back, ask, body: back.find_customer_by_email(body["email"]),
    "send_code": _sent_to,
    "stores_near": lambda back, ask, _: back.stores_near(ask.query["near"]),
}


@asynccontextmanager
async def serving(backend: Backend) -> AsyncIterator[tuple[Server, str]]:
    """The reference server, and its address."""
    server = Server(backend)
    app = web.Application()
    for path, methods in CONTRACT["paths"].items():
        for method in {"get", "post"} & set(methods):
            app.router.add_route(method.upper(), path, server.answer)
    running = TestServer(app)
    await running.start_server()
    yield server, str(running.make_url("/"))
    await running.close()


@asynccontextmanager
async def asking(
    url: str, *, timeout_seconds: float = 5.0, circuit: Circuit | None = None, token: str = TOKEN
) -> AsyncIterator[HttpBackend]:
    """A back end that asks this address."""
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        caller = Caller(session, url.rstrip("/"), circuit or Circuit(1000, 30.0), timeout_seconds)
        yield HttpBackend(caller)

"""The chat with a stand-in for Rasa: real listeners, a real database, nothing else replaced."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.dialogue import Dialogue
from channels.live import Desk
from channels.live_api import live_app
from channels.main import talking
from channels.room import Room
from channels.visitors import Doorkeeper
from channels.web import chat_app
from core.conversation import Conversation
from core.handoff import Handoff
from core.settings import Settings
from core.survey import SurveyResponse
from store import conversations, handoffs, outbox, surveys
from store.outbox import Delivery

Json = dict[str, Any]
LIVE_SECRET = "live-secret-of-a-test"

ORDER_ANSWER: list[Json] = [
    {"text": "Order HP-10442 is on its way.", "buttons": [], "custom": None},
    {
        "text": None,
        "buttons": [],
        "custom": {"parley": "survey", "about": "order_status", "outcome": "resolved"},
    },
]
MENU: list[Json] = [
    {
        "text": "What can I do for you?",
        "buttons": [
            {"title": "Opening hours", "payload": "/opening_hours"},
            {"title": "Yes, get someone", "payload": "/ask_person"},
        ],
        "custom": None,
    }
]
HANDOFF: list[Json] = [
    {
        "text": None,
        "buttons": [],
        "custom": {
            "parley": "handoff",
            "reason": "order_change",
            "facts": {"order_number": "HP-10442"},
        },
    }
]


@dataclass
class StandInBot:
    """Answers like bot/channel.py: a repeated turn id gets the stored answer."""

    answers: dict[str, list[Json]] = field(default_factory=dict)
    asked: list[Json] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    status: int = 200
    failures: int = 0  # how many requests fail with 503 before it answers
    gate: asyncio.Event | None = None
    slow_start: int = 0  # how many looks at its health find it still loading
    looks: int = 0
    running: int = 0
    most_running: int = 0
    stored: dict[tuple[str, str], list[Json]] = field(default_factory=dict)

    async def turn(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            if self.gate is not None:
                await self.gate.wait()
            return self._answer(body)
        finally:
            self.running -= 1

    def _answer(self, body: Json) -> web.Response:
        status = 503 if self.failures > 0 else self.status
        self.failures -= 1
        if status != 200:
            error = {"code": "bot_unavailable", "message": "away"}
            return web.json_response({"error": error}, status=status)
        said = body.get("text") or body["button"]
        echo: list[Json] = [{"text": f"bot: {said}", "buttons": [], "custom": None}]
        key = (body["conversation"], body["turn"])
        messages = self.stored.setdefault(key, self.answers.get(said, echo))
        return web.json_response({"messages": messages})

    async def health(self, _request: web.Request) -> web.Response:
        self.looks += 1
        is_up = self.looks > self.slow_start
        return web.json_response({"status": "ok"}, status=200 if is_up else 503)

    async def forget(self, request: web.Request) -> web.Response:
        self.forgotten.append(request.match_info["conversation"])
        return web.Response(status=self.status if self.status != 200 else 204)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/webhooks/parley/", self.health)
        app.router.add_post("/webhooks/parley/turns", self.turn)
        app.router.add_delete("/webhooks/parley/conversations/{conversation}", self.forget)
        return app


@dataclass
class Stage:
    """Everything that a test needs to look at."""

    settings: Settings
    bot: StandInBot
    dialogue: Dialogue
    chat: TestServer
    live: TestServer
    browser: aiohttp.ClientSession

    @property
    def room(self) -> Room:
        return self.dialogue.room

    def visitor(self) -> "Visitor":
        return Visitor(self)

    async def settle(self) -> None:
        await self.dialogue.tasks.finish()

    async def conversation(self, conversation_id: str) -> Conversation:
        async with self.room.database.reading() as session:
            return await conversations.get(session, conversation_id)

    async def handoff(self, conversation_id: str) -> Handoff:
        async with self.room.database.reading() as session:
            return await handoffs.get(session, conversation_id)

    async def responses(self, conversation_id: str) -> tuple[SurveyResponse, ...]:
        async with self.room.database.reading() as session:
            invitation = await surveys.find_invitation(session, conversation_id)
            return await surveys.responses(session, invitation.id) if invitation else ()

    async def deliveries(self, conversation_id: str) -> dict[str, Delivery]:
        async with self.room.database.reading() as session:
            return await outbox.states(session, conversation_id)

    async def command(
        self, conversation_id: str, name: str, body: Json, *, secret: str = LIVE_SECRET
    ) -> tuple[int, Json]:
        url = self.live.make_url(f"/live/conversations/{conversation_id}/{name}")
        headers = {"Authorization": f"Bearer {secret}"}
        async with self.browser.post(url, json=body, headers=headers) as response:
            return response.status, await response.json()


class Visitor:
    """A customer's page without a browser: speaks docs/chat-protocol.md."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.token: str | None = None
        self.got: list[Json] = []
        self._made = 0

    async def __aenter__(self) -> "Visitor":
        await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.socket.close()

    async def connect(self, after: Json | None = None) -> Json:
        self.socket = await self.stage.browser.ws_connect(self.stage.chat.make_url("/chat"))
        await self.send({"type": "hello", "token": self.token, "after": after})
        welcome = await self.until("welcome")
        self.token = welcome["token"]
        return welcome

    async def send(self, message: Json) -> None:
        await self.socket.send_json(message)

    async def until(self, type: str, /, **wanted: object) -> Json:
        """The next message of a kind; those on the way are kept in `got`."""
        async with asyncio.timeout(20):
            while True:
                message: Json = await self.socket.receive_json()
                self.got.append(message)
                is_it = all(message.get(key) == value for key, value in wanted.items())
                if message["type"] == type and is_it:
                    return message

    async def say(self, text: str, *, id: str = "") -> Json:
        """Say something, wait until it is stored; the acknowledgement."""
        self._made += 1
        name = id or f"m{self._made}"
        await self.send({"type": "say", "id": name, "text": text})
        return await self.until("ack", id=name)

    async def ask(self, text: str) -> str:
        """Say something, and read what the bot says next."""
        await self.say(text)
        return str((await self.until("turn", role="bot"))["text"])

    async def press(self, button: Json, *, id: str) -> Json:
        await self.send({"type": "press", "id": id, "button": button["id"]})
        return await self.until("ack", id=id)


def settings_in(var: Path, **given: object) -> Settings:
    """Settings for a test: nobody's `.env` is read."""
    chosen = {"var": var, "live_secret": LIVE_SECRET, "bot_timeout_seconds": 20.0, **given}
    return Settings(_env_file=None, **chosen)  # type: ignore[call-arg, arg-type]  # pydantic's own


@asynccontextmanager
async def backstage(
    var: Path, bot: StandInBot, **given: object
) -> AsyncIterator[tuple[Settings, Dialogue]]:
    """The dialogue and Rasa's stand-in alone, without the listeners."""
    rasa = TestServer(bot.app())
    await rasa.start_server()
    try:
        door = str(rasa.make_url("/")).rstrip("/")
        settings = settings_in(var, rasa_urls=(door,), **given)
        async with talking(settings) as dialogue:
            yield settings, dialogue
    finally:
        if bot.gate is not None:
            bot.gate.set()
        await rasa.close()


@asynccontextmanager
async def staging(
    var: Path, bot: StandInBot | None = None, **given: object
) -> AsyncIterator[Stage]:
    """Start the chat in `var`; a second time in the same folder is a restart."""
    bot = bot or StandInBot()
    async with (
        backstage(var, bot, **given) as (settings, dialogue),
        aiohttp.ClientSession() as browser,
    ):
        chat = TestServer(chat_app(dialogue, Doorkeeper(b"key of a test")))
        live = TestServer(live_app(Desk(dialogue), LIVE_SECRET))
        await chat.start_server()
        await live.start_server()
        try:
            yield Stage(settings, bot, dialogue, chat, live, browser)
        finally:
            await live.close()
            await chat.close()

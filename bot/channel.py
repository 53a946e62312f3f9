"""Our input channel in Rasa: a turn in, the bot's messages or an error status out.

POST   /webhooks/parley/turns                 one turn; a repeated turn id gets the stored answer
DELETE /webhooks/parley/conversations/<id>    forget a conversation
GET    /webhooks/parley/                      health
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot.calls import check_action_answers_quickly
from bot.failures import failure_of
from bot.form import copy_nothing_for_logs
from bot.logs import withhold_words
from bot.processor import CHANNEL_NAME, Message, TurnProcessor, find_processor, find_store
from bot.turns import parse_id, parse_turn

logger = logging.getLogger(__name__)


class ParleyChannel(InputChannel):  # type: ignore[misc]  # Rasa ships no types
    """One turn of a conversation at a time; many conversations at once."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._processor: TurnProcessor | None = None

    @classmethod
    def name(cls) -> str:
        """The folder of our routes under /webhooks."""
        return CHANNEL_NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> ParleyChannel:  # noqa: ARG003  # Rasa's signature
        """Made once, before the server takes a request; logs carry no words from here on."""
        withhold_words()
        check_action_answers_quickly()
        copy_nothing_for_logs()
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:  # noqa: ARG002  # turns go to TurnProcessor, which fails loudly
        """The routes; sanic wants functions that it can write on, so not bound methods."""
        routes = Blueprint("parley_channel")

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            self._find_processor(request)  # healthy means that a turn could be answered now
            return json({"status": "ok"})

        @routes.post("/turns")
        async def take_turn(request: Request) -> HTTPResponse:
            return json({"messages": await self.take_turn(request)})

        @routes.delete("/conversations/<conversation:str>")
        async def forget(request: Request, conversation: str) -> HTTPResponse:
            await self.forget(request, conversation)
            return empty()

        async def end(_app: Sanic, _loop: object) -> None:
            await self.close()

        routes.listener("after_server_stop")(end)
        routes.exception(Exception)(answer_failure)
        return routes

    async def take_turn(self, request: Request) -> list[Message]:
        """Answer a turn, after those of its conversation that came before it."""
        asked = parse_turn(request.json)
        request.ctx.names = f"conversation {asked.conversation} turn {asked.turn}"
        async with self._lock(asked.conversation):
            return await self._find_processor(request).answer(asked)

    async def forget(self, request: Request, conversation: str) -> None:
        """Remove a conversation, after the turn that is being answered in it."""
        parse_id(conversation, "conversation")
        async with self._lock(conversation):
            await find_store(_agent(request)).delete(conversation)

    async def close(self) -> None:
        """End the connections to the action server."""
        if self._processor is not None:
            await self._processor.action_endpoint.close()

    def _find_processor(self, request: Request) -> TurnProcessor:
        """That of the model which is loaded now, made once for each model."""
        agent = _agent(request)
        known = self._processor
        if known is None or agent is None or known.loaded is not agent.processor:
            self._processor = known = find_processor(agent)
        return known

    def _lock(self, conversation: str) -> asyncio.Lock:
        return self._locks.setdefault(conversation, asyncio.Lock())


async def answer_failure(request: Request, error: Exception) -> HTTPResponse:
    """The one place where an exception becomes an answer."""
    failure = failure_of(error)
    about = getattr(request.ctx, "names", "a request")
    level = logging.ERROR if failure.status >= 500 else logging.WARNING
    logger.log(level, "%s: %s %s %s", about, failure.status, failure.code, type(error).__name__)
    return json(failure.as_json(), status=failure.status)


def _agent(request: Request) -> Agent:
    return request.app.ctx.agent

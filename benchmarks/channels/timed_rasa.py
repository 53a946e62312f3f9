"""Our bot itself, with the seconds that it took before its words: `... PORT RASA_URL...`.

It stands between the chat and Rasa and asks as the chat does. All that the bot says is one message
without buttons, so that a caller can tell its own share of the time.
"""

import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from benchmarks.channels.scripted_bot import serve
from channels.bot import Bot, Message, Question

ANSWER_SECONDS = 60.0
BOT = web.AppKey("bot", Bot)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TimedRasa:
    """Passes turns on to the Rasa servers at these addresses."""

    rasas: tuple[str, ...]

    async def turn(self, request: web.Request) -> web.Response:
        """A customer's turn."""
        began = time.perf_counter()
        body = await request.json()
        asked = Question(
            body["conversation"],
            body["turn"],
            text=body.get("text"),
            payload=body.get("button"),
            slots=body.get("slots", {}),
        )
        said = _words(await request.app[BOT].answer(asked))
        answer: Json = {
            "text": f"{time.perf_counter() - began:.6f} {said}",
            "buttons": [],
            "custom": None,
        }
        return web.json_response({"messages": [answer]})

    async def health(self, request: web.Request) -> web.Response:
        """Whether every one is up."""
        return web.json_response({}, status=200 if await request.app[BOT].is_up() else 503)

    async def forget(self, request: web.Request) -> web.Response:
        """Pass on that a conversation is to go."""
        await request.app[BOT].forget(request.match_info["conversation"])
        return web.Response(status=204)

    async def connect(self, app: web.Application) -> AsyncIterator[None]:
        """Keep connections to them while the app runs."""
        async with aiohttp.ClientSession() as session:
            app[BOT] = Bot(session, self.rasas, timeout=ANSWER_SECONDS)
            yield


def _words(messages: tuple[Message, ...]) -> str:
    return " ".join(message.text for message in messages if message.text) or "(no words)"


def main() -> None:
    """Answer until ended."""
    bot = TimedRasa(tuple(sys.argv[2:]))
    app = web.Application()
    app.cleanup_ctx.append(bot.connect)
    serve(bot, int(sys.argv[1]), app)


if __name__ == "__main__":
    main()

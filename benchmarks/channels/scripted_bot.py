"""A bot that takes as long as ours does and answers with the words that it heard: `... PORT SPEED`.

It speaks bot/channel.py's protocol; a repeated turn id gets the stored answer.
"""

import asyncio
import math
import random
import sys
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

# benchmarks/bot/README.md, 10 chats at once without pauses: p50 0.035 s, p95 0.083 s. A log-normal
# distribution through both has its p99 at 0.119 s; 0.122 s was measured.
MEDIAN_SECONDS = 0.035
SIGMA = math.log(0.083 / MEDIAN_SECONDS) / 1.645

Json = dict[str, Any]


@dataclass
class ScriptedBot:
    """Answers each turn once."""

    speed: float = 1.0
    draw: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 # no secret
    stored: dict[tuple[str, str], list[Json]] = field(default_factory=dict)

    async def turn(self, request: web.Request) -> web.Response:
        """A customer's turn."""
        body = await request.json()
        key = (body["conversation"], body["turn"])
        if key not in self.stored:
            await asyncio.sleep(
                self.draw.lognormvariate(math.log(MEDIAN_SECONDS), SIGMA) / self.speed
            )
            said = body.get("text") or body["button"]
            answer: Json = {"text": said, "buttons": [], "custom": None}
            self.stored.setdefault(key, [answer])
        return web.json_response({"messages": self.stored[key]})

    async def health(self, _request: web.Request) -> web.Response:
        """Up."""
        return web.json_response({"status": "ok"})

    async def forget(self, _request: web.Request) -> web.Response:
        """Nothing is kept that would have to go."""
        return web.Response(status=204)


def main() -> None:
    """Answer on 127.0.0.1 until ended."""
    bot = ScriptedBot(speed=float(sys.argv[2]))
    app = web.Application()
    app.router.add_get("/webhooks/parley/", bot.health)
    app.router.add_post("/webhooks/parley/turns", bot.turn)
    app.router.add_delete("/webhooks/parley/conversations/{conversation}", bot.forget)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)


if __name__ == "__main__":
    main()

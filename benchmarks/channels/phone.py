"""Signed webhooks of many calls at once against the real listener: how long Twilio waits.

Run:
    python -m benchmarks.channels.phone [CALLS] [STEPS]

The bot is a stand-in that takes as long as told: most answers 0.2 s, one in ten 3 s, so that calls
are bridged. Everything else is the real thing: HTTP, signature, SQLite, TwiML.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import aiohttp
import numpy as np
from aiohttp import web
from twilio.request_validator import RequestValidator

from channels.main import talking
from channels.phone.opening import open_telephone
from channels.visitors import Doorkeeper
from channels.web import chat_app
from core.settings import Settings

Json = dict[str, Any]
SID, TOKEN, BASE = "AC" + "0" * 32, "token", "https://calls.example.org"
QUICK_SECONDS, SLOW_SECONDS, SLOW_EVERY = 0.2, 3.0, 10
PAUSE_SECONDS = 1.0  # a caller listens and thinks; Twilio waits as long before it follows a pause


@dataclass
class Figures:
    """Seconds that each webhook took, by its path."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def report(self) -> str:
        """A table: path, how many, median, p95, slowest, all in milliseconds."""
        rows = ["| webhook | n | median ms | p95 ms | slowest ms |", "|---|---|---|---|---|"]
        every = {**self.seconds, "all": [one for many in self.seconds.values() for one in many]}
        for path, took in every.items():
            p50, p95, top = np.percentile(np.array(took) * 1000, (50, 95, 100))
            rows.append(f"| {path} | {len(took)} | {p50:.0f} | {p95:.0f} | {top:.0f} |")
        return "\n".join(rows)


@dataclass
class Caller:
    """One call: rings, says something after each prompt, follows redirects, hangs up."""

    session: aiohttp.ClientSession
    door: str
    number: int
    figures: Figures
    bridged: int = 0

    @property
    def sid(self) -> str:
        """The call's id."""
        return f"CA{self.number:032x}"

    async def talk(self, steps: int) -> None:
        """The whole call."""
        twiml = await self.post("/twilio/voice/incoming", {"CallStatus": "ringing"})
        for step in range(steps):
            await asyncio.sleep(PAUSE_SECONDS)
            said = {"SpeechResult": f"question {step}", "Confidence": "0.9"}
            twiml = await self.post(_action(twiml), said)
            while (then := _redirect(twiml)) is not None:
                self.bridged += 1
                await asyncio.sleep(PAUSE_SECONDS)
                twiml = await self.post(then, {})
        await self.post("/twilio/voice/status", {"CallStatus": "completed"})

    async def post(self, path: str, more: dict[str, str]) -> str:
        """One webhook, signed and timed."""
        number = f"+4477009{self.number:05d}"
        fields = {"CallSid": self.sid, "AccountSid": SID, "From": number, **more}
        signature = RequestValidator(TOKEN).compute_signature(BASE + path, fields)
        headers = {
            "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        began = time.perf_counter()
        async with self.session.post(
            self.door + path, data=urlencode(fields), headers=headers
        ) as answer:
            text = await answer.text()
        self.figures.seconds[path.partition("?")[0].rpartition("/")[2]].append(
            time.perf_counter() - began
        )
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}: {text}")
        return text


async def measure(calls: int, steps: int) -> str:
    """The table of a run, and how often a caller was asked to hold on."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        async with _listener(Path(folder)) as door, aiohttp.ClientSession() as session:
            began = time.process_time()
            callers = [Caller(session, door, number, figures) for number in range(calls)]
            await asyncio.gather(*(_later(caller, steps) for caller in callers))
        cpu = time.process_time() - began
    bridged, posted = sum(one.bridged for one in callers), sum(map(len, figures.seconds.values()))
    return (
        f"{figures.report()}\n\n{calls} calls at once, {bridged} looks at a slow answer; "
        f"{cpu / posted * 1000:.0f} ms of CPU a webhook, both sides; "
        f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )


async def _later(caller: Caller, steps: int) -> None:
    """Calls come in over two seconds, not in one millisecond."""
    await asyncio.sleep(2.0 * (caller.number % 20) / 20)
    await caller.talk(steps)


@asynccontextmanager
async def _listener(folder: Path) -> AsyncIterator[str]:
    """The chat's listener with the telephone, and a bot that takes its time."""
    async with _served(_bot()) as bot:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
            var=folder,
            rasa_urls=(bot,),
            twilio_account_sid=SID,
            twilio_auth_token=TOKEN,
            chat_url=BASE,
            log_level="error",
        )
        async with talking(settings) as dialogue:
            app = chat_app(dialogue, Doorkeeper(b"benchmark"))
            async with open_telephone(app, dialogue), _served(app) as door:
                yield door


def _bot() -> web.Application:
    async def turn(request: web.Request) -> web.Response:
        body = await request.json()
        number = int(re.sub(r"\D", "", str(body.get("text"))) or 0) + hash(body["conversation"])
        await asyncio.sleep(QUICK_SECONDS if number % SLOW_EVERY else SLOW_SECONDS)
        answer: Json = {"text": f"About {body.get('text')}.", "buttons": [], "custom": None}
        return web.json_response({"messages": [answer]})

    async def nothing(_request: web.Request) -> web.Response:
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/webhooks/parley/turns", turn)
    app.router.add_delete("/webhooks/parley/conversations/{id}", nothing)
    return app


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _action(twiml: str) -> str:
    gather = ElementTree.fromstring(twiml).find("Gather")  # noqa: S314 -- our own answer
    if gather is None:
        raise SystemExit(f"no prompt in {twiml}")
    return gather.get("action", "").removeprefix(BASE)


def _redirect(twiml: str) -> str | None:
    found = ElementTree.fromstring(twiml).find("Redirect")  # noqa: S314 -- our own answer
    return None if found is None else (found.text or "").removeprefix(BASE)


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:3]]
    calls_wanted, steps_wanted = (*counts, *(50, 8)[len(counts) :])
    sys.stdout.write(asyncio.run(measure(calls_wanted, steps_wanted)) + "\n")

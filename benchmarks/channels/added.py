"""What Parley adds to the bot's time, with many chats at once through widget sockets."""

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.bot.load import percentile
from benchmarks.channels.house import open_house
from benchmarks.channels.widget import Widget

SENTENCES = (
    "where is my order?",
    "when are you open on Sunday",
    "do you have the oak table in stock",
    "how long does a refund take",
    "yes please",
    "can you deliver on Tuesday after four",
    "what does it cost to send it to Ireland",
    "thanks, that is all",
)


@dataclass(frozen=True, slots=True)
class Added:
    """Milliseconds from sending to having the answer, less what the bot took by its own clock."""

    chats: int
    pause_seconds: float
    messages: int
    per_second: float
    machine_p95: float  # of a bare request to the bot's health: what of all this is the machine
    bot_p50: float
    bot_p95: float
    p50: float
    p95: float
    p99: float
    chat_cpu: float  # milliseconds of processor a message: the chat's process alone
    load_cpu: float  # the same of this load generator, which has the same cores


async def measure(
    var: Path, *, chats: int, seconds: float, pause: float, rasas: Sequence[str] = ()
) -> Added:
    """Chats that say something, read the answer for `pause` seconds on average, and go on."""
    async with (
        open_house(var, rasas=rasas) as house,
        aiohttp.ClientSession(connector=_many()) as session,
    ):
        widgets = [Widget(session, house.url) for _ in range(chats)]
        for widget in widgets:
            await widget.connect()
        await _ask(widgets[0], "warm", "hello")
        found: list[tuple[float, float]] = []
        cpu, own, began = house.chat.cpu_seconds(), time.process_time(), time.perf_counter()
        end = began + seconds
        bare: list[float] = []
        probing = asyncio.create_task(_probe(session, house.bot_url, bare))
        talks = [_talk(w, n, pause, end, found) for n, w in enumerate(widgets)]
        await asyncio.gather(*talks)
        probing.cancel()
        took = time.perf_counter() - began
        cpu, own = house.chat.cpu_seconds() - cpu, time.process_time() - own
        for widget in widgets:
            await widget.close()
    added = [1000 * (total - bot) for total, bot in found]
    bots = [1000 * bot for _, bot in found]
    return Added(
        chats=chats,
        pause_seconds=pause,
        messages=len(found),
        per_second=len(found) / took,
        machine_p95=percentile(bare, 0.95),
        bot_p50=statistics.median(bots),
        bot_p95=percentile(bots, 0.95),
        p50=statistics.median(added),
        p95=percentile(added, 0.95),
        p99=percentile(added, 0.99),
        chat_cpu=1000 * cpu / len(found),
        load_cpu=1000 * own / len(found),
    )


async def _probe(session: aiohttp.ClientSession, url: str, bare: list[float]) -> None:
    """A bare request now and then, milliseconds each: the same machine without Parley."""
    while True:
        began = time.perf_counter()
        async with session.get(url) as response:
            await response.read()
        bare.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(0.1)


async def _talk(
    widget: Widget, number: int, pause: float, end: float, found: list[tuple[float, float]]
) -> None:
    draw = random.Random(number)  # noqa: S311 # no secret
    await asyncio.sleep(draw.uniform(0, pause))  # they do not begin at once
    for turn in range(10_000):
        if time.perf_counter() > end:
            return
        found.append(await _ask(widget, f"m{turn}", draw.choice(SENTENCES)))
        await asyncio.sleep(draw.uniform(0.5, 1.5) * pause)


async def _ask(widget: Widget, number: str, text: str) -> tuple[float, float]:
    """Seconds from sending to having the answer, and the bot's share."""
    began = time.perf_counter()
    answer = await widget.ask(number, text)
    return time.perf_counter() - began, float(answer.partition(" ")[0])


def _many() -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(limit=0)

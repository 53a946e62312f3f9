"""What Parley adds to the bot's time, with many chats at once through widget sockets."""

import asyncio
import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import aiohttp

from benchmarks.bot.load import percentile
from benchmarks.channels.house import House, open_house
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
    """Milliseconds from sending to having the answer, less what the bot took on the wire."""

    chats: int
    pause_seconds: float
    are_new: bool  # whether nobody had said the words before
    messages: int
    alone: int  # more that Parley answered without the bot: the questions of a survey
    per_second: float
    machine_p95: float  # of a bare request to the bot's health: what of all this is the machine
    bot_p50: float
    bot_p95: float
    p50: float
    p95: float
    p99: float
    hop: float  # of all three: through the clock on the wire, which is not there in use
    chat_cpu: float  # milliseconds of processor a message: the chat's process alone
    load_cpu: float  # the same of this load generator, which has the same cores


@dataclass(slots=True)
class Heard:
    """What the load generator sees."""

    waits: dict[tuple[str, str], float] = field(default_factory=dict)  # conversation, turn: seconds
    bare: list[float] = field(default_factory=list)  # requests to the bots' health, seconds
    hops: list[float] = field(default_factory=list)  # what the same took more through the clock


async def measure(
    var: Path,
    *,
    chats: int,
    seconds: float,
    pause: float,
    rasas: Sequence[str] = (),
    are_new: bool = False,
) -> Added:
    """Chats that say something, read the answer for `pause` seconds on average, and go on.

    Args:
        are_new: each sentence bears a number of its own, so that the encoder has read none before.
    """
    times, heard = var / "times.json", Heard()
    async with (
        open_house(var, rasas=rasas, times=times) as house,
        aiohttp.ClientSession(connector=_many()) as session,
    ):
        widgets = [Widget(session, house.url) for _ in range(chats)]
        for widget in widgets:
            await widget.connect()
        await _ask(widgets[0], "warm", "hello", Heard())
        cpu, own, began = house.chat.cpu_seconds(), time.process_time(), time.perf_counter()
        end = began + seconds
        probing = asyncio.create_task(_probe(session, house, heard))
        talks = [
            _talk(widget, _sayings(number, are_new=are_new), pause, end, heard)
            for number, widget in enumerate(widgets)
        ]
        await asyncio.gather(*talks)
        probing.cancel()
        took = time.perf_counter() - began
        cpu, own = house.chat.cpu_seconds() - cpu, time.process_time() - own
        for widget in widgets:
            await widget.close()
    bots = {(chat, turn): spent for chat, turn, spent in json.loads(times.read_text())}
    asked = heard.waits.keys() & bots.keys()
    added = [1000 * (heard.waits[one] - bots[one]) for one in asked]
    spent = [1000 * bots[one] for one in asked]
    messages = len(heard.waits)
    return Added(
        chats=chats,
        pause_seconds=pause,
        are_new=are_new,
        messages=len(asked),
        alone=messages - len(asked),
        per_second=messages / took,
        machine_p95=1000 * percentile(heard.bare, 0.95),
        bot_p50=statistics.median(spent),
        bot_p95=percentile(spent, 0.95),
        p50=statistics.median(added),
        p95=percentile(added, 0.95),
        p99=percentile(added, 0.99),
        hop=1000 * statistics.median(heard.hops),
        chat_cpu=1000 * cpu / messages,
        load_cpu=1000 * own / messages,
    )


async def _probe(session: aiohttp.ClientSession, house: House, heard: Heard) -> None:
    """Bare requests now and then, to a bot and through the clock: the machine without Parley."""
    while True:
        for bot, door in zip(house.bots, house.doors, strict=True):
            straight = await _get(session, bot)
            heard.bare.append(straight)
            heard.hops.append(await _get(session, door) - straight)
            await asyncio.sleep(0.1)


async def _get(session: aiohttp.ClientSession, bot: str) -> float:
    """Seconds that it takes to say that it is up."""
    began = time.perf_counter()
    async with session.get(f"{bot}/webhooks/parley/") as response:
        await response.read()
    return time.perf_counter() - began


def _sayings(number: int, *, are_new: bool) -> Iterator[tuple[float, str]]:
    """What a visitor says, without end, and how long they read first, in pauses."""
    draw = random.Random(number)  # noqa: S311 # no secret
    yield draw.uniform(0, 1), draw.choice(SENTENCES)  # they do not begin at once
    for turn in count(1):
        said = draw.choice(SENTENCES)
        yield draw.uniform(0.5, 1.5), f"{said} {number} {turn}" if are_new else said


async def _talk(
    widget: Widget,
    sayings: Iterator[tuple[float, str]],
    pause: float,
    end: float,
    heard: Heard,
) -> None:
    for turn, (pauses, said) in enumerate(sayings):
        await asyncio.sleep(pauses * pause)
        if time.perf_counter() > end:
            return
        await _ask(widget, f"m{turn}", said, heard)


async def _ask(widget: Widget, number: str, text: str, heard: Heard) -> None:
    """Say something, and note how long the answer took."""
    began = time.perf_counter()
    await widget.ask(number, text)
    took = time.perf_counter() - began
    assert widget.last is not None  # noqa: S101 # it has just heard an answer
    heard.waits[widget.last["conversation"], number] = took


def _many() -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(limit=0)

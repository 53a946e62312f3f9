"""Whether anything is lost or comes twice when lines break at random and the chat crashes."""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.channels.house import House, open_house
from benchmarks.channels.widget import Widget, any_cut

Json = dict[str, Any]
TURNS = 10  # of a visitor: as many as their pace lets through at once
AT_ONCE = 40
BREAKS = 0.2  # of the messages, at one of four places each
BOT_SPEED = 20.0  # times as quick as ours: the bot's time proves nothing here
TO_FINISH_SECONDS = 60.0  # before the end of the time nobody new begins; the others are heard out


@dataclass(slots=True)
class Exactness:
    """Messages of both sides; what is wrong is told by visitor and text."""

    asked: int = 0  # how many were to be exchanged; fewer were where the time was over
    messages: int = 0
    breaks: int = 0
    crashes: int = 0
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether every message is there once and in its place."""
        return not (self.lost or self.doubled or self.disordered)


async def measure(
    var: Path, *, count: int, seed: int, crashes: int, seconds: float = float("inf")
) -> Exactness:
    """Send and receive `count` messages in all, half of them each way, or as many as time allows.

    Args:
        seconds: a minute before they are over no visitor begins any more.
    """
    connector = aiohttp.TCPConnector(limit=0)
    found, began = Exactness(count), time.perf_counter()
    async with (
        open_house(var, speed=BOT_SPEED) as house,
        aiohttp.ClientSession(connector=connector) as session,
    ):
        waiting = visitors_until(began + seconds - TO_FINISH_SECONDS, count)
        lanes = [_lane(house, session, waiting, seed, found) for _ in range(AT_ONCE)]
        crashing = asyncio.create_task(_crash(house, found, crashes, count))
        await asyncio.gather(*lanes)
        crashing.cancel()
    found.seconds = time.perf_counter() - began
    return found


def visitors_until(until: float, count: int) -> Iterator[int]:
    """The numbers of those who exchange `count` messages, until a moment of the counter."""
    for number in range(max(1, count // (2 * TURNS))):
        if time.perf_counter() >= until:
            return
        yield number


async def _lane(
    house: House,
    session: aiohttp.ClientSession,
    waiting: Iterator[int],
    seed: int,
    found: Exactness,
) -> None:
    """One visitor after another."""
    for number in waiting:
        draw = random.Random(f"{seed} {number}")  # noqa: S311 # no secret
        widget = Widget(session, house.url)
        said = [f"note {number} {turn} of {seed}" for turn in range(TURNS)]
        for turn, text in enumerate(said):
            try:
                await widget.ask(f"m{turn}", text, any_cut(draw, BREAKS))
            except TimeoutError:
                found.lost.append(f"no answer: {text}")
        found.breaks += widget.reconnects
        await compare(widget, said, found)
        await widget.close()


async def compare(widget: Widget, said: list[str], found: Exactness) -> None:
    """What the page has shown, and what the server has after a reload, against what was said."""
    shown = sorted(widget.got.values(), key=lambda turn: int(turn["position"]))
    for where, turns in (("shown", shown), ("stored", await widget.reload())):
        mine = [turn["text"] for turn in turns if turn["role"] == "customer"]
        bots = [turn["text"] for turn in turns if turn["role"] == "bot"]
        if where == "shown":
            mine = said  # a page shows its own words by itself; the server's copy is looked at next
        for kind, texts in (("said", mine), ("answered", bots)):
            found.lost += [f"{where}, {kind}: {text}" for text in said if text not in texts]
            doubled = {text for text in texts if texts.count(text) > 1}
            found.doubled += [f"{where}, {kind}: {text}" for text in sorted(doubled)]
            once = [text for text in dict.fromkeys(texts) if text in said]
            if once != [text for text in said if text in once]:
                found.disordered.append(f"{where}, {kind}: {texts}")
    found.messages += 2 * len(said)


async def _crash(house: House, found: Exactness, crashes: int, count: int) -> None:
    """Crash the chat so many times, spread over the run."""
    for number in range(1, crashes + 1):
        while found.messages < number * count / (crashes + 1):  # noqa: ASYNC110 # looked at rarely
            await asyncio.sleep(0.2)
        await house.crash()
        found.crashes += 1

"""What sockets cost in memory while nobody says anything."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.channels.house import open_house
from benchmarks.channels.widget import Widget

SETTLE_SECONDS = 3.0  # what greeting them took is given back by then


@dataclass(frozen=True, slots=True)
class Idle:
    """Proportional set size of the chat's process, MiB."""

    sockets: int
    without: float
    with_them: float

    @property
    def added(self) -> float:
        """What the sockets take."""
        return self.with_them - self.without


async def measure(var: Path, *, sockets: int) -> Idle:
    """Open so many widgets that have said hello, one in twenty with a conversation."""
    connector = aiohttp.TCPConnector(limit=0)
    async with open_house(var) as house, aiohttp.ClientSession(connector=connector) as session:
        first = Widget(session, house.url)
        await first.ask("warm", "hello")  # all that is loaded at first use is loaded
        await first.close()
        await asyncio.sleep(SETTLE_SECONDS)
        without = house.chat.memory_mib()
        widgets = [Widget(session, house.url) for _ in range(sockets)]
        for number, widget in enumerate(widgets):
            await widget.connect()
            if number % 20 == 0:
                await widget.ask("m0", "where is my order?")
        await asyncio.sleep(SETTLE_SECONDS)
        found = Idle(sockets, without, house.chat.memory_mib())
        for widget in widgets:
            await widget.close()
        return found

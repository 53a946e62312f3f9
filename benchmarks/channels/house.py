"""The programs under test, a process each: the chat as it is deployed, its bot, who clocks it."""

import asyncio
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import aiohttp
from yarl import URL

from benchmarks.bot.processes import Running, free_row, start
from cli.main import PRODUCT_THREADS
from language.instructions import widen_instructions

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0


@dataclass
class House:
    """The chat and its bot, on ports of their own."""

    var: Path
    chat_port: int
    bots: tuple[str, ...]  # their addresses
    doors: tuple[str, ...]  # the addresses that the chat asks: those of the clock, if there is one
    environment: dict[str, str]
    chat: Running

    @property
    def url(self) -> str:
        """The WebSocket."""
        return f"http://127.0.0.1:{self.chat_port}/chat"

    async def crash(self) -> None:
        """End the chat without a word, as a power cut does, and start it again."""
        for process in self.chat.processes:
            process.kill()
            process.wait()
        self.chat = Running((_start_chat(self.environment, self.var),))
        await self.is_up()

    async def is_up(self) -> None:
        """Wait until the chat answers."""
        async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as session:
            while not await _answers(session, f"http://127.0.0.1:{self.chat_port}/health"):
                if self.chat.ended():
                    log = (self.var / "chat.log").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"the chat did not start:\n{log}")
                await asyncio.sleep(0.05)


@asynccontextmanager
async def open_house(
    var: Path, *, speed: float = 1.0, rasas: Sequence[str] = (), times: Path | None = None
) -> AsyncIterator[House]:
    """The programs, started and stopped.

    Args:
        speed: how much quicker than ours the scripted bot answers.
        rasas: Rasa servers that run already and answer in the scripted bot's place.
        times: where benchmarks.channels.wire, once all is stopped, leaves the seconds that the bot
            took; None: nobody stands between chat and bot.
    """
    count = 3 + max(1, len(rasas))
    first = free_row(count)
    bot_port, chat_port, live_port, *clock_ports = range(first, first + count)
    bots, started = tuple(rasas), []
    if not bots:
        bots = (_address(bot_port),)
        started.append(_start("scripted_bot", var, bot_port, speed))
    doors = bots
    if times is not None:
        doors = tuple(map(_address, clock_ports))
        ways = zip(clock_ports, (URL(bot).port for bot in bots), strict=True)
        started.append(_start("wire", var, times, *chain.from_iterable(ways)))
    environment = {
        "PARLEY_VAR": str(var),
        "PARLEY_CHAT_PORT": str(chat_port),
        "PARLEY_LIVE_PORT": str(live_port),
        "PARLEY_RASA_URLS": ",".join(doors),
        "PARLEY_LOG_LEVEL": "warning",
    }
    house = House(
        var, chat_port, bots, doors, environment, Running((_start_chat(environment, var),))
    )
    try:
        await house.is_up()
        yield house
    finally:
        house.chat.stop()
        Running(tuple(started)).stop()


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _start(program: str, var: Path, *given: object) -> subprocess.Popen[bytes]:
    """One of this folder's own programs."""
    command = [sys.executable, "-m", f"benchmarks.channels.{program}", *map(str, given)]
    return start(command, ROOT, {}, var / f"{program}.log")


def _start_chat(environment: dict[str, str], var: Path) -> subprocess.Popen[bytes]:
    return start([sys.executable, "-m", "channels"], ROOT, environment, var / "chat.log")


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False


def prepare() -> None:
    """Run as `parley` does, with as many sockets as the system allows; the children as well."""
    os.environ.setdefault(PRODUCT_THREADS, "1")
    widen_instructions()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    os.environ.pop("PARLEY_DATABASE_URL", None)  # what is measured is the embedded default

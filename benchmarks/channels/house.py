"""The programs under test: the chat as it is deployed, and the scripted bot, a process each."""

import asyncio
import os
import random
import resource
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.bot.processes import Running, start

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
PORTS = range(20_000, 30_000)  # below ip_local_port_range of Linux (32768 to 60999)


@dataclass
class House:
    """The chat and its bot, on ports of their own."""

    var: Path
    chat_port: int
    bot_url: str  # where it says that it is up
    environment: dict[str, str]
    bot: Running
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
    var: Path, *, speed: float = 1.0, rasas: Sequence[str] = ()
) -> AsyncIterator[House]:
    """Both programs, started and stopped.

    Args:
        speed: how much quicker than ours the scripted bot answers.
        rasas: Rasa servers that run already and answer in the scripted bot's place.
    """
    bot_port, chat_port, live_port = _free_ports(3)
    kind, given = ("timed_rasa", rasas) if rasas else ("scripted_bot", (str(speed),))
    bot_command = [sys.executable, "-m", f"benchmarks.channels.{kind}", str(bot_port)]
    bot = start([*bot_command, *given], ROOT, {}, var / "bot.log")
    environment = {
        "PARLEY_VAR": str(var),
        "PARLEY_CHAT_PORT": str(chat_port),
        "PARLEY_LIVE_PORT": str(live_port),
        "PARLEY_RASA_URLS": f"http://127.0.0.1:{bot_port}",
        "PARLEY_LOG_LEVEL": "warning",
    }
    chat = Running((_start_chat(environment, var),))
    bot_url = f"http://127.0.0.1:{bot_port}/webhooks/parley/"
    house = House(var, chat_port, bot_url, environment, Running((bot,)), chat)
    try:
        await house.is_up()
        yield house
    finally:
        house.chat.stop()
        house.bot.stop()


def _start_chat(environment: dict[str, str], var: Path) -> subprocess.Popen[bytes]:
    return start([sys.executable, "-m", "channels"], ROOT, environment, var / "chat.log")


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False


def _free_ports(count: int) -> list[int]:
    """Ports that no outgoing connection is given, so that a crashed chat gets its own again."""
    ports: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            ports.append(port)
        if len(ports) == count:
            return ports
    raise RuntimeError("no port is free")


def open_files() -> None:
    """Let this process and its children have as many sockets as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    os.environ.pop("PARLEY_DATABASE_URL", None)  # what is measured is the embedded default

"""Clocks a bot on the wire: `... FILE PORT BOT_PORT [PORT BOT_PORT ...]`, until ended.

Each PORT of 127.0.0.1 leads to a bot. Bytes go through as they come, and the seconds from a turn's
last byte to its answer's last byte are written down: no program between chat and bot reads their
HTTP, and both sides of a comparison are clocked alike. At the end FILE gets them, as JSON: a list
of conversation, turn, seconds.
"""

import asyncio
import json
import signal
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

END_OF_HEAD = b"\r\n\r\n"
TURNS = b"POST /webhooks/parley/turns "


@dataclass(slots=True)
class Exchange:
    """A question and its answer; moments of time.perf_counter, the last byte of each."""

    question: bytes
    asked: float
    answered: float | None = None

    def as_turn(self) -> tuple[str, str, float] | None:
        """Conversation, turn, and seconds that the bot took; None where it is another request."""
        if not self.question.startswith(TURNS) or self.answered is None:
            return None
        asked = json.loads(self.question.partition(END_OF_HEAD)[2])
        return asked["conversation"], asked["turn"], self.answered - self.asked


@dataclass(slots=True)
class Clock:
    """All exchanges so far, in no order."""

    exchanges: list[Exchange] = field(default_factory=list)

    def turns(self) -> Iterator[tuple[str, str, float]]:
        """Those that were turns of a customer."""
        return (turn for one in self.exchanges if (turn := one.as_turn()) is not None)


class End(asyncio.Protocol, ABC):
    """One end of a connection: what comes in here goes out at the other."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.transport: asyncio.Transport | None = None
        self.other: End | None = None
        self._waiting: list[bytes] = []  # what came before the other end was there

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The end is there."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 # of TCP, always
        self.transport = transport
        for piece in self._waiting:
            transport.write(piece)

    def data_received(self, data: bytes) -> None:
        """Pass it on, then note it."""
        now = time.perf_counter()
        if self.other is not None:
            self.other.send(data)
        self.note(data, now)

    @abstractmethod
    def note(self, data: bytes, now: float) -> None:
        """What came in when; each side has its own way."""

    def send(self, data: bytes) -> None:
        """Let it out here, as soon as the end is there."""
        if self.transport is None:
            self._waiting.append(data)
        else:
            self.transport.write(data)

    def connection_lost(self, _error: Exception | None) -> None:
        """The other end closes as well."""
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()


class BotsEnd(End):
    """Where answers come in."""

    current: Exchange | None = None

    def note(self, _data: bytes, now: float) -> None:
        """The last byte so far of the current answer."""
        if self.current is not None:
            self.current.answered = now


class ChatsEnd(End):
    """Where questions come in, one after the other on each connection (HTTP/1.1)."""

    def __init__(self, clock: Clock, bot_port: int) -> None:
        super().__init__(clock)
        self.bots = BotsEnd(clock)
        self.bots.other, self.other = self, self.bots
        self._bot_port = bot_port
        self._connecting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect to the bot as well."""
        super().connection_made(transport)
        self._connecting = asyncio.create_task(self._connect())

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: self.bots, "127.0.0.1", self._bot_port)
        except OSError:  # nobody is there: the chat is to see it as it would
            if self.transport is not None:
                self.transport.abort()

    def note(self, data: bytes, now: float) -> None:
        """A new question, or more of the one that is not answered yet."""
        current = self.bots.current
        if current is None or current.answered is not None:
            self.bots.current = Exchange(data, now)
            self.clock.exchanges.append(self.bots.current)
        else:
            current.question += data
            current.asked = now


async def carry(clock: Clock, ways: dict[int, int]) -> None:
    """Lead each port to a bot's until this process is told to end."""
    loop, ending = asyncio.get_running_loop(), asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, ending.set)
    for port, bot_port in ways.items():
        await loop.create_server(partial(ChatsEnd, clock, bot_port), "127.0.0.1", port)
    await ending.wait()


def main() -> None:
    """Carry, then write down."""
    file, *ports = sys.argv[1:]
    numbers = list(map(int, ports))
    clock = Clock()
    asyncio.run(carry(clock, dict(zip(numbers[::2], numbers[1::2], strict=True))))
    Path(file).write_text(json.dumps(list(clock.turns())), encoding="utf-8")


if __name__ == "__main__":
    main()

"""A line between a browser and the chat that breaks when a test wants it to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Line:
    """Carries bytes both ways, until it is cut; a deaf one carries nothing back."""

    to: int
    port: int = 0
    is_cut: bool = False
    is_deaf: bool = False
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def cut(self) -> None:
        """End what is open, and take nothing new."""
        self.is_cut = True
        for writer in list(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        """Carry again."""
        self.is_cut = self.is_deaf = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the browser."""
        if self.is_cut:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        ends = {writer, back}
        self._writers |= ends
        both = [
            asyncio.create_task(self._copy(reader, back, is_answer=False)),
            asyncio.create_task(self._copy(there, writer, is_answer=True)),
        ]
        self._tasks |= set(both)
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.transport.abort()
        await asyncio.wait(both)
        self._writers -= ends
        self._tasks -= set(both)

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool
    ) -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(65536):
                if is_answer and self.is_deaf:
                    continue
                writer.write(piece)
                await writer.drain()


@asynccontextmanager
async def breakable(to: int) -> AsyncIterator[Line]:
    """A line to a port of this machine, on a port of its own."""
    line = Line(to)
    server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        line.cut()
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await server.wait_closed()

"""A widget without a browser: keeps the three rules of docs/chat-protocol.md, over broken lines."""

import asyncio
import json
import os
import random
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import aiohttp

Json = dict[str, Any]
ANSWER_SECONDS = 60.0  # after it an answer counts as lost
AGAIN_SECONDS = 0.05  # before another try: the browser's half second would only take time here
TOO_FAST_SECONDS = 0.5


class Cut(Enum):
    """Where a line breaks."""

    BEFORE = "before the message is sent"
    WITHIN = "in the middle of the message"
    AFTER = "when it is sent, before it is acknowledged"
    WAITING = "when it is acknowledged, before it is answered"


@dataclass
class Widget:
    """One visitor's page; `got` is what it shows: by conversation and id, each once."""

    session: aiohttp.ClientSession
    url: str
    token: str | None = None
    last: Json | None = None
    got: dict[tuple[str, str], Json] = field(default_factory=dict)
    acked: set[str] = field(default_factory=set)
    reconnects: int = 0
    line: aiohttp.ClientWebSocketResponse | None = None

    async def ask(self, number: str, text: str, cut: Cut | None = None) -> str:
        """Say `text` under the id `number`, until it is answered; the answer.

        Raises:
            TimeoutError: no answer came.
        """
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                try:
                    return await self._try(number, text, cut)
                except (aiohttp.ClientError, ConnectionError, EOFError):
                    cut = None  # once for each message
                    self.line = None
                    self.reconnects += 1
                    await asyncio.sleep(AGAIN_SECONDS)

    async def connect(self) -> None:
        """Open the line unless it is open, and catch up."""
        if self.line is not None and not self.line.closed:
            return
        self.line = await self.session.ws_connect(self.url)
        await self.line.send_json({"type": "hello", "token": self.token, "after": self.last})
        while (await self._hear())["type"] != "welcome":
            pass

    async def close(self) -> None:
        """Leave as a page does that is closed."""
        if self.line is not None:
            await self.line.close()

    async def reload(self) -> list[Json]:
        """Everything that the server has of the conversation, as after a reload."""
        await self.close()
        self.line, self.last, self.got = None, None, {}
        async with asyncio.timeout(ANSWER_SECONDS):
            while not await self._is_back():  # noqa: ASYNC110 # looked at rarely
                await asyncio.sleep(AGAIN_SECONDS)
        return sorted(self.got.values(), key=lambda turn: int(turn["position"]))

    async def _is_back(self) -> bool:
        try:
            await self.connect()
        except (aiohttp.ClientError, ConnectionError, EOFError):
            self.line = None
            return False
        return True

    async def _try(self, number: str, text: str, cut: Cut | None) -> str:
        await self.connect()
        assert self.line is not None  # noqa: S101 # connected a line ago
        message = json.dumps({"type": "say", "id": number, "text": text})
        if cut is Cut.BEFORE:
            self._break()
        elif cut is Cut.WITHIN:
            self._break(json.dumps(message).encode())
        if number not in self.acked:
            await self.line.send_str(message)
        if cut is Cut.AFTER:
            self._break()
        while (answer := self._answer_to(number)) is None:
            heard = await self._hear()
            if heard["type"] == "refused" and heard["retry"]:
                await asyncio.sleep(TOO_FAST_SECONDS)
                await self.line.send_str(message)
            elif heard["type"] == "refused":
                raise RuntimeError(f"refused: {heard['code']}")
            if heard["type"] == "ack" and cut is Cut.WAITING:
                self._break()
        return answer

    def _answer_to(self, number: str) -> str | None:
        for (_, name), turn in reversed(self.got.items()):
            if name == f"bot:{number}:0":
                return str(turn["text"])
        return None

    async def _hear(self) -> Json:
        assert self.line is not None  # noqa: S101 # called with a line alone
        message = await self.line.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise EOFError
        heard: Json = json.loads(message.data)
        match heard["type"]:
            case "welcome":
                self.token = heard["token"]
                for turn in heard["turns"]:
                    self._show(turn)
            case "turn":
                self._show(heard)
                await self.line.send_json({"type": "seen", **(self.last or {})})
            case "ack":
                self.acked.add(heard["id"])
                self._reach(heard)
        return heard

    def _show(self, turn: Json) -> None:
        self.got.setdefault((turn["conversation"], turn["id"]), turn)
        self._reach(turn)

    def _reach(self, at: Json) -> None:
        here = {"conversation": at["conversation"], "position": at["position"]}
        is_same = self.last is not None and self.last["conversation"] == here["conversation"]
        if not is_same or self.last is None or here["position"] > self.last["position"]:
            self.last = here

    def _break(self, half: bytes = b"") -> None:
        """Cut the line without a word of goodbye; of a message only its beginning went out."""
        if self.line is None:
            return
        found = self.line.get_extra_info("socket")
        if found is None:
            return
        with suppress(OSError):
            if half:  # a frame's head (RFC 6455, section 5.2) that promises more than comes
                length = 126  # the length stands in the next two bytes
                head = bytes([0x81, 0x80 | length]) + len(half).to_bytes(2) + bytes(4)
                raw = socket.socket(fileno=os.dup(found.fileno()))
                raw.send(head + half[: len(half) // 2])
                raw.close()
            found.shutdown(socket.SHUT_RDWR)


def any_cut(draw: random.Random, share: float) -> Cut | None:
    """A break somewhere, in this share of the messages."""
    return draw.choice(list(Cut)) if draw.random() < share else None

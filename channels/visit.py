"""One WebSocket connection of a customer: hello, then messages in and turns out."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from channels.dialogue import Dialogue
from channels.hub import Connection
from channels.pace import Pace
from channels.situation import SHOWN_AFTER_CLOSE
from channels.visitors import Doorkeeper
from channels.wire import (
    Hello,
    Ping,
    Pressed,
    Said,
    Seen,
    ack_out,
    notices_out,
    parse,
    refused_out,
    state_out,
)
from core.errors import BadInput, Unavailable
from core.handoff import Holder
from core.people import Address
from core.tasks import log_failure
from store import conversations

MAX_MESSAGE_BYTES = 256 * 1024  # 20,000 characters, each escaped as two \uXXXX, fit in it
HELLO_SECONDS = 10.0  # the page says hello at once
HEARTBEAT_SECONDS = 20.0  # below the 60 s after which proxies cut a silent connection

log: Any = structlog.get_logger()


@dataclass(eq=False, slots=True)
class Visit:
    """A customer's page, while it is connected."""

    dialogue: Dialogue
    doorkeeper: Doorkeeper
    socket: web.WebSocketResponse
    shared: Pace | None = None  # of all pages at this one's address; None for this machine itself
    pace: Pace = field(default_factory=Pace)
    chatter: Pace = field(default_factory=lambda: Pace(burst=60.0, per_second=5.0))

    async def run(self) -> None:
        """Serve the connection until it ends."""
        hello = await self._await_hello()
        if hello is None:
            return
        room = self.dialogue.room
        token, visitor = self._identify(hello)
        connection = Connection(visitor.value)
        writer = asyncio.create_task(self._write(connection))
        try:
            await self._welcome(connection, visitor, token, hello)
            room.metrics.connections.set(room.hub.size)
            await self._read(connection, visitor)
        except Exception as error:  # noqa: BLE001  # the outermost frame of a connection
            log_failure("visit_failed", error)
            await self.socket.close(code=WSCloseCode.INTERNAL_ERROR)
        finally:
            room.leave(connection)
            room.metrics.connections.set(room.hub.size)
            connection.close()
            await writer

    async def _await_hello(self) -> Hello | None:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                message = await self.socket.receive()
            if message.type is not WSMsgType.TEXT:
                await self.socket.close()
                return None
            hello = parse(message.data)
        except (TimeoutError, BadInput):
            hello = None
        if isinstance(hello, Hello):
            return hello
        await self.socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"say hello first")
        return None

    def _identify(self, hello: Hello) -> tuple[str, Address]:
        """The visitor's own token, or a new one when we never issued theirs."""
        visitor = self.doorkeeper.find_visitor(hello.token)
        if hello.token is not None and visitor is not None:
            return hello.token, visitor
        token = self.doorkeeper.issue()
        made = self.doorkeeper.find_visitor(token)
        if made is None:
            raise AssertionError("the doorkeeper knows what it just issued")
        return token, made

    async def _welcome(
        self, connection: Connection, visitor: Address, token: str, hello: Hello
    ) -> None:
        """Join, and tell all that is behind the turn that the page has; nothing falls between."""
        room = self.dialogue.room
        async with room.visiting(visitor.value):
            current = await self._find_current(visitor)
            welcome: dict[str, Any] = {
                "type": "welcome",
                "token": token,
                "limit": room.settings.max_message_characters,
                "conversation": current,
                "turns": [],
                "notices": [],
                "state": None,
            }
            if current is None:
                room.hub.join(connection)
                connection.send(welcome)
                return
            async with room.writing(current):
                welcome |= await self._missed(current, hello)
                room.hub.join(connection)
                room.hub.bind(current, visitor.value)
                connection.send(welcome)
        await room.resend(current)
        self.dialogue.look_again(current)

    async def _find_current(self, visitor: Address) -> str | None:
        """The open conversation, or the last one while its end is fresh."""
        room = self.dialogue.room
        async with room.database.reading() as session:
            found = await conversations.find_open_chat(session, visitor)
            last = found or await conversations.find_last_chat(session, visitor)
        if found or last is None:
            return found
        handoff = (await room.look(last)).handoff
        is_fresh = room.clock() - handoff.since < SHOWN_AFTER_CLOSE
        return last if handoff.holder is Holder.CLOSED and is_fresh else None

    async def _missed(self, current: str, hello: Hello) -> dict[str, Any]:
        """Turns behind the page's last one, in its conversation and in the one that followed."""
        room = self.dialogue.room
        situation = await room.look(current)
        turns = []
        if hello.conversation is not None and hello.conversation == situation.conversation.previous:
            turns += await room.turns_behind(hello.conversation, hello.position)
        behind = hello.position if hello.conversation == current else -1
        turns += await room.turns_behind(current, behind)
        return {
            "turns": turns,
            "notices": notices_out(situation),
            "state": state_out(situation, await room.place(situation)),
        }

    async def _read(self, connection: Connection, visitor: Address) -> None:
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                await self.socket.close(code=WSCloseCode.UNSUPPORTED_DATA)
                return
            await self._take(connection, visitor, message.data)

    async def _take(self, connection: Connection, visitor: Address, text: str) -> None:
        """Do what one message asks."""
        try:
            message = parse(text)
        except BadInput as error:
            self._refuse(connection, None, "bad_message", str(error), retry=False)
            return
        is_words = isinstance(message, Said | Pressed)
        if not self._allows(is_words=is_words):
            wait = "That was very quick. Please wait a moment; it will be sent then."
            self._refuse(connection, getattr(message, "id", None), "too_fast", wait, retry=True)
            return
        match message:
            case Said() | Pressed():
                await self._store(connection, visitor, message)
            case Seen():
                self._mark_seen(visitor, message)
            case Ping():
                connection.send({"type": "pong"})
            case Hello():
                self._refuse(connection, None, "bad_message", "hello comes once", retry=False)

    def _allows(self, *, is_words: bool) -> bool:
        """Whether one more message may come now, of this page and of its address."""
        if not (self.pace if is_words else self.chatter).allows():
            return False
        return not is_words or self.shared is None or self.shared.allows()

    async def _store(
        self, connection: Connection, visitor: Address, message: Said | Pressed
    ) -> None:
        try:
            stored = await self.dialogue.receive(visitor, message)
        except BadInput as error:
            self._refuse(connection, message.id, "bad_input", str(error), retry=False)
        except Unavailable as error:
            log.warning("turn_not_stored", error=type(error).__name__)
            sentence = "This could not be stored just now. It will be tried again."
            self._refuse(connection, message.id, "unavailable", sentence, retry=True)
        else:
            connection.send(ack_out(message.id, stored.conversation, stored.placed))

    def _mark_seen(self, visitor: Address, message: Seen) -> None:
        """Record a delivery; of this visitor's own conversation alone."""
        room = self.dialogue.room
        if room.hub.visitor_of(message.conversation) == visitor.value:
            room.mark_seen(message.conversation, message.position)

    def _refuse(
        self,
        connection: Connection,
        message_id: str | None,
        code: str,
        sentence: str,
        *,
        retry: bool,
    ) -> None:
        self.dialogue.room.metrics.refused.labels(code).inc()
        connection.send(refused_out(message_id, code, sentence, retry=retry))

    async def _write(self, connection: Connection) -> None:
        """Send what is in line; a page that does not take it in time is cut off."""
        while (message := await connection.queue.get()) is not None:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await self.socket.send_json(message)
            except (TimeoutError, ConnectionError):
                break
        await self.socket.close(code=WSCloseCode.GOING_AWAY)

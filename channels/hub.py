"""Who is connected now: each visitor's open pages, and which conversation is whose."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]  # a message on its way out, made by channels.wire

# Messages that one page may lag behind; it is then cut off, connects again and gets all it missed.
MOST_WAITING = 500
MOST_PAGES = 10  # open pages of one visitor; nobody reads more at once


@dataclass(eq=False, slots=True)
class Connection:
    """One open page; messages are taken out of the queue by its own writer, in order."""

    visitor: str
    queue: asyncio.Queue[Json | None] = field(
        default_factory=lambda: asyncio.Queue(MOST_WAITING + 1)
    )
    is_open: bool = True

    def send(self, message: Json) -> None:
        """Put a message in line; a page that lags too far is closed instead."""
        if not self.is_open:
            return
        if self.queue.qsize() >= MOST_WAITING:
            self.close()
            return
        self.queue.put_nowait(message)

    def close(self) -> None:
        """End the connection once what is in line has gone out."""
        if self.is_open:
            self.is_open = False
            self.queue.put_nowait(None)


class Hub:
    """Finds the pages that show a conversation."""

    def __init__(self) -> None:
        self._pages: dict[str, list[Connection]] = {}
        self._visitors: dict[str, str] = {}  # conversation → visitor, of those connected

    def join(self, connection: Connection) -> None:
        """A page opened; a visitor's oldest gives way when there are too many."""
        pages = self._pages.setdefault(connection.visitor, [])
        pages.append(connection)
        if len(pages) > MOST_PAGES:
            pages[0].close()
            pages.pop(0)

    def leave(self, connection: Connection) -> list[str]:
        """A page closed; the conversations that nobody shows any more."""
        pages = self._pages.get(connection.visitor, [])
        if connection in pages:
            pages.remove(connection)
        if pages:
            return []
        self._pages.pop(connection.visitor, None)
        gone = [c for c, visitor in self._visitors.items() if visitor == connection.visitor]
        for conversation in gone:
            del self._visitors[conversation]
        return gone

    def bind(self, conversation: str, visitor: str) -> None:
        """Remember whose conversation it is, while they are connected."""
        if visitor in self._pages:
            self._visitors[conversation] = visitor

    def visitor_of(self, conversation: str) -> str | None:
        """Whose conversation it is, if they are connected."""
        return self._visitors.get(conversation)

    def publish(self, conversation: str, *messages: Json) -> bool:
        """Send to every page of the conversation's customer; False when none is open."""
        pages = [page for page in self._pages_of(conversation) if page.is_open]
        for page in pages:
            for message in messages:
                page.send(message)
        return bool(pages)

    def drop(self, conversation: str) -> None:
        """End the pages of the conversation's customer; each connects again and gets all it missed.

        For when something could not be shown: what is shown next would hide the gap.
        """
        for page in self._pages_of(conversation):
            page.close()

    def _pages_of(self, conversation: str) -> list[Connection]:
        return self._pages.get(self._visitors.get(conversation, ""), [])

    def close(self) -> None:
        """End all connections: the server stops."""
        for pages in list(self._pages.values()):
            for page in list(pages):
                page.close()

    @property
    def size(self) -> int:
        """How many pages are open."""
        return sum(len(pages) for pages in self._pages.values())

"""A visitor who talks to the real bot over HTTP, as channels does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from core.conversation import Channel
from core.ids import new_id
from core.people import Address, AddressKind
from store import conversations, shop
from store.database import Database, open_database
from tests.servers import RasaServer


def spoken(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that customers see or that channels acts on: not that a task waits for an answer."""
    return [one for one in messages if (one["custom"] or {}).get("parley") != "asks"]


@dataclass
class Visitor:
    """One chat; `conversation` is open in the store."""

    url: str
    http: aiohttp.ClientSession
    conversation: str = field(default_factory=new_id)

    async def post(self, **body: Any) -> tuple[int, dict[str, Any]]:
        """One turn as it goes over the wire; a turn id is made unless given."""
        turn = {"conversation": self.conversation, "turn": new_id()} | body
        async with self.http.post(f"{self.url}/turns", json=turn) as answer:
            return answer.status, await answer.json()

    async def say(self, text: str, **body: Any) -> list[dict[str, Any]]:
        """The bot's messages to these words."""
        return await self._messages(text=text, **body)

    async def press(self, payload: str) -> list[dict[str, Any]]:
        """The bot's messages to this button."""
        return await self._messages(button=payload)

    async def leave(self) -> int:
        """Have the bot forget the conversation."""
        address = f"{self.url}/conversations/{self.conversation}"
        async with self.http.delete(address) as answer:
            return answer.status

    async def _messages(self, **body: Any) -> list[dict[str, Any]]:
        status, answer = await self.post(**body)
        assert status == 200, answer
        answer["messages"] = spoken(answer["messages"])
        messages: list[dict[str, Any]] = answer["messages"]
        return messages


@pytest.fixture
async def shop_database(rasa_server: RasaServer) -> AsyncIterator[Database]:
    """The store that the action server reads, with the demo shop's orders."""
    database = await open_database(rasa_server.settings)
    now = datetime.now(UTC)
    async with database.writing() as session:
        await shop.seed_demo(session, today=now.date())
    yield database
    await database.close()


@pytest.fixture
async def visitor(rasa_server: RasaServer, shop_database: Database) -> AsyncIterator[Visitor]:
    async with shop_database.writing() as session:
        opened = await conversations.open_chat(
            session, Channel.WEB, Address(AddressKind.WEB, new_id()), now=datetime.now(UTC)
        )
    async with aiohttp.ClientSession() as http:
        yield Visitor(f"{rasa_server.url}/webhooks/parley", http, opened.id)

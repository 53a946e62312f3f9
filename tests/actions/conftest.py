"""A store with the demo shop's orders and one open chat."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.conversation import Channel
from core.people import Address, AddressKind
from core.settings import Settings
from store import conversations, shop
from store.database import Database, open_database

TODAY = date(2025, 6, 5)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path)


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = await open_database(settings)
    async with opened.writing() as session:
        await shop.seed_demo(session, today=TODAY)
    yield opened
    await opened.close()


@pytest.fixture
async def chat(database: Database) -> str:
    async with database.writing() as session:
        opened = await conversations.open_chat(
            session, Channel.WEB, Address(AddressKind.WEB, "visitor-1"), now=datetime.now(UTC)
        )
    return opened.id

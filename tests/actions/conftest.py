"""A store with the demo shop's orders and one open chat."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from actions.desk import DeskMaker
from actions.embedded import EmbeddedShop
from actions.form import TaskForm
from actions.letters import Letters
from actions.tasks import ALL
from core.conversation import Channel
from core.people import Address, AddressKind
from core.settings import Settings
from mail.opening import open_mail
from store import conversations, shop
from store.database import Database, open_database
from tests.actions.talk import Talk

TODAY = date(2025, 6, 5)  # a Thursday
NOW = datetime(2025, 6, 5, 9, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, models=tmp_path)  # no weights: articles by words alone


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


@pytest.fixture
def desks(settings: Settings, database: Database) -> DeskMaker:
    """The desks of the demo shop, on the morning of TODAY."""
    shop_of = EmbeddedShop(
        database, settings.zone, open_mail(settings), Letters(settings.company), lambda: NOW
    )
    return DeskMaker(database, shop_of, settings.zone, lambda: NOW)


@pytest.fixture
def form(desks: DeskMaker) -> TaskForm:
    """The form at such a desk."""
    return TaskForm(ALL, desks.open)


@pytest.fixture
def talk(form: TaskForm, chat: str) -> Talk:
    return Talk(form, chat)

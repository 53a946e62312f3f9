"""The stage on which the chat is tested."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels import bot, dialogue
from store.database import open_database
from tests.browser import chromium_page  # noqa: F401  # a fixture
from tests.channels.stage import Stage, settings_in, staging


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses before another try are for servers, not for tests."""
    monkeypatch.setattr(bot, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(dialogue, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(dialogue, "RETRY_SECONDS", (0.0,))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and no rows: migrating once is enough."""
    var = tmp_path_factory.mktemp("empty")

    async def make() -> None:
        await (await open_database(settings_in(var))).close()

    asyncio.run(make())
    return var / "parley.db"


@pytest.fixture
async def stage(tmp_path: Path, empty_database: Path) -> AsyncIterator[Stage]:
    """The chat, started in an empty folder."""
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with staging(tmp_path) as made:
        yield made

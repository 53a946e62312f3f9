"""The stage on which the chat is tested."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels import bot
from tests.browser import chromium_page as chromium_page
from tests.channels.stage import Stage, staging


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pause before the second try is for servers, not for tests."""
    monkeypatch.setattr(bot, "PAUSE_SECONDS", 0.0)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The chat, started in an empty folder."""
    async with staging(tmp_path) as made:
        yield made

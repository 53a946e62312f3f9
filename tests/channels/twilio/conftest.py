"""A chat with an account at a stand-in for Twilio."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.twilio import carrier, media
from tests.channels.twilio.post import Post, posting


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries are for Twilio, not for tests; their number stays."""
    monkeypatch.setattr(carrier, "PAUSES", (0.0,) * len(carrier.PAUSES))
    monkeypatch.setattr(media, "SOON_SECONDS", 0.0)


@pytest.fixture
async def post(tmp_path: Path, empty_database: Path) -> AsyncIterator[Post]:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with posting(tmp_path) as made:
        yield made

"""The house's line, open in an empty folder."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.phone import switchboard
from tests.channels.phone.line import House, answering


@pytest.fixture(autouse=True)
def _busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with much to do makes no bot slow; what tells of slow bots sets this itself."""
    monkeypatch.setattr(switchboard, "PATIENCE_SECONDS", 20.0)


@pytest.fixture
async def house(tmp_path: Path, empty_database: Path) -> AsyncIterator[House]:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with answering(tmp_path) as made:
        yield made

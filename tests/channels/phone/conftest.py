"""The house's line, open in an empty folder."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.channels.phone.line import House, answering


@pytest.fixture
async def house(tmp_path: Path, empty_database: Path) -> AsyncIterator[House]:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with answering(tmp_path) as made:
        yield made

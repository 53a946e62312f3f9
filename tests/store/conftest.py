"""A fresh database per test: SQLite in a folder, and PostgreSQL when one is named."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from core.settings import Settings
from store.database import Database, make_engine, open_database

POSTGRES = os.environ.get("PARLEY_TEST_DATABASE_URL", "")
BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)]


@pytest.fixture(params=BACKENDS if POSTGRES else ["sqlite"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    url = ""
    if request.param == "postgresql":
        url = POSTGRES
        await _empty(url)
    settings = Settings(var=tmp_path, database_url=url)
    opened = await open_database(settings)
    yield opened
    await opened.close()


async def _empty(url: str) -> None:
    engine = make_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await engine.dispose()

"""A place to work in: a database of its own, and a parrot for a recogniser."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.recording import Recording
from core.settings import Settings
from jobs.ingest import IngestRequest, receive_file
from jobs.place import Ears, Place, opened
from tests.jobs.parrot import Parrot
from tests.jobs.sound import call_file


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
        var=tmp_path / "var",
        claim_seconds=5,
    )


@pytest.fixture
def parrot() -> Parrot:
    return Parrot()


@pytest.fixture
async def place(settings: Settings, parrot: Parrot) -> AsyncIterator[Place]:
    async with opened(settings, Ears(lambda: parrot)) as made:
        yield made


@pytest.fixture
def call(tmp_path: Path) -> Path:
    """Six seconds: the first channel speaks, then the second."""
    return call_file(tmp_path / "call.wav", (0, 0.3, 3.0), (1, 3.2, 5.7))


@pytest.fixture
async def recording(place: Place, call: Path) -> Recording:
    """The call, received."""
    made, is_new = await receive_file(
        place,
        IngestRequest(
            call, agent="Anna", external_id="crm-7", variables={"company": "Harbour & Pine"}
        ),
        now=datetime.now(UTC),
    )
    assert is_new
    return made

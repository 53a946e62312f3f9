import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from pytest_aiohttp.plugin import AiohttpClient
from ruamel.yaml import YAML
from sqlalchemy import text

from actions.backends import open_backend
from actions.server import actions, build_app
from core.settings import Settings
from core.tasks import Tasks
from store.database import Database
from tests.actions.build import customer

CANARY = "wombat"
# an answer that tells nothing: the form looks anew at what is collected
ASKING = {"task": "order_status", "asked": "order", "requested_slot": "answer"}


def call(name: str, sender_id: str = "c1", **slots: Any) -> dict[str, Any]:
    """A call as Rasa makes it."""
    message = customer(CANARY, "nlu_fallback")
    state = {
        "sender_id": sender_id,
        "slots": slots,
        "latest_message": message["parse_data"],
        "events": [message],
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    return {"next_action": name, "sender_id": sender_id, "tracker": state, "domain": {"a": 1}}


@pytest.fixture
async def client(aiohttp_client: AiohttpClient, settings: Settings) -> TestClient[Any, Any]:
    return await aiohttp_client(build_app(settings))


async def test_server_runs_an_action(client: TestClient[Any, Any]) -> None:
    assert (await client.get("/health")).status == 200
    answer = await client.post("/webhook", json=call("action_greet"))
    assert answer.status == 200
    body = await answer.json()
    assert body["events"] == []
    assert body["responses"][0]["response"] == "utter_greet"
    assert body["responses"][0]["company"] == "Harbour & Pine"


async def test_half_an_emoji_goes_in_and_out(client: TestClient[Any, Any]) -> None:
    """Phones send it; JSON writes it as an escape, and no server may fail on it."""
    asking: dict[str, Any] = {
        **ASKING,
        "task": "complain",
        "asked": "note",
        "collected": {"note": "\ud83d"},
    }
    body = json.dumps(call("validate_task_form", **asking))
    answer = await client.post("/webhook", data=body)
    assert answer.status == 200
    assert (await answer.json())["responses"]


@pytest.mark.parametrize(
    ("name", "slots", "status"),
    [
        ("action_unheard_of", {}, 404),
        ("validate_task_form", {"offered": "none"}, 500),  # a slot of another shape
        ("", {}, 422),
        # a number that is no order is an answer, not a failure
        ("validate_task_form", {**ASKING, "collected": {"order": "HP-1", "postcode": "x"}}, 200),
    ],
)
async def test_a_failure_is_a_status_without_words(
    client: TestClient[Any, Any],
    caplog: pytest.LogCaptureFixture,
    name: str,
    slots: dict[str, str],
    status: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = await client.post("/webhook", json=call(name, **slots))
    assert answer.status == status
    assert CANARY not in await answer.text()
    assert CANARY not in caplog.text


LOUD = """
import asyncio, logging, sys
from datetime import UTC, datetime
from pathlib import Path

from actions.server import speak
from core.conversation import Channel
from core.people import Address, AddressKind
from core.settings import Settings
from core.tasks import Tasks
from store import conversations
from store.database import open_database

async def write() -> None:
    database = await open_database(Settings(var=Path(sys.argv[1])))
    async with database.writing() as session:
        address = Address(AddressKind.WEB, sys.argv[2])
        await conversations.open_chat(session, Channel.WEB, address, now=datetime.now(UTC))
    await database.close()

speak("debug")
logging.getLogger("actions.server").debug("we speak")
asyncio.run(write())
"""


def test_no_statement_is_logged_at_debug(tmp_path: Path) -> None:
    """The driver logs what it binds; only a process of its own has the log as `main` sets it up."""
    ran = subprocess.run(
        [sys.executable, "-c", LOUD, str(tmp_path), CANARY],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "we speak" in ran.stderr
    assert CANARY not in ran.stderr
    assert "INSERT" not in ran.stderr


async def test_verification_that_cannot_be_stored_fails_the_action(
    client: TestClient[Any, Any], database: Database
) -> None:
    given = {"order": "HP-10442", "postcode": "BN1 4GH"}
    lost = call("validate_task_form", "no-such-chat", **ASKING, collected=given)
    assert (await client.post("/webhook", json=lost)).status == 500


async def test_a_shop_that_fails_is_told_to_the_customer(
    client: TestClient[Any, Any], database: Database
) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE orders RENAME TO elsewhere"))
    given = {"order": "HP-10442", "postcode": "BN1 4GH"}
    answer = await client.post(
        "/webhook", json=call("validate_task_form", **ASKING, collected=given)
    )
    assert answer.status == 200
    message, ended = (await answer.json())["responses"]
    assert message["text"].startswith("I cannot reach our system")
    assert ended["custom"]["outcome"] == "failed"


async def test_actions_of_the_domain_are_the_registered_ones(database: Database) -> None:
    domain = YAML(typ="safe").load(Path("domain.yml"))
    settings = Settings()
    async with open_backend(settings, database) as backend:
        registered = actions(settings, database, backend, Tasks())
    assert set(domain["actions"]) == set(registered)

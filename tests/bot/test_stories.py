"""The stories of tests/stories/: predicted by Rasa's own test, and told to the real bot.

Rasa's test takes each step as given and checks intents and rules, and runs no action of ours. The
replay sends only the customer's words, and compares the actions, the field that is asked for, and
how each task ended.
"""

import json
import os
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import delete

from store import shop, tables
from store.database import Database
from tests.bot.conftest import Visitor
from tests.servers import MODEL, QUIET, RASA_PYTHON, ROOT, RasaServer, train

pytestmark = pytest.mark.rasa

FOLDER = ROOT / "tests" / "stories"
LED = ROOT / "tests" / "led_stories"  # here an action says what comes next
BETWEEN = frozenset({"action_listen", "action_session_start"})  # of every turn, and told by none
SHOP = (
    tables.TicketRow, tables.ReturnRow, tables.FittingRow, tables.ShopKeyRow, tables.ShopCounterRow,
    tables.OrderRow, tables.ShopCustomerRow, tables.WrongTryRow, tables.OneTimeCodeRow,
)  # fmt: skip


@dataclass
class Told:
    """What followed one message: the actions, and the slots that are compared, as set last."""

    text: str
    actions: list[str] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)


def read_stories(folder: Path = FOLDER) -> dict[str, list[dict[str, Any]]]:
    return {
        f"{file.stem[5:]}: {story['story']}": story["steps"]
        for file in sorted(folder.glob("*.yml"))
        for story in YAML(typ="safe").load(file)["stories"]
    }


def turns_of(steps: list[dict[str, Any]]) -> Iterator[Told]:
    """The turns that a story tells of."""
    told: Told | None = None
    for step in steps:
        if "user" in step:
            if told is not None:
                yield told
            told = Told(step["user"].strip())
        elif told is not None and "action" in step:
            told.actions.append(step["action"])
        elif told is not None and "slot_was_set" in step:
            told.slots |= {
                name: value for one in step["slot_was_set"] for name, value in one.items()
            }
    if told is not None:
        yield told


def turns_in(tracker: Path, conversation: str) -> Iterator[Told]:
    """The turns that Rasa kept of a conversation: the latest; a slot stands until it is set."""
    query = "SELECT event FROM bot_events WHERE conversation = ? ORDER BY position"
    with sqlite3.connect(tracker) as connection:
        events = [json.loads(row[0]) for row in connection.execute(query, (conversation,))]
    told: Told | None = None
    for event in events:
        if event["event"] == "user":
            if told is not None:
                yield told
            told = Told(event["text"])
        elif told is not None and event["event"] == "action" and event["name"] not in BETWEEN:
            told.actions.append(event["name"])
        elif told is not None and event["event"] == "slot":
            told.slots[event["name"]] = event["value"]
    if told is not None:
        yield told


@pytest.fixture
async def fresh_shop(shop_database: Database) -> AsyncIterator[None]:
    """The demo shop as on its first day, before a story and after it."""
    await _open_anew(shop_database)
    yield
    await _open_anew(shop_database)


async def _open_anew(database: Database) -> None:
    async with database.writing() as session:
        for table in SHOP:
            await session.execute(delete(table))
        await shop.seed_demo(session, today=datetime.now(UTC).date())


@pytest.mark.usefixtures("fresh_shop")
@pytest.mark.parametrize("name", read_stories() | read_stories(LED))
async def test_the_real_bot_does_what_the_story_tells(
    visitor: Visitor, rasa_server: RasaServer, name: str
) -> None:
    standing: dict[str, Any] = {}
    for wanted in turns_of((read_stories() | read_stories(LED))[name]):
        await visitor.say(wanted.text)
        *_, done = turns_in(rasa_server.settings.var / "tracker.db", visitor.conversation)
        standing |= done.slots
        kept = {name: standing.get(name) for name in wanted.slots}
        assert (done.text, done.actions, kept) == (wanted.text, wanted.actions, wanted.slots)


def test_rasa_predicts_every_step_of_every_story(tmp_path: Path) -> None:
    train()
    arguments = ["test", "core", "--e2e", "--no-plot"]
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "rasa", *arguments,
         "--model", str(MODEL), "--stories", str(FOLDER), "--out", str(tmp_path)],
        cwd=ROOT, env=os.environ | QUIET, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    failed = (tmp_path / "failed_test_stories.yml").read_text()
    wrong = [line.strip() for line in failed.splitlines() if "predicted:" in line]
    assert (wrong, failed.startswith("# None of the test stories failed")) == ([], True)
    report = json.loads((tmp_path / "story_report.json").read_text())
    assert report["conversation_accuracy"]["total"] == len(read_stories())


def test_rasa_reads_every_file_of_stories() -> None:
    """It passes over files with other names, without a word."""
    assert [file.name for file in FOLDER.iterdir() if not file.name.startswith("test_")] == []
    assert len(read_stories()) >= 80

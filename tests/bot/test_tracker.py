import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.servers import QUIET, RASA_PYTHON, ROOT

pytestmark = pytest.mark.rasa


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tracker") / "var" / "tracker.db"


@pytest.fixture(scope="module")
def seen(database: Path) -> dict[str, Any]:
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "tests.bot.inside.keep_conversations", f"sqlite:///{database}"],
        cwd=ROOT,
        env=os.environ | QUIET,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    result: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return result


def test_a_long_conversation_stays_within_its_window(seen: dict[str, Any]) -> None:
    assert seen["limit"] >= seen["largest"] > seen["limit"] / 2


def test_a_turn_writes_no_more_late_than_early(seen: dict[str, Any]) -> None:
    first, second, third, fourth = seen["written"]
    assert first > 400  # at least a turn's own four rows
    assert max(second, third, fourth) < 1.15 * first


def test_a_conversation_may_move_between_processes(seen: dict[str, Any]) -> None:
    """What one keeps in memory is not what counts once another has written."""
    moved = seen["moved"]
    assert moved["refused"]  # both answered at once: the later one fails, and is asked again
    assert moved["seen"] == "words 1"
    assert moved["latest"] == "words 4"
    assert moved["gone"] is None


def test_the_window_keeps_slots_form_and_latest_turn(seen: dict[str, Any]) -> None:
    kept = seen["kept"]
    assert kept["slots"]["last_order"] == "HP-10442"
    assert kept["slots"]["requested_slot"] == "postcode"
    assert kept["slots"]["asked"] is None
    assert kept["loop"] == "task_form"
    assert kept["listening"] == "action_listen"
    assert kept["last"] == "words 399"
    assert kept["applied"] > 0


def test_a_form_of_an_earlier_version_is_left(seen: dict[str, Any]) -> None:
    assert seen["outlived"]["loop"] is None
    assert seen["outlived"]["slots"]["requested_slot"] is None
    assert seen["outlived"]["slots"]["last_order"] == "HP-10442"


def test_a_failed_turn_leaves_nothing_behind(seen: dict[str, Any]) -> None:
    assert seen["after_failure"] == seen["kept"]


def test_everything_survives_a_restart(seen: dict[str, Any]) -> None:
    assert seen["after_restart"] == seen["kept"]
    assert seen["answer"] == [{"text": "answer 3"}]
    assert seen["unasked"] is None
    assert seen["keys"] == ["c1"]


def test_delete_removes_tracker_and_answers(seen: dict[str, Any], database: Path) -> None:
    assert seen["deleted"] == [None, None]
    files = list(database.parent.iterdir())  # the database and what SQLite keeps beside it
    assert database in files
    assert not any(b"words 399" in file.read_bytes() for file in files)


def test_the_file_is_private(seen: dict[str, Any], database: Path) -> None:
    assert seen["keys"]
    assert database.stat().st_mode & 0o077 == 0

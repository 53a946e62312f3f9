"""What bot/ leaves out of Rasa's work changes none of its answers."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.servers import MODEL, QUIET, RASA_PYTHON, ROOT, train

LIGHT = "tests.bot.inside.start_light"

pytestmark = pytest.mark.rasa


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    train()
    database: Path = tmp_path_factory.mktemp("compare") / "tracker.db"
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", LIGHT, "compare_with_rasa", str(MODEL)],
        cwd=ROOT,
        env=os.environ | QUIET | {"PARLEY_TRACKER_URL": f"sqlite:///{database}"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    result: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return result


def test_every_step_is_what_rasa_would_do(compared: dict[str, Any]) -> None:
    assert compared["differences"] == []
    assert compared["compared"] > 1000


def test_nearly_every_step_is_decided_the_short_way(compared: dict[str, Any]) -> None:
    assert compared["quick"] > 9 * compared.get("slow", 0)

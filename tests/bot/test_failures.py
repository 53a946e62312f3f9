import json
import os
import subprocess

import pytest

from tests.servers import QUIET, RASA_PYTHON, ROOT

WANTED = {
    "refused": [503, "actions_away"],
    "timeout": [503, "actions_away"],
    "action": [503, "action_failed"],
    "locked": [503, "tracker_store"],
    "no model": [503, "bot_unavailable"],
    "misconfigured": [500, "bot_unavailable"],
    "bad": [400, "bad_request"],
    "conflict": [409, "turn_conflict"],
    "lost": [404, "bad_request"],
    "bug": [500, "bot_failed"],
    "rasa": [500, "bot_failed"],
}


@pytest.mark.rasa
def test_every_failure_has_its_status_and_no_words() -> None:
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "tests.bot.inside.name_failures"],
        cwd=ROOT,
        env=os.environ | QUIET,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    line = done.stdout.splitlines()[-1]
    assert {name: got[:2] for name, got in json.loads(line).items()} == WANTED
    assert "wombat" not in line

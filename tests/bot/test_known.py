"""Which messages need not be understood twice, and that no words are kept of them."""

import json
import os
import subprocess
from typing import Any

import pytest

from tests.servers import QUIET, RASA_PYTHON, ROOT

pytestmark = pytest.mark.rasa

KEPT = ("yes please", "Thanks!", "what's new, then?", "no")
PERSONAL = (
    "HP-10442", "BN1 4GH", "my code is 123456", "anna@example.com", "12 Sample Terrace", "/restart",
    "naïve", "so " * 30, "two\nlines", "",
)  # fmt: skip


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "tests.bot.inside.recall_readings"],
        cwd=ROOT,
        env=os.environ | QUIET,
        input=json.dumps([*KEPT, *PERSONAL]).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    result: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return result


@pytest.mark.parametrize("text", KEPT)
def test_a_common_text_is_found_with_its_own_words(seen: dict[str, Any], text: str) -> None:
    assert seen["found"][text]["text"] == text
    assert seen["found"][text]["intent"] == {"name": "thanks"}


@pytest.mark.parametrize("text", [*PERSONAL, "it quotes", "it says more", "never said"])
def test_what_may_be_personal_is_not_kept(seen: dict[str, Any], text: str) -> None:
    assert seen["found"][text] is None


def test_no_words_are_kept(seen: dict[str, Any]) -> None:
    assert "thanks" in seen["inside"]  # the intent
    assert not any(text in seen["inside"] for text in KEPT if len(text) > 2)


def test_the_oldest_are_left(seen: dict[str, Any]) -> None:
    assert seen["left"] == ["first", "third"]

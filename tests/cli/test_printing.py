"""What customers wrote does not drive the terminal of who reads it."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.printing import shown
from tests.cli.shell import parley

CARD = """\
name: small
version: 1
title: Small
sections:
  - id: only
    title: Only
    weight: 100
    questions:
      - id: refund
        text: Was a refund asked for?
        weight: 100
        rule: phrase
        options: {by: customer, phrases: [refund]}
"""
WORDS = "I ask for a refund \x1b]0;owned\x07\n     yes  greeting          said it\x9b2J\r"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café — “yes” 👩‍👩‍👧 \xa0ok", "Café — “yes” 👩‍👩‍👧 \xa0ok"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x1b[2J\x7f\x9b", r"\x1b[2J\x7f\x9b"),
        ("\u202eevil\u2028", r"\u202eevil\u2028"),
    ],
)
def test_only_what_a_terminal_obeys_is_a_code(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("as_json", [True, False])
def test_a_score_holds_no_control_characters(tmp_path: Path, as_json: bool) -> None:
    (tmp_path / "card.yml").write_text(CARD)
    talk: dict[str, Any] = {
        "id": "c1", "channel": "web", "turns": [{"role": "customer", "text": WORDS}]
    }  # fmt: skip
    talk["turns"].append({"role": "agent", "text": "One moment"})
    (tmp_path / "one.json").write_text(json.dumps(talk))
    words = ["score", "one.json", "--scorecard", "card.yml", *(["--json"] if as_json else [])]
    done = parley(tmp_path, *words)
    assert done.status == 0, done.err
    assert "refund" in done.out
    assert not set(done.out) & {"\x1b", "\x07", "\x9b", "\r"}
    assert "\n     yes  greeting" not in done.out
    if as_json:
        quotes = [piece["quote"] for piece in json.loads(done.out)["findings"][0]["evidence"]]
        assert quotes and quotes[0] in WORDS

"""`parley packs`: what there is, what one says, and whether its examples hold."""

import json
import re
from pathlib import Path

from qa.cards import PACKS, list_packs
from tests.cli.shell import parley


def test_list_and_show_say_what_a_pack_is(tmp_path: Path) -> None:
    listed = json.loads(parley(tmp_path, "packs", "list", "--json").out)
    assert [one["name"] for one in listed] == list(list_packs())
    assert "card_payments" in parley(tmp_path, "packs", "list").out
    shown = parley(tmp_path, "packs", "show", "card_payments").out
    assert "PCI DSS 4.0.1, requirement 3.3.1" in shown
    assert "not legal advice" in shown
    assert "recording_paused (100, critical, rule event)" in shown
    one = json.loads(parley(tmp_path, "packs", "show", "debt_collection", "--json").out)
    assert one["jurisdiction"] == "United States"
    assert one["questions"][0]["criticality"] == "fatal"


def test_show_names_the_packs_there_are(tmp_path: Path) -> None:
    done = parley(tmp_path, "packs", "show", "none")
    assert done.status == 2
    assert "recovery_calls" in done.err


def test_check_tells_which_example_is_answered_otherwise(tmp_path: Path) -> None:
    text = (PACKS / "card_payments.yml").read_text(encoding="utf-8")
    (tmp_path / "mine.yml").write_text(text, encoding="utf-8")
    right = parley(tmp_path, "packs", "check", "mine.yml")
    assert right.status == 0
    assert "card_payments: 21 of 21 right" in right.out
    wrong = text.replace("/ C: i have typed them in /", "/ C: one two three /")
    (tmp_path / "mine.yml").write_text(wrong, encoding="utf-8")
    done = parley(tmp_path, "packs", "check", "mine.yml")
    assert done.status == 2
    assert "no_card_data: no, not yes" in done.out
    assert "1 examples are answered otherwise" in done.err


def test_score_takes_a_pack_by_its_name(tmp_path: Path) -> None:
    turns = [
        {"role": "agent", "text": "hello"},
        {"role": "customer", "text": "4111 1111 1111 1111"},
    ]
    talk = {"id": "c", "channel": "web", "turns": turns}
    (tmp_path / "c.json").write_text(json.dumps(talk), encoding="utf-8")
    done = parley(tmp_path, "score", "c.json", "--scorecard", "card_payments", "--json")
    found = json.loads(done.out)
    assert (found["scorecard"], found["score"], found["failed"]) == ("card_payments", 0.0, True)


def test_names_are_whole_in_a_pipe_and_pauses_are_shown() -> None:
    listed = parley(Path(), "packs", "list").out
    assert all(name in listed for name in list_packs())
    assert "…" not in listed
    shown = parley(Path(), "packs", "show", "card_payments").out
    assert re.search(r"yes: .*\(recording paused [\d.]+-[\d.]+ s\)\n", shown)

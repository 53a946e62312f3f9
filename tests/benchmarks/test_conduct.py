"""The conduct benchmark counts right, reads what people bring, and holds on its own talks."""

import json
from pathlib import Path

import pytest

from benchmarks.qa.conduct.figures import Answer, answers_of, count, interval, read_labelled, table
from benchmarks.qa.conduct.heard import as_heard
from benchmarks.qa.conduct.report import TALKS, conduct
from core.errors import BadInput
from core.evaluation import Verdict

YES, NO, NONE, UNSURE = Verdict.YES, Verdict.NO, Verdict.NOT_APPLICABLE, Verdict.UNSURE
TALK = {
    "id": "c1",
    "channel": "voice",
    "scorecard_variables": {"company": "Kestrel Savings Bank"},
    "turns": [
        {"role": "agent", "text": "thank you for calling kestrel savings bank this is mary"},
        {"role": "customer", "text": "hi i have a question"},
        {"role": "agent", "text": "okay"},
    ],
    "labels": {"greeting": True, "name": True, "further_help": False, "hold": None, "domain": "x"},
}


def test_every_question_of_conduct_reaches_its_goal_on_the_talks() -> None:
    rows = table(tuple(answers_of(read_labelled(TALKS), {})))
    assert [row.question for row in rows if (row.counts.f1 or 0) < 0.97] == []
    assert len(rows) == 8
    assert rows[-1].counts.n > 500


def test_count_takes_unsure_for_not_found() -> None:
    pairs = [(YES, YES), (YES, UNSURE), (NO, YES), (NO, NO), (NONE, NONE), (NONE, NO)]
    found = count(Answer("c", "hold", truth, said) for truth, said in pairs)
    assert (found.n, found.yeses, found.hits, found.strays, found.unsure) == (6, 2, 1, 1, 1)
    assert (found.not_applicable, found.told) == (2, 1)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    assert count([]).f1 is None


def test_interval_draws_whole_conversations_and_has_width_without_errors() -> None:
    good = [Answer(f"c{number}", "hold", YES, YES) for number in range(20)]
    bad = [Answer("worst", "hold", YES, NO)] * 20
    low, high = interval(good + bad) or (0.0, 0.0)
    assert low < 0.5
    assert high == 1.0
    low, high = interval(good) or (0.0, 0.0)
    assert (round(low, 3), high) == (0.912, 1.0)  # 20 of 20 by Wilson: 0.839; 2J / (1 + J)
    assert interval([Answer("c", "hold", NO, NO)]) is None


def test_conduct_reads_the_exchange_format_and_its_labels(tmp_path: Path) -> None:
    (tmp_path / "talks.jsonl").write_text(json.dumps(TALK) + "\n\n", encoding="utf-8")
    found = json.loads(conduct(tmp_path, {}, as_json=True))[str(tmp_path)]
    assert set(found) == {"greeting", "agent_name", "hold", "further_help", "all"}
    assert found["greeting"]["f1"] == found["agent_name"]["f1"] == 1.0
    assert found["further_help"]["f1"] is None
    assert found["hold"]["told_not_applicable"] == 1
    assert "no data" in conduct(tmp_path, {}, as_json=False)


def test_a_conversation_that_is_not_scored_counts_as_unsure(tmp_path: Path) -> None:
    foreign = TALK | {"language": "de"}
    (tmp_path / "talks.jsonl").write_text(json.dumps(foreign), encoding="utf-8")
    found = json.loads(conduct(tmp_path, {}, as_json=True))[str(tmp_path)]
    assert found["all"]["unsure"] == 1.0
    assert found["greeting"]["recall"] == 0.0


def test_as_heard_keeps_labels_and_leaves_out_what_was_not_heard() -> None:
    source, talk = next(read_labelled(TALKS))
    heard = {turn.text: "uh hello" for turn in talk.turns} | {talk.turns[1].text: ""}
    [(same, made)] = as_heard([(source, talk)], heard, "moonshine")
    assert same == source
    assert (made.labels, made.variables, made.engine) == (talk.labels, talk.variables, "moonshine")
    assert [turn.text for turn in made.turns] == ["uh hello"] * (len(talk.turns) - 1)
    assert made.is_voice


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.jsonl", "{]", "a.jsonl:1: "),
        ("a.json", json.dumps(TALK | {"channel": "fax"}), "channel"),
        ("a.csv", "", "give a folder"),
        ("a.jsonl", json.dumps(TALK | {"labels": {"greeting": "maybe"}}), "label greeting"),
        ("a.jsonl", json.dumps(TALK | {"scorecard_variables": {}}), "needs company"),
    ],
)
def test_conduct_says_what_it_cannot_read(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=words):
        conduct(path, {}, as_json=True)

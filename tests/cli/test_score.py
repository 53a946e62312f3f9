"""`parley score`: files without a database, one JSON line per line, errors that name the path."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.exchange import from_exchange
from core.settings import Settings
from store import conversations, evaluations
from store.database import open_database
from tests.cli.shell import parley
from tests.qa.test_cards import GOOD

CONVERSATION: dict[str, Any] = {
    "id": "c1",
    "channel": "voice",
    "turns": [
        {"role": "agent", "text": "Thank you for calling Acme, this is Ann. How can I help?",
         "start": 0.0, "end": 4.0},
        {"role": "customer", "text": "My parcel is broken, I am very unhappy.",
         "start": 5.0, "end": 8.0},
        {"role": "agent", "text": "I am so sorry to hear that your parcel is broken.",
         "start": 9.0, "end": 12.0},
    ],
}  # fmt: skip


def test_score_prints_the_promised_shape(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(CONVERSATION))
    done = parley(tmp_path, "score", "one.json", "--var", "company=Acme", "--json")
    assert done.status == 0, done.err
    report = json.loads(done.out)
    assert list(report) == [
        "conversation", "scorecard", "version", "variables", "score", "failed", "sentiment",
        "findings", "before_fatal", "critical", "not_scored",
    ]  # fmt: skip
    assert report["variables"]["company"] == "Acme"
    assert {turn["turn"] for turn in report["sentiment"]["turns"]} == {1}
    for finding in report["findings"]:
        assert set(finding) == {
            "question", "verdict", "value", "probability", "confidence", "source", "reason",
            "evidence", "rule",
        }  # fmt: skip
        for piece in finding["evidence"]:
            assert piece["quote"] in CONVERSATION["turns"][piece["turn"]]["text"]
    greeting = next(found for found in report["findings"] if found["question"] == "greeting")
    assert greeting["verdict"] == "yes"
    assert not (tmp_path / "var").exists()


def test_a_stored_call_is_scored_by_its_own_scorecard(tmp_path: Path) -> None:
    (tmp_path / "small.yml").write_text(GOOD)
    talk = from_exchange(CONVERSATION)

    async def store() -> None:
        database = await open_database(Settings(var=tmp_path / "var"))
        async with database.writing() as session:
            for name, card in (("own", str(tmp_path / "small.yml")), ("none", None)):
                named = replace(talk, id=name, variables={"company": "Acme"})
                await conversations.add(session, named, now=datetime.now(UTC))
                await evaluations.ask(session, name, card)
        await database.close()

    asyncio.run(store())
    for words, card in (
        (("own",), "small"),
        (("none",), "service"),
        (("own", "--scorecard", "service"), "service"),
    ):
        done = parley(tmp_path, "score", *words, "--json")
        assert json.loads(done.out)["scorecard"] == card, done.err


def test_who_failed_by_points_is_told_the_pass_mark(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(CONVERSATION))
    for mark, told in (
        ("60", "0 of 100, failed (the pass mark is 60) (small v1)"),
        ("0", "0 of 100 ("),
    ):
        (tmp_path / "small.yml").write_text(
            GOOD.replace("sections:", f"pass_mark: {mark}\nsections:")
        )
        done = parley(tmp_path, "score", "one.json", "--scorecard", "small.yml")
        assert f"c1: {told}" in done.out


def test_scores_without_the_encoder_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.json").write_text(json.dumps(CONVERSATION))
    monkeypatch.setenv("PARLEY_ENCODER_MODEL", str(tmp_path / "none"))
    done = parley(tmp_path, "score", "one.json", "--json")
    assert json.loads(done.out)["conversation"] == "c1"
    assert done.err.count("told by words alone") == 1
    assert "parley models pull encoder" in done.err
    assert re.search(r"off +encoder ", parley(tmp_path, "doctor").out)


def test_score_reads_on_after_a_bad_line(tmp_path: Path) -> None:
    bad = CONVERSATION | {"turns": [{"role": "manager", "text": "x"}]}
    lines = [CONVERSATION, "{", bad, CONVERSATION | {"id": "c2"}]
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (tmp_path / "many.jsonl").write_text(text + "\n")
    done = parley(tmp_path, "score", "many.jsonl", "--json")
    assert done.status == 2
    out = [json.loads(line) for line in done.out.splitlines()]
    assert len(out) == 4
    assert [line.get("conversation") for line in out] == ["c1", None, None, "c2"]
    assert [line.get("line") for line in out] == [None, 2, 3, None]
    assert out[1]["error"].startswith("not JSON at column 2: ")
    assert out[2]["error"].startswith("turns[0].role: 'manager' is not one of")
    assert "\nline 2: not JSON at column 2: " in parley(tmp_path, "score", "many.jsonl").out


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", b"[{}]", "a.json: a list; write each conversation on a line of its own"),
        ("b.json", b'{"id": "caf\xe9"}', "b.json: not UTF-8 text (byte 12 is none); save it"),
        ("c.json", b'{"id": "c",\n x}', "c.json: not JSON at line 2, column 2: "),
        ("d.json", b'{"id": "d"}', "d.json: channel: missing"),
        ("folder/e.json", b"{}", "folder is a folder; name one file"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_name(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    done = parley(tmp_path, "score", name.partition("/")[0])
    assert (done.status, done.err.startswith(f"parley: {message}")) == (2, True), done.err


def test_a_file_of_many_is_scored_in_its_order(tmp_path: Path) -> None:
    lines = [json.dumps(CONVERSATION | {"id": f"c{number}"}) for number in range(40)]
    lines[0] = lines[16] = lines[39] = "{"  # at the edges of those that are read together
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    done = parley(tmp_path, "score", "many.jsonl", "--json")
    out = [json.loads(line) for line in done.out.splitlines()]
    told = [line.get("conversation") or line["line"] for line in out]
    wanted: list[object] = [f"c{number}" for number in range(40)]
    wanted[0], wanted[16], wanted[39] = 1, 17, 40
    assert told == wanted
    assert {line["score"] for line in out if "score" in line} == {out[1]["score"]}


def test_one_line_that_is_no_utf8_does_not_end_the_file(tmp_path: Path) -> None:
    good = json.dumps(CONVERSATION).encode()
    lines = [b"\xef\xbb\xbf" + good, b'{"id": "caf\xe9"}', good + b"\r", b"", good]
    (tmp_path / "many.jsonl").write_bytes(b"\n".join(lines) + b"\n\n\n")
    done = parley(tmp_path, "score", "many.jsonl", "--json")
    out = [json.loads(line) for line in done.out.splitlines()]
    assert [line.get("line") for line in out] == [None, 2, None, 4, None]
    assert out[1]["error"] == "not UTF-8 text (byte 12 is none); save it in UTF-8"
    assert out[3]["error"].startswith("not JSON at column 1")
    assert done.status == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not JSON at line 1"),
        ("[]", "one.json: a list; write each"),
        ('{"id": "c1", "channel": "voice"}', "turns: missing"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 5000, "not JSON that can be read"),
        ('{"id": "c1", "channel": "web", "turns": [{"role": "bot", "text": "\\ud83d"}]}', "half a"),
    ],
)
def test_score_says_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "one.json").write_text(content, encoding="utf-8")
    done = parley(tmp_path, "score", "one.json", "--json")
    assert done.status == 2
    assert message in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["score", "nowhere.json"], "there is no such file"),
        (["score", "no-such-conversation"], "no file and no stored conversation"),
        (["score", "one.json", "--var", "company"], "write it as name=value"),
        (["score", "one.json", "--scorecard", "nosuch"], "no scorecard is called nosuch"),
        (["export", "nobody"], "no conversation nobody"),
        (["user", "link", "nobody@example.com"], "nobody signs in as"),
        (["process", "nosuch"], "no program is called"),
    ],
)
def test_commands_end_with_two_and_a_sentence(
    tmp_path: Path, words: list[str], message: str
) -> None:
    (tmp_path / "one.json").write_text(json.dumps(CONVERSATION))
    done = parley(tmp_path, *words)
    assert (done.status, message in done.err) == (2, True), done.err


def test_a_human_reads_quotes_and_seconds(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(CONVERSATION))
    done = parley(tmp_path, "score", "one.json", "--var", "company=Acme")
    assert "c1: " in done.out
    assert "greeting" in done.out
    assert "turn 0 at 0.0 s: “" in done.out

"""`parley reports` and `parley coaching`: the console's numbers in the shell."""

import asyncio
import csv
import io
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.coaching import Aim, CoachingTask
from core.evaluation import Evaluation, Evidence, Finding, Verdict
from core.example import Example
from core.people import UserRole
from core.settings import Settings
from core.spans import TextSpan
from qa.cards import load_scorecard
from store import audit, coaching, conversations, evaluations, examples, users
from store.database import open_database
from tests.build import call
from tests.cli.shell import parley

NOW = datetime.now(UTC)
CARD = load_scorecard("service")


def in_store(folder: Path, work: Callable[[AsyncSession], Awaitable[None]]) -> None:
    async def run() -> None:
        database = await open_database(Settings(var=folder / "var"))
        async with database.writing() as session:
            await work(session)
        await database.close()

    asyncio.run(run())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two calls of Ann's and one of Ben's, yesterday; a task and an example made from one."""

    async def fill(session: AsyncSession) -> None:
        ann = await users.create(
            session, email="ann@example.org", name="Ann", roles=frozenset({UserRole.AGENT})
        )
        await users.set_teams(session, ann.id, ["sofas"])
        for name, agent, score in (("c1", "Ann", 80.0), ("c2", "Ann", 60.0), ("c3", "Ben", 40.0)):
            at = NOW - timedelta(days=1)
            talk = call(("agent", "hello"), ("customer", "my lamp broke"), id=name)
            talk = replace(talk, opened_at=at, closed_at=at, agent=agent)
            await conversations.add(session, talk, now=at)
            finding = Finding("greeting", Verdict.NO, 0.9, "none")
            await evaluations.save(
                session,
                Evaluation(f"e{name}", name, CARD.name, CARD.version, (finding,), at, score,
                           failed=score < 50),
            )  # fmt: skip
        await coaching.add(
            session,
            CoachingTask(
                id="k1", agent=ann.id, skill="Greeting",
                aim=Aim(CARD.name, CARD.version, "greeting"),
                conversation="c1", evaluation="ec1", evidence=(Evidence("t0", TextSpan(0, 5)),),
                note="Say the company's name.", made_by=ann.id, made_at=NOW,
                due_at=NOW + timedelta(days=3),
            ),
        )  # fmt: skip
        example = Example(
            "x1", "c1", "t0", "t1", None, "A start", "Greeting", "Short.", ann.id, NOW
        )
        await examples.add(session, example)

    in_store(tmp_path, fill)
    return tmp_path


def test_a_report_is_read_in_the_shell(folder: Path) -> None:
    done = parley(folder, "reports", "agents")
    assert done.status == 0, done.err
    assert "answers: machine" in done.out
    ben, ann = done.out.split("\nBen\n")[1].split("\nAnn\n")
    assert "40.0 (" in ben
    assert "70.0 (" in ann
    assert "2 of 2" in ann
    assert "100 %" in parley(folder, "reports", "losses").out


def test_a_report_is_given_as_json_and_as_csv(folder: Path) -> None:
    report = json.loads(parley(folder, "reports", "overview", "--json").out)
    assert (report["version"], report["answers"]) == (CARD.version, "machine")
    assert report["rows"][0]["score"]["n"] == 3
    text = parley(folder, "reports", "teams", "--csv").out
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["team"], row["score"], row["score_n"]) == ("sofas", "70", "2")


def test_a_report_is_narrowed(folder: Path) -> None:
    for words, n in (
        (("--agent", "ann@example.org"), 2), (("--team", "sofas"), 2), (("--channel", "web"), 0),
        (("--from", "2020-01-01", "--to", "2020-01-31"), 0), (("--answers", "reviewed"), 0),
    ):  # fmt: skip
        report = json.loads(parley(folder, "reports", "overview", "--json", *words).out)
        assert sum(row["score"]["n"] for row in report["rows"]) == n, words
    assert "no data" in parley(folder, "reports", "weeks", "--channel", "web").out
    assert "no data" in parley(folder, "reports", "disputes", "--by", "agent").out


@pytest.mark.parametrize(
    "words, message",
    [
        (("nothing",), "is no report"),
        (("disputes", "--by", "weather"), "is not one of"),
        (("agents", "--json", "--csv"), "choose one"),
        (("agents", "--from", "monday"), "not a day"),
        (("agents", "--agent", "nobody@example.org"), "nobody signs in"),
        (("agents", "--answers", "mine"), "is not one of"),
    ],
)
def test_what_is_typed_wrong_is_said(folder: Path, words: tuple[str, ...], message: str) -> None:
    done = parley(folder, "reports", *words)
    assert (done.status, message in done.err) == (2, True), done.err


def test_exports_are_audited(folder: Path) -> None:
    parley(folder, "reports", "agents", "--csv")

    async def look(session: AsyncSession) -> None:
        (row,) = await audit.rows_of(session, "agents")
        assert (row.actor, row.action) == ("cli", "report.exported")

    in_store(folder, look)


def test_tasks_are_listed_and_shown(folder: Path) -> None:
    assert "k1  Ann: Greeting, not acknowledged yet, due " in parley(folder, "coaching", "list").out
    listed = json.loads(parley(folder, "coaching", "list", "--json").out)
    assert [task["id"] for task in listed] == ["k1"]
    assert "No task" in parley(folder, "coaching", "list", "--state", "done").out
    assert parley(folder, "coaching", "list", "--state", "odd").status == 2
    assert parley(folder, "coaching", "list", "--agent", "nobody@example.org").status == 2
    out = parley(folder, "coaching", "list", "--state", "all", "--agent", "ann@example.org").out
    assert "k1" in out
    out = parley(folder, "coaching", "show", "k1").out
    assert "“hello”" in out
    assert "Say the company's name." in out
    assert "before: no data" in out
    told = json.loads(parley(folder, "coaching", "show", "k1", "--json").out)
    assert (told["quotes"][0]["text"], told["effect"]["least"]) == ("hello", 10)
    assert parley(folder, "coaching", "show", "k2").status == 2


def test_examples_are_listed(folder: Path) -> None:
    assert "x1  Greeting: A start, not published" in parley(folder, "coaching", "examples").out
    assert "No example" in parley(folder, "coaching", "examples", "--skill", "Listening").out
    (one,) = json.loads(parley(folder, "coaching", "examples", "--json").out)
    assert one["why"] == "Short."

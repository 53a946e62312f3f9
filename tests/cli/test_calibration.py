"""`parley calibration`: sessions listed, compared, exported; gates told."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.asked import asked_of
from core.calibration import BlindAnswer, CalibrationSession, DoubleScore, Picked
from core.evaluation import Evaluation, Finding, Verdict
from core.people import User, UserRole
from core.settings import Settings
from qa.cards import load_scorecard
from store import audit, blind, calibration, conversations, double_scores, evaluations, users
from store.database import open_database
from tests.build import chat
from tests.cli.shell import parley

NOW = datetime.now(UTC)
CARD = load_scorecard("service")
ASKED = asked_of(CARD)


async def fill(folder: Path, *, is_over: bool) -> CalibrationSession:
    """Two people, one conversation; Sue says no to the greeting."""
    database = await open_database(Settings(var=folder / "var"))
    async with database.writing() as session:
        people = [
            await users.create(
                session, email=f"{name}@example.org", name=name, roles=frozenset({role})
            )
            for name, role in (("Sam", UserRole.SUPERVISOR), ("Sue", UserRole.OWNER))
        ]
        made = await _session(session, people)
        for user in people[: 2 if is_over else 1]:
            answers = tuple(
                BlindAnswer(q.id, "no" if (user.name, q.id) == ("Sue", "greeting") else "yes", "hm")
                for q in ASKED
            )
            await blind.submit(session, made, "c1", user.id, answers, now=NOW)
    await database.close()
    return made


async def _session(session: AsyncSession, people: list[User]) -> CalibrationSession:
    talk = replace(chat(("agent", "Good morning"), id="c1"), opened_at=NOW, closed_at=NOW)
    await conversations.add(session, talk, now=NOW)
    findings = tuple(Finding(q.id, Verdict.YES, 0.9, "heard") for q in ASKED)
    made = Evaluation("e1", "c1", "service", CARD.version, findings, NOW, 80.0, False)
    await evaluations.save(session, made)
    return await calibration.make(
        session,
        title="November", scorecard="service", version=CARD.version, questions=ASKED,
        picked={"c1": Picked.HAND}, people=[user.id for user in people],
        due_at=NOW + timedelta(days=7), by=people[0].id, now=NOW,
    )  # fmt: skip


async def actions(folder: Path, subject: str) -> list[tuple[str, str]]:
    database = await open_database(Settings(var=folder / "var"))
    async with database.reading() as session:
        rows = await audit.rows_of(session, subject)
    await database.close()
    return [(row.actor, row.action) for row in rows]


def test_nothing_yet_says_where_to_begin(tmp_path: Path) -> None:
    assert "a supervisor begins one in the console" in parley(tmp_path, "calibration", "list").out
    assert parley(tmp_path, "calibration", "list", "--json").out == "[]\n"
    assert parley(tmp_path, "calibration", "show", "x").status == 2


def test_an_open_session_is_listed_and_tells_no_answers(tmp_path: Path) -> None:
    made = asyncio.run(fill(tmp_path, is_over=False))
    listed = parley(tmp_path, "calibration", "list").out
    assert made.id in listed
    assert "submitted: Sam 1, Sue 0" in listed
    assert "due " in listed
    for words in (("show", made.id), ("export", made.id)):
        done = parley(tmp_path, "calibration", *words)
        assert done.status == 1
        assert "when everybody is in" in done.err
        assert done.out == ""


def test_a_session_that_is_over_is_shown_and_exported(tmp_path: Path) -> None:
    made = asyncio.run(fill(tmp_path, is_over=True))
    shown = parley(tmp_path, "calibration", "show", made.id).out
    assert "November: service" in shown
    assert "machine and people  0 of 1 (0%, 0% to 79%)" in shown, "a tie counts against it"
    assert "undefined (everybody gave one and the same answer throughout)" in shown
    assert "people              0 of 1 pairs agree" in shown
    told = json.loads(parley(tmp_path, "calibration", "show", made.id, "--json").out)
    assert told["questions"][0]["people_differ"] == 1
    lines = parley(tmp_path, "calibration", "export", made.id).out.splitlines()
    assert len(lines) == 1 + 2 * len([q for q in ASKED if not q.channels])
    assert "greeting,c1,hand,yes,Sue,no,no,hm,," in lines
    figures = parley(tmp_path, "calibration", "export", made.id, "--what", "figures").out
    assert "greeting,people,1,agreeing_pairs,0,,,0,1," in figures
    noted = asyncio.run(actions(tmp_path, made.id))
    assert noted.count(("cli", "calibration.compared")) == 2
    assert noted.count(("cli", "calibration.exported")) == 2


async def _score(folder: Path) -> None:
    database = await open_database(Settings(var=folder / "var"))
    greeting = ASKED[0]
    async with database.writing() as session:
        scores = [
            DoubleScore(greeting.digest, greeting.id, "service", 1, f"u{n}", Picked.RANDOM,
                        "yes" if n % 2 else "no", "yes" if n % 2 else "no", "sam", NOW)
            for n in range(50)
        ]  # fmt: skip
        await double_scores.add(session, scores)
    await database.close()


def test_gates_say_what_submits_by_itself(tmp_path: Path) -> None:
    asyncio.run(_score(tmp_path))
    lines = parley(tmp_path, "calibration", "gates").out.splitlines()
    assert len(lines) == len(ASKED)
    assert lines[0].startswith("greeting           submits by itself  50 of 50 double-scored; ")
    assert "suggestion         0 of 50 double-scored; lower bound of kappa cannot be" in lines[1]
    told = json.loads(parley(tmp_path, "calibration", "gates", "service", "--json").out)
    assert [each["submits_by_itself"] for each in told] == [True] + [False] * (len(ASKED) - 1)


@pytest.mark.parametrize("words", [("gates", "nothing"), ("export", "x", "--what", "words")])
def test_wrong_input_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = parley(tmp_path, "calibration", *words)
    assert done.status == 2
    assert done.err

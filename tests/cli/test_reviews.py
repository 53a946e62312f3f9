"""`parley reviews`: what is due, drawn, reviewed, and the means of it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.draw import Drawn, Risk, Way
from core.evaluation import Evaluation, Finding, SentimentTrace, Verdict
from core.settings import Settings
from qa.cards import load_scorecard
from store import conversations, draws, evaluations, reviews
from store.database import open_database
from store.reviews import Actor
from tests.build import call
from tests.cli.shell import parley

NOW = datetime.now(UTC)
CARD = load_scorecard("service")
SAM = Actor("sam")


def in_house(folder: Path, work: Callable[[AsyncSession], Awaitable[None]]) -> None:
    async def run() -> None:
        database = await open_database(Settings(var=folder / "var"))
        async with database.writing() as session:
            await work(session)
        await database.close()

    asyncio.run(run())


async def scored(session: AsyncSession, id: str, *, shift: float | None = None) -> Evaluation:
    """A call of Ann's that ended an hour ago."""
    at = NOW - timedelta(hours=1)
    spoken = replace(call(("agent", "hello"), id=id), opened_at=at, closed_at=at, agent="Ann")
    judged = Evaluation(
        f"e-{id}", id, CARD.name, CARD.version,
        (Finding("greeting", Verdict.YES, 0.9, "heard"),), at, 80.0, False,
        sentiment=SentimentTrace(shift=shift),
    )  # fmt: skip
    await conversations.add(session, spoken, now=at)
    await evaluations.save(session, judged)
    return judged


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """One call drawn by chance and reviewed, one whose mood fell, which nobody has drawn yet."""

    async def work(session: AsyncSession) -> None:
        first = await scored(session, "calm")
        at = NOW - timedelta(hours=1)
        drawn = Drawn("d1", "calm", "unknown", Way.UNIFORM, 0.25, (), at, at, "service")
        await draws.add(session, [drawn])
        review = await reviews.begin(session, first, SAM, now=NOW)
        await reviews.submit(
            session, review.id, SAM, card=CARD, window=timedelta(days=7), now=NOW
        )  # fmt: skip
        await scored(session, "falling", shift=-0.9)

    in_house(tmp_path, work)
    return tmp_path


def test_draw_says_what_it_drew_and_due_lists_it(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_REVIEW_NEW_AGENT_DAYS", "0")
    assert "nothing waits" in parley(house, "reviews", "due").out
    assert "0 drawn by chance, 1 for a risk." in parley(house, "reviews", "draw").out
    assert json.loads(parley(house, "reviews", "draw", "--json").out)["risk"] == 0, "once"
    out = parley(house, "reviews", "due").out
    assert "By chance: 0" in out
    assert "For a risk: 1" in out
    assert "falling  Ann  80  the mood fell" in out
    (found,) = json.loads(parley(house, "reviews", "due", "--json").out)["risk"]["drawn"]
    assert (found["conversation"], found["risks"]) == ("falling", [Risk.FALLING])


def test_list_shows_state_and_both_scores(house: Path) -> None:
    assert "Ann  submitted  80" in parley(house, "reviews", "list").out
    assert parley(house, "reviews", "list", "--state", "closed").out.strip() == "No review."
    (line,) = json.loads(parley(house, "reviews", "list", "--json", "--agent", "ann").out)[
        "reviews"
    ]
    assert (line["state"], line["score"], line["machine_score"]) == ("submitted", 80.0, 80.0)
    done = parley(house, "reviews", "list", "--agent", "Zoe")
    assert (done.status, "nothing was drawn or reviewed of 'Zoe'" in done.err) == (2, True)


def test_means_say_how_many_they_are_of(house: Path) -> None:
    out = parley(house, "reviews", "means").out
    assert "(service): 1 of 1 reviewed" in out
    assert "by chance alone  80.0, n = 1" in out
    (row,) = json.loads(parley(house, "reviews", "means", "--json").out)["agents"]
    assert row["weighted"] == {"value": 80.0, "low": None, "high": None, "n": 1}


def test_an_empty_house_says_so(tmp_path: Path) -> None:
    assert "No review." in parley(tmp_path, "reviews", "list").out
    assert "Nothing was drawn" in parley(tmp_path, "reviews", "means").out
    assert "0 drawn by chance" in parley(tmp_path, "reviews", "draw").out

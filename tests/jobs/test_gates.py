"""The machine submits by itself where the gate of every question is open, and only there."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.asked import asked_of
from core.evaluation import Evaluation, Finding, Verdict
from core.review import MACHINE, ReviewState
from core.scorecard import Question, Scorecard, Section
from core.settings import Settings
from jobs.gates import Gates, submit
from store import conversations, double_scores, evaluations, rescoring, reviews
from store.database import Database, open_database
from store.reviews import Actor
from tests.build import call
from tests.calibrating import scores

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUESTIONS = (Question("greeting", "?", 50, "phrase"), Question("close", "?", 50, "phrase"))
CARD = Scorecard("card", 1, "Card", (Section("s", "S", 100, QUESTIONS),))
ALIKE = [("yes", "yes", 40), ("no", "no", 30)]  # kappa 1
UNLIKE = [("yes", "yes", 30), ("no", "yes", 20), ("yes", "no", 20)]
FEW = [("yes", "yes", 29), ("no", "no", 20)]
WEEK = timedelta(days=7)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(Settings(_env_file=None, var=tmp_path))  # type: ignore[call-arg]  # pydantic-settings' own argument
    yield opened
    await opened.close()


async def judged(database: Database, *, agent: str | None = "Ann", id: str = "e1") -> Evaluation:
    """A call that the machine has scored."""
    spoken = replace(call(("agent", "hello"), id="c1"), agent=agent)
    findings = tuple(Finding(q.id, Verdict.YES, 0.9, "heard") for q in QUESTIONS)
    made = Evaluation(id, "c1", "card", 1, findings, NOW, 100.0, False)
    async with database.writing() as session:
        if await conversations.find(session, "c1") is None:
            await conversations.add(session, spoken, now=NOW)
        await evaluations.save(session, made)
    return made


async def calibrated(database: Database, pairs: dict[str, list[tuple[str, str, int]]]) -> None:
    async with database.writing() as session:
        for asked in asked_of(CARD):
            await double_scores.add(session, scores(asked, pairs[asked.id]))


async def submits(database: Database, gates: Gates, evaluation: Evaluation) -> bool:
    async with database.reading() as session:
        conversation = await conversations.get(session, "c1")
        return await gates.submits(session, evaluation, CARD, conversation)


@pytest.mark.parametrize(
    ("greeting", "close", "is_open"),
    [
        (ALIKE, ALIKE, True),
        (ALIKE, UNLIKE, False),
        (UNLIKE, ALIKE, False),
        (ALIKE, FEW, False),
        (ALIKE, [], False),
    ],
)
async def test_every_gate_must_be_open(
    database: Database,
    greeting: list[tuple[str, str, int]],
    close: list[tuple[str, str, int]],
    is_open: bool,
) -> None:
    evaluation = await judged(database)
    await calibrated(database, {"greeting": greeting, "close": close})
    assert await submits(database, Gates(), evaluation) is is_open


async def test_new_double_scores_count_at_once(database: Database) -> None:
    evaluation, gates = await judged(database), Gates()
    await calibrated(database, {"greeting": ALIKE, "close": ALIKE})
    assert await submits(database, gates, evaluation)
    async with database.writing() as session:
        asked = asked_of(CARD)[0]
        worse = scores(asked, [("yes", "no", 30), ("no", "yes", 30)], first=500)
        await double_scores.add(session, worse)
    assert not await submits(database, gates, evaluation)


async def by_itself(database: Database, evaluation: Evaluation) -> bool:
    async with database.writing() as session:
        return await submit(session, evaluation, CARD, window=WEEK, now=NOW)


async def test_what_the_machine_submits_is_nobodys_review(database: Database) -> None:
    evaluation = await judged(database)
    assert await by_itself(database, evaluation)
    async with database.reading() as session:
        (review,) = await reviews.of_conversation(session, "c1")
    assert (review.state, review.submitted_by) == (ReviewState.SUBMITTED, MACHINE)
    assert (review.due_at, review.is_reviewed) == (NOW + WEEK, False)
    assert not await by_itself(database, evaluation), "once"


async def test_scored_again_the_machine_takes_its_own_back_until_somebody_answers(
    database: Database,
) -> None:
    await by_itself(database, await judged(database))
    for name, is_moved in (("e2", True), ("e3", False)):
        again = await judged(database, id=name)
        async with database.writing() as session:
            moved = await rescoring.follow(session, again, CARD)
            assert (moved is not None) is is_moved
            (review,) = await reviews.of_conversation(session, "c1")
            if is_moved:
                assert (review.state, review.evaluation) == (ReviewState.DRAFT, name)
        assert await by_itself(database, again) is is_moved
        async with database.writing() as session:  # the agent answers
            row = await reviews.get_row(session, review.id)
            row.state = ReviewState.ACKNOWLEDGED.value


async def test_what_a_person_takes_back_the_machine_does_not_submit_again(
    database: Database,
) -> None:
    evaluation = await judged(database)
    await by_itself(database, evaluation)
    async with database.writing() as session:
        (review,) = await reviews.of_conversation(session, "c1")
        await reviews.take_back(session, review.id, Actor("sam"), now=NOW)
    assert not await by_itself(database, evaluation)


async def test_a_person_who_is_at_it_is_not_overtaken(database: Database) -> None:
    evaluation = await judged(database)
    async with database.writing() as session:
        await reviews.begin(session, evaluation, Actor("sam"), now=NOW)
    assert not await by_itself(database, evaluation)


async def test_what_nobody_would_read_is_not_submitted(database: Database) -> None:
    assert not await by_itself(database, await judged(database, agent=None))

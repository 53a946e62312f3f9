"""What is drawn for review: once, by chance and by risk, each knowing nothing of the other."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.alert import AlertKind
from core.conversation import JsonValue
from core.draw import Drawn, Period, Risk, Way
from core.evaluation import Evaluation, Finding, SentimentTrace, Verdict
from core.recording import Recording, RecordingState
from core.settings import Settings
from core.survey import SurveyInvitation, SurveyKind, SurveyResponse
from jobs.drawing import Drawing, DrawnNow
from qa.cards import load_scorecard
from store import agents, alerts, conversations, draws, evaluations, recordings, surveys
from store.database import Database, open_database
from store.review_rows import drawn_of
from store.review_tables import DrawPeriodRow, DrawRow
from tests.build import call

MONDAY = datetime(2026, 5, 4, tzinfo=UTC) - timedelta(hours=1)  # midnight in London
WEEK = timedelta(days=7)
CARD = load_scorecard("service")


@dataclass
class House:
    """A database with calls in it, and the worker that draws."""

    database: Database
    settings: Settings

    def drawing(self, **changed: object) -> Drawing:
        return Drawing(self.settings.model_copy(update=changed), self.database)

    async def call(
        self, id: str, agent: str | None = "Ann", *, days: float = 0, shift: float | None = None,
        fatal: bool = False, unsure: int | None = None,
    ) -> None:  # fmt: skip
        """A scored call that ended `days` after Monday."""
        at = MONDAY + timedelta(days=days, minutes=1)
        spoken = replace(
            call(("agent", "hello, what a mess"), id=id), opened_at=at, closed_at=at, agent=agent
        )
        verdict = Verdict.NO if fatal else Verdict.YES
        judged = Evaluation(
            f"e-{id}", id, CARD.name, CARD.version,
            (Finding("no_prohibited", verdict, 0.9, "heard"),), at, 80.0, False,
            sentiment=SentimentTrace(shift=shift),
        )  # fmt: skip
        async with self.database.writing() as session:
            await conversations.add(session, spoken, now=at)
            await evaluations.save(session, judged)
            if unsure is not None:
                channels: list[JsonValue] = [{"words": 50, "unsure_words": unsure}, {"words": 50}]
                heard = Recording(
                    f"r-{id}", id.zfill(64), f"{id}.wav", RecordingState.SCORED, at,
                    conversation=id, quality={"channels": channels},
                )  # fmt: skip
                await recordings.receive(session, heard)

    async def drawn(self, way: Way) -> dict[str, Drawn]:
        async with self.database.reading() as session:
            rows = await session.scalars(select(DrawRow).where(DrawRow.way == way.value))
            return {row.conversation_id: drawn_of(row) for row in rows}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    settings = Settings(_env_file=None, var=tmp_path, review_new_agent_days=0)  # type: ignore[call-arg]  # pydantic-settings' own argument
    database = await open_database(settings)
    yield House(database, settings)
    await database.close()


async def test_a_week_is_drawn_once_when_it_is_over_and_settled(house: House) -> None:
    for number in range(20):
        await house.call(f"a{number:02}", days=number / 3)
    await house.call("b00", "Ben", days=2)
    drawing = house.drawing()
    over = MONDAY + WEEK
    for now in (MONDAY + timedelta(days=6), over + timedelta(hours=11)):
        assert (await drawing.look(now)).uniform == 0
    assert (await drawing.look(over + timedelta(hours=13))).uniform == 3
    found = await house.drawn(Way.UNIFORM)
    assert sorted(one.probability for one in found.values()) == [0.1, 0.1, 1.0]
    await house.call("a99", days=1)  # scored late: it was in no draw, and makes no second one
    for again in (drawing, house.drawing()):
        assert (await again.look(over + timedelta(days=2))).uniform == 0
    async with house.database.reading() as session:
        rows = list(await session.scalars(select(DrawPeriodRow)))
    assert {(row.conversations, row.drawn) for row in rows} == {(20, 2), (1, 1)}
    assert {row.starts_at for row in rows} == {MONDAY}


async def test_the_draw_can_be_repeated_from_what_is_kept(house: House, tmp_path: Path) -> None:
    for number in range(20):
        await house.call(f"a{number:02}", days=number / 3)
    await house.drawing().look(MONDAY + WEEK + timedelta(days=1))
    first = set(await house.drawn(Way.UNIFORM))
    async with house.database.writing() as session:
        for table in (DrawRow, DrawPeriodRow):
            for row in await session.scalars(select(table)):
                await session.delete(row)
    await house.drawing().look(MONDAY + WEEK + timedelta(days=3))
    assert set(await house.drawn(Way.UNIFORM)) == first


async def test_weeks_that_were_missed_are_made_up_for_but_not_the_past_of_before(
    house: House,
) -> None:
    for week in range(6):
        await house.call(f"w{week}", days=7 * week)
    await house.drawing().look(MONDAY + 2 * WEEK + timedelta(days=1))
    assert set(await house.drawn(Way.UNIFORM)) == {"w1"}, "only the last one at first"
    await house.drawing().look(MONDAY + 5 * WEEK + timedelta(days=1))
    assert set(await house.drawn(Way.UNIFORM)) == {"w1", "w2", "w3", "w4"}


@pytest.mark.parametrize(
    ("period", "ends", "drawn"),
    [(Period.DAY, MONDAY + timedelta(days=2), {"d1"}), (Period.MONTH, None, {"d0", "d1", "d8"})],
)
async def test_other_periods(
    house: House, period: Period, ends: datetime | None, drawn: set[str]
) -> None:
    for day in (0, 1, 8):
        await house.call(f"d{day}", days=day)
    now = (ends or datetime(2026, 6, 1, tzinfo=UTC)) + timedelta(hours=13)
    await house.drawing(review_period=period, review_per_agent=5).look(now)
    assert set(await house.drawn(Way.UNIFORM)) == drawn


async def test_nothing_is_drawn_by_chance_where_the_setting_says_none(house: House) -> None:
    await house.call("a")
    drawing = house.drawing(review_per_agent=0)
    assert await drawing.look(MONDAY + WEEK + timedelta(days=1)) == DrawnNow()


async def test_every_risk_is_drawn_at_once_and_once(house: House) -> None:
    await house.call("calm", shift=0.2, unsure=2)
    await house.call("falling", shift=-0.5)
    await house.call("faint", unsure=20)  # 40 % of the words of the channel that says so
    await house.call("fatal", fatal=True)
    await house.call("sad")
    async with house.database.writing() as session:
        await surveys.invite(
            session, SurveyInvitation("i", "sad", (SurveyKind.CSAT,), "call", MONDAY)
        )
    drawing = house.drawing()
    noon = MONDAY + timedelta(hours=12)
    assert (await drawing.look(noon)).by_risk == 3
    async with house.database.writing() as session:  # answered hours after it was scored
        answered = noon + timedelta(hours=6)
        await surveys.respond(session, SurveyResponse("r", "i", SurveyKind.CSAT, answered, score=1))
    assert (await drawing.look(noon + timedelta(hours=7))).by_risk == 1
    assert (await drawing.look(noon + timedelta(hours=8))).by_risk == 0
    assert (await house.drawing().look(noon + timedelta(hours=8))).by_risk == 0, "after a restart"
    found = await house.drawn(Way.RISK)
    assert {name: one.risks for name, one in found.items()} == {
        "falling": (Risk.FALLING,), "faint": (Risk.FAINT,), "fatal": (Risk.FATAL,),
        "sad": (Risk.DETRACTOR,),
    }  # fmt: skip
    assert {one.probability for one in found.values()} == {1.0}


async def test_a_fatal_answer_makes_an_alert(house: House) -> None:
    await house.call("fatal", fatal=True)
    await house.call("falling", shift=-0.5)
    await house.drawing().look(MONDAY + timedelta(hours=1))
    async with house.database.reading() as session:
        (alert,) = await alerts.open_alerts(session)
    assert (alert.kind, alert.cites.id) == (AlertKind.FINDING, "e-fatal:no_prohibited")
    assert alert.conversation == "fatal"


async def test_a_fatal_answer_of_another_scorecard_is_reviewed_by_that_one(house: House) -> None:
    await house.call("c1", fatal=True)
    await house.call("c2", fatal=True)
    async with house.database.writing() as session:
        before = await evaluations.latest(session, "c1")
        assert before is not None
        clean = replace(before.findings[0], verdict=Verdict.YES)
        later = before.made_at + timedelta(seconds=1)
        main = replace(before, id="m", scorecard="gone", findings=(clean,), made_at=later)
        await evaluations.save(session, main)
    await house.drawing().look(MONDAY + timedelta(hours=1))
    found = await house.drawn(Way.RISK)
    assert {name: (one.risks, one.scorecard) for name, one in found.items()} == {
        "c1": ((Risk.FATAL,), "service"),
        "c2": ((Risk.FATAL,), "service"),
    }
    async with house.database.reading() as session:
        cited = {alert.cites.id for alert in await alerts.open_alerts(session)}
    assert cited == {"e-c1:no_prohibited", "e-c2:no_prohibited"}
    await house.drawing().look(MONDAY + WEEK + timedelta(days=1))
    by_chance = await house.drawn(Way.UNIFORM)
    assert {name: one.scorecard for name, one in by_chance.items()} == {
        "c1": "gone",
        "c2": "service",
    }, "chance draws for the main scorecard"


async def test_risks_are_drawn_up_to_a_number_of_each_agent_and_week(house: House) -> None:
    for number in range(4):
        await house.call(f"a{number}", days=number, shift=-0.5)
        await house.call(f"f{number}", days=number, fatal=True)
        await house.call(f"n{number}", days=7 + number, shift=-0.5)
    drawing = house.drawing(review_risks_per_agent=2)
    for day in range(12):  # whether it looks often or once makes no difference
        await drawing.look(MONDAY + timedelta(days=day))
    assert set(await house.drawn(Way.RISK)) == {
        "a0", "a1", "f0", "f1", "f2", "f3", "n0", "n1",
    }  # fmt: skip


async def test_the_uniform_draw_does_not_look_at_risks(house: House) -> None:
    for number in range(6):
        await house.call(f"a{number}", days=number, shift=-0.5)
    drawing = house.drawing(review_per_agent=6)
    await drawing.look(MONDAY + timedelta(days=6))
    await drawing.look(MONDAY + WEEK + timedelta(days=1))
    assert len(await house.drawn(Way.UNIFORM)) == 6, "those that a risk has drawn too"
    assert len(await house.drawn(Way.RISK)) == 3


async def test_a_new_agents_first_calls_are_drawn_until_they_are_new_no_more(house: House) -> None:
    for day in (0, 1, 3):
        await house.call(f"a{day}", days=day)
    await house.call("bot-less", None, days=1)  # nobody knows whose first days these would be
    await house.drawing(review_new_agent_days=2).look(MONDAY + timedelta(days=5))
    found = await house.drawn(Way.RISK)
    assert {name: one.risks for name, one in found.items()} == {
        "a0": (Risk.NEW_AGENT,),
        "a1": (Risk.NEW_AGENT,),
    }


async def test_who_was_drawn_before_is_not_new_though_their_calls_are_deleted(
    house: House,
) -> None:
    async with house.database.writing() as session:
        key = agents.name_key(session, "Ann")
        before = (MONDAY - timedelta(days=99), MONDAY - timedelta(days=92))
        await draws.note_made(
            session, key, before, conversations=1, drawn=1, seed="s", now=MONDAY
        )  # fmt: skip
    await house.call("a")
    assert (await house.drawing(review_new_agent_days=30).look(MONDAY + timedelta(days=1))) == (
        DrawnNow()
    )


async def test_what_was_scored_again_long_after_is_not_drawn(house: House) -> None:
    await house.call("old", days=-20, shift=-0.9)
    async with house.database.writing() as session:
        stored = await evaluations.latest(session, "old")
        assert stored is not None
        await evaluations.save(session, replace(stored, id="e2", made_at=MONDAY))
    assert (await house.drawing().look(MONDAY + timedelta(days=1))).by_risk == 0

"""What reports count: one row a conversation, in its window, by its version, as people left it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.calibration import DoubleScore, Picked
from core.conversation import Channel, Conversation
from core.draw import Way
from core.errors import BadInput
from core.evaluation import Evaluation, Finding, Verdict
from core.judged import Answered, Answers, Blindly, Contested, Judged, Surveyed, Version, Wanted
from core.review import Answer
from core.survey import SurveyKind, SurveyResponse
from store import agents, conversations, double_scores, evaluations, reports, surveys
from store.database import Database
from store.review_tables import DrawRow
from store.tables import SurveyInvitationRow
from tests.build import call
from tests.store.reviewing import NOW, YES, Desk, opened_desk

DAY = timedelta(days=1)
WANTED = Wanted("card", 1, NOW - DAY, NOW + DAY)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    yield await opened_desk(database)


async def store_call(desk: Desk, id: str, *, at: datetime = NOW, **changes: object) -> None:
    """One more call, judged well by the first version of the card."""
    made: Conversation = replace(
        call(("agent", "hello, this is Ben"), ("customer", "hi"), id=id),
        opened_at=at, **{"agent": "Ben"} | changes,  # type: ignore[arg-type] # its fields
    )  # fmt: skip
    finding = Finding("greeting", Verdict.YES, 0.9, "hello")
    async with desk.database.writing() as session:
        await conversations.add(session, made, now=at)
        await evaluations.save(
            session, Evaluation(f"e-{id}", id, "card", 1, (finding,), at, 100.0, failed=False)
        )


async def rows(desk: Desk, wanted: Wanted = WANTED) -> list[Judged]:
    async with desk.database.reading() as session:
        return [row async for row in reports.judged(session, wanted)]


async def draw(
    desk: Desk, conversation: str, way: Way, chance: float, *, skipped: bool = False
) -> None:
    async with desk.database.writing() as session:
        session.add(
            DrawRow(
                id=f"{way}-{conversation}", conversation_id=conversation, agent_key="x",
                way=way.value, probability=chance, risks=[], ended_at=NOW, drawn_at=NOW,
                skipped_at=NOW if skipped else None,
            )
        )  # fmt: skip


async def test_one_row_for_each_conversation_with_the_newest_answers(desk: Desk) -> None:
    await desk.judge(id="e1", greeting="no")
    await desk.begin(await desk.judge(id="e2", greeting="no"))  # kept, as a person looks at it
    await desk.judge(id="e3", greeting="yes", minutes=5)
    (row,) = await rows(desk)
    assert row == Judged(
        desk.conversation, NOW, f"user:{desk.people['ann'].id}", None, 60.0, False,
        '{"greeting":"y","name":"n","rude":"y"}',
    )  # fmt: skip


async def test_the_name_of_a_call_is_its_user(desk: Desk) -> None:
    await store_call(desk, "k1")
    await store_call(desk, "k2", agent="Nobody")
    by_call = {row.conversation: row.agent for row in await rows(desk)}
    assert by_call["k1"] == f"user:{desk.people['ben'].id}"
    assert by_call["k2"].startswith("name:")


@pytest.mark.parametrize(
    "changes, found",
    [
        ({}, ["k1", "k2", "k3"]),
        ({"version": 2}, []),
        ({"scorecard": "other"}, []),
        ({"start": NOW + DAY, "end": NOW + 3 * DAY}, ["k4"]),
        ({"end": NOW}, []),  # half-open
        ({"channel": Channel.WHATSAPP}, ["k2"]),
        ({"queue": "sofas"}, ["k3"]),
        ({"agents": frozenset({"user:ben"})}, []),
        ({"agents": frozenset()}, []),
    ],
)
async def test_a_window_and_its_filters(
    desk: Desk, changes: dict[str, object], found: list[str]
) -> None:
    await store_call(desk, "k1")
    await store_call(desk, "k2", channel=Channel.WHATSAPP)
    await store_call(desk, "k3", queue="sofas")
    await store_call(desk, "k4", at=NOW + DAY)
    wanted = replace(WANTED, **changes)  # type: ignore[arg-type] # fields of what is wanted
    assert [row.conversation for row in await rows(desk, wanted)] == found


async def test_an_agents_conversations_are_found_under_all_their_keys(desk: Desk) -> None:
    await store_call(desk, "k1")
    await desk.judge()
    (row,) = [row for row in await rows(desk) if row.conversation == "k1"]
    async with desk.database.reading() as session:
        key = await agents.key_of(session, "k1")
    assert key.startswith("name:")
    assert row.agent.startswith("user:")
    keys = frozenset({key, row.agent})
    assert [row.conversation for row in await rows(desk, replace(WANTED, agents=keys))] == ["k1"]


async def test_corrections_count_once_the_review_is_submitted(desk: Desk) -> None:
    corrected = replace(WANTED, answers=Answers.CORRECTED)
    review = await desk.begin(await desk.judge())
    await desk.correct(review, "name", YES)
    machine = '{"greeting":"n","name":"n","rude":"y"}'
    assert [(row.score, row.answers) for row in await rows(desk, corrected)] == [(20.0, machine)]
    await desk.submit(review)
    person = '{"greeting":"n","name":"y","rude":"y"}'
    assert [(row.score, row.answers) for row in await rows(desk, corrected)] == [(60.0, person)]
    assert [(row.score, row.answers) for row in await rows(desk)] == [(20.0, machine)]


async def test_a_review_stands_on_the_answers_it_was_submitted_with(desk: Desk) -> None:
    await desk.submit(await desk.begin(await desk.judge(name="yes")))
    await desk.judge(id="e2", name="no", minutes=5)
    corrected = replace(WANTED, answers=Answers.CORRECTED)
    (row,) = await rows(desk, corrected)
    assert (row.score, row.answers) == (60.0, '{"greeting":"n","name":"y","rude":"y"}')
    (row,) = await rows(desk)
    assert (row.score, row.answers) == (20.0, '{"greeting":"n","name":"n","rude":"y"}')


async def test_people_count_by_the_uniform_draw_alone_and_by_its_chance(desk: Desk) -> None:
    reviewed = replace(WANTED, answers=Answers.REVIEWED)
    await desk.submit(await desk.begin(await desk.judge()))
    assert await rows(desk, reviewed) == [], "picked by hand: nobody knows the chance"
    await draw(desk, desk.conversation, Way.RISK, 1.0)
    assert await rows(desk, reviewed) == []
    await draw(desk, desk.conversation, Way.UNIFORM, 0.25)
    (row,) = await rows(desk, reviewed)
    assert (row.score, row.weight) == (20.0, 4.0)
    await store_call(desk, "k1")
    await draw(desk, "k1", Way.UNIFORM, 0.5)
    await store_call(desk, "k2")
    await draw(desk, "k2", Way.UNIFORM, 0.5, skipped=True)
    assert len(await rows(desk, reviewed)) == 1
    async with desk.database.reading() as session:
        assert await reports.drawn(session, reviewed) == (3, 1)


async def test_scores_meet_the_newest_answer_of_the_customer(desk: Desk) -> None:
    await desk.judge()
    await store_call(desk, "k1")
    async with desk.database.writing() as session:
        for number, (conversation, score) in enumerate(
            ((desk.conversation, 2), (desk.conversation, 4), ("k1", None))
        ):
            at = NOW + timedelta(minutes=number)
            session.add(
                SurveyInvitationRow(
                    id=f"i{number}", conversation_id=conversation, kinds=["csat"], about="",
                    offered_at=at,
                )
            )  # fmt: skip
            await session.flush()
            response = SurveyResponse(
                f"r{number}", f"i{number}", SurveyKind.CSAT, at, score, is_dismissed=not score
            )
            await surveys.respond(session, response)
    async with desk.database.reading() as session:
        found = [row async for row in reports.surveyed(session, WANTED)]
    assert found == [Surveyed(desk.conversation, NOW, 20.0, 4)]


async def test_disputes_come_with_who_evaluated_and_what_was_decided(desk: Desk) -> None:
    review = await desk.submit(await desk.begin(await desk.judge()))
    dispute = await desk.dispute(review)
    ann, sam = f"user:{desk.people['ann'].id}", desk.people["sam"].id
    waits = Contested(desk.conversation, NOW, ann, None, "name", sam, None)
    async with desk.database.reading() as session:
        assert [row async for row in reports.contested(session, WANTED)] == [waits]
    await desk.decide(dispute, "sue", Answer(Verdict.YES))
    async with desk.database.reading() as session:
        (row,) = [row async for row in reports.contested(session, WANTED)]
        assert row == replace(waits, overturned=True)
        later = replace(WANTED, start=NOW + DAY, end=NOW + 2 * DAY)
        assert [row async for row in reports.contested(session, later)] == []


async def test_a_persons_answers_stand_beside_the_machines(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    await desk.correct(review, "name", YES)
    async with desk.database.reading() as session:
        assert [row async for row in reports.answered(session, WANTED)] == [], "still a draft"
    await desk.submit(review)
    async with desk.database.reading() as session:
        found = [row async for row in reports.answered(session, WANTED)]
    assert found == [
        Answered(
            desk.conversation, NOW, desk.people["sam"].id,
            '{"greeting":"n","name":"n","rude":"y"}', '{"greeting":"n","name":"y","rude":"y"}',
        )
    ]  # fmt: skip


async def test_blind_answers_outlive_their_conversation_until_a_filter_asks_for_it(
    desk: Desk,
) -> None:
    await store_call(desk, "k1", queue="sofas")
    score = DoubleScore(
        digest="d", question="name", scorecard="card", version=1, conversation="k1",
        picked=Picked.UNIFORM, machine="no", person="yes", by="sam", at=NOW,
    )  # fmt: skip
    async with desk.database.writing() as session:
        await double_scores.add(session, [score, replace(score, digest="e", version=2)])

    async def found(wanted: Wanted) -> list[Blindly]:
        async with desk.database.reading() as session:
            return [row async for row in reports.blindly(session, wanted)]

    of_queue = replace(WANTED, queue="sofas")
    assert await found(WANTED) == [Blindly("k1", NOW, "sam", "name", "no", "yes")]
    assert len(await found(of_queue)) == 1
    assert await found(replace(WANTED, queue="beds")) == []
    assert await found(replace(WANTED, end=NOW)) == []
    assert await found(replace(WANTED, without=frozenset({"k1"}))) == []
    async with desk.database.writing() as session:
        await double_scores.unlink(session, "k1")
    assert len(await found(replace(WANTED, without=frozenset({"k1"})))) == 1
    assert await found(of_queue) == []


async def test_versions_are_told_apart_and_counted(desk: Desk) -> None:
    await desk.judge()
    await store_call(desk, "k1", queue="sofas")
    finding = (Finding("greeting", Verdict.YES, 0.9, "hello"),)
    async with desk.database.writing() as session:
        await evaluations.save(
            session, Evaluation("v2", "k1", "card", 2, finding, NOW, 100.0, failed=False)
        )
    async with desk.database.reading() as session:
        found = await reports.versions(session, start=WANTED.start, end=WANTED.end)
        assert await reports.queues(session) == ("sofas",)
    assert set(found) <= {Version("card", 2, 1), Version("card", 1, 1), Version("card", 1, 2)}
    assert found[0] == Version("card", 2, 1)


async def test_conditions_narrow_what_a_list_shows(desk: Desk) -> None:
    await desk.judge(name="no")
    await store_call(desk, "k1")
    async with desk.database.reading() as session:
        for wanted in (WANTED, replace(WANTED, answers=Answers.CORRECTED)):
            failed = reports.matching(wanted, reports.standing_failed(wanted).is_(True))
            assert list(await session.scalars(failed)) == [desk.conversation]
            every = reports.matching(wanted)
            assert set(await session.scalars(every)) == {desk.conversation, "k1"}
            no_name = reports.standing_answers(wanted).contains('"name":"n', autoescape=True)
            found = await session.scalars(reports.matching(wanted, no_name))
            assert list(found) == [desk.conversation]


def test_nobody_asks_without_a_zone() -> None:
    with pytest.raises(BadInput, match="zone"):
        replace(WANTED, start=datetime(2026, 1, 1))  # noqa: DTZ001 -- what is refused

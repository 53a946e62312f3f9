"""The queue in the store: what there is to draw from, what was drawn, lists and samples of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from core.draw import Drawn, Risk, Way
from core.evaluation import Evaluation
from core.recording import Recording, RecordingState
from core.review import ReviewState
from core.survey import SurveyInvitation, SurveyKind, SurveyResponse
from store import (
    agents,
    conversations,
    draws,
    evaluations,
    recordings,
    review_list,
    reviews,
    surveys,
)
from store.database import Database
from store.draws import Ended
from store.review_list import QueueFilter, QueueState, ReviewFilter
from store.review_samples import Sample, samples
from tests.build import call
from tests.store.reviewing import CARD, NAMED, NOW, Desk, opened_desk

WEEK = timedelta(days=7)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    yield await opened_desk(database)


async def spoken(
    desk: Desk, id: str, *, agent: str | None = "Ann", days: float = 0, asked: bool = True
) -> None:
    """A scored call that ended `days` after NOW; not `asked`: no question could be."""
    at = NOW + timedelta(days=days)
    made = replace(call(("agent", "hello"), id=id), opened_at=at, closed_at=at, agent=agent)
    judged = Evaluation(
        f"e-{id}", id, CARD.name, 1, (), at, 50.0, True, not_scored=None if asked else "silence"
    )
    async with desk.database.writing() as session:
        await conversations.add(session, made, now=at)
        await evaluations.save(session, judged)


async def test_the_frame_is_what_ended_in_the_period_by_person(desk: Desk) -> None:
    await desk.judge()  # Ann's chat, which is open: it counts by when it was listed
    await spoken(desk, "late", days=2)
    await spoken(desk, "early", agent="ANN@example.org", days=1)
    await spoken(desk, "bens", agent="ben", days=1)
    await spoken(desk, "nobodys", agent=None, days=1)
    await spoken(desk, "silent", days=1, asked=False)
    await spoken(desk, "before", days=-0.1)
    await spoken(desk, "after", days=7)
    async with desk.database.reading() as session:
        found = await draws.frame(session, NOW, NOW + WEEK)
    ann, ben = (f"user:{desk.people[name].id}" for name in ("ann", "ben"))
    assert {agent: [one.conversation for one in many] for agent, many in found.items()} == {
        ann: [desk.conversation, "early", "late"], ben: ["bens"], agents.UNKNOWN: ["nobodys"],
    }  # fmt: skip


def drawn(id: str, *risks: Risk, agent: str = "user:x", chance: float = 1.0) -> Drawn:
    way = Way.RISK if risks else Way.UNIFORM
    return Drawn(f"{way}-{id}", id, agent, way, chance, risks, NOW, NOW, scorecard="card")


async def test_what_is_new_is_looked_at_until_a_risk_has_drawn_it(desk: Desk) -> None:
    for number in range(3):
        await spoken(desk, f"c{number}", days=number)
    async with desk.database.writing() as session:
        await surveys.invite(session, SurveyInvitation("i", "c0", (SurveyKind.CSAT,), "x", NOW))
        answer = SurveyResponse("r", "i", SurveyKind.CSAT, NOW + timedelta(days=2), score=1)
        await surveys.respond(session, answer)
        quality = {"channels": [{"words": 40, "unsure_words": 10}, {"words": 9}, {"words": 0}]}
        await recordings.receive(
            session,
            Recording(
                "r1", "1" * 64, "a.wav", RecordingState.SCORED, NOW, conversation="c0",
                quality=quality,  # type: ignore[arg-type] # a dict of lists is JSON
            ),
        )  # fmt: skip
        await draws.add(session, [drawn("c2", Risk.FALLING), drawn("c1")])

    async def seen(since: float, ended_from: float = -9) -> list[str]:
        async with desk.database.reading() as session:
            found = await draws.to_look_at(
                session,
                since=NOW + timedelta(days=since),
                ended_from=NOW + timedelta(days=ended_from),
            )
        return [one.conversation for one in found]

    assert await seen(0) == ["c0", "c1"], "what chance drew is looked at too"
    assert await seen(1.5) == ["c0"], "an answer came later than the score"
    assert await seen(0, 0.5) == ["c1"]
    async with desk.database.reading() as session:
        ended = [Ended(one, "x", NOW, "card") for one in ("c0", "c1", "gone")]
        first, second = await draws.sights(session, ended)
    assert (first.unsure_words, [each.score for each in first.answers]) == (0.25, [1])
    assert (second.unsure_words, second.answers) == (None, ())
    assert [each.id for each in second.evaluations] == ["e-c1"]


async def test_nothing_is_drawn_twice_by_one_way(desk: Desk) -> None:
    await spoken(desk, "c1")
    async with desk.database.writing() as session:
        await draws.alone(session)
        assert await draws.add(session, [drawn("c1", chance=0.5)]) == 1
        again = replace(drawn("c1", chance=0.9), id="other")
        assert await draws.add(session, [again, drawn("c1", Risk.FATAL, Risk.FAINT)]) == 1
        assert await draws.taken(session, NOW) == {
            ("user:x", NOW, Risk.FATAL): 1,
            ("user:x", NOW, Risk.FAINT): 1,
        }
        assert await draws.taken(session, NOW + WEEK) == {}
        found = await draws.of_conversation(session, "c1")
    assert [(one.way, one.probability) for one in found] == [(Way.RISK, 1.0), (Way.UNIFORM, 0.5)]


async def test_a_draw_is_noted_once_for_agent_and_period(desk: Desk) -> None:
    async with desk.database.writing() as session:
        assert await draws.last_made(session) is None
        await draws.note_made(
            session, "user:x", (NOW, NOW + WEEK), conversations=9, drawn=2, seed="s", now=NOW
        )
        assert await draws.made(session, NOW) == {"user:x"}
        assert await draws.made(session, NOW + WEEK) == frozenset()
        assert await draws.last_made(session) == NOW
        assert await draws.first_seen(session) == {"user:x": NOW}


async def test_the_queue_follows_the_review(desk: Desk) -> None:
    evaluation = await desk.judge()
    ann = f"user:{desk.people['ann'].id}"
    async with desk.database.writing() as session:
        await draws.add(session, [drawn(desk.conversation, agent=ann, chance=0.5)])

    async def states() -> list[QueueState]:
        async with desk.database.reading() as session:
            return [
                state
                for state in QueueState
                if (await review_list.list_queue(session, QueueFilter(state=state)))[0]
            ]

    assert await states() == [QueueState.OPEN]
    review = await desk.begin(evaluation)
    assert await states() == [QueueState.OPEN]
    await desk.correct(review, "name", NAMED)
    await desk.submit(review)
    assert await states() == [QueueState.REVIEWED]
    async with desk.database.reading() as session:
        (item,), page = await review_list.list_queue(
            session, QueueFilter(agent=ann, state=QueueState.REVIEWED)
        )
        (line,), _ = await review_list.list_reviews(session, ReviewFilter(agent=ann))
        none, _ = await review_list.list_reviews(session, ReviewFilter(state=ReviewState.CLOSED))
        found = await samples(session, since=NOW - WEEK)
        ann_user = await desk.actor("ann")
        assert await review_list.to_read(session, ann_user.keys, now=NOW) == 1
        assert await review_list.known_agents(session) == {ann: "ann"}
    assert (item.agent, item.score, item.by_both, page.total) == ("ann", 20.0, False, 1)
    assert item.review is not None
    assert (line.corrections, line.open_disputes, none) == (1, 0, ())
    assert [(each.agent, each.scorecard) for each in found] == [(ann, "card")]
    assert found[0].reviewed == (Sample(desk.conversation, 60.0, 0.5, by_risk=False),)
    async with desk.database.writing() as session:
        await draws.skip(session, item.drawn.id, await desk.actor("sam"), reason="a test", now=NOW)
    assert await states() == [QueueState.SKIPPED]


async def test_drafts_and_what_the_gate_submits_are_no_sample(desk: Desk) -> None:
    evaluation = await desk.judge()
    async with desk.database.writing() as session:
        await draws.add(session, [drawn(desk.conversation, chance=0.5)])
    await desk.begin(evaluation)
    async with desk.database.reading() as session:
        (found,) = await samples(session, since=NOW - WEEK)
    assert (found.agent, found.reviewed, found.drawn, found.skipped) == ("user:x", (), 1, 0)


async def test_a_review_by_another_scorecard_is_another_sample(desk: Desk) -> None:
    main = await desk.judge(id="main")
    other = replace(CARD, name="other")
    rude = await desk.judge(id="rude", rude="no", minutes=-5, card=other)
    by_chance = drawn(desk.conversation, chance=0.5)
    by_risk = replace(drawn(desk.conversation, Risk.FATAL), scorecard="other")
    async with desk.database.writing() as session:
        await draws.add(session, [by_chance, by_risk])

    async def waiting() -> set[str | None]:
        async with desk.database.reading() as session:
            items, _ = await review_list.list_queue(session, QueueFilter())
        assert {item.drawn.scorecard: item.score for item in items}.items() <= {
            "card": 20.0,
            "other": 0.0,
        }.items()
        return {item.drawn.scorecard for item in items}

    assert await waiting() == {"card", "other"}
    async with desk.database.writing() as session:
        review = await reviews.begin(session, rude, await desk.actor("sam"), now=NOW)
        await reviews.submit(
            session, review.id, await desk.actor("sam"), card=other, window=WEEK, now=NOW
        )  # fmt: skip
    assert await waiting() == {"card"}
    await desk.submit(await desk.begin(main))
    assert await waiting() == set()
    async with desk.database.reading() as session:
        (found,) = await samples(session, since=NOW - WEEK)
    assert found.reviewed == (Sample(desk.conversation, 20.0, 0.5, by_risk=False),)

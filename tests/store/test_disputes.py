"""Disputes: in time, by the agent alone, decided by somebody else, a fatal by two people."""

from collections.abc import AsyncIterator

import pytest

from core.alert import AlertKind
from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.evaluation import Verdict
from core.review import Answer, Outcome, Review, ReviewState
from store import alerts, audit, disputes, reviews
from store.database import Database
from tests.store.reviewing import NAMED, NO, NOW, YES, Desk, opened_desk


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    yield await opened_desk(database)


async def submitted(desk: Desk, *, rude: str = "yes") -> Review:
    """Sam has submitted what the machine said: no greeting, no name, 20 points."""
    return await desk.submit(await desk.begin(await desk.judge(rude=rude)))


async def test_acknowledging_is_the_agents_own_and_once(desk: Desk) -> None:
    review = await submitted(desk)
    for name, error in (("ben", NotAllowed), ("sam", NotAllowed)):
        actor = await desk.actor(name)
        async with desk.database.writing() as session:
            with pytest.raises(error, match="Only who is evaluated"):
                await disputes.acknowledge(session, review.id, actor, now=NOW)
    ann = await desk.actor("ann")
    async with desk.database.writing() as session:
        done = await disputes.acknowledge(session, review.id, ann, now=NOW)
        assert (done.state, done.acknowledged_at) == (ReviewState.ACKNOWLEDGED, NOW)
        with pytest.raises(Conflict, match="has been acknowledged"):
            await disputes.acknowledge(session, review.id, ann, now=NOW)


@pytest.mark.parametrize(
    ("who", "question", "days", "refusal"),
    [
        ("ben", "name", 0, (NotAllowed, "Only who is evaluated")),
        ("sam", "name", 0, (NotAllowed, "Only who is evaluated")),
        ("ann", "name", 7, (Conflict, "is over")),
        ("ann", "other", 0, (NotFound, "no answer")),
    ],
)
async def test_a_dispute_that_cannot_be(
    desk: Desk, who: str, question: str, days: float, refusal: tuple[type[Exception], str]
) -> None:
    review = await submitted(desk)
    with pytest.raises(refusal[0], match=refusal[1]):
        await desk.dispute(review, question, who, days=days)
    assert (await desk.review(review)).state is ReviewState.SUBMITTED


async def test_a_draft_cannot_be_disputed_and_a_question_only_once(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    with pytest.raises(Conflict, match="still a draft"):
        await desk.dispute(review)
    await desk.submit(review)
    await desk.dispute(review, days=6.9)
    with pytest.raises(Conflict, match="disputed already"):
        await desk.dispute(review)
    await desk.dispute(review, "greeting")
    ann, sam = await desk.actor("ann"), await desk.actor("sam")
    async with desk.database.writing() as session:
        with pytest.raises(Conflict, match="is disputed, so you cannot acknowledge"):
            await disputes.acknowledge(session, review.id, ann, now=NOW)
        with pytest.raises(Conflict, match="is disputed, so you cannot take it back"):
            await reviews.take_back(session, review.id, sam, now=NOW)
        assert await disputes.count_open(session) == 2


async def test_a_dispute_tells_a_supervisor_who_did_not_evaluate(desk: Desk) -> None:
    dispute = await desk.dispute(await submitted(desk))
    async with desk.database.reading() as session:
        (alert,) = await alerts.open_alerts(session)
    assert (alert.kind, alert.cites.id) == (AlertKind.DISPUTE, dispute.id)
    assert alert.owner == desk.people["sue"].id
    await desk.decide(dispute, "sue")
    async with desk.database.reading() as session:
        assert await alerts.open_alerts(session) == ()
        (closed,) = await alerts.closed_alerts(session)
    assert (closed.closed_by, closed.note) == (desk.people["sue"].id, "Decided: upheld.")


async def test_taking_a_dispute_back_leaves_nothing_to_decide(desk: Desk) -> None:
    review = await submitted(desk)
    dispute = await desk.dispute(review)
    ann, ben = await desk.actor("ann"), await desk.actor("ben")
    async with desk.database.writing() as session:
        with pytest.raises(NotAllowed):
            await disputes.withdraw(session, dispute.id, ben, now=NOW)
        back = await disputes.withdraw(session, dispute.id, ann, now=NOW)
        assert back.state is ReviewState.SUBMITTED
        assert await alerts.open_alerts(session) == ()
        assert [row.action for row in await audit.rows_of(session, review.id)][-2:] == [
            "review.disputed",
            "dispute.withdrawn",
        ]
    again = await desk.dispute(review)
    await desk.decide(again, "sue")
    async with desk.database.writing() as session:
        with pytest.raises(Conflict, match="decided"):
            await disputes.withdraw(session, again.id, ann, now=NOW)


@pytest.mark.parametrize("who, message", [("sam", "Who evaluated"), ("ann", "own work")])
async def test_who_evaluated_or_disputes_does_not_decide(
    desk: Desk, who: str, message: str
) -> None:
    dispute = await desk.dispute(await submitted(desk))
    with pytest.raises(NotAllowed, match=message):
        await desk.decide(dispute, who)


async def test_who_corrected_an_answer_does_not_decide_either(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    await desk.correct(review, "greeting", YES, "sue")
    await desk.submit(review, "sam")
    dispute = await desk.dispute(review)
    with pytest.raises(NotAllowed, match="Who evaluated"):
        await desk.decide(dispute, "sue")
    assert (await desk.decide(dispute, "olga")).outcome is Outcome.UPHELD


async def test_overturning_changes_the_answer_and_the_score(desk: Desk) -> None:
    review = await submitted(desk)
    first = await desk.dispute(review, "name")
    second = await desk.dispute(review, "greeting")
    decided = await desk.decide(first, "sue", NAMED, reason="she says it in her first turn")
    assert decided.outcome is Outcome.OVERTURNED
    assert [each.reason for each in decided.decisions] == ["she says it in her first turn"]
    found = await desk.review(review)
    assert (found.score, found.machine_score) == (60.0, 20.0)
    assert found.state is ReviewState.DISPUTED, "the other question waits"
    async with desk.database.reading() as session:
        (made,) = await reviews.corrections_of(session, review.id)
    assert (made.dispute, made.answer, made.by) == (first.id, NAMED, desk.people["sue"].id)
    assert (await desk.decide(second, "olga")).outcome is Outcome.UPHELD
    found = await desk.review(review)
    assert (found.state, found.score) == (ReviewState.DECIDED, 60.0)
    ann = await desk.actor("ann")
    async with desk.database.writing() as session:
        closed = await disputes.acknowledge(session, review.id, ann, now=NOW)
        rows = await audit.rows_of(session, review.id)
    assert closed.state is ReviewState.CLOSED
    assert [(row.action, row.detail) for row in rows] == [
        ("review.opened", None),
        ("review.submitted", None),
        ("review.disputed", "name"),
        ("review.disputed", "greeting"),
        ("dispute.decided", "name: overturned"),
        ("answer.corrected", "name: yes"),
        ("dispute.decided", "greeting: upheld"),
        ("review.acknowledged", None),
    ]


@pytest.mark.parametrize(
    ("answer", "reason", "message"),
    [(NO, "heard it", "already"), (NAMED, " ", "Write the reason"), (None, "", "Write the reason")],
)
async def test_a_decision_that_says_nothing_decides_nothing(
    desk: Desk, answer: Answer | None, reason: str, message: str
) -> None:
    review = await submitted(desk)
    dispute = await desk.dispute(review)
    with pytest.raises(BadInput, match=message):
        await desk.decide(dispute, "sue", answer, reason=reason)
    async with desk.database.reading() as session:
        assert (await disputes.get(session, dispute.id)).decisions == ()
    assert (await desk.review(review)).state is ReviewState.DISPUTED


async def test_a_fatal_is_overturned_by_two_people(desk: Desk) -> None:
    review = await submitted(desk, rude="no")
    assert (review.score, review.failed) == (0.0, True)
    dispute = await desk.dispute(review, "rude")
    half = await desk.decide(dispute, "sue", YES)
    assert (half.outcome, len(half.decisions)) == (None, 1)
    assert (await desk.review(review)).score == 0.0
    with pytest.raises(Conflict, match="second person"):
        await desk.decide(dispute, "sue", YES)
    with pytest.raises(Conflict, match="first person's answer is yes"):
        await desk.decide(dispute, "olga", Answer(Verdict.NOT_APPLICABLE))
    with pytest.raises(NotAllowed, match="Who evaluated"):
        await desk.decide(dispute, "sam", YES)
    whole = await desk.decide(dispute, "olga", YES)
    assert whole.outcome is Outcome.OVERTURNED
    assert {each.by for each in whole.decisions} == {desk.people[n].id for n in ("sue", "olga")}
    found = await desk.review(review)
    assert (found.state, found.score, found.machine_score) == (ReviewState.DECIDED, 20.0, 0.0)


async def test_a_second_person_may_uphold_a_fatal(desk: Desk) -> None:
    review = await submitted(desk, rude="no")
    dispute = await desk.dispute(review, "rude")
    await desk.decide(dispute, "sue", YES)
    assert (await desk.decide(dispute, "olga")).outcome is Outcome.UPHELD
    assert (await desk.review(review)).score == 0.0
    with pytest.raises(Conflict):
        await desk.decide(dispute, "olga", YES)


async def test_one_person_is_enough_to_uphold_a_fatal(desk: Desk) -> None:
    dispute = await desk.dispute(await submitted(desk, rude="no"), "rude")
    assert (await desk.decide(dispute, "sue")).outcome is Outcome.UPHELD

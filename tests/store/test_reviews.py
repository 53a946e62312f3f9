"""The life of an evaluation: whose turn it is, what may be done when, and both scores kept."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.evaluation import Evaluation, Evidence, Verdict
from core.people import UserRole
from core.review import MACHINE, Answer, Review, ReviewState
from core.spans import TextSpan
from store import (
    audit,
    conversations,
    corrections,
    disputes,
    erasure,
    evaluations,
    listing,
    rescoring,
    reviews,
    users,
)
from store.database import Database
from store.listing import Filter
from store.review_tables import CorrectionRow, ReviewRow
from store.reviews import Actor
from store.tables import EvaluationRow
from tests.build import chat
from tests.store.reviewing import CARD, NAMED, NO, NOW, WINDOW, YES, Desk, opened_desk


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    yield await opened_desk(database)


async def scores(desk: Desk, review: Review) -> tuple[float | None, float | None, ReviewState]:
    found = await desk.review(review)
    return found.machine_score, found.score, found.state


async def actions(desk: Desk, subject: str) -> list[tuple[str, str, str | None]]:
    names = {user.id: name for name, user in desk.people.items()}
    async with desk.database.reading() as session:
        rows = await audit.rows_of(session, subject)
    return [(names.get(row.actor, row.actor), row.action, row.detail) for row in rows]


async def test_a_correction_keeps_the_machines_answer_and_both_scores(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    assert await scores(desk, review) == (20.0, 20.0, ReviewState.DRAFT)
    await desk.correct(review, "name", NAMED)
    assert await scores(desk, review) == (20.0, 60.0, ReviewState.DRAFT)
    async with desk.database.reading() as session:
        (made,) = await reviews.corrections_of(session, review.id)
        stored = await evaluations.latest(session, desk.conversation)
    assert (made.answer, made.comment, made.by) == (NAMED, "heard it", desk.people["sam"].id)
    assert (made.machine_verdict, made.machine_value) == (Verdict.NO, None)
    assert stored is not None
    assert [found.verdict for found in stored.findings] == ["no", "no", "yes"], "untouched"
    assert await actions(desk, review.id) == [
        ("sam", "review.opened", None),
        ("sam", "answer.corrected", "name: yes"),
    ]


async def test_undoing_goes_back_step_by_step(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    sam = await desk.actor("sam")
    first = await desk.correct(review, "name", NAMED, minutes=1)
    second = await desk.correct(review, "name", Answer(Verdict.NOT_APPLICABLE), minutes=2)
    reached = [(await scores(desk, review))[1]]
    for correction in (second, first):
        async with desk.database.writing() as session:
            await corrections.withdraw(session, review.id, correction, sam, card=CARD, now=NOW)
        reached.append((await scores(desk, review))[1])
    assert reached == [round(20 / 60 * 100, 2), 60.0, 20.0]
    async with desk.database.writing() as session:
        assert len(await reviews.corrections_of(session, review.id)) == 2, "nothing is lost"
        with pytest.raises(Conflict, match="undone already"):
            await corrections.withdraw(session, review.id, first, sam, card=CARD, now=NOW)
        with pytest.raises(NotFound):
            await corrections.withdraw(session, review.id, "x", sam, card=CARD, now=NOW)


def cited(turn: str, start: int, end: int) -> Answer:
    return Answer(Verdict.YES, evidence=(Evidence(turn, TextSpan(start, end)),))


@pytest.mark.parametrize(
    ("question", "answer", "comment", "refusal"),
    [
        ("name", YES, "  ", (BadInput, "few words why")),
        ("name", NO, "heard it", (BadInput, "already")),
        ("other", YES, "heard it", (NotFound, "no question")),
        ("name", cited("t9", 0, 1), "heard it", (BadInput, "t9")),
        ("name", cited("t1", 0, 99), "heard it", (BadInput, "leaves")),
        ("name", cited("t1", 5, 5), "heard it", (BadInput, "chosen")),
        ("name", cited("t1", 6, 7), "heard it", (BadInput, "chosen")),  # a space
    ],
)
async def test_a_bad_correction_stores_nothing(
    desk: Desk, question: str, answer: Answer, comment: str, refusal: tuple[type[Exception], str]
) -> None:
    review = await desk.begin(await desk.judge())
    with pytest.raises(refusal[0], match=refusal[1]):
        await desk.correct(review, question, answer, comment=comment)
    async with desk.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(CorrectionRow)) == 0
    assert await scores(desk, review) == (20.0, 20.0, ReviewState.DRAFT)


async def test_a_correction_needs_the_scorecard_that_was_used(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    sam = await desk.actor("sam")
    with pytest.raises(BadInput, match="by card 1"):
        async with desk.database.writing() as session:
            await corrections.correct(
                session, review.id, "name", YES, sam, comment="x", card=replace(CARD, version=2),
                now=NOW,
            )  # fmt: skip
    async with desk.database.reading() as session:
        assert await reviews.corrections_of(session, review.id) == ()


async def test_what_the_machine_is_unsure_of_is_answered_before_submitting(desk: Desk) -> None:
    review = await desk.begin(await desk.judge("unsure"))
    with pytest.raises(Conflict, match="1 answer is still unsure: name"):
        await desk.submit(review)
    await desk.correct(review, "name", Answer(Verdict.UNSURE), comment="too quiet to hear")
    submitted = await desk.submit(review)
    assert (submitted.state, submitted.due_at) == (ReviewState.SUBMITTED, NOW + WINDOW)
    assert (submitted.comment, submitted.is_reviewed) == ("well done", True)


async def test_after_submitting_nothing_changes_until_it_is_taken_back(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    made = await desk.correct(review, "name", NAMED)
    await desk.submit(review)
    sam = await desk.actor("sam")
    with pytest.raises(Conflict, match="has been submitted, so you cannot change an answer"):
        await desk.correct(review, "greeting", YES)
    with pytest.raises(Conflict, match="cannot undo"):
        async with desk.database.writing() as session:
            await corrections.withdraw(session, review.id, made, sam, card=CARD, now=NOW)
    with pytest.raises(Conflict, match="cannot submit it again"):
        await desk.submit(review, "sue")
    async with desk.database.writing() as session:
        back = await reviews.take_back(session, review.id, sam, now=NOW)
    assert (back.state, back.submitted_by, back.due_at) == (ReviewState.DRAFT, None, None)
    await desk.correct(review, "greeting", YES)
    assert (await scores(desk, review))[1] == 100.0


async def test_nobody_reviews_their_own_conversation(desk: Desk) -> None:
    evaluation = await desk.judge()
    async with desk.database.writing() as session:
        lead = await users.create(
            session, email="l@example.org", name="lead", roles=frozenset({UserRole.SUPERVISOR})
        )
    desk.people["lead"] = lead
    own = Actor(lead.id, frozenset({f"user:{desk.people['ann'].id}"}))
    async with desk.database.writing() as session:
        with pytest.raises(NotAllowed, match="your own"):
            await reviews.begin(session, evaluation, own, now=NOW)
    review = await desk.begin(evaluation)
    async with desk.database.writing() as session:
        for step in (
            reviews.submit(session, review.id, own, card=CARD, window=WINDOW, now=NOW),
            reviews.take_back(session, review.id, own, now=NOW),
            corrections.correct(
                session, review.id, "name", YES, own, comment="x", card=CARD, now=NOW
            ),
        ):
            with pytest.raises(NotAllowed, match="your own"):
                await step


async def test_there_is_one_review_of_an_evaluation(desk: Desk) -> None:
    evaluation = await desk.judge()
    first = await desk.begin(evaluation)
    again = await desk.begin(evaluation, "sue")
    assert (again.id, again.opened_by) == (first.id, desk.people["sam"].id)
    assert [action for _, action, _ in await actions(desk, first.id)] == ["review.opened"]


async def test_a_draft_in_which_nobody_said_anything_can_be_discarded(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    sam = await desk.actor("sam")
    made = await desk.correct(review, "name", YES)
    async with desk.database.writing() as session:
        await corrections.withdraw(session, review.id, made, sam, card=CARD, now=NOW)
        with pytest.raises(Conflict, match="answers are kept"):
            await reviews.discard(session, review.id, sam, now=NOW)
    other = await desk.begin(await desk.judge(id="e2", card=replace(CARD, version=2)))
    async with desk.database.writing() as session:
        await reviews.discard(session, other.id, sam, now=NOW)
        with pytest.raises(NotFound):
            await reviews.get(session, other.id)
    assert (await desk.review(review)).state is ReviewState.DRAFT


@pytest.mark.parametrize("days, is_closed", [(6.9, False), (7, True)])
async def test_what_nobody_disputes_in_time_closes(
    desk: Desk, days: float, is_closed: bool
) -> None:
    review = await desk.submit(await desk.begin(await desk.judge()))
    async with desk.database.writing() as session:
        closed = await reviews.close_due(session, now=NOW + timedelta(days=days))
    assert closed == int(is_closed)
    expected = ReviewState.CLOSED if is_closed else ReviewState.SUBMITTED
    assert (await desk.review(review)).state is expected


async def test_an_open_dispute_never_closes_by_itself(desk: Desk) -> None:
    review = await desk.submit(await desk.begin(await desk.judge()))
    await desk.dispute(review)
    async with desk.database.writing() as session:
        assert await reviews.close_due(session, now=NOW + timedelta(days=99)) == 0


async def test_the_gate_may_submit_and_then_nobody_has_reviewed(desk: Desk) -> None:
    evaluation = await desk.judge()
    gate = Actor(MACHINE)
    async with desk.database.writing() as session:
        review = await reviews.begin(session, evaluation, gate, now=NOW)
        submitted = await reviews.submit(
            session, review.id, gate, card=CARD, window=WINDOW, now=NOW
        )
    assert (submitted.submitted_by, submitted.is_reviewed) == (MACHINE, False)
    dispute = await desk.dispute(submitted)
    decided = await desk.decide(dispute, "sam", NAMED)
    assert decided.outcome == "overturned"


# scoring again


async def evaluation_ids(desk: Desk) -> set[str]:
    async with desk.database.reading() as session:
        return set(await session.scalars(select(EvaluationRow.id)))


async def rescored(desk: Desk, evaluation: Evaluation) -> Review | None:
    async with desk.database.writing() as session:
        return await rescoring.follow(session, evaluation, CARD)


async def test_scoring_again_keeps_what_people_corrected(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    await desk.correct(review, "name", NAMED)
    again = await desk.judge(id="e2", minutes=5, greeting="yes")
    assert await evaluation_ids(desk) == {"e1", "e2"}, "until the review has moved on"
    moved = await rescored(desk, again)
    assert moved is not None
    assert (moved.id, moved.evaluation) == (review.id, "e2")
    assert await evaluation_ids(desk) == {"e2"}
    assert await scores(desk, review) == (60.0, 100.0, ReviewState.DRAFT)


async def test_what_was_submitted_stands_on_the_answers_it_was_submitted_with(desk: Desk) -> None:
    review = await desk.submit(await desk.begin(await desk.judge()))
    again = await desk.judge(id="e2", minutes=5, greeting="yes")
    assert await rescored(desk, again) is None
    third = await desk.judge(id="e3", minutes=9, greeting="yes")
    assert await rescored(desk, third) is None
    assert await evaluation_ids(desk) == {"e1", "e3"}, "only what people stand on is kept"
    assert await scores(desk, review) == (20.0, 20.0, ReviewState.SUBMITTED)
    async with desk.database.reading() as session:
        counted = await evaluations.latest(session, desk.conversation)
        (line,) = (await listing.page(session, Filter())).items
        assert (await evaluations.latest_of(session, [desk.conversation])).keys() == {line.id}
    assert counted is not None
    assert (counted.id, line.score, line.failed) == ("e1", 20.0, True), "what was answered for"
    sam = await desk.actor("sam")
    async with desk.database.writing() as session:
        await reviews.take_back(session, review.id, sam, now=NOW)
        back = await rescoring.catch_up(session, review.id, CARD)
    assert (back.evaluation, back.machine_score) == ("e3", 60.0)
    assert await evaluation_ids(desk) == {"e3"}


async def test_two_people_begin_one_review_at_once(desk: Desk) -> None:
    evaluation = await desk.judge()
    begun = await asyncio.gather(*(desk.begin(evaluation, who) for who in ("sam", "sue", "olga")))
    assert len({review.id for review in begun}) == 1


async def test_another_version_of_the_scorecard_is_another_evaluation(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    await desk.correct(review, "name", NAMED)
    newer = replace(CARD, version=2)
    again = await desk.judge(id="e2", minutes=5, card=newer)
    async with desk.database.writing() as session:
        assert await rescoring.follow(session, again, newer) is None
    assert await evaluation_ids(desk) == {"e1", "e2"}
    assert await scores(desk, review) == (20.0, 60.0, ReviewState.DRAFT), "it keeps its meaning"


async def test_replaced_words_make_a_draft_of_it_without_the_old_evidence(desk: Desk) -> None:
    review = await desk.begin(await desk.judge("unsure"))
    await desk.correct(review, "name", NAMED)
    review = await desk.submit(review)
    dispute = await desk.dispute(review, "greeting")
    async with desk.database.writing() as session:
        await evaluations.forget(session, desk.conversation)
        assert await rescoring.begin_again(session, desk.conversation, now=NOW) == 1
    waiting = await desk.review(review)
    assert (waiting.state, waiting.evaluation) == (ReviewState.DRAFT, None)
    with pytest.raises(Conflict, match="no score by card 1 just now"):
        await desk.submit(review)
    await rescored(desk, await desk.judge("unsure", id="e2"))
    async with desk.database.reading() as session:
        (kept,) = await reviews.corrections_of(session, review.id)
        assert [each.id for each in await disputes.open_ones(session)] == [dispute.id]
    assert kept.answer == Answer(Verdict.YES)
    assert (await desk.submit(review)).state is ReviewState.DISPUTED, "it waits for its decision"


async def test_reviews_go_with_their_conversation(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    await desk.correct(review, "name", NAMED)
    await desk.submit(review)
    await desk.dispute(review, "greeting")
    async with desk.database.writing() as session:
        await erasure.erase_conversation(session, desk.conversation, actor="x", now=NOW)
        for table in (ReviewRow, CorrectionRow):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
        assert await disputes.count_open(session) == 0


async def test_an_agent_sees_what_is_submitted_about_them_alone(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    ann, ben = await desk.actor("ann"), await desk.actor("ben")

    async def seen() -> list[bool]:
        async with desk.database.reading() as session:
            return [
                await reviews.is_judged(session, desk.conversation, actor.keys)
                for actor in (ann, ben)
            ]

    assert await seen() == [False, False], "a draft is nobody's business"
    await desk.submit(review)
    assert await seen() == [True, False]
    async with desk.database.writing() as session:
        await conversations.add(session, chat(("customer", "hi"), id="other"), now=NOW)
        assert not await reviews.is_judged(session, "other", ann.keys)

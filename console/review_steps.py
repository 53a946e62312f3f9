"""The steps of a review that a form's button takes: submit, take back, acknowledge, dispute…"""

from datetime import timedelta

from aiohttp import web

from console.acting import actor_of, card_of, done, note_in, visible_review
from console.context import Visit
from core.review import Review
from store import corrections, disputes, rescoring, reviews


async def submit(visit: Visit) -> web.StreamResponse:
    """Answer for the evaluation; the agent sees it from now on."""
    async with visit.console.database.writing() as session:
        review = await visible_review(session, visit)
        review = await reviews.submit(
            session,
            review.id,
            await actor_of(session, visit),
            card=await card_of(session, review),
            comment=note_in(visit, "comment"),
            window=timedelta(days=visit.console.settings.dispute_days),
            now=visit.console.now(),
        )
    return _done(visit, review)


async def take_back(visit: Visit) -> web.StreamResponse:
    """Make a draft of it again, on the machine's newest answers."""
    async with visit.console.database.writing() as session:
        review = await visible_review(session, visit)
        actor = await actor_of(session, visit)
        await reviews.take_back(session, review.id, actor, now=visit.console.now())
        review = await rescoring.catch_up(session, review.id, await card_of(session, review))
    return _done(visit, review)


async def discard(visit: Visit) -> web.StreamResponse:
    """Drop a draft in which nobody has said anything."""
    async with visit.console.database.writing() as session:
        review = await visible_review(session, visit)
        actor = await actor_of(session, visit)
        await reviews.discard(session, review.id, actor, now=visit.console.now())
    return done(visit, f"/conversations/{review.conversation}", {"review": None})


async def undo(visit: Visit) -> web.StreamResponse:
    """Undo a correction; the answer before it counts again."""
    async with visit.console.database.writing() as session:
        review = await visible_review(session, visit)
        await corrections.withdraw(
            session,
            review.id,
            visit.part("correction"),
            await actor_of(session, visit),
            card=await card_of(session, review),
            now=visit.console.now(),
        )
        review = await reviews.get(session, review.id)
    return _done(visit, review)


async def acknowledge(visit: Visit) -> web.StreamResponse:
    """The agent has read it and accepts it."""
    async with visit.console.database.writing() as session:
        review = await visible_review(session, visit)
        actor = await actor_of(session, visit)
        review = await disputes.acknowledge(session, review.id, actor, now=visit.console.now())
    return _done(visit, review)


async def dispute(visit: Visit) -> web.StreamResponse:
    """The agent says that one answer is wrong, and why."""
    now = visit.console.now()
    async with visit.console.database.writing() as session:
        review = await visible_review(session, visit)
        await disputes.dispute(
            session,
            review.id,
            visit.part("question"),
            await actor_of(session, visit),
            reason=note_in(visit, "reason"),
            due_at=now + timedelta(days=visit.console.settings.decision_days),
            now=now,
        )
        review = await reviews.get(session, review.id)
    return _done(visit, review, f"#answer-{visit.part('question')}")


async def withdraw_dispute(visit: Visit) -> web.StreamResponse:
    """The agent takes a dispute back that nobody has decided."""
    async with visit.console.database.writing() as session:
        actor = await actor_of(session, visit)
        review = await disputes.withdraw(
            session, visit.part("dispute"), actor, now=visit.console.now()
        )
    return _done(visit, review)


def _done(visit: Visit, review: Review, place: str = "") -> web.StreamResponse:
    value = {"review": review.id, "state": review.state.value, "score": review.score}
    return done(visit, f"/reviews/{review.id}{place}", value)

"""The steps of a review that a form's button takes: submit, take back, acknowledge, dispute…"""

from datetime import timedelta
from urllib.parse import quote

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.acting import actor_of, card_of, done, note_in, visible_review
from console.context import Visit, see_other
from console.reviews import show_review
from core.errors import BadInput, Conflict
from core.review import Review
from store import corrections, disputes, rescoring, reviews


async def submit(visit: Visit) -> web.StreamResponse:
    """Answer for the evaluation; the agent sees it from now on."""
    try:
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
    except (BadInput, Conflict) as error:
        if visit.wants_json:
            raise
        return await show_review(visit, refused=error)
    return _done(visit, review)


async def comment(visit: Visit) -> web.StreamResponse:
    """Lay by what is written to the agent so far, and go on to answer a `question`."""
    try:
        async with visit.console.database.writing() as session:
            review = await visible_review(session, visit)
            await _keep_comment(session, visit, review)
    except (BadInput, Conflict) as error:
        if visit.wants_json:
            raise
        return await show_review(visit, refused=error)
    question = visit.form.get("question", "")
    if question and not visit.wants_json:
        return see_other(f"/reviews/{review.id}/questions/{quote(question, safe='')}")
    return _done(visit, review, "#submit")


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
        await _keep_comment(session, visit, review)
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
    try:
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
    except (BadInput, Conflict) as error:
        if visit.wants_json:
            raise
        return await show_review(visit, refused=error)
    return _done(visit, review, f"#answer-{visit.part('question')}")


async def withdraw_dispute(visit: Visit) -> web.StreamResponse:
    """The agent takes a dispute back that nobody has decided."""
    async with visit.console.database.writing() as session:
        actor = await actor_of(session, visit)
        review = await disputes.withdraw(
            session, visit.part("dispute"), actor, now=visit.console.now()
        )
    return _done(visit, review)


async def _keep_comment(session: AsyncSession, visit: Visit, review: Review) -> None:
    """Store the comment of the form where somebody typed in it, so that no older page wins."""
    typed = note_in(visit, "comment")
    if "comment" in visit.form and typed != visit.form.get("comment_was", "").strip():
        await reviews.keep_comment(session, review.id, await actor_of(session, visit), typed)


def _done(visit: Visit, review: Review, place: str = "") -> web.StreamResponse:
    value = {"review": review.id, "state": review.state.value, "score": review.score}
    return done(visit, f"/reviews/{review.id}{place}", value)

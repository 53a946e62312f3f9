"""Disputes: the list of those that wait, and the page on which one is decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import status_of
from console.acting import actor_of, card_of, done, note_in
from console.context import Visit
from console.correcting import form_values, given_answer, ticked
from console.judging import ShownAnswer, Sources, shown_answer
from console.picking import TURN_TO, PickPage, pick_page, picked, turned
from console.reading import check_not_blind, note
from console.review_json import dispute_out, moment
from console.reviews import gather
from core.errors import BadInput, Conflict, NotFound, ParleyError
from core.evaluation import Evidence
from core.review import Answer, Dispute, Outcome, Review
from core.review_rules import check_decider
from core.scorecard import Question
from store import blind, disputes, reviews


@dataclass(frozen=True, slots=True)
class Line:
    """One dispute of the list; `why_not` says why this person cannot decide it, empty if so."""

    dispute: Dispute
    review: Review
    shown: ShownAnswer
    agent: str
    due_at: datetime
    is_overdue: bool
    why_not: str


async def disputes_page(visit: Visit) -> web.StreamResponse:
    """What waits for a decision, the oldest first."""
    async with visit.console.database.reading() as session:
        hidden = await blind.blind_to(session, visit.user.id)
        lines = [await _line(session, visit, one) for one in await disputes.open_ones(session)]
        lines = [line for line in lines if line.review.conversation not in hidden]
    if visit.wants_json:
        return visit.data({"disputes": [_line_out(line) for line in lines]})
    return visit.page("disputes.html", lines=lines)


async def dispute_page(visit: Visit) -> web.StreamResponse:
    """One dispute with the answer it is about, and the form that decides it; audited."""
    async with visit.console.database.reading() as session:
        line, sources, question = await _asked(session, visit)
    async with visit.console.database.writing() as session:
        await note(session, visit, "conversation.read", line.review.conversation)
    if visit.wants_json:
        return visit.data(_line_out(line))
    found = next((each for each in sources.findings if each.question == question.id), None)
    page = pick_page(sources.conversation, found.evidence if found else ())
    return _page(visit, line, sources, question, page)


async def decide(visit: Visit) -> web.StreamResponse:
    """Uphold the answer or overturn it, with the written reason; a fatal needs two people."""
    try:
        async with visit.console.database.writing() as session:
            line, sources, question = await _asked(session, visit)
            evidence = picked(visit.form, sources.conversation)
            if TURN_TO in visit.form:
                page = turned(visit.form, sources.conversation, evidence)
                return _page(visit, line, sources, question, page)
            outcome = _outcome(visit)
            decided = await disputes.decide(
                session,
                line.dispute.id,
                outcome,
                await actor_of(session, visit),
                answer=_right_answer(visit, outcome, question, evidence),
                reason=note_in(visit, "reason"),
                card=await card_of(session, line.review),
                window=timedelta(days=visit.console.settings.dispute_days),
                now=visit.console.now(),
            )
            review = await reviews.get(session, line.review.id)
    except (BadInput, Conflict) as error:
        if visit.wants_json:
            raise
        return await _again(visit, error)
    value = {
        "dispute": decided.id,
        "outcome": decided.outcome.value if decided.outcome else None,
        "review": review.id,
        "state": review.state.value,
        "score": review.score,
    }
    return done(visit, f"/reviews/{review.id}#answer-{question.id}", value)


async def _asked(session: AsyncSession, visit: Visit) -> tuple[Line, Sources, Question]:
    dispute = await disputes.get(session, visit.part("dispute"))
    review = await reviews.get(session, dispute.review)
    await check_not_blind(session, visit, review.conversation)
    question = (await card_of(session, review)).question(dispute.question)
    if question is None:
        raise NotFound("The scorecard has no such question.")
    sources = await gather(session, review)
    return await _line(session, visit, dispute), sources, question


async def _line(session: AsyncSession, visit: Visit, dispute: Dispute) -> Line:
    review = await reviews.get(session, dispute.review)
    sources = await gather(session, review)
    shown = shown_answer(sources, dispute.question)
    if shown is None:
        raise NotFound("The disputed answer is not there any more.")
    due_at = dispute.at + timedelta(days=visit.console.settings.decision_days)
    return Line(
        dispute=dispute,
        review=review,
        shown=shown,
        agent=sources.named(review.agent),
        due_at=due_at,
        is_overdue=dispute.outcome is None and due_at < visit.console.now(),
        why_not=await _why_not(session, visit, review, dispute),
    )


async def _why_not(session: AsyncSession, visit: Visit, review: Review, dispute: Dispute) -> str:
    actor = await actor_of(session, visit)
    made = await reviews.corrections_of(session, review.id)
    try:
        check_decider(review, dispute, made, user=actor.id, keys=actor.keys)
    except ParleyError as error:
        return str(error)
    return ""


async def _again(visit: Visit, error: ParleyError) -> web.StreamResponse:
    async with visit.console.database.reading() as session:
        line, sources, question = await _asked(session, visit)
    page = pick_page(sources.conversation, ticked(visit, sources))
    return _page(visit, line, sources, question, page, message=str(error), status=status_of(error))


def _outcome(visit: Visit) -> Outcome:
    given = visit.form.get("outcome", "")
    if given not in set(Outcome):
        raise BadInput("Say whether the answer stands or is overturned.")
    return Outcome(given)


def _right_answer(
    visit: Visit, outcome: Outcome, question: Question, evidence: tuple[Evidence, ...]
) -> Answer | None:
    """What the form gives in place of the disputed answer; None where that one stands."""
    if outcome is Outcome.OVERTURNED:
        return given_answer(visit, question, evidence)
    if visit.form.get("answer") or visit.form.get("words", "").strip():
        raise BadInput(
            "It says both that the answer stands and that another one is right. Choose one of the "
            "two; a decision cannot be changed afterwards."
        )
    return None


def _page(
    visit: Visit,
    line: Line,
    sources: Sources,
    question: Question,
    page: PickPage,
    *,
    message: str = "",
    status: int = 200,
) -> web.Response:
    return visit.page(
        "dispute.html",
        status=status,
        line=line,
        shown=line.shown,
        **form_values(visit, sources, question, page, message),
    )


def _line_out(line: Line) -> dict[str, Any]:
    found = line.shown.dispute
    return {
        **(dispute_out(found) if found else {}),
        "review": line.review.id,
        "conversation": line.review.conversation,
        "question": line.dispute.question,
        "text": line.shown.counts.text,
        "answer": line.shown.counts.word,
        "agent": line.agent,
        "due_at": moment(line.due_at),
        "may_decide": not line.why_not,
    }

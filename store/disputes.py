"""What the agent says about their evaluation, and what is decided about it; all of it audited."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.alert import Alert, AlertKind, Citation, Cited
from core.correction import corrected, is_fatal
from core.errors import BadInput, Conflict, NotAllowed, NotFound, Overtaken
from core.ids import new_id
from core.review import Answer, Decision, Dispute, Outcome, Review, ReviewState
from core.review_rules import (
    check_agents_turn,
    check_decider,
    check_second,
    check_state,
    evaluators,
    outcome_of,
)
from core.scorecard import Scorecard
from store import alerts, corrections
from store.review_rows import answer_out, dispute_of, review_of
from store.review_tables import DecisionRow, DisputeRow, ReviewRow
from store.reviews import Actor, corrections_of, get_row, judged, record


async def acknowledge(
    session: AsyncSession, review_id: str, actor: Actor, *, now: datetime
) -> Review:
    """The agent has read their evaluation and accepts it; after a decision this closes it.

    Raises:
        NotFound, NotAllowed, Conflict: there is no such review, it is not theirs, it is too late
            or something of it is still disputed.
    """
    row = await get_row(session, review_id)
    review = review_of(row)
    if review.state is ReviewState.DECIDED and review.agent in actor.keys:
        row.state, row.acknowledged_at = ReviewState.CLOSED.value, now
        row.closed_at = now
    else:
        check_agents_turn(review, actor.keys, now, to="acknowledge it")
        check_state(review, ReviewState.SUBMITTED, to="acknowledge it")
        row.state, row.acknowledged_at = ReviewState.ACKNOWLEDGED.value, now
    await record(session, actor, "review.acknowledged", review_id, now=now)
    return review_of(row)


async def dispute(
    session: AsyncSession,
    review_id: str,
    question: str,
    actor: Actor,
    *,
    reason: str,
    due_at: datetime,
    now: datetime,
) -> Dispute:
    """The agent says that one answer is wrong; a supervisor who did not evaluate is told.

    `due_at` is when somebody should have decided.

    Raises:
        NotFound: there is no such review, or no such answer in it.
        NotAllowed, Conflict: it is not theirs, too late, or this question is disputed already.
        BadInput: no reason.
    """
    row = await get_row(session, review_id)
    review = review_of(row)
    check_agents_turn(review, actor.keys, now, to="dispute it")
    if question not in {found.question for found in (await judged(session, review)).findings}:
        raise NotFound(f"This evaluation has no answer to {question[:40]!r}.")
    if question in {each.question for each in await of_review(session, review_id)}:
        raise Conflict("This answer is disputed already.")
    made = DisputeRow(
        id=new_id(), review_id=review_id, question=question, reason=reason.strip(),
        user_id=actor.id, at=now,
    )  # fmt: skip
    found = dispute_of(made, [])  # refuses an empty reason before anything is stored
    session.add(made)
    row.state = ReviewState.DISPUTED.value
    await session.flush()
    await record(session, actor, "review.disputed", review_id, now=now, detail=question)
    hands = evaluators(review, await corrections_of(session, review_id))
    cited = Citation(Cited.DISPUTE, found.id)
    alert = Alert(new_id(), review.conversation, AlertKind.DISPUTE, cited, now, due_at)
    await alerts.raise_alert(session, alert, besides={*hands, actor.id})
    return found


async def withdraw(
    session: AsyncSession, dispute_id: str, actor: Actor, *, now: datetime
) -> Review:
    """The agent takes their dispute back before anybody has said something to it.

    Raises:
        NotFound: there is no such dispute.
        NotAllowed: it is somebody else's.
        Conflict: somebody has decided on it.
    """
    found, row = await _locked(session, dispute_id)
    if found.user_id != actor.id:
        raise NotAllowed("Only who disputed may take it back.")
    if found.outcome is not None or await _decisions(session, [dispute_id]):
        raise Overtaken("This dispute has been decided.")
    question = found.question
    await session.delete(found)
    await session.flush()
    await _seen_to(session, dispute_id, actor, "The agent took it back.", now)
    if not [each for each in await of_review(session, row.id) if each.outcome is None]:
        row.state = (
            ReviewState.ACKNOWLEDGED if row.acknowledged_at else ReviewState.SUBMITTED
        ).value
    await record(session, actor, "dispute.withdrawn", row.id, now=now, detail=question)
    return review_of(row)


async def decide(
    session: AsyncSession,
    dispute_id: str,
    outcome: Outcome,
    actor: Actor,
    *,
    answer: Answer | None = None,
    reason: str,
    card: Scorecard,
    window: timedelta,
    now: datetime,
) -> Dispute:
    """Uphold an answer, or overturn it with the right one; two people overturn a fatal.

    When the last dispute of a review has its outcome, the review is decided, and closes after
    `window` or when the agent has read it.

    Raises:
        NotFound: there is no such dispute.
        NotAllowed: this person evaluated, or is the agent.
        Conflict: it is decided, they have decided already, or the first gave another answer.
        BadInput: no reason, no right answer, or evidence that is not in the words.
    """
    found, row = await _locked(session, dispute_id)
    known = await get(session, dispute_id)
    check_state(review_of(row), ReviewState.DISPUTED, to="decide a dispute of it")
    made = await corrections_of(session, row.id)
    check_decider(review_of(row), known, made, user=actor.id, keys=actor.keys)
    decision = Decision(new_id(), dispute_id, outcome, answer, reason.strip(), actor.id, now)
    if answer is not None:
        await corrections.check_changes(
            session, row, found.question, answer, comment=reason, card=card
        )
        await _check_overturns(session, row, found.question, answer, card)
    check_second(known.decisions, decision)
    session.add(_decision_row(decision))
    await session.flush()
    fatal = is_fatal(card.question(found.question))
    reached = outcome_of((*known.decisions, decision), is_fatal=fatal)
    detail = f"{found.question}: {outcome.value}"
    await record(session, actor, "dispute.decided", row.id, now=now, detail=detail)
    if reached is not None:
        found.outcome, found.decided_at = reached.value, now
        if reached is Outcome.OVERTURNED and answer is not None:
            await corrections.put(
                session, row, found.question, answer, actor,
                comment=decision.reason, card=card, now=now, dispute=dispute_id,
            )  # fmt: skip
        await _seen_to(session, dispute_id, actor, f"Decided: {reached.value}.", now)
        await _settle(session, row, window=window, now=now)
    return await get(session, dispute_id)


async def get(session: AsyncSession, dispute_id: str) -> Dispute:
    """A dispute with what was said to it.

    Raises:
        NotFound: there is none with this id.
    """
    row = await session.get(DisputeRow, dispute_id)
    if row is None:
        raise NotFound("There is no such dispute.")
    return dispute_of(row, await _decisions(session, [dispute_id]))


async def of_review(session: AsyncSession, review_id: str) -> tuple[Dispute, ...]:
    """The disputes of a review, in the order they came."""
    rows = await session.scalars(
        select(DisputeRow)
        .where(DisputeRow.review_id == review_id)
        .order_by(DisputeRow.at, DisputeRow.id)
    )
    return await _with_decisions(session, list(rows))


async def open_ones(session: AsyncSession) -> tuple[Dispute, ...]:
    """Every dispute that waits for a decision, the oldest first."""
    rows = await session.scalars(
        select(DisputeRow)
        .where(DisputeRow.outcome.is_(None))
        .order_by(DisputeRow.at, DisputeRow.id)
    )
    return await _with_decisions(session, list(rows))


async def count_open(session: AsyncSession) -> int:
    """How many disputes wait for a decision."""
    count = await session.scalar(
        select(func.count()).select_from(DisputeRow).where(DisputeRow.outcome.is_(None))
    )
    return count or 0


async def _check_overturns(
    session: AsyncSession, row: ReviewRow, question: str, answer: Answer, card: Scorecard
) -> None:
    """Raise BadInput when the right answer is the one that is disputed, seen elsewhere."""
    evaluation = await judged(session, review_of(row))
    standing = corrected(card, evaluation.findings, await corrections_of(session, row.id))
    for found in standing:
        is_same = (found.verdict, found.value) == (answer.verdict, answer.value)
        if found.question == question and is_same:
            raise BadInput("That is the answer already; uphold it, and say why.")


async def _settle(
    session: AsyncSession, row: ReviewRow, *, window: timedelta, now: datetime
) -> None:
    """The review is decided once nothing of it waits any more."""
    await session.flush()
    if all(each.outcome is not None for each in await of_review(session, row.id)):
        row.state, row.decided_at = ReviewState.DECIDED.value, now
        row.due_at = now + window


async def _seen_to(
    session: AsyncSession, dispute_id: str, actor: Actor, note: str, now: datetime
) -> None:
    await alerts.settle(session, Cited.DISPUTE, [dispute_id], by=actor.id, note=note, now=now)


async def _locked(session: AsyncSession, dispute_id: str) -> tuple[DisputeRow, ReviewRow]:
    found = await session.get(DisputeRow, dispute_id)
    if found is None:
        raise NotFound("There is no such dispute.")
    row = await get_row(session, found.review_id)
    await session.refresh(found)  # somebody may have decided while we waited for the lock
    return found, row


async def _with_decisions(session: AsyncSession, rows: list[DisputeRow]) -> tuple[Dispute, ...]:
    decisions = await _decisions(session, [row.id for row in rows])
    return tuple(
        dispute_of(row, [each for each in decisions if each.dispute_id == row.id]) for row in rows
    )


async def _decisions(session: AsyncSession, ids: Collection[str]) -> list[DecisionRow]:
    rows: Iterable[DecisionRow] = await session.scalars(
        select(DecisionRow)
        .where(DecisionRow.dispute_id.in_(ids))
        .order_by(DecisionRow.at, DecisionRow.id)
    )
    return list(rows)


def _decision_row(decision: Decision) -> DecisionRow:
    return DecisionRow(
        id=decision.id,
        dispute_id=decision.dispute,
        outcome=decision.outcome.value,
        reason=decision.reason,
        user_id=decision.by,
        at=decision.at,
        **answer_out(decision.answer),
    )

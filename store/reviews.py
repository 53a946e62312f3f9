"""The life of an evaluation: opened, submitted, taken back, closed; each step is audited.

Corrections are in store/corrections.py, what the agent says and what is decided in
store/disputes.py. A row is locked while a step is taken, so that two people take turns.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.alert import Cited
from core.correction import corrected
from core.errors import Conflict, NotFound
from core.evaluation import Evaluation
from core.ids import new_id
from core.review import MACHINE, Correction, Review, ReviewState
from core.review_rules import WITHDRAWABLE, check_not_own, check_state, check_submittable
from core.scorecard import Scorecard
from store import agents, alerts, audit, evaluations
from store.review_rows import correction_of, review_of
from store.review_tables import CorrectionRow, DisputeRow, ReviewRow

SWEEP = "sweep"  # who closes what nobody closed
AT_ONCE = 200  # reviews closed in one transaction


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step: a user, the gate or the sweep; `keys` are those of a user's own work."""

    id: str
    keys: frozenset[str] = frozenset()


async def begin(
    session: AsyncSession, evaluation: Evaluation, actor: Actor, *, now: datetime
) -> Review:
    """Open a review of the machine's evaluation, or find the one that there is.

    Raises:
        NotAllowed: it is a conversation of this person's own.
        Conflict: no question could be asked at all, so there is nothing to review.
    """
    if evaluation.not_scored:
        raise Conflict(f"There is nothing to review: {evaluation.not_scored}.")
    agent = await agents.key_of(session, evaluation.conversation)
    made = _fresh(evaluation, agent, actor, now)
    known = await _find_row(session, made)
    if known is not None:
        return review_of(known)
    check_not_own(made, actor.keys)
    try:
        async with session.begin_nested():
            session.add(_row(made))
    except IntegrityError:  # somebody else began it a moment before
        known = await _find_row(session, made)
        if known is None:
            raise
        return review_of(known)
    await record(session, actor, "review.opened", made.id, now=now)
    return made


async def submit(
    session: AsyncSession,
    review_id: str,
    actor: Actor,
    *,
    card: Scorecard,
    comment: str = "",
    window: timedelta,
    now: datetime,
) -> Review:
    """Answer for the evaluation: the agent sees it and may dispute it until the window's end.

    Raises:
        NotFound: there is no such review.
        NotAllowed: it is a conversation of this person's own.
        Conflict: it is no draft, waits for its score, or an answer is still unsure.
    """
    row = await get_row(session, review_id)
    review = review_of(row)
    check_not_own(review, actor.keys)
    check_state(review, ReviewState.DRAFT, to="submit it again")
    evaluation = await judged(session, review)
    made = await corrections_of(session, review_id)
    check_submittable(review, corrected(card, evaluation.findings, made))
    is_disputed = await _has_open_dispute(session, review_id)
    row.state = (ReviewState.DISPUTED if is_disputed else ReviewState.SUBMITTED).value
    row.comment = comment.strip()
    row.submitted_by, row.submitted_at, row.due_at = actor.id, now, now + window
    await record(session, actor, "review.submitted", review_id, now=now)
    if actor.id != MACHINE:
        await _see_to_alerts(session, review.conversation, actor, now)
    return review_of(row)


async def keep_comment(session: AsyncSession, review_id: str, actor: Actor, comment: str) -> Review:
    """Lay by what is written to the agent so far; nobody is told until it is submitted.

    Raises:
        NotFound: there is no such review.
        NotAllowed: it is a conversation of this person's own.
        Conflict: it is no draft.
    """
    row = await get_row(session, review_id)
    check_not_own(review_of(row), actor.keys)
    check_state(review_of(row), ReviewState.DRAFT, to="write on")
    row.comment = comment.strip()
    await session.flush()
    return review_of(row)


async def take_back(
    session: AsyncSession, review_id: str, actor: Actor, *, now: datetime
) -> Review:
    """Make a draft of it again; not once it is disputed.

    The caller lets it stand on the machine's newest answers: `rescoring.catch_up`.

    Raises:
        NotFound: there is no such review.
        NotAllowed: it is a conversation of this person's own.
        Conflict: the agent has disputed it, or it is over.
    """
    row = await get_row(session, review_id)
    review = review_of(row)
    check_not_own(review, actor.keys)
    check_state(review, *WITHDRAWABLE, to="take it back")
    reset(row)
    row.opened_by = actor.id  # a person is at it now, also where the machine had submitted
    await record(session, actor, "review.taken_back", review_id, now=now)
    return review_of(row)


async def discard(session: AsyncSession, review_id: str, actor: Actor, *, now: datetime) -> None:
    """Drop a draft in which nobody has said anything yet.

    Raises:
        NotFound: there is no such review.
        Conflict: it is no draft, or holds people's answers.
    """
    row = await get_row(session, review_id)
    check_state(review_of(row), ReviewState.DRAFT, to="discard it")
    if await corrections_of(session, review_id) or await _has_dispute(session, review_id):
        raise Conflict("People's answers are kept; withdraw them or submit the review.")
    await session.delete(row)
    await record(session, actor, "review.discarded", review_id, now=now)


async def close_due(session: AsyncSession, *, now: datetime) -> int:
    """Close what the agent did not dispute in time, and what was decided long enough ago."""
    states = (ReviewState.SUBMITTED, ReviewState.ACKNOWLEDGED, ReviewState.DECIDED)
    rows = await session.scalars(
        select(ReviewRow)
        .where(ReviewRow.state.in_([state.value for state in states]))
        .where(ReviewRow.due_at <= now)
        .order_by(ReviewRow.due_at)
        .limit(AT_ONCE)
        .with_for_update()
    )
    found = list(rows)
    for row in found:
        row.state, row.closed_at = ReviewState.CLOSED.value, now
        await record(session, Actor(SWEEP), "review.closed", row.id, now=now)
    return len(found)


async def judged(session: AsyncSession, review: Review) -> Evaluation:
    """The machine's evaluation that a review stands on.

    Raises:
        Conflict: there is none: the conversation waits to be scored.
    """
    found = None
    if review.evaluation is not None:
        found = await evaluations.find(session, review.evaluation)
    if found is None:
        raise Conflict(
            f"This conversation has no score by {review.scorecard} {review.version} just now; "
            "wait until it is scored, or score it again."
        )
    return found


async def get(session: AsyncSession, review_id: str) -> Review:
    """A review.

    Raises:
        NotFound: there is none with this id.
    """
    row = await session.get(ReviewRow, review_id)
    if row is None:
        raise NotFound("There is no such review.")
    return review_of(row)


async def of_conversation(session: AsyncSession, conversation_id: str) -> tuple[Review, ...]:
    """The reviews of a conversation, the newest first."""
    rows = await session.scalars(
        select(ReviewRow)
        .where(ReviewRow.conversation_id == conversation_id)
        .order_by(ReviewRow.opened_at.desc(), ReviewRow.id.desc())
    )
    return tuple(review_of(row) for row in rows)


async def is_judged(session: AsyncSession, conversation_id: str, keys: Collection[str]) -> bool:
    """Whether the conversation has an evaluation that the agent with these keys may see."""
    found = (
        select(ReviewRow.id)
        .where(ReviewRow.conversation_id == conversation_id)
        .where(ReviewRow.agent_key.in_(keys))
        .where(ReviewRow.state != ReviewState.DRAFT.value)
    )
    return bool(await session.scalar(select(found.exists())))


async def corrections_of(session: AsyncSession, review_id: str) -> tuple[Correction, ...]:
    """All corrections of a review, those that were withdrawn too, in the order they were made."""
    rows = await session.scalars(
        select(CorrectionRow)
        .where(CorrectionRow.review_id == review_id)
        .order_by(CorrectionRow.at, CorrectionRow.id)
    )
    return tuple(correction_of(row) for row in rows)


async def get_row(session: AsyncSession, review_id: str) -> ReviewRow:
    """The row of a review, locked for a step.

    Raises:
        NotFound: there is none with this id.
    """
    row = await session.get(ReviewRow, review_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("There is no such review.")
    return row


async def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    review_id: str,
    *,
    now: datetime,
    detail: str | None = None,
) -> None:
    """Write a step into the audit; `detail` is a question's id and a verdict, never words."""
    await audit.record(
        session, actor=actor.id, action=action, subject=review_id, now=now, detail=detail
    )


async def _find_row(session: AsyncSession, like: Review) -> ReviewRow | None:
    """The row for the same conversation, scorecard and version."""
    return await session.scalar(
        select(ReviewRow)
        .where(ReviewRow.conversation_id == like.conversation)
        .where(ReviewRow.scorecard == like.scorecard, ReviewRow.version == like.version)
    )


def _row(review: Review) -> ReviewRow:
    return ReviewRow(
        id=review.id,
        conversation_id=review.conversation,
        evaluation_id=review.evaluation,
        scorecard=review.scorecard,
        version=review.version,
        agent_key=review.agent,
        state=review.state.value,
        opened_by=review.opened_by,
        opened_at=review.opened_at,
        machine_score=review.machine_score,
        machine_failed=review.machine_failed,
        score=review.score,
        failed=review.failed,
        comment=review.comment,
    )


def reset(row: ReviewRow) -> None:
    """Make a draft of a row; what people answered and what was decided stays."""
    row.state = ReviewState.DRAFT.value
    row.submitted_by = row.submitted_at = row.due_at = None
    row.acknowledged_at = row.decided_at = row.closed_at = None


def _fresh(evaluation: Evaluation, agent: str, actor: Actor, now: datetime) -> Review:
    return Review(
        id=new_id(),
        conversation=evaluation.conversation,
        evaluation=evaluation.id,
        scorecard=evaluation.scorecard,
        version=evaluation.version,
        agent=agent,
        state=ReviewState.DRAFT,
        opened_by=actor.id,
        opened_at=now,
        machine_score=evaluation.score,
        machine_failed=evaluation.failed,
        score=evaluation.score,
        failed=evaluation.failed,
    )


async def _see_to_alerts(
    session: AsyncSession, conversation_id: str, actor: Actor, now: datetime
) -> None:
    """A person has looked at the answers that alerts were raised about."""
    found = await alerts.of_conversation(session, conversation_id)
    ids = [each.cites.id for each in found if each.cites.of is Cited.FINDING and each.is_open]
    await alerts.settle(session, Cited.FINDING, ids, by=actor.id, note="Reviewed.", now=now)


async def _has_dispute(session: AsyncSession, review_id: str) -> bool:
    found = select(DisputeRow.id).where(DisputeRow.review_id == review_id)
    return bool(await session.scalar(select(found.exists())))


async def _has_open_dispute(session: AsyncSession, review_id: str) -> bool:
    found = select(DisputeRow.id).where(
        DisputeRow.review_id == review_id, DisputeRow.outcome.is_(None)
    )
    return bool(await session.scalar(select(found.exists())))

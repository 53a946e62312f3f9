"""What becomes of reviews when a conversation is scored anew, or its words are replaced.

People's answers stick to conversation, scorecard, version and question: a draft takes them along to
the machine's new answers. What was submitted stands on the answers that it was submitted with.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.correction import corrected
from core.errors import BadInput
from core.evaluation import Evaluation, Source
from core.packed import pack
from core.review import MACHINE, Review, ReviewState
from core.score import score
from core.scorecard import Scorecard
from store import agents, evaluations
from store.review_rows import review_of
from store.review_tables import CorrectionRow, ReviewRow
from store.reviews import Actor, corrections_of, get_row, judged, record, reset
from store.tables import EvaluationRow

WORKER = "worker"  # who hears a recording anew


async def follow(session: AsyncSession, evaluation: Evaluation, card: Scorecard) -> Review | None:
    """The conversation was scored again and `evaluation` is saved: its draft moves on to it.

    So does what the machine itself had submitted and the agent has not answered yet, as a draft.
    """
    row = await session.scalar(
        select(ReviewRow)
        .where(ReviewRow.conversation_id == evaluation.conversation)
        .where(ReviewRow.scorecard == evaluation.scorecard)
        .where(ReviewRow.version == evaluation.version)
        .where((ReviewRow.state == ReviewState.DRAFT.value) | _is_machines())
        .with_for_update()
    )
    if row is None or row.evaluation_id == evaluation.id:
        return None
    if row.state != ReviewState.DRAFT.value:
        reset(row)
        await record(session, Actor(MACHINE), "review.taken_back", row.id, now=evaluation.made_at)
    await _move(session, row, evaluation, card)
    return review_of(row)


async def catch_up(session: AsyncSession, review_id: str, card: Scorecard) -> Review:
    """Let a draft stand on the newest answers that the machine gave by the same scorecard.

    Raises:
        NotFound: there is no such review.
    """
    row = await get_row(session, review_id)
    newest = await evaluations.newest(session, row.conversation_id, row.scorecard, row.version)
    if newest is not None and newest.id != row.evaluation_id:
        await _move(session, row, newest, card)
    return review_of(row)


async def begin_again(session: AsyncSession, conversation_id: str, *, now: datetime) -> int:
    """The words of a conversation were replaced: its reviews are drafts again; how many.

    People's answers stay, without the evidence that was in the old words.
    """
    rows = list(
        await session.scalars(
            select(ReviewRow).where(ReviewRow.conversation_id == conversation_id).with_for_update()
        )
    )
    for row in rows:
        reset(row)
        await session.execute(
            update(CorrectionRow).where(CorrectionRow.review_id == row.id).values(evidence=[])
        )
        await record(session, Actor(WORKER), "review.words_replaced", row.id, now=now)
    return len(rows)


async def rescore(session: AsyncSession, row: ReviewRow, card: Scorecard) -> None:
    """Compute both scores of a review anew.

    Raises:
        BadInput: `card` is not the scorecard that the evaluation was made by.
        Conflict: the conversation waits to be scored.
    """
    if (card.name, card.version) != (row.scorecard, row.version):
        raise BadInput(f"this evaluation is by {row.scorecard} {row.version}, not by another one")
    await session.flush()
    evaluation = await judged(session, review_of(row))
    row.machine_score, row.machine_failed = evaluation.score, evaluation.failed
    row.score, row.failed, row.answers = evaluation.score, evaluation.failed, None
    corrections = await corrections_of(session, row.id)
    if any(each.withdrawn_at is None for each in corrections):
        findings = corrected(card, evaluation.findings, corrections)
        result = score(card, findings)
        row.score, row.failed = result.points, result.failed
        row.answers = pack(findings, card)


def _is_machines() -> ColumnElement[bool]:
    return (ReviewRow.state == ReviewState.SUBMITTED.value) & (ReviewRow.submitted_by == MACHINE)


async def _move(
    session: AsyncSession, row: ReviewRow, evaluation: Evaluation, card: Scorecard
) -> None:
    """Stand on `evaluation` from now on; the one before it goes when it was the machine's."""
    before, row.evaluation_id = row.evaluation_id, evaluation.id
    row.agent_key = await agents.key_of(session, evaluation.conversation)
    await rescore(session, row, card)
    await session.execute(
        delete(EvaluationRow).where(
            EvaluationRow.id == before, EvaluationRow.source == Source.MACHINE.value
        )
    )

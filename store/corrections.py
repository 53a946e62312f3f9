"""People's answers in place of the machine's: rows are added and withdrawn, never changed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.correction import check_answer, corrected
from core.errors import BadInput, Conflict, NotFound
from core.evaluation import Finding
from core.ids import new_id
from core.review import Answer, Correction, ReviewState
from core.review_rules import check_not_own, check_state
from core.scorecard import Scorecard
from store import conversations
from store.rescoring import rescore
from store.review_rows import answer_out, correction_of, review_of, value_out
from store.review_tables import CorrectionRow, ReviewRow
from store.reviews import Actor, corrections_of, get_row, judged, record


async def correct(
    session: AsyncSession,
    review_id: str,
    question: str,
    answer: Answer,
    actor: Actor,
    *,
    comment: str,
    card: Scorecard,
    now: datetime,
) -> Correction:
    """Give a question another answer than the machine did, or confirm what it was unsure of.

    Raises:
        NotFound: there is no such review, or the scorecard has no such question.
        NotAllowed: it is a conversation of this person's own.
        Conflict: the review is no draft.
        BadInput: it changes nothing, lacks its comment, or its evidence is not in the words.
    """
    row = await get_row(session, review_id)
    review = review_of(row)
    check_not_own(review, actor.keys)
    check_state(review, ReviewState.DRAFT, to="change an answer")
    return await put(
        session, row, question, answer, actor, comment=comment, card=card, now=now
    )  # fmt: skip


async def put(
    session: AsyncSession,
    row: ReviewRow,
    question: str,
    answer: Answer,
    actor: Actor,
    *,
    comment: str,
    card: Scorecard,
    now: datetime,
    dispute: str | None = None,
) -> Correction:
    """Store an answer in place of the machine's and compute the score; the caller may do so.

    Raises:
        NotFound: the scorecard has no such question.
        BadInput: it changes nothing, lacks its comment, or its evidence is not in the words.
    """
    found = await check_changes(session, row, question, answer, comment=comment, card=card)
    made = CorrectionRow(
        id=new_id(),
        review_id=row.id,
        question=question,
        comment=comment.strip(),
        user_id=actor.id,
        at=now,
        machine_verdict=found.verdict.value if found else None,
        machine_value=value_out(found.value) if found else None,
        dispute_id=dispute,
        **answer_out(answer),
    )
    session.add(made)
    await rescore(session, row, card)
    detail = f"{question}: {answer.verdict.value}"
    await record(session, actor, "answer.corrected", row.id, now=now, detail=detail)
    return correction_of(made)


async def withdraw(
    session: AsyncSession,
    review_id: str,
    correction_id: str,
    actor: Actor,
    *,
    card: Scorecard,
    now: datetime,
) -> None:
    """Undo a correction: the one before it counts again, or the machine's answer.

    Raises:
        NotFound: there is no such review, or no such correction in it.
        NotAllowed: it is a conversation of this person's own.
        Conflict: the review is no draft, the correction was withdrawn, or a dispute made it.
    """
    row = await get_row(session, review_id)
    review = review_of(row)
    check_not_own(review, actor.keys)
    check_state(review, ReviewState.DRAFT, to="undo a correction")
    found = await session.get(CorrectionRow, correction_id)
    if found is None or found.review_id != review_id:
        raise NotFound("There is no such correction.")
    if found.withdrawn_at is not None:
        raise Conflict("This correction was undone already.")
    if found.dispute_id is not None:
        raise Conflict("A dispute was decided so; that cannot be undone.")
    found.withdrawn_at, found.withdrawn_by = now, actor.id
    await rescore(session, row, card)
    await record(session, actor, "answer.restored", review_id, now=now, detail=found.question)


async def check_changes(
    session: AsyncSession,
    row: ReviewRow,
    question: str,
    answer: Answer,
    *,
    comment: str,
    card: Scorecard,
) -> Finding | None:
    """The machine's own finding, once `answer` is seen to be one that may be given now.

    Raises:
        NotFound: the scorecard has no such question.
        BadInput: it changes nothing, lacks its comment, or its evidence is not in the words.
    """
    asked = card.question(question)
    if asked is None:
        raise NotFound(f"{card.title} has no question {question[:40]!r}.")
    conversation = await conversations.get(session, row.conversation_id)
    for piece in answer.evidence:
        if not piece.quote(conversation).strip():
            raise BadInput("Evidence is some words of the transcript; none were chosen.")
    evaluation = await judged(session, review_of(row))
    standing = corrected(card, evaluation.findings, await corrections_of(session, row.id))
    counts = next((each for each in standing if each.question == question), None)
    check_answer(asked, answer, comment, counts)
    return evaluation.finding(question)

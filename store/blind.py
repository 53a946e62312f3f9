"""Sheets of a calibration session: whose are still blind, drafts, submitting, and the end.

While a session is open nobody is given the answers of others, and nobody who scores in it is shown
what the machine answered: `blind_to` says which conversations that is.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calibration import BlindAnswer, CalibrationSession, Sheet
from core.double_scores import double_scores_of
from core.errors import BadInput, Conflict, NotFound
from store import audit, calibration, double_scores
from store.calibration_mapping import answers_out, sheet_of
from store.calibration_tables import (
    CalibrationItemRow,
    CalibrationPersonRow,
    CalibrationSessionRow,
    CalibrationSheetRow,
)
from store.tables import AuditTable

READ = "conversation.read"  # the audit's word for a page that shows the machine's answers
SCORED_BLIND = "calibration.scored"  # and for one that shows the words alone


async def blind_to(session: AsyncSession, user_id: str) -> frozenset[str]:
    """The conversations whose scores this person must not see now."""
    rows = await session.scalars(
        select(CalibrationItemRow.conversation_id)
        .join(CalibrationSessionRow, CalibrationSessionRow.id == CalibrationItemRow.session_id)
        .join(CalibrationPersonRow, CalibrationPersonRow.session_id == CalibrationSessionRow.id)
        .where(CalibrationPersonRow.user_id == user_id)
        .where(CalibrationSessionRow.closed_at.is_(None))
    )
    return frozenset(rows)


async def session_of(session: AsyncSession, conversation_id: str, user_id: str) -> str | None:
    """The open session in which this person scores a conversation; None: they may see its score."""
    found: str | None = await session.scalar(
        select(CalibrationItemRow.session_id)
        .join(CalibrationSessionRow, CalibrationSessionRow.id == CalibrationItemRow.session_id)
        .join(CalibrationPersonRow, CalibrationPersonRow.session_id == CalibrationSessionRow.id)
        .where(CalibrationPersonRow.user_id == user_id)
        .where(CalibrationItemRow.conversation_id == conversation_id)
        .where(CalibrationSessionRow.closed_at.is_(None))
    )
    return found


async def own_sheets(session: AsyncSession, session_id: str, user_id: str) -> tuple[Sheet, ...]:
    """What one person has written in a session so far, drafts and submitted."""
    return tuple(s for s in await _sheets(session, session_id) if s.person == user_id)


async def save(
    session: AsyncSession,
    found: CalibrationSession,
    conversation_id: str,
    user_id: str,
    answers: tuple[BlindAnswer, ...],
    *,
    now: datetime,
) -> None:
    """Keep a draft, in place of the one before.

    Raises:
        NotFound: the session has no such conversation, or this person does not score in it.
        Conflict: the session is over, or this person has submitted.
        BadInput: an answer is none that the question can have.
    """
    row = await _writable(session, found, conversation_id, user_id, now)
    _check_answers(found, answers)
    row.answers, row.saved_at = answers_out(answers), now
    await session.flush()


async def submit(
    session: AsyncSession,
    found: CalibrationSession,
    conversation_id: str,
    user_id: str,
    answers: tuple[BlindAnswer, ...],
    *,
    now: datetime,
) -> bool:
    """Submit and lock one conversation's answers; audited. The last of all ends the session.

    Returns:
        Whether everybody is in now, so that the session is over.

    Raises:
        NotFound, Conflict, BadInput: as for `save`, or a question is not answered.
    """
    row = await _writable(session, found, conversation_id, user_id, now)
    _check_answers(found, answers)
    await _check_all_answered(session, found, conversation_id, answers)
    row.answers, row.saved_at, row.submitted_at = answers_out(answers), now, now
    row.had_seen = await _had_seen(session, found, conversation_id, user_id)
    await session.flush()
    await audit.record(
        session, actor=user_id, action="calibration.submitted", subject=found.id, now=now,
        detail=conversation_id,
    )  # fmt: skip
    if not await _is_complete(session, found):
        return False
    await close(session, found.id, by=None, now=now)
    return True


async def sheets(session: AsyncSession, found: CalibrationSession) -> tuple[Sheet, ...]:
    """What everybody submitted, once the session is over.

    Raises:
        Conflict: people still score; nobody sees the answers of others before.
    """
    if found.is_open:
        raise Conflict("The answers are shown when everybody is in or the session is closed.")
    return tuple(s for s in await _sheets(session, found.id) if s.submitted_at is not None)


async def close(
    session: AsyncSession, session_id: str, *, by: str | None, now: datetime
) -> CalibrationSession:
    """End a session: what is submitted counts from now on, drafts do not. Audited.

    Args:
        by: who ended it; None when everybody was in.

    Raises:
        NotFound: there is no such session.
        Conflict: it is over already.
    """
    row = await calibration.get_row(session, session_id, locked=True)
    if row.closed_at is not None:
        raise Conflict("This session is over already.")
    row.closed_at, row.closed_by = now, by
    await session.flush()
    found = await calibration.get(session, session_id)
    channels = await calibration.channels_of(session, found)
    written = await _sheets(session, session_id)
    await double_scores.add(session, double_scores_of(found, written, channels))
    await audit.record(
        session, actor=by or "parley", action="calibration.closed", subject=session_id, now=now
    )
    return found


async def settle(session: AsyncSession, sessions: Sequence[str], *, now: datetime) -> None:
    """After conversations were erased: a session without any goes, one that is complete closes."""
    for session_id in sessions:
        found = await calibration.get(session, session_id)
        if not found.items:
            await session.execute(
                delete(CalibrationSessionRow).where(CalibrationSessionRow.id == session_id)
            )
        elif found.is_open and await _is_complete(session, found):
            await close(session, session_id, by=None, now=now)


async def _writable(
    session: AsyncSession,
    found: CalibrationSession,
    conversation_id: str,
    user_id: str,
    now: datetime,
) -> CalibrationSheetRow:
    """The sheet's row, made when there is none; locked ones and strangers are refused."""
    if user_id not in found.people or found.item(conversation_id) is None:
        raise NotFound("There is no such conversation for you to score.")
    current = await calibration.get_row(session, found.id, locked=True)
    if current.closed_at is not None:
        raise Conflict("This session is over; its answers cannot be changed any more.")
    key = (found.id, conversation_id, user_id)
    row = await session.get(CalibrationSheetRow, key, populate_existing=True)
    if row is None:
        row = CalibrationSheetRow(
            session_id=found.id, conversation_id=conversation_id, user_id=user_id,
            answers="[]", saved_at=now, had_seen=False,
        )  # fmt: skip
        session.add(row)
    if row.submitted_at is not None:
        raise Conflict("You have submitted this conversation; its answers are locked.")
    return row


def _check_answers(found: CalibrationSession, answers: Sequence[BlindAnswer]) -> None:
    for each in answers:
        asked = found.question(each.question)
        if asked is None:
            raise BadInput(f"This session has no question {each.question[:40]!r}.")
        if each.answer and each.answer not in asked.allowed:
            raise BadInput(f"{each.answer[:40]!r} is no answer to “{asked.text}”.")


async def _check_all_answered(
    session: AsyncSession,
    found: CalibrationSession,
    conversation_id: str,
    answers: Sequence[BlindAnswer],
) -> None:
    channel = (await calibration.channels_of(session, found))[conversation_id]
    given = {each.question for each in answers if each.answer}
    open_ones = [q for q in found.questions if q.is_asked_of(channel) and q.id not in given]
    if open_ones:
        raise BadInput(
            f"{len(open_ones)} of the questions {'has' if len(open_ones) == 1 else 'have'} no "
            f"answer yet, the first is “{open_ones[0].text}”. Where you cannot tell, say so."
        )


async def _had_seen(
    session: AsyncSession, found: CalibrationSession, conversation_id: str, user_id: str
) -> bool:
    """Whether this person had read the conversation's page, or compared it, before."""
    read = await session.scalar(
        select(AuditTable.id)
        .where(AuditTable.subject == conversation_id, AuditTable.actor == user_id)
        .where(AuditTable.action == READ, AuditTable.at < found.made_at)
        .limit(1)
    )
    sessions = await calibration.of_conversation(session, conversation_id)
    return read is not None or any(each != found.id for each in sessions)


async def _is_complete(session: AsyncSession, found: CalibrationSession) -> bool:
    """Whether everybody has submitted every conversation."""
    done = {(s.person, s.conversation) for s in await _sheets(session, found.id) if s.submitted_at}
    return all((user, i.conversation) in done for user in found.people for i in found.items)


async def _sheets(session: AsyncSession, session_id: str) -> tuple[Sheet, ...]:
    rows = await session.scalars(
        select(CalibrationSheetRow)
        .where(CalibrationSheetRow.session_id == session_id)
        .order_by(CalibrationSheetRow.conversation_id, CalibrationSheetRow.user_id)
    )
    return tuple(sheet_of(row) for row in rows)

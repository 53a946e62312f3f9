"""Deleting a conversation with everything that hangs on it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Channel
from core.errors import NotFound
from core.handoff import Holder
from store import (
    attachments,
    audit,
    blind,
    calibration,
    calls,
    coaching,
    codes,
    copies,
    double_scores,
    drafts,
    owed,
    tries,
    webhooks,
)
from store.calibration_tables import CalibrationSheetRow
from store.coaching_tables import CoachingTaskRow, ExampleRow
from store.columns import table_of
from store.inbox_tables import DraftRow, NoteRow
from store.review_tables import DisputeRow, ReviewRow
from store.shop import forgetting
from store.tables import (
    AlertRow,
    Base,
    CallBackRow,
    ConversationRow,
    CustomerRow,
    EvaluationRow,
    RecordingRow,
    SurveyInvitationRow,
    SurveyResponseRow,
)
from store.twilio_tables import AttachmentRow


@dataclass(frozen=True, slots=True)
class Attached:
    """How many of each thing hang on a conversation and go with it; `sheets` are blind ones.

    Of coaching `tasks` the words go, and that there was one stays.
    """

    scores: int
    answers: int
    reviews: int
    disputes: int
    tasks: int
    examples: int
    published: int
    sheets: int
    notes: int
    drafts: int
    alerts: int
    call_backs: int
    files: int


async def attached(session: AsyncSession, conversation_id: str) -> Attached:
    """What erasing a conversation would take with it, beside its words and its recording."""

    def here(row: type[Base]) -> Select[int]:
        table = table_of(row)
        return (
            select(func.count())
            .select_from(table)
            .where(table.c.conversation_id == conversation_id)
        )

    invitations = select(SurveyInvitationRow.id).where(
        SurveyInvitationRow.conversation_id == conversation_id
    )
    of_it = select(ReviewRow.id).where(ReviewRow.conversation_id == conversation_id)
    counts = {
        "scores": here(EvaluationRow),
        "answers": select(func.count()).where(SurveyResponseRow.invitation_id.in_(invitations)),
        "reviews": here(ReviewRow),
        "disputes": select(func.count()).where(DisputeRow.review_id.in_(of_it)),
        "tasks": here(CoachingTaskRow),
        "examples": here(ExampleRow),
        "published": here(ExampleRow).where(ExampleRow.published_at.is_not(None)),
        "sheets": here(CalibrationSheetRow),
        "notes": here(NoteRow),
        "drafts": here(DraftRow),
        "alerts": here(AlertRow),
        "call_backs": here(CallBackRow),
        "files": here(AttachmentRow),
    }
    named = [count.scalar_subquery().label(name) for name, count in counts.items()]
    found = (await session.execute(select(*named))).one()
    return Attached(**found._mapping)


async def erase_conversation(
    session: AsyncSession, conversation_id: str, *, actor: str, now: datetime
) -> tuple[str, ...]:
    """Delete turns, events, evaluations, reviews, surveys, alerts, call-backs, codes, search terms,
    examples, notes, drafts, files and recordings, what was said of it in calibration sessions
    and coaching tasks, and the customer's words in the embedded shop's records; audited.

    Returns:
        The ids of the files, of recordings and of what the customer sent, that the caller must
        delete after the commit.

    Raises:
        NotFound: there is no such conversation.
    """
    row = await session.get(ConversationRow, conversation_id)
    if row is None:
        raise NotFound(f"no conversation {conversation_id}")
    await forgetting.forget_conversation(session, row)
    await codes.forget_conversation(session, conversation_id)
    await coaching.forget_conversation(session, conversation_id)
    recordings = tuple(
        await session.scalars(
            select(RecordingRow.id).where(RecordingRow.conversation_id == conversation_id)
        )
    )
    sent = await attachments.ids_of(session, conversation_id)
    sessions = await calibration.of_conversation(session, conversation_id)
    is_known_to_bot = row.channel != Channel.VOICE.value or await calls.find_by_conversation(
        session, conversation_id
    )
    await session.execute(delete(RecordingRow).where(RecordingRow.id.in_(recordings)))
    await session.execute(delete(ConversationRow).where(ConversationRow.id == conversation_id))
    await blind.settle(session, sessions, now=now)
    await double_scores.unlink(session, conversation_id)
    if is_known_to_bot:  # Rasa may still know its words
        await owed.add(session, conversation_id, now=now)
    await _forget_customer(session, row.customer_id)
    await audit.record(
        session, actor=actor, action="conversation.deleted", subject=conversation_id, now=now
    )
    return (*recordings, *sent)


async def erase_recording(
    session: AsyncSession, recording_id: str, *, actor: str, now: datetime
) -> None:
    """Delete a recording that became no conversation; audited.

    Raises:
        NotFound: there is none, or a worker made a conversation of it meanwhile.
    """
    done = await session.execute(
        delete(RecordingRow)
        .where(RecordingRow.id == recording_id)
        .where(RecordingRow.conversation_id.is_(None))
    )
    if done.rowcount != 1:  # type: ignore[attr-defined] # a DELETE has a rowcount
        raise NotFound(f"no recording {recording_id} without a conversation")
    await audit.record(
        session, actor=actor, action="recording.deleted", subject=recording_id, now=now
    )


async def erase_old_words(session: AsyncSession, *, before: datetime, now: datetime) -> None:
    """Delete what no conversation holds any more: notes of the shop's records, codes, keys, answers
    to webhooks, copies that went out by e-mail, and drafts that nobody has sent or touched since
    then.
    """
    await forgetting.forget_old(session, before=before, now=now)
    await codes.forget_old(session, now=now)
    await copies.forget_old(session, now=now)
    await tries.forget_old(session, now=now)
    await webhooks.forget_old(session, now=now)
    await drafts.forget_old(session, before=before)


async def expired_conversations(
    session: AsyncSession, *, before: datetime, now: datetime
) -> tuple[str, ...]:
    """Closed conversations that ended before `before`, or whose recording's time is over."""
    overdue = select(RecordingRow.conversation_id).where(RecordingRow.delete_after < now)
    ended = func.coalesce(ConversationRow.closed_at, ConversationRow.listed_at)
    rows = await session.scalars(
        select(ConversationRow.id)
        .where(ConversationRow.holder == Holder.CLOSED.value)
        .where((ended < before) | ConversationRow.id.in_(overdue))
        .order_by(ConversationRow.id)
    )
    return tuple(rows)


async def expired_recordings(session: AsyncSession, *, now: datetime) -> tuple[str, ...]:
    """Recordings without a conversation whose time is over."""
    rows = await session.scalars(
        select(RecordingRow.id)
        .where(RecordingRow.conversation_id.is_(None), RecordingRow.delete_after < now)
        .order_by(RecordingRow.id)
    )
    return tuple(rows)


async def _forget_customer(session: AsyncSession, customer_id: str | None) -> None:
    """A customer of whom no conversation is left is deleted, with their addresses."""
    if customer_id is None:
        return
    left = await session.scalar(
        select(func.count())
        .select_from(ConversationRow)
        .where(ConversationRow.customer_id == customer_id)
    )
    if not left:
        await session.execute(delete(CustomerRow).where(CustomerRow.id == customer_id))

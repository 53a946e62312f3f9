"""Survey invitations and their answers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Channel, Event, EventKind
from core.handoff import Holder
from core.people import Address
from core.survey import PendingReading, SurveyInvitation, SurveyKind, SurveyResponse
from store import conversations
from store.tables import (
    AddressRow,
    ConversationRow,
    CustomerRow,
    SurveyInvitationRow,
    SurveyResponseRow,
)


async def invite(session: AsyncSession, invitation: SurveyInvitation, *, cap_days: int = 0) -> bool:
    """Store an invitation; False when its conversation had one, or its customer within `cap_days`.

    A customer is one person on all their addresses; 0 days are no cap. Of two invitations at once
    one waits for the other, so that they never both count as the first.
    """
    row = await session.get(ConversationRow, invitation.conversation, with_for_update=True)
    customer = row.customer_id if row is not None else None
    since = invitation.offered_at - timedelta(days=cap_days)
    if customer is not None and cap_days:
        await session.get(CustomerRow, customer, with_for_update={"key_share": True})
        if await _was_invited(session, customer, since):
            return False
    if await find_invitation(session, invitation.conversation) is not None:
        return False
    session.add(
        SurveyInvitationRow(
            id=invitation.id,
            conversation_id=invitation.conversation,
            kinds=[kind.value for kind in invitation.kinds],
            about=invitation.about,
            offered_at=invitation.offered_at,
            closed_at=invitation.closed_at,
        )
    )
    await session.flush()
    offered = Event(EventKind.SURVEY_OFFERED, invitation.offered_at)
    await conversations.add_event(session, invitation.conversation, offered)
    return True


async def find_invitation(session: AsyncSession, conversation_id: str) -> SurveyInvitation | None:
    """The conversation's latest invitation, or None."""
    row = await session.scalar(
        select(SurveyInvitationRow)
        .where(SurveyInvitationRow.conversation_id == conversation_id)
        .order_by(SurveyInvitationRow.offered_at.desc())
        .limit(1)
    )
    if row is None:
        return None
    return SurveyInvitation(
        id=row.id,
        conversation=row.conversation_id,
        kinds=tuple(SurveyKind(kind) for kind in row.kinds),
        about=row.about,
        offered_at=row.offered_at,
        closed_at=row.closed_at,
        pending=_pending_of(row),
        repeated=tuple(SurveyKind(kind) for kind in row.repeated),
    )


async def find_asked_chat(
    session: AsyncSession,
    address: Address,
    channel: Channel = Channel.WEB,
    *,
    since: datetime,
    other_than: str | None,
) -> str | None:
    """The customer's latest closed conversation that asked how it went, and ended after `since`.

    One of this channel: a question that was read on another is not answered here.
    """
    return await session.scalar(
        select(SurveyInvitationRow.conversation_id)
        .join(ConversationRow, ConversationRow.id == SurveyInvitationRow.conversation_id)
        .join(AddressRow, AddressRow.customer_id == ConversationRow.customer_id)
        .where(AddressRow.hash == conversations.address_hash(session, address))
        .where(ConversationRow.channel == channel.value)
        .where(ConversationRow.holder == Holder.CLOSED, ConversationRow.id != other_than)
        .where(ConversationRow.closed_at > since)
        .order_by(SurveyInvitationRow.offered_at.desc())
        .limit(1)
    )


async def responses(session: AsyncSession, invitation_id: str) -> tuple[SurveyResponse, ...]:
    """The answers given so far, in order."""
    rows = await session.scalars(
        select(SurveyResponseRow)
        .where(SurveyResponseRow.invitation_id == invitation_id)
        .order_by(SurveyResponseRow.answered_at, SurveyResponseRow.id)
    )
    return tuple(map(_response_of, rows))


async def of_conversations(
    session: AsyncSession, ids: Sequence[str]
) -> dict[str, tuple[SurveyResponse, ...]]:
    """Every answer that was given about these conversations, in order."""
    rows = await session.execute(
        select(SurveyInvitationRow.conversation_id, SurveyResponseRow)
        .join(SurveyResponseRow, SurveyResponseRow.invitation_id == SurveyInvitationRow.id)
        .where(SurveyInvitationRow.conversation_id.in_(ids))
        .order_by(SurveyResponseRow.answered_at, SurveyResponseRow.id)
    )
    found: dict[str, tuple[SurveyResponse, ...]] = {}
    for conversation, row in rows.all():
        found[conversation] = (*found.get(conversation, ()), _response_of(row))
    return found


async def responses_of(
    session: AsyncSession, response_ids: Sequence[str]
) -> dict[str, SurveyResponse]:
    """The answers with these ids; one that is gone is left out."""
    rows = await session.scalars(
        select(SurveyResponseRow).where(SurveyResponseRow.id.in_(response_ids))
    )
    return {row.id: _response_of(row) for row in rows}


async def respond(session: AsyncSession, response: SurveyResponse) -> bool:
    """Store an answer; False when this question of the invitation has one already."""
    known = await session.scalar(
        select(SurveyResponseRow.id)
        .where(SurveyResponseRow.invitation_id == response.invitation)
        .where(SurveyResponseRow.kind == response.kind.value)
    )
    if known is not None:
        return False
    session.add(
        SurveyResponseRow(
            id=response.id,
            invitation_id=response.invitation,
            kind=response.kind.value,
            answered_at=response.answered_at,
            score=response.score,
            text=response.text,
            turn_id=response.turn,
            is_dismissed=response.is_dismissed,
        )
    )
    await session.flush()
    return True


async def await_yes(
    session: AsyncSession, invitation_id: str, pending: PendingReading | None
) -> None:
    """Keep a reading until the customer says yes to it; None forgets the one that was kept."""
    await session.execute(
        update(SurveyInvitationRow)
        .where(SurveyInvitationRow.id == invitation_id)
        .values(
            pending_kind=pending.kind.value if pending else None,
            pending_score=pending.score if pending else None,
            pending_turn=pending.turn if pending else None,
        )
    )


async def mark_repeated(session: AsyncSession, invitation_id: str, kind: SurveyKind) -> None:
    """This question was asked once more; it is not asked a third time."""
    row = await session.get(SurveyInvitationRow, invitation_id, populate_existing=True)
    if row is not None and kind.value not in row.repeated:
        row.repeated = [*row.repeated, kind.value]
        await session.flush()


async def close(session: AsyncSession, invitation_id: str, *, now: datetime) -> None:
    """The invitation asks nothing more."""
    await session.execute(
        update(SurveyInvitationRow)
        .where(SurveyInvitationRow.id == invitation_id)
        .values(closed_at=now)
    )


async def _was_invited(session: AsyncSession, customer_id: str, since: datetime) -> bool:
    """Whether the customer was asked after `since`, on whatever channel."""
    found = (
        select(SurveyInvitationRow.id)
        .join(ConversationRow, ConversationRow.id == SurveyInvitationRow.conversation_id)
        .where(ConversationRow.customer_id == customer_id)
        .where(SurveyInvitationRow.offered_at > since)
    )
    return bool(await session.scalar(select(found.exists())))


def _pending_of(row: SurveyInvitationRow) -> PendingReading | None:
    if row.pending_kind is None or row.pending_score is None or row.pending_turn is None:
        return None
    return PendingReading(SurveyKind(row.pending_kind), row.pending_score, row.pending_turn)


def _response_of(row: SurveyResponseRow) -> SurveyResponse:
    return SurveyResponse(
        id=row.id,
        invitation=row.invitation_id,
        kind=SurveyKind(row.kind),
        answered_at=row.answered_at,
        score=row.score,
        text=row.text,
        turn=row.turn_id,
        is_dismissed=row.is_dismissed,
    )

"""Survey invitations and their answers."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Event, EventKind
from core.survey import SurveyInvitation, SurveyKind, SurveyResponse
from store import conversations
from store.tables import SurveyInvitationRow, SurveyResponseRow


async def invite(session: AsyncSession, invitation: SurveyInvitation) -> bool:
    """Store an invitation; False when the conversation already had one."""
    known = await session.scalar(
        select(SurveyInvitationRow.id).where(
            SurveyInvitationRow.conversation_id == invitation.conversation
        )
    )
    if known is not None:
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
    )


async def responses(session: AsyncSession, invitation_id: str) -> tuple[SurveyResponse, ...]:
    """The answers given so far, in order."""
    rows = await session.scalars(
        select(SurveyResponseRow)
        .where(SurveyResponseRow.invitation_id == invitation_id)
        .order_by(SurveyResponseRow.answered_at, SurveyResponseRow.id)
    )
    return tuple(
        SurveyResponse(
            id=row.id,
            invitation=row.invitation_id,
            kind=SurveyKind(row.kind),
            answered_at=row.answered_at,
            score=row.score,
            text=row.text,
            turn=row.turn_id,
            is_dismissed=row.is_dismissed,
        )
        for row in rows
    )


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


async def close(session: AsyncSession, invitation_id: str, *, now: datetime) -> None:
    """The invitation asks nothing more."""
    await session.execute(
        update(SurveyInvitationRow)
        .where(SurveyInvitationRow.id == invitation_id)
        .values(closed_at=now)
    )

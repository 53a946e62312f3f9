"""What a survey leaves in the store: the invitation, the answers, and an alert for a low score."""

from sqlalchemy.ext.asyncio import AsyncSession

from channels.reply import Line, SurveyChange
from channels.room import Room
from channels.survey import question_line
from core.alert import Alert, AlertKind, Citation, Cited
from core.ids import new_id
from core.survey import SurveyInvitation, SurveyResponse
from core.survey_rules import Trigger
from store import alerts, conversations, surveys


async def keep_survey(
    session: AsyncSession, room: Room, conversation_id: str, change: SurveyChange
) -> None:
    """Store what a turn changed; a question that has an answer keeps its first."""
    for response in (change.response, change.reason):
        if response is not None and await surveys.respond(session, response):
            room.metrics.survey_answers.labels(response.kind.value).inc()
            await _alert(session, room, conversation_id, response)
    await surveys.await_yes(session, change.invitation, change.pending)
    if change.repeated is not None:
        await surveys.mark_repeated(session, change.invitation, change.repeated)
    if change.closes:
        await surveys.close(session, change.invitation, now=room.clock())


async def invite(session: AsyncSession, room: Room, invitation: SurveyInvitation) -> list[Line]:
    """The first question of an invitation, unless the customer was asked lately."""
    if not await surveys.invite(session, invitation, cap_days=room.rules.cap_days):
        return []
    return [question_line(invitation.kinds[0], room.rules)]


async def invite_after_person(
    session: AsyncSession, room: Room, conversation_id: str
) -> list[Line]:
    """What a customer is asked when a person has closed their conversation."""
    return await _invite_after(session, room, conversation_id, Trigger.PERSON)


async def invite_after_call(session: AsyncSession, room: Room, conversation_id: str) -> list[Line]:
    """What a caller is asked who is still there when the person has hung up."""
    return await _invite_after(session, room, conversation_id, Trigger.CALL)


async def _invite_after(
    session: AsyncSession, room: Room, conversation_id: str, after: Trigger
) -> list[Line]:
    if not room.settings.survey:
        return []
    channel = (await conversations.get(session, conversation_id)).channel
    invitation = room.rules.invitation(after, after, channel, conversation_id, now=room.clock())
    return [] if invitation is None else await invite(session, room, invitation)


async def _alert(
    session: AsyncSession, room: Room, conversation_id: str, response: SurveyResponse
) -> None:
    """Tell a supervisor of a detractor, once."""
    if not room.rules.is_detractor(response):
        return
    alert = Alert(
        id=new_id(),
        conversation=conversation_id,
        kind=AlertKind.DETRACTOR,
        cites=Citation(Cited.RESPONSE, response.id, response.turn),
        raised_at=response.answered_at,
        due_at=room.rules.due_at(response),
    )
    await alerts.raise_alert(session, alert)

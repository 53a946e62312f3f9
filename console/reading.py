"""May this person see it, and the note that they did."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from console.context import Visit
from core.errors import Conflict, NotFound, Overtaken
from core.handoff import Holder
from store import agents, audit, blind, conversations, handoffs, inbox, listing, reviews, users

ONE_LISTEN = timedelta(minutes=30)  # jumping about in one call makes many requests, one listen


async def check_may_see(session: AsyncSession, visit: Visit, conversation_id: str) -> None:
    """Let an agent see what waits, what they hold, what they wrote in or were evaluated by.

    Raises:
        Conflict: a colleague holds it; who comes second is told who was first.
        NotFound: any other conversation, whether it exists or not.
    """
    if await may_see(session, visit, conversation_id):
        return
    found = await conversations.find(session, conversation_id)
    handoff = await handoffs.get(session, conversation_id) if found else None
    if handoff and handoff.holder is Holder.PERSON and handoff.agent:
        colleague = await users.get(session, handoff.agent)
        raise Overtaken(f"{colleague.name} has this conversation.")
    raise NotFound("There is no such conversation, or it is somebody else's.")


async def may_see(session: AsyncSession, visit: Visit, conversation_id: str) -> bool:
    """Whether it is this person's to read; the customer's other ones while they hold one."""
    if visit.user.may_see_all:
        return True
    if await listing.may_see(session, conversation_id, visit.user.id):
        return True
    if await inbox.holds_another_of(session, conversation_id, visit.user.id):
        return True
    keys = await agents.keys_of(session, visit.user)
    return await reviews.is_judged(session, conversation_id, keys)


async def check_not_blind(session: AsyncSession, visit: Visit, conversation_id: str) -> None:
    """Keep how a conversation was scored from who scores it blind.

    Raises:
        Conflict: this person scores it in a calibration session that is still open.
    """
    if await blind.session_of(session, conversation_id, visit.user.id) is not None:
        raise Conflict(
            "You score this conversation blind in a calibration session. "
            "How it was scored is shown when the session is over."
        )


async def note(session: AsyncSession, visit: Visit, action: str, subject: str) -> None:
    """Write into the audit who did what."""
    await audit.record(
        session, actor=visit.user.id, action=action, subject=subject, now=visit.console.now()
    )


async def note_once(visit: Visit, action: str, *subjects: str) -> None:
    """The same, but once in half an hour for one person: it is one reading or one listen."""
    async with visit.console.database.reading() as session:
        new = [each for each in subjects if not await _is_noted(session, visit, action, each)]
    if not new:
        return
    async with visit.console.database.writing() as session:  # asked again: requests come together
        for subject in new:
            if not await _is_noted(session, visit, action, subject):
                await note(session, visit, action, subject)


async def _is_noted(session: AsyncSession, visit: Visit, action: str, subject: str) -> bool:
    since = visit.console.now() - ONE_LISTEN
    return await audit.is_noted(
        session, actor=visit.user.id, action=action, subject=subject, since=since
    )

"""Being at the inbox or away, which signs of new work one wants, and an offer that is not taken."""

from aiohttp import web

from console.context import Visit, see_other
from console.reading import note
from core.errors import BadInput
from core.inbox import Presence
from store import agent_states, offers, presence


async def set_presence(visit: Visit) -> web.StreamResponse:
    """Take new conversations from now on, or none any more."""
    wanted = visit.form.get("presence", "")
    if wanted not in list(Presence):
        raise BadInput(f"presence: {wanted[:20]!r} is not one of {', '.join(Presence)}")
    async with visit.console.database.writing() as session:
        before = await agent_states.find(session, visit.user.id)
        state = await agent_states.set_presence(
            session, visit.user.id, Presence(wanted), now=visit.console.now()
        )
        if before.presence is not state.presence:
            await note(session, visit, f"presence.{state.presence}", visit.user.id)
    return _onward(visit)


async def set_signs(visit: Visit) -> web.StreamResponse:
    """Whether new work makes a sound and marks the tab's title, for this person alone."""
    async with visit.console.database.writing() as session:
        await agent_states.set_signs(
            session,
            visit.user.id,
            sound=visit.form.get("sound") == "on",
            title=visit.form.get("title") == "on",
        )
    return _onward(visit)


async def decline(visit: Visit) -> web.StreamResponse:
    """Not me: it is offered to the next person at once; it stays in everybody's list."""
    async with visit.console.database.writing() as session:
        await offers.decline(
            session, visit.part("conversation"), user=visit.user.id, now=visit.console.now()
        )
    return _onward(visit)


async def note_here(visit: Visit) -> None:
    """This person has the console open at this moment."""
    now = visit.console.now()
    async with visit.console.database.reading() as session:
        is_noted = await presence.is_noted(session, visit.user.id, now=now)
    if not is_noted:
        async with visit.console.database.writing() as session:
            await presence.note(session, visit.user.id, now=now)


async def leave(visit: Visit) -> None:
    """Who signs out takes nothing new; what they hold waits for them."""
    if visit.signed is None:
        return
    async with visit.console.database.writing() as session:
        before = await agent_states.find(session, visit.user.id)
        if before.is_available:
            await agent_states.set_presence(
                session, visit.user.id, Presence.AWAY, now=visit.console.now()
            )
            await note(session, visit, "presence.away", visit.user.id)


def _onward(visit: Visit) -> web.StreamResponse:
    return visit.data({"done": True}) if visit.wants_json else see_other("/inbox")

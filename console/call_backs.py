"""Call-backs that wait for somebody to ring, and what came of ringing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.context import Visit, see_other
from console.reading import note
from core.call_back import CallBack, CallBackState
from core.conversation import Event, EventKind
from core.errors import Conflict
from store import call_backs, conversations


@dataclass(frozen=True, slots=True)
class ShownCallBack:
    """One call-back, whether its time has come or is over, and when it was last rung in vain."""

    call_back: CallBack
    name: str | None
    tried_at: datetime | None
    is_due: bool
    is_overdue: bool


async def shown_call_backs(
    session: AsyncSession, found: Sequence[CallBack], now: datetime
) -> tuple[ShownCallBack, ...]:
    """As the pages show them."""
    about = {one.conversation for one in found}
    names = await call_backs.names_of(session, about)
    tried = await call_backs.tried(session, about)
    return tuple(
        ShownCallBack(
            one,
            name=names.get(one.conversation),
            tried_at=max(
                (at for at in tried.get(one.conversation, ()) if at >= one.asked_at), default=None
            ),
            is_due=one.wanted_from is not None and one.wanted_from <= now,
            is_overdue=one.is_overdue(now),
        )
        for one in found
    )


async def done(visit: Visit) -> web.StreamResponse:
    """The customer was reached: the promise is kept, and the conversation keeps the event."""
    call_back_id = visit.part("promise")
    now = visit.console.now()
    async with visit.console.database.writing() as session:
        before = await call_backs.get(session, call_back_id)
        marked = await call_backs.mark_done(session, call_back_id, user=visit.user.id, now=now)
        if before.state is not marked.state:
            rung = Event(EventKind.CALL_BACK_DONE, now, actor=visit.user.name)
            await conversations.add_event(session, marked.conversation, rung)
            await note(session, visit, "call_back.done", marked.conversation)
    return see_other("/conversations")


async def tried(visit: Visit) -> web.StreamResponse:
    """Nobody was reached: the try is noted, and the promise stays open."""
    async with visit.console.database.writing() as session:
        found = await call_backs.get(session, visit.part("promise"))
        if found.state is not CallBackState.OPEN:
            raise Conflict(f"This call-back is {found.state} already.")
        rung = Event(EventKind.CALL_BACK_TRIED, visit.console.now(), actor=visit.user.name)
        await conversations.add_event(session, found.conversation, rung)
        await note(session, visit, "call_back.tried", found.conversation)
    return see_other("/conversations")

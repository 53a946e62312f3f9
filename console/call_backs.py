"""Call-backs that wait for somebody to ring, and the note that somebody has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from console.context import Visit, see_other
from console.reading import note
from core.call_back import CallBack
from core.conversation import Event, EventKind
from store import call_backs, conversations


@dataclass(frozen=True, slots=True)
class ShownCallBack:
    """One call-back, and whether its time has come or is over."""

    call_back: CallBack
    is_due: bool
    is_overdue: bool


def shown_call_backs(found: Iterable[CallBack], now: datetime) -> tuple[ShownCallBack, ...]:
    """As the pages show them."""
    return tuple(
        ShownCallBack(
            one,
            is_due=one.wanted_from is not None and one.wanted_from <= now,
            is_overdue=one.is_overdue(now),
        )
        for one in found
    )


async def done(visit: Visit) -> web.StreamResponse:
    """Somebody has rung: the call-back leaves the list, and the conversation keeps the event."""
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

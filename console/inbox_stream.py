"""New work arrives by itself: a stream of server-sent events with numbers and ids, never words.

An event's id is a digest of what the person's inbox looks like, so that a page which comes back
with its last id hears at once whether it has missed anything, and loads the list anew if so.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from console.access import find_signed_in
from console.bell import BELL
from console.context import Visit
from console.presence import note_here
from core.errors import Unavailable
from core.handoff import Holder
from core.inbox import AgentState
from store import agent_states
from store.inbox import Pulse

BEAT_SECONDS = 15.0  # below the 60 s after which proxies cut a silent connection
RETRY_MS = 2000  # a page connects again so soon


@dataclass(frozen=True, slots=True)
class News:
    """What one person's inbox looks like: numbers for the head, and what new work is known by."""

    id: str
    data: dict[str, Any]

    def text(self) -> bytes:
        """As a server-sent event."""
        return f"id: {self.id}\nevent: inbox\ndata: {json.dumps(self.data)}\n\n".encode()


async def events(visit: Visit) -> web.StreamResponse:
    """The stream; it ends when the person is signed out or the server stops."""
    request, bell = visit.request, visit.request.app[BELL]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    last = request.headers.get("Last-Event-ID", "")
    async with bell.listening():
        try:
            await response.prepare(request)
            await response.write(f"retry: {RETRY_MS}\n\n".encode())
            while not bell.is_over and await find_signed_in(request, visit.console) is not None:
                await note_here(visit)
                last = await _tell(visit, response, bell.pulse, last)
                await bell.wait(BEAT_SECONDS)
        except (ConnectionError, Unavailable):  # the page was closed; or it connects again
            pass
    return response


async def _tell(
    visit: Visit, response: web.StreamResponse, pulse: tuple[Pulse, ...], last: str
) -> str:
    """Send what is new, or a sign of life; the id that the page has now."""
    async with visit.console.database.reading() as session:
        state = await agent_states.find(session, visit.user.id)
    news = news_for(
        visit.user.id, pulse, state, visit.console.now(), sees_all=visit.user.may_see_all
    )
    await response.write(news.text() if news.id != last else b": still here\n\n")
    return news.id


def news_for(
    user: str, pulse: tuple[Pulse, ...], state: AgentState, now: datetime, *, sees_all: bool
) -> News:
    """What this person is to know; what colleagues hold changes nothing for who does not see it."""
    waiting = [one for one in pulse if one.holder == Holder.WAITING.value]
    mine = [one for one in pulse if one.holder == Holder.PERSON.value and one.held_by == user]
    offered = [
        one.id
        for one in waiting
        if one.offered_to == user and one.offered_until is not None and one.offered_until > now
    ]
    data = {
        "waiting": [one.id for one in waiting],
        "mine": {one.id: one.customer_turns for one in mine},
        "offered": offered,
        "available": state.is_available,
        "sound": state.plays_sound,
        "title": state.marks_title,
    }
    seen = [*(pulse if sees_all else (*waiting, *mine)), *offered, state.is_available]
    return News(hashlib.sha256(repr(seen).encode()).hexdigest()[:16], data)

"""The list of conversations: who waits, what is being worked on, and everything else."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from console.call_backs import shown_call_backs
from console.context import Visit, see_other
from console.filters import RESULTS, SEARCH, cookie_of, query_of, wanted_of
from console.mood import Mood, mood_of
from console.reading import note_once
from core.conversation import Channel
from core.handoff import Holder
from core.people import UserRole
from core.recording import RecordingState
from store import (
    agents,
    alerts,
    blind,
    call_backs,
    coaching,
    listing,
    presence,
    recordings,
    review_list,
    users,
)
from store.listing import Summary

STATES = {
    Holder.WAITING: "waiting for a person",
    Holder.PERSON: "with a person",
    Holder.BOT: "with the bot",
    Holder.CLOSED: "closed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list, ready to be shown."""

    summary: Summary
    mood: Mood | None
    held_by: str | None
    state: str


async def home(visit: Visit) -> web.StreamResponse:
    """The list is where work begins."""
    del visit
    return see_other("/conversations")


async def conversations_page(visit: Visit) -> web.StreamResponse:
    """A page of what this person may see; agents see their own and who waits."""
    request = visit.request
    wanted = wanted_of(request.query, query_of(request.cookies.get(SEARCH, "")))
    number = request.query.get("page", "1")
    async with visit.console.database.reading() as session:
        limits = wanted.filter(
            visit.console.settings.zone,
            seen_by=_seen_by(visit),
            blind=await blind.blind_to(session, visit.user.id),
        )
        page = await listing.page(
            session, limits, number=int(number) if number.isdecimal() and len(number) < 7 else 1
        )
        names = {user.id: user.name for user in await users.everyone(session)}
        promised = await call_backs.open_ones(session)
        to_ring = await shown_call_backs(session, promised, visit.console.now())
        unfinished = await recordings.open_list(session) if visit.is_reviewer else []
    await note_once(visit, "call_back.read", *(one.conversation for one in promised))
    return visit.page(
        "conversations.html",
        wanted=wanted,
        page=page,
        lines=[shown_line(summary, names) for summary in page.items],
        to_ring=to_ring,
        working=[found for found in unfinished if found.state is not RecordingState.FAILED],
        broken=[found for found in unfinished if found.state is RecordingState.FAILED],
        **_choices(visit),
    )


async def search(visit: Visit) -> web.StreamResponse:
    """Keep the words in a cookie and the rest in the URL, then show the list."""
    query = visit.form.get("q", "")
    wanted = wanted_of(visit.form, query)
    wanted.filter(visit.console.settings.zone, seen_by=None)  # refuse wrong values here
    response = see_other(wanted.url())
    if wanted.query:
        response.set_cookie(
            SEARCH, cookie_of(wanted.query), path="/", httponly=True, samesite="Lax",
            secure=visit.console.is_secure,
        )  # fmt: skip
    else:
        response.del_cookie(SEARCH, path="/")
    return response


async def waiting(visit: Visit) -> web.StreamResponse:
    """How many customers wait, and of what else this person sees to: for the page's head.

    That is open alerts, tasks of one's own that are new, and evaluations of one's own to be read.

    Who asks has the console open, so they are at work.
    """
    now = visit.console.now()
    async with visit.console.database.reading() as session:
        counts = {"waiting": await listing.waiting(session)}
        if visit.is_reviewer:
            counts["alerts"] = await alerts.count_open(session)
        if new := await coaching.waiting(session, visit.user.id):
            counts["coaching"] = new
        if UserRole.AGENT in visit.user.roles:
            keys = await agents.keys_of(session, visit.user)
            counts["evaluations"] = await review_list.to_read(session, keys, now=now)
        is_noted = await presence.is_noted(session, visit.user.id, now=now)
    if not is_noted:
        async with visit.console.database.writing() as session:
            await presence.note(session, visit.user.id, now=now)
    return visit.data(counts)


def _seen_by(visit: Visit) -> str | None:
    return None if visit.user.may_see_all else visit.user.id


def shown_line(summary: Summary, names: dict[str, str]) -> Line:
    """A conversation as a line of a list; `names` are those of users."""
    return Line(
        summary=summary,
        mood=mood_of(summary.mood, summary.mood_shift, summary.mood_model),
        held_by=names.get(summary.held_by) if summary.held_by else None,
        state=STATES[summary.holder],
    )


def _choices(visit: Visit) -> dict[str, Any]:
    return {
        "channels": tuple(Channel),
        "states": STATES,
        "results": tuple(RESULTS),
        "chat_url": f"http://{visit.request.url.host}:{visit.console.settings.chat_port}/",
    }

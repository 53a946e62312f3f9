"""The agents' inbox: who waits, what one holds oneself, and for supervisors everything open."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from aiohttp import web

from console.context import Visit
from console.packet import ShownLine, mood_in, packet_lines
from console.presence import note_here
from console.summary import Brief, brief_of
from core.errors import BadInput, NotAllowed
from core.handoff import Holder, told_reason
from core.inbox import Note, Offer
from store import agent_states, call_backs, inbox, notes, offers, users
from store.inbox import InboxRow


class View(StrEnum):
    """Which list is shown."""

    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Line:
    """One row, ready to be shown.

    `since` is where the clock of its wait begins, None when its customer waits for nobody;
    `is_late` says that the limit is over, `offered_to` whom it is offered to at this moment,
    `passed` is what came with its transfer and `passed_by` who wrote that.
    """

    row: InboxRow
    why: str
    brief: Brief
    mood: str
    packet: tuple[ShownLine, ...]
    passed: str
    passed_by: str
    is_late: bool
    held_by: str | None
    is_mine: bool
    offered_to: str | None
    is_offered_to_me: bool
    offered_until: Any


async def inbox_page(visit: Visit) -> web.StreamResponse:
    """The whole page; `view` says which list."""
    await note_here(visit)
    values = await _values(visit, view_of(visit))
    async with visit.console.database.reading() as session:
        to_ring = await call_backs.open_ones(session)
    return visit.page("inbox.html", to_ring=len(to_ring), **values)


async def inbox_list(visit: Visit) -> web.StreamResponse:
    """The part that changes: the page's script puts it in place of the old one."""
    return visit.page("inbox_list.html", **await _values(visit, view_of(visit)))


def view_of(visit: Visit) -> View:
    """The list that is asked for; who holds something begins with their own.

    Raises:
        BadInput: there is no such list.
        NotAllowed: it is everybody's, and this person sees their own alone.
    """
    asked = visit.request.query.get("view") or View.WAITING
    try:
        view = View(asked)
    except ValueError as error:
        raise BadInput(f"view: {asked[:20]!r} is not one of {', '.join(View)}") from error
    if view is View.ALL and not visit.user.may_see_all:
        raise NotAllowed("What others hold is shown to supervisors and owners.")
    return view


async def _values(visit: Visit, view: View) -> dict[str, Any]:
    now = visit.console.now()
    async with visit.console.database.reading() as session:
        state = await agent_states.find(session, visit.user.id)
        waiting = await inbox.waiting(session)
        mine = await inbox.held_by(session, visit.user.id)
        shown = {View.WAITING: waiting, View.MINE: mine}.get(view)
        rows = await inbox.open_ones(session) if shown is None else shown
        made = {key: one for key, one in (await offers.current(session)).items() if one.until > now}
        names = {user.id: user.name for user in await users.everyone(session)}
        passed = await notes.passed_on(session, {row.id for row in (*rows, *waiting)})

    def line(row: InboxRow) -> Line:
        return _line(visit, row, made.get(row.id), passed.get(row.id), names)

    return {
        "view": view,
        "lines": [line(row) for row in rows],
        "counts": {View.WAITING: len(waiting), View.MINE: len(mine)},
        "offered": [line(row) for row in waiting
                    if row.id in made and made[row.id].user == visit.user.id],
        "state": state,
        "capacity": visit.console.settings.agent_capacity
        if state.capacity is None else state.capacity,
        "held": len(mine),
        "limit": visit.console.settings.wait_limit_minutes,
        "most": inbox.MOST_ROWS,
    }  # fmt: skip


def _line(
    visit: Visit, row: InboxRow, offer: Offer | None, passed: Note | None, names: dict[str, str]
) -> Line:
    now = visit.console.now()
    limit = timedelta(minutes=visit.console.settings.wait_limit_minutes)
    return Line(
        row=row,
        why=told_reason(row.reason),
        brief=brief_of(row.summary),
        mood=mood_in(row.packet),
        packet=packet_lines(row.packet),
        passed=passed.text if passed else "",
        passed_by=names.get(passed.user, "a colleague") if passed else "",
        is_late=row.waits_since is not None and now - row.waits_since >= limit,
        held_by=names.get(row.held_by or ""),
        is_mine=row.holder is Holder.PERSON and row.held_by == visit.user.id,
        offered_to=names.get(offer.user) if offer else None,
        is_offered_to_me=offer is not None and offer.user == visit.user.id,
        offered_until=offer.until if offer else None,
    )

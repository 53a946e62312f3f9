"""The form of a new calibration session: conversations, people, scorecard, due date."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import SystemRandom
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console import cards
from console.context import Visit, see_other
from core.asked import asked_of
from core.calibration import CalibrationSession, Picked
from core.draw import Way
from core.errors import BadInput, Conflict, NotFound
from core.people import User
from core.scorecard import Scorecard
from store import agents, calibration, calibration_draw, users
from store.calibration_draw import Frame, Span

DAYS = 7  # until a session is due, if nobody says otherwise
FIELDS = ("title", "scorecard", "due", "conversations", "random", "from", "to", "even", "risk")
QUEUES = {"even": (Way.UNIFORM, Picked.UNIFORM), "risk": (Way.RISK, Picked.RISK)}


async def form_page(visit: Visit) -> web.StreamResponse:
    """The empty form; `conversation` in the address puts one in."""
    typed = {"conversations": visit.request.query.get("conversation", "")[:100]}
    return await _page(visit, typed)


async def make(visit: Visit) -> web.StreamResponse:
    """Begin a session, or show the form again with what is wrong in it. Audited."""
    try:
        async with visit.console.database.writing() as session:
            made = await _make(session, visit)
    except (BadInput, Conflict, NotFound) as error:
        typed = {name: visit.form.get(name, "") for name in FIELDS}
        return await _page(visit, typed, message=str(error), status=400)
    return see_other(f"/calibration/{made.id}")


async def _make(session: AsyncSession, visit: Visit) -> CalibrationSession:
    form, zone = visit.form, visit.console.settings.zone
    card = await _known(session, form.get("scorecard", ""))
    people = [name.removeprefix("person_") for name in form if name.startswith("person_")]
    picked = await _picked(session, visit, card, people)
    return await calibration.make(
        session,
        title=form.get("title", ""),
        scorecard=card.name,
        version=card.version,
        questions=asked_of(card),
        picked=picked,
        people=people,
        due_at=_end_of(_day(form.get("due", ""), "due") or _due(visit), zone),
        by=visit.user.id,
        now=visit.console.now(),
    )


async def _picked(
    session: AsyncSession, visit: Visit, card: Scorecard, people: list[str]
) -> dict[str, Picked]:
    """The conversations: those that were named, then those out of the queue, then drawn ones."""
    form = visit.form
    picked = dict.fromkeys(_ids(form.get("conversations", "")), Picked.HAND)
    invited = [user for user in await users.everyone(session) if user.id in people]
    own = [await agents.keys_of(session, user) for user in invited]
    frame = Frame(card.name, card.version, frozenset().union(*own), frozenset(picked))
    for field, (way, told) in QUEUES.items():
        if count := _number(form.get(field, "")):
            taken = await calibration_draw.from_queue(session, frame, way, count=count)
            picked |= dict.fromkeys(taken, told)
            frame = replace(frame, besides=frozenset(picked))
    if count := _number(form.get("random", "")):
        span = _span(form.get("from", ""), form.get("to", ""), visit.console.settings.zone)
        drawn = await calibration_draw.draw(
            session, frame, count=count, span=span, dice=SystemRandom()
        )
        picked |= dict.fromkeys(drawn, Picked.RANDOM)
    return picked


async def _page(
    visit: Visit, typed: dict[str, str], *, message: str = "", status: int = 200
) -> web.Response:
    async with visit.console.database.reading() as session:
        everyone = await users.everyone(session)
        used = await cards.in_use(session)
    return visit.page(
        "calibration_new.html",
        status=status,
        message=message,
        typed=_defaults(visit) | {name: value for name, value in typed.items() if value},
        chosen={name.removeprefix("person_") for name in visit.form if name.startswith("person_")},
        people=invitable(everyone),
        cards=used,
    )


def invitable(everyone: tuple[User, ...]) -> list[User]:
    """Who may score: supervisors and owners who work here."""
    return [user for user in everyone if user.is_active and user.may_see_all]


def _defaults(visit: Visit) -> dict[str, Any]:
    today = visit.console.now().astimezone(visit.console.settings.zone)
    return dict.fromkeys(FIELDS, "") | {
        "title": f"Calibration, {today:%B %Y}",
        "due": _due(visit).isoformat(),
        "scorecard": visit.console.settings.scorecard,
    }


async def _known(session: AsyncSession, name: str) -> Scorecard:
    for card in await cards.in_use(session):
        if card.name == name:
            return card
    raise BadInput(f"There is no scorecard {name[:40]!r}.")


def _ids(text: str) -> list[str]:
    """Ids, one a line or parted by spaces; of a page's address its last part."""
    return list(dict.fromkeys(word.rstrip("/").rsplit("/", 1)[-1] for word in text.split()))


def _number(text: str) -> int:
    if not text.strip():
        return 0
    if not text.strip().isdecimal() or len(text.strip()) > 4:
        raise BadInput(f"How many to draw: {text[:20]!r} is not a whole number.")
    return int(text)


def _span(start: str, end: str, zone: ZoneInfo) -> Span:
    first, last = _day(start, "from"), _day(end, "to")
    if first and last and last < first:
        raise BadInput("The days to draw from end before they begin.")
    return Span(
        datetime.combine(first, time(), zone) if first else None,
        datetime.combine(last + timedelta(days=1), time(), zone) if last else None,
    )


def _day(text: str, name: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(f"{name}: {text[:40]!r} is not a day such as 2026-11-21") from error
    if not 2000 <= day.year <= 2999:
        raise BadInput(f"{name}: {text[:40]!r} is no day of our time")
    return day


def _due(visit: Visit) -> date:
    today = visit.console.now().astimezone(visit.console.settings.zone).date()
    return today + timedelta(days=DAYS)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last minute of a day, so that a session is due on the day that was typed."""
    return datetime.combine(day, time(23, 59), zone)

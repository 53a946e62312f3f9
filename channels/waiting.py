"""What a customer who waits for a person is told: their place, how long, who is there, what else.

Nothing is promised that the last hours do not bear out: with no recent waits no time is named.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy.ext.asyncio import AsyncSession

from channels.reply import Line
from channels.requests import CALL_BACK
from core.handoff import Handoff
from core.settings import Settings
from store import handoffs, presence

WAITS_FROM = timedelta(hours=4)  # a shift; this morning's queue says nothing about the evening's
WAITS_COUNTED = 20  # of the latest waits: enough for a median, few enough to follow a rush
FEWEST_WAITS = 3  # below it a median is one person's luck
SEEN_WITHIN = timedelta(minutes=5)  # an open console page asks every 10 s while it is looked at

CALL_ME_BACK = ("Call me back", CALL_BACK)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How things stand for one who waits; times of day are local."""

    place: int
    expected: timedelta | None = None
    is_open: bool = True
    opens_at: datetime | None = None
    is_anybody_here: bool = True
    is_first: bool = False  # put first because it took too long


async def outlook(
    session: AsyncSession, handoff: Handoff, settings: Settings, *, now: datetime
) -> Outlook:
    """How things stand for this conversation, which waits."""
    local = now.astimezone(settings.zone)
    waits = await handoffs.recent_waits(session, since=now - WAITS_FROM, at_most=WAITS_COUNTED)
    return Outlook(
        place=await handoffs.place_in_line(session, handoff),
        expected=expected_wait(waits),
        is_open=settings.hours.is_open(local),
        opens_at=settings.hours.next_opening(local),
        is_anybody_here=await presence.is_anybody_here(session, since=now - SEEN_WITHIN),
        is_first=handoff.priority > 0,
    )


def expected_wait(waits: tuple[timedelta, ...]) -> timedelta | None:
    """The median of recent waits; None when there are too few to say."""
    if len(waits) < FEWEST_WAITS:
        return None
    return timedelta(seconds=median(wait.total_seconds() for wait in waits))


def tell_handoff(found: Outlook) -> Line:
    """Read when the conversation goes to the people."""
    return Line(
        "I am getting a person for you. They can read all of this, so you need not repeat "
        f"anything. {_stands(found)} {_else(found)}",
        (CALL_ME_BACK,),
    )


def tell_place(found: Outlook) -> Line:
    """Read by one who writes while waiting."""
    return Line(f"{_stands(found)} Somebody will answer you here.", (CALL_ME_BACK,))


def reassure(found: Outlook, waited: timedelta) -> Line:
    """Read by one who has waited for a while without a word."""
    return Line(
        f"You are not forgotten: you have waited {say_minutes(waited)}. {_stands(found)} "
        f"{_else(found)}",
        (CALL_ME_BACK,),
    )


def tell_too_long(waited: timedelta) -> Line:
    """Read when the limit is over."""
    return Line(
        f"You have waited {say_minutes(waited)}, which is longer than it should be. I am sorry. "
        "I have put you first in line and told a supervisor. If you would rather not wait, "
        "somebody can call you back.",
        (CALL_ME_BACK,),
    )


def say_minutes(span: timedelta) -> str:
    """'a minute', '4 minutes', 'about 2 hours'."""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes == 1:
        return "a minute"
    if minutes < 90:
        return f"{minutes} minutes"
    return f"about {round(minutes / 60)} hours"


def _stands(found: Outlook) -> str:
    place = "next in line" if found.place <= 1 else f"number {found.place} in line"
    line = f"You are {place}."
    if not found.is_open:
        return f"{line} Our people are not at work now{_opening(found)}."
    if not found.is_anybody_here:
        return f"{line} Nobody is at their desk just now, so I cannot say how long it will take."
    if found.expected is None:
        return f"{line} I cannot say yet how long it will take."
    if found.expected < timedelta(minutes=1):
        return f"{line} Lately people waited less than a minute."
    return f"{line} Lately people waited about {say_minutes(found.expected)}."


def _opening(found: Outlook) -> str:
    if found.opens_at is None:
        return ""
    return f"; they are back on {found.opens_at:%A} at {found.opens_at:%H:%M}"


def _else(found: Outlook) -> str:
    if found.is_open and found.is_anybody_here:
        return "You can wait here, or have somebody call you back."
    return "You can leave this open and be answered here later, or have somebody call you back."

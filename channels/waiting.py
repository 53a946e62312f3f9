"""What a customer who waits for a person is told: their place, how long, who is there, what else.

Nothing is promised that the last hours do not bear out: with no recent waits no time is named, and
none that somebody further in front has waited longer than already.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy.ext.asyncio import AsyncSession

from channels.reply import Line
from channels.requests import CALL_BACK
from core.handoff import Handoff
from core.settings import Settings
from language.saying import say_time
from store import handoffs, presence

WAITS_FROM = timedelta(hours=4)  # a shift; this morning's queue says nothing about the evening's
WAITS_COUNTED = 20  # of the latest waits: enough for a median, few enough to follow a rush
FEWEST_WAITS = 3  # below it a median is one person's luck
SEEN_WITHIN = timedelta(minutes=5)  # an open console page asks every 10 s while it is looked at

CALL_ME_BACK = ("Call me back", CALL_BACK)
TO_BOT = "person:bot"  # a payload of ours, like those of channels.escalation
GO_ON_WITH_BOT = ("Go on with the bot", TO_BOT)
CHOICES = (CALL_ME_BACK, GO_ON_WITH_BOT)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How things stand for one who waits; times of day are local."""

    place: int
    expected: timedelta | None = None
    is_open: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_anybody_here: bool = True


async def outlook(
    session: AsyncSession, handoff: Handoff, settings: Settings, *, now: datetime
) -> Outlook:
    """How things stand for this conversation, which waits."""
    local = now.astimezone(settings.zone)
    waits = await handoffs.recent_waits(session, since=now - WAITS_FROM, at_most=WAITS_COUNTED)
    since = await handoffs.longest_waiting(session, handoff, since=now - WAITS_FROM)
    so_far = now - since if since else timedelta()
    return Outlook(
        place=await handoffs.place_in_line(session, handoff),
        expected=expected_wait(waits, so_far),
        is_open=settings.hours.is_open(local),
        opens_at=settings.hours.next_opening(local),
        closes_at=settings.hours.next_close(local),
        is_anybody_here=await presence.is_anybody_here(session, since=now - SEEN_WITHIN),
    )


def expected_wait(
    waits: tuple[timedelta, ...], so_far: timedelta = timedelta()
) -> timedelta | None:
    """The median of recent waits; None when there are too few to say.

    Args:
        so_far: how long one who is no further back has waited by now: nothing shorter is promised.
    """
    if len(waits) < FEWEST_WAITS:
        return None
    return max(timedelta(seconds=median(wait.total_seconds() for wait in waits)), so_far)


def tell_handoff(found: Outlook) -> Line:
    """Read when the conversation goes to the people."""
    return Line(
        "I am getting a person for you. They can read all of this, so you need not repeat "
        f"anything. {_stands(found)} {_else(found)}",
        CHOICES,
    )


def tell_place(found: Outlook) -> Line:
    """Read by one who writes while waiting."""
    return Line(f"I have passed that on. {_stands(found)} Somebody will answer you here.", CHOICES)


def tell_kept(found: Outlook) -> Line:
    """Read by one who goes on writing while waiting; short, for it comes again."""
    return Line(f"I have passed that on as well. {_place(found.place)}", CHOICES)


def tell_return(*, has_words: bool) -> Line:
    """Read by one who no longer waits; what they wrote meanwhile is answered next."""
    asks = "" if has_words else " What can I do for you?"
    return Line(f"All right, you are no longer in line, and I am here again.{asks}")


def reassure(found: Outlook, waited: timedelta) -> Line:
    """Read by one who has waited for a while without a word."""
    return Line(
        f"You are not forgotten: you have waited {say_minutes(waited)}. {_stands(found)} "
        f"{_else(found)}",
        CHOICES,
    )


def tell_too_long(waited: timedelta, place: int) -> Line:
    """Read when the limit is over, with the place that they have now."""
    return Line(
        f"You have waited {say_minutes(waited)}, which is longer than it should be. I am sorry. "
        f"I have moved you up in the line and told a supervisor. {_place(place)} If you would "
        "rather not wait, somebody can call you back.",
        CHOICES,
    )


def tell_nobody_answered(place: int) -> Line:
    """Read by one whom somebody took and never answered, when it goes to all."""
    return Line(
        "I am sorry that nobody has answered you yet. I have moved you up in the line, and a "
        f"supervisor knows. {_place(place)}",
        CHOICES,
    )


def say_minutes(span: timedelta) -> str:
    """'a minute', '4 minutes', 'about 2 hours'."""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes == 1:
        return "a minute"
    if minutes < 90:
        return f"{minutes} minutes"
    return f"about {round(minutes / 60)} hours"


def _place(place: int) -> str:
    return "You are next in line." if place <= 1 else f"You are number {place} in line."


def _stands(found: Outlook) -> str:
    line = _place(found.place)
    if not found.is_open:
        return f"{line} None of our people is in now{_opening(found)}."
    if not found.is_anybody_here:
        return (
            f"{line} None of our people is free just now{_closing(found)}, so I cannot say how "
            "long it will take."
        )
    if found.expected is None:
        return f"{line} I cannot say yet how long it will take."
    if found.expected < timedelta(minutes=1):
        return f"{line} Lately people waited less than a minute."
    return f"{line} Lately people waited about {say_minutes(found.expected)}."


def _opening(found: Outlook) -> str:
    if found.opens_at is None:
        return ""
    return f"; they are back on {found.opens_at:%A} at {say_time(found.opens_at)}"


def _closing(found: Outlook) -> str:
    return "" if found.closes_at is None else f" (they are in until {say_time(found.closes_at)})"


def _else(found: Outlook) -> str:
    if found.is_open and found.is_anybody_here:
        return "You can wait here, or have somebody call you back."
    return "You can leave this open and be answered here later, or have somebody call you back."

"""A caller who wants a person: put through at once, or told why not and what else can be done."""

from enum import StrEnum

from channels.reply import Line
from channels.requests import CALL_BACK
from channels.waiting import GO_ON_WITH_BOT, Outlook, say_minutes
from core.settings import Settings
from language.saying import say_time

WAIT = "person:wait"  # a payload of ours, like those of channels.escalation
TICKET = "/complain"  # the bot's task that opens a ticket with a number and a clock

CALL_ME_BACK = ("Call me back", CALL_BACK)
WAIT_HERE = ("Wait on the line", WAIT)
TRY_AGAIN = ("Try again", WAIT)
LEAVE_TICKET = ("Leave a ticket", TICKET)

PUTTING_THROUGH = (
    "I am putting you through to a person. They can read what we have said, so you need not "
    "repeat anything."
)
UNANSWERED = (
    "I am sorry, nobody could answer just now. I can have somebody call you back, try again, or "
    "take a ticket."
)
ELSE = "I can have somebody call you back, take a ticket for them, or go on with you myself."


class Way(StrEnum):
    """What can be done for one who wants a person on the telephone."""

    DIAL = "dial"
    LONG = "long"  # others wait before them
    CLOSED = "closed"
    NOWHERE = "nowhere"  # no number is set to put anybody through to


def way_of(found: Outlook, settings: Settings) -> Way:
    """The way that is open now."""
    if not found.is_open:
        return Way.CLOSED
    if not settings.phone_queue_number:
        return Way.NOWHERE
    return Way.LONG if found.place > settings.phone_queue_limit else Way.DIAL


def tell_call(found: Outlook, settings: Settings) -> Line:
    """Said when a call goes to the people; only one that is dialled now has no choices."""
    way = way_of(found, settings)
    return Line(PUTTING_THROUGH) if way is Way.DIAL else _offer(way, found)


def tell_offer(found: Outlook, settings: Settings) -> Line:
    """Said to one who waits and said something else: what can be done, dialling among it."""
    way = way_of(found, settings)
    return tell_unanswered() if way is Way.DIAL else _offer(way, found)


def tell_unanswered() -> Line:
    """Said when the people were rung and nobody answered."""
    return Line(UNANSWERED, (CALL_ME_BACK, TRY_AGAIN, LEAVE_TICKET, GO_ON_WITH_BOT))


def say_closed(found: Outlook) -> str:
    """That nobody is in, and when they are back."""
    opens = found.opens_at
    back = f"; they are back on {opens:%A} at {say_time(opens)}" if opens else ""
    return f"None of our people is in now{back}."


def _offer(way: Way, found: Outlook) -> Line:
    if way is Way.LONG:
        wait = f", and lately people waited {say_minutes(found.expected)}" if found.expected else ""
        words = (
            f"You are number {found.place} in line{wait}. I can have somebody call you back, or "
            "you wait on the line."
        )
        return Line(words, (CALL_ME_BACK, WAIT_HERE, GO_ON_WITH_BOT))
    why = say_closed(found) if way is Way.CLOSED else "I cannot put you through from here."
    return Line(f"{why} {ELSE}", (CALL_ME_BACK, LEAVE_TICKET, GO_ON_WITH_BOT))

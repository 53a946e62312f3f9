"""The first words of a call: that it is recorded, who speaks, and whether people are in."""

from channels.phone.through import CALL_ME_BACK, LEAVE_TICKET, say_closed
from channels.reply import Line
from channels.requests import ASK_PERSON, TALK_TO_A_PERSON
from channels.waiting import Outlook
from core.settings import Settings

PERSON = (TALK_TO_A_PERSON, ASK_PERSON)
MENU = (("Where is my order?", "/order_status"), ("Return something", "/start_return"))


def notice(settings: Settings) -> Line:
    """Said before anything else, and not to be interrupted.

    Source: DOMAIN "Starter compliance packs": a recording notice in the first 30 s.
    """
    days = settings.retention_days
    return Line(settings.phone_notice or f"This call is recorded, and kept for {days} days.")


def greeting(settings: Settings, found: Outlook) -> Line:
    """Who speaks and what can be done; outside opening hours, when people are back, and what else.

    A computer says that it is one.
    """
    who = f"Hello, this is the assistant of {settings.company}, a computer and not a person."
    menu = tuple(one for one in MENU if one[1].removeprefix("/") in settings.offered_tasks)
    if found.is_open:
        return Line(f"{who} How can I help?", (*menu, PERSON))
    closed = (
        f"{who} {say_closed(found)} I can do most things myself, take a ticket, or have somebody "
        "call you back. How can I help?"
    )
    return Line(closed, (*menu, LEAVE_TICKET, CALL_ME_BACK))

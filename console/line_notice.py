"""What an agent has to know before they write: WhatsApp's window, or that of a STOP."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from console.context import Visit
from core.conversation import Channel
from core.messaging import window_left
from core.people import Address, AddressKind
from store import messaging
from store.messaging import Line

SOON = timedelta(hours=4)  # an agent's half shift: less is worth a word while there is time


@dataclass(frozen=True, slots=True)
class LineNotice:
    """A sentence near the answer box; `is_shut` when plain words do not arrive."""

    told: str
    is_shut: bool = False


async def line_notice(
    session: AsyncSession, visit: Visit, channel: Channel, line: Line | None
) -> LineNotice | None:
    """The notice for a conversation by WhatsApp or SMS; None where there is nothing to know."""
    if line is None:
        return None
    if channel is Channel.SMS:
        address = Address(AddressKind.PHONE, line.customer)
        return STOPPED if await messaging.is_opted_out(session, address) else None
    left = window_left(channel, line.wrote_at, now=visit.console.now())
    has_template = bool(visit.console.settings.twilio_template)
    return None if left is None else tell_window(left, has_template=has_template)


STOPPED = LineNotice(
    "This customer has written STOP, so no SMS reaches them until they write START.", is_shut=True
)


def tell_window(left: timedelta, *, has_template: bool) -> LineNotice:
    """For how long WhatsApp takes free words, and what happens after that."""
    if not left:
        since = "The customer last wrote more than 24 hours ago. "
        if has_template:
            return LineNotice(f"{since}What you write is sent inside the approved template.")
        return LineNotice(
            f"{since}WhatsApp delivers nothing that you write now, until they write again. "
            "You can ring them.",
            is_shut=True,
        )
    if left > SOON:
        return LineNotice(f"WhatsApp takes your answers for another {_hours(left)}.")
    return LineNotice(
        f"WhatsApp takes your answers for another {_hours(left)} only, counted from the "
        "customer's last message."
    )


def _hours(left: timedelta) -> str:
    minutes = max(1, int(left.total_seconds() // 60))
    if minutes < 120:
        return "minute" if minutes == 1 else f"{minutes} minutes"
    return f"{minutes // 60} hours"

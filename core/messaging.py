"""WhatsApp's window, for how long free words may be sent, and the numbers that send.

Source: DOMAIN "Twilio"; outside it WhatsApp takes approved templates alone.
"""

import re
from datetime import datetime, timedelta

from core.conversation import Channel
from core.errors import BadInput

WINDOW = timedelta(hours=24)  # from the customer's last message on
# E.164, or a short code, which WhatsApp does not have.
_NUMBER = re.compile(r"(?:whatsapp:)?\+[1-9]\d{6,14}|\d{3,8}", re.ASCII)


def window_left(channel: Channel, wrote_at: datetime, *, now: datetime) -> timedelta | None:
    """How long free words may still go out; zero when it is over, None where there is no window."""
    if channel is not Channel.WHATSAPP:
        return None
    return max(wrote_at + WINDOW - now, timedelta())


def parse_numbers(text: str) -> tuple[str, ...]:
    """Numbers that send, divided by commas: '+442079460018', '60018', 'whatsapp:+442079460018'.

    Raises:
        BadInput: one of them cannot send; it is named.
    """
    numbers = tuple("".join(part.split()) for part in text.split(",") if part.strip())
    for number in numbers:
        if not _NUMBER.fullmatch(number):
            raise BadInput(
                f"{number!r} is no number that can send; write SMS as +442079460018 or a short "
                "code as 60018, and WhatsApp as whatsapp:+442079460018"
            )
    return numbers


def name_number(channel: Channel, number: str) -> str:
    """A number as it is named among these."""
    return f"whatsapp:{number}" if channel is Channel.WHATSAPP else number

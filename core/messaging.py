"""WhatsApp's window: for how long free words may be sent.

Source: DOMAIN "Twilio"; outside it WhatsApp takes approved templates alone.
"""

from datetime import datetime, timedelta

from core.conversation import Channel

WINDOW = timedelta(hours=24)  # from the customer's last message on


def window_left(channel: Channel, wrote_at: datetime, *, now: datetime) -> timedelta | None:
    """How long free words may still go out; zero when it is over, None where there is no window."""
    if channel is not Channel.WHATSAPP:
        return None
    return max(wrote_at + WINDOW - now, timedelta())

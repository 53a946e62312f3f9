"""Whether the customer of one conversation can send pictures here, and has sent any.

The bot cannot look at them; it only says that they can be sent, and that our people have them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from core.conversation import Channel
from store import attachments, conversations
from store.database import Database

SEND_HERE = (
    "You can send photos right here. I cannot look at them myself, but our people see them beside "
    "what you wrote."
)
NOT_HERE = "I cannot take photos here. One of our people can tell you where to send them."
TALK_TO_A_PERSON = {"title": "Talk to a person", "payload": "/ask_person"}
LONGEST = 12  # words; who says more tells what happened
_PHOTO = r"(?:photo(?:graph)?s?|pictures?|pics?|images?|snaps?)\b(?!\s+(?:frame|rail|hook|light))"
_SEND = r"(?:send|share|upload|attach|add|submit|show|e-?mail|post|forward)"
# 'can I send you a photo', 'where do the pictures go'; not 'send me a picture', 'send it back'
_ASKS = re.compile(
    r"\b(?:can|could|may|shall|should|how|where|do|want|like|need)\b.{0,30}\b(?:i|we|to)\b.{0,20}"
    rf"\b{_SEND}\s+(?!me\b|us\b)(?:\w+\s+){{0,5}}{_PHOTO}"
    rf"|\b(?:how|where)\b.{{0,30}}\b{_PHOTO}.{{0,20}}\b(?:go|to|sent)\b"
    rf"|\b{_PHOTO}.{{0,20}}\b(?:can|could|shall|should|where|how)\b.{{0,20}}\bi\b.{{0,10}}\b{_SEND}\b",
    re.IGNORECASE,
)


def asks_to_send(text: str) -> bool:
    """Whether a short message asks about sending a photo to us."""
    is_short = len(text.split()) <= LONGEST
    return is_short and _ASKS.search(text) is not None and not re.search(r"\bback\b", text.lower())


class Pictures(Protocol):
    """What is known of a customer's pictures."""

    async def are_taken(self) -> bool:
        """Whether this customer can send one now."""

    async def were_sent(self) -> bool:
        """Whether this conversation has any file."""


async def say_where(pictures: Pictures) -> Mapping[str, object]:
    """Whether photos can be sent here; a person where they cannot."""
    if await pictures.are_taken():
        return {"text": SEND_HERE}
    return {"text": NOT_HERE, "buttons": [TALK_TO_A_PERSON]}


@dataclass(frozen=True, slots=True)
class StorePictures:
    """WhatsApp always takes them, the web chat where the house does (`on_web`), others do not."""

    database: Database
    conversation: str
    on_web: bool

    async def are_taken(self) -> bool:
        """By the conversation's channel."""
        async with self.database.reading() as session:
            channel = (await conversations.get(session, self.conversation)).channel
        return channel is Channel.WHATSAPP or (channel is Channel.WEB and self.on_web)

    async def were_sent(self) -> bool:
        """Whether there are files of this conversation in the store."""
        async with self.database.reading() as session:
            return bool(await attachments.ids_of(session, self.conversation))


@dataclass(frozen=True, slots=True)
class NoPictures:
    """A place that takes none."""

    async def are_taken(self) -> bool:
        """None are."""
        return False

    async def were_sent(self) -> bool:
        """None were."""
        return False

"""Photos: who asks where they go, and where they can be sent."""

from datetime import UTC, datetime

import pytest

from actions.pictures import NOT_HERE, SEND_HERE, StorePictures, asks_to_send, say_where
from core.conversation import Channel
from core.people import Address, AddressKind
from store import conversations
from store.database import Database


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("can i send you a photo", True),
        ("Can I send a picture of it?", True),
        ("great, where do i send the photo", True),
        ("how do I upload pics", True),
        ("I want to send you some pictures", True),
        ("i have photos, where should i send them", True),
        ("where do the pictures go?", True),
        ("I have a photo", False),
        ("can you send me a picture of the sofa", False),
        ("can i send the picture back", False),
        ("can I add a picture frame to my order", False),
        ("where is my order", False),
        ("do I need to send the invoice", False),
        ("the leg is broken and I want to send you a photo because nobody believes me", False),
    ],
)
def test_who_asks_where_photos_go(text: str, asks: bool) -> None:
    assert asks_to_send(text) is asks


@pytest.mark.parametrize(
    ("channel", "on_web", "said"),
    [
        (Channel.WEB, True, SEND_HERE),
        (Channel.WEB, False, NOT_HERE),
        (Channel.WHATSAPP, False, SEND_HERE),
        (Channel.SMS, True, NOT_HERE),
    ],
)
async def test_photos_are_taken_where_the_channel_keeps_them(
    database: Database, channel: Channel, on_web: bool, said: str
) -> None:
    async with database.writing() as session:
        address = Address(AddressKind.PHONE, "+447700900123")
        opened = await conversations.open_chat(session, channel, address, now=datetime.now(UTC))
    told = await say_where(StorePictures(database, opened.id, on_web))
    assert told["text"] == said
    assert ("buttons" in told) is (said == NOT_HERE)

"""Paying by card on the telephone with the real bot: what is paid, and that no digit stays."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from core.conversation import EventKind
from store import calls, conversations
from store.shop import payments
from tests.channels.phone.line import Phone, path_of, verbs
from tests.channels.twilio.stand_in import StandInTwilio
from tests.e2e.stack import Stack, stored
from tests.e2e.test_whole_call import Line

pytestmark = [pytest.mark.rasa, pytest.mark.services, pytest.mark.timeout(900)]

CALL, CALLER = "CA" + "5" * 32, "+447700900179"
NUMBER, EXPIRY, CODE = "4242424242424242", "1149", "737"
ORDER = "HP-10517"


@pytest.fixture
async def phone(stack: Stack) -> AsyncIterator[Phone]:
    """A caller, and Twilio where the stack looks for it."""
    twilio = StandInTwilio()
    port = urlsplit(stack.environment["PARLEY_TWILIO_API_URL"]).port
    server = TestServer(twilio.app(), host="127.0.0.1", port=port)
    await server.start_server()
    base = stack.environment["PARLEY_CHAT_URL"]
    async with aiohttp.ClientSession() as session:
        yield Phone(Line(session, base), CALL, CALLER, base)
    await server.close()


async def key(phone: Phone, digits: str) -> str:
    """Keys up to hash."""
    (gather,) = [verb for verb in verbs(phone.last) if verb.tag == "Gather"]
    await phone.post(
        path_of(gather.get("action", ""), phone.base), {"Digits": digits, "FinishedOnKey": "#"}
    )
    return await phone.follow()


async def test_an_order_is_paid_and_no_digit_stays(stack: Stack, phone: Phone) -> None:
    await phone.ring()
    assert "order number" in await phone.say("I want to pay for my order")
    assert "postcode" in await phone.key("10517")
    assert "L S 6, 2 A B" in await phone.say("L S six two A B")
    assert "is open to be paid for order H P, 1 0 5 1 7" in await phone.say("yes")
    assert "long number of your card" in await phone.say("yes please")
    for digits in (NUMBER, EXPIRY):
        await key(phone, digits)
    told = await key(phone, CODE)
    assert told.startswith("Your card was accepted. Thank you.")
    assert "Order H P, 1 0 5 1 7 is paid." in told
    assert "How was this for you" in told
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    database = stored(stack)
    try:
        async with database.reading() as session:
            call = await calls.find(session, "twilio", CALL)
            assert call is not None
            made = await conversations.get(session, call.conversation)
            due = await payments.amount_due(session, ORDER)
    finally:
        await database.close()
    assert due.amount_pence == 0
    kinds = [event.kind for event in made.events]
    assert kinds.index(EventKind.RECORDING_PAUSED) < kinds.index(EventKind.RECORDING_RESUMED)
    assert "DEMO-" in made.turns[-2].text + made.turns[-1].text
    assert holding(stack.folder, (NUMBER, NUMBER[:8], NUMBER[-8:])) == []


def holding(folder: Path, words: tuple[str, ...]) -> list[str]:
    """The files of the stack, databases, logs and queues among them, in which one of these is."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert any(file.name == "tracker.db" for file in files)
    return [
        file.name for file in files if any(word.encode() in file.read_bytes() for word in words)
    ]

"""A conversation on WhatsApp with everything real but Twilio: the bot, the survey, the rows."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from twilio.request_validator import RequestValidator

from core.conversation import Channel, Conversation
from core.ids import new_id
from core.people import Address, AddressKind
from store import conversations, handoffs, surveys
from tests.channels.phone.line import FORM as FORM_OF_CALL
from tests.channels.phone.line import HOUSE, QUEUE, Phone
from tests.channels.twilio.post import OURS, message
from tests.channels.twilio.stand_in import FORM, TOKEN, StandInTwilio
from tests.e2e.stack import Stack, stored
from tests.e2e.test_whole_call import Line

pytestmark = [pytest.mark.rasa, pytest.mark.services, pytest.mark.timeout(900)]

ANSWER_SECONDS = 60  # the bot has 15 s; a machine that runs everything at once takes its time
CUSTOMER, CALLER = "+447700900177", "+447700900178"
CALL = "CA" + "7" * 32


@dataclass
class Handset:
    """Writes by WhatsApp as Twilio's webhooks do, and reads what comes back over its API."""

    session: aiohttp.ClientSession
    base: str
    twilio: StandInTwilio
    name: str = field(default_factory=lambda: f"SM{new_id()}")
    written: int = 0
    read: int = 0
    lists: list[dict[str, str]] = field(default_factory=list)

    async def post(self, fields: Mapping[str, str], token: str = TOKEN) -> int:
        address = f"{self.base}/twilio/messages"
        signature = RequestValidator(token).compute_signature(address, dict(fields))
        headers = {"X-Twilio-Signature": signature, "Content-Type": FORM}
        async with self.session.post(address, data=urlencode(fields), headers=headers) as answer:
            await answer.read()
            return answer.status

    def fields(self, text: str, **more: str) -> dict[str, str]:
        self.written += 1
        sid = f"{self.name}-{self.written}"
        sender = {"From": f"whatsapp:{CUSTOMER}", "WaId": CUSTOMER[1:]}
        return message(text, sid=sid, **{**sender, **more})

    async def write(self, text: str, until: str, **more: str) -> str:
        """Write, and wait until what came back since holds `until`."""
        assert await self.post(self.fields(text, **more)) == 200
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end:
            got = "\n".join(self.shown(sent) for sent in self.twilio.sent[self.read :])
            if until in got:
                self.read = len(self.twilio.sent)
                return got
            await asyncio.sleep(0.2)
        raise AssertionError(f"{until!r} did not come: {got!r}")

    def shown(self, sent: dict[str, Any]) -> str:
        """The words of a message: its own, or its template's with what was filled in."""
        assert (sent["From"], sent["To"]) == (f"whatsapp:{OURS}", f"whatsapp:{CUSTOMER}")
        if "ContentSid" not in sent:
            return str(sent["Body"])
        self.lists.append({"sid": sent["ContentSid"], **json.loads(sent["ContentVariables"])})
        return " ".join(json.loads(sent["ContentVariables"]).values())

    async def tap(self, title: str, until: str) -> str:
        """Tap the item of the last list that begins so."""
        items = self.lists[-1]
        number = next(name for name, value in items.items() if value.startswith(title))
        identity = items[str(int(number) + 1)]
        chosen = {"ListId": identity, "ListTitle": items[number]}
        return await self.write(items[number], until, **chosen)


@pytest.fixture
async def handset(stack: Stack) -> AsyncIterator[Handset]:
    """A customer's telephone, and Twilio where the stack looks for it."""
    twilio = StandInTwilio()
    port = urlsplit(stack.environment["PARLEY_TWILIO_API_URL"]).port
    server = TestServer(twilio.app(), host="127.0.0.1", port=port)
    await server.start_server()
    async with aiohttp.ClientSession() as session:
        yield Handset(session, stack.environment["PARLEY_CHAT_URL"], twilio)
    await server.close()


async def kept(stack: Stack) -> tuple[Conversation, list[tuple[str, int | None]]]:
    """The customer's last conversation on WhatsApp, and how it was for them."""
    database = stored(stack)
    address = Address(AddressKind.PHONE, CUSTOMER)
    try:
        async with database.reading() as session:
            found = await conversations.find_last_chat(session, address, Channel.WHATSAPP)
            assert found is not None
            invitation = await surveys.find_invitation(session, found)
            given = await surveys.responses(session, invitation.id) if invitation else ()
            made = await conversations.get(session, found)
            return made, [(one.kind.value, one.score) for one in given]
    finally:
        await database.close()


async def test_an_order_is_asked_after_and_a_survey_tapped(stack: Stack, handset: Handset) -> None:
    assert await handset.post(handset.fields("hello"), token="another house's") == 403
    await handset.write("where is my order?", "What is your order number?")
    await handset.write("HP-10442", "postcode of the delivery address")
    told = await handset.write("bn1 4gh", "How was this for you")
    assert "oak bedside table and reading lamp" in told
    picker = handset.twilio.contents[handset.lists[-1]["sid"]]
    assert list(picker["types"]) == ["twilio/list-picker"]
    await handset.tap("4", "easy to get this done")
    await handset.tap("6", "Thank you")
    again = handset.fields("is it open now?")
    assert [await handset.post(again) for _ in range(2)] == [200, 200]  # Twilio repeats itself
    await handset.write("are you open on christmas day?", "We are closed on bank holidays")
    made, given = await kept(stack)
    assert given == [("csat", 4), ("ces", 6)]
    said = [turn.text for turn in made.turns if turn.role.value == "customer"]
    assert said.count("is it open now?") == 1
    assert "hello" not in said


async def test_a_complaint_is_one_matter_and_a_person_comes(stack: Stack, handset: Handset) -> None:
    grievance = "My parcel still has not arrived and nobody calls me back"
    await handset.write(grievance, "What else should they know?")
    told = await handset.write("the driver was rude and I want my money back", "Now to your return")
    assert "Your complaint is ticket T-" in told
    await handset.write("never mind", "leave that")
    await handset.write("agent", "person")
    made, _ = await kept(stack)
    database = stored(stack)
    try:
        async with database.reading() as session:
            handoff = await handoffs.get(session, made.id)
    finally:
        await database.close()
    assert handoff.holder.value == "waiting"
    wants = next(
        row["text"] for row in json.loads(handoff.packet or "[]") if row["kind"] == "wants"
    )
    assert grievance in wants


async def test_a_caller_who_hangs_up_is_asked_by_sms(stack: Stack, handset: Handset) -> None:
    phone = Phone(Line(handset.session, handset.base), CALL, CALLER, handset.base)
    await phone.ring()
    assert "We are" in await phone.say("is it open now")
    await phone.say("operator")
    leg = {**FORM_OF_CALL, "CallSid": "CA" + "9" * 32, "ParentCallSid": CALL, "To": QUEUE}
    await phone.caller.post("/twilio/voice/whisper", leg)
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    question = await sms_of(handset, 1)
    assert (question["From"], question["To"]) == (HOUSE, CALLER)
    assert "thank you for your call" in question["Body"]
    answer = message("5", sid=f"{handset.name}-sms", door="", From=CALLER, To=HOUSE)
    assert await handset.post(answer) == 200
    assert "Thank you" in (await sms_of(handset, 2))["Body"]
    database = stored(stack)
    try:
        async with database.reading() as session:
            address = Address(AddressKind.PHONE, CALLER)
            chat = await conversations.find_last_chat(session, address, Channel.SMS)
            invitation = await surveys.find_invitation(session, chat or "")
            assert invitation is not None
            given = await surveys.responses(session, invitation.id)
    finally:
        await database.close()
    assert [(one.kind.value, one.score) for one in given] == [("csat", 5)]


async def sms_of(handset: Handset, count: int) -> dict[str, Any]:
    """The message that makes them so many."""
    end = time.monotonic() + ANSWER_SECONDS
    while len(handset.twilio.sent) < count:
        assert time.monotonic() < end, "no SMS came"
        await asyncio.sleep(0.2)
    return handset.twilio.sent[count - 1]

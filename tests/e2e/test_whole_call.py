"""A call with everything real but Twilio: the bot, the recogniser, the score, the page."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from urllib.parse import urlencode, urlsplit

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from twilio.request_validator import RequestValidator

from core.conversation import Conversation, Role
from store import calls, conversations, evaluations
from tests.channels.phone.line import FORM, LEG, QUEUE, RECORDING, Phone, path_of, verbs, words
from tests.channels.twilio.stand_in import TOKEN, StandInTwilio
from tests.e2e.stack import Stack, stored
from tests.servers import ROOT

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.services,
    pytest.mark.weights,
    pytest.mark.timeout(900),
]

SOUND = ROOT.parent / "shared" / "data" / "calls" / "auto-repairs-40.wav"
SCORED_SECONDS = 300
SID = "CA" + "e" * 32


@dataclass(frozen=True)
class Line:
    """Posts to the running chat what Twilio would, signed for the address that it knows."""

    session: aiohttp.ClientSession
    base: str

    async def post(self, path: str, fields: Mapping[str, str]) -> tuple[int, str]:
        signature = RequestValidator(TOKEN).compute_signature(self.base + path, dict(fields))
        headers = {
            "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(fields)
        async with self.session.post(self.base + path, data=body, headers=headers) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def twilio(stack: Stack) -> AsyncIterator[StandInTwilio]:
    """Twilio, where the stack looks for it."""
    made = StandInTwilio()
    port = urlsplit(stack.environment["PARLEY_TWILIO_API_URL"]).port
    server = TestServer(made.app(), host="127.0.0.1", port=port)
    await server.start_server()
    yield made
    await server.close()


async def test_a_call_from_the_notice_to_the_score(stack: Stack, twilio: StandInTwilio) -> None:
    if not SOUND.is_file():
        pytest.skip(f"no recording at {SOUND}")
    heard = SOUND.read_bytes()[:-1] + b"\x01"  # not the bytes that a story before has uploaded
    twilio.files[f"{RECORDING}.wav"] = ("audio/wav", heard)
    base = stack.environment["PARLEY_CHAT_URL"]
    async with aiohttp.ClientSession() as session:
        phone = Phone(Line(session, base), SID, base=base)
        assert "This call is recorded" in await phone.ring()
        assert "order number" in await phone.say("where is my order")
        assert "I heard H P, 1 0 4 4 2." in await phone.say("one oh four four two")
        assert "postcode" in await phone.key("1")
        assert "B N 1, 4 G H" in await phone.say("b for bravo n one four g h")
        told = await phone.say("yes")
        assert "Order H P, 1 0 4 4 2:" in told
        assert "How was this for you" in told
        assert "easy to get this done" in await phone.key("5")
        assert "Thank you" in await phone.say("seven")
        await phone.say("operator")
        (dial,) = [verb for verb in verbs(phone.last) if verb.tag == "Dial"]
        leg = {**FORM, "CallSid": LEG, "ParentCallSid": SID, "To": QUEUE}
        _, whispered = await phone.caller.post("/twilio/voice/whisper", leg)
        assert "Order H P, 1 0 4 4 2 (verified)" in words(whispered)
        ended = {"DialCallStatus": "completed", "DialCallSid": LEG}
        await phone.post(path_of(dial.get("action", ""), base), ended)
        recorded = {
            "RecordingSid": RECORDING, "RecordingStatus": "completed", "RecordingDuration": "40",
            "RecordingChannels": "2", "RecordingStartTime": formatdate(usegmt=True),
        }  # fmt: skip
        await phone.post("/twilio/voice/recorded", recorded)
        await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    made = await _scored(stack)
    spoken = [turn for turn in made.turns if turn.speech is not None]
    written = [turn for turn in made.turns if turn.speech is None]
    assert {turn.role for turn in spoken} == {Role.CUSTOMER, Role.AGENT}
    assert {turn.role for turn in written} == {Role.CUSTOMER, Role.BOT}
    assert [turn.text for turn in written if turn.role is Role.CUSTOMER][:3] == [
        "Where is my order?",
        "HP-10442",
        "BN1 4GH",
    ]


async def _scored(stack: Stack) -> Conversation:
    """The call's conversation, once the worker has heard its recording and scored it."""
    database = stored(stack)
    end = time.monotonic() + SCORED_SECONDS
    try:
        while time.monotonic() < end:
            async with database.reading() as session:
                call = await calls.find(session, "twilio", SID)
                assert call is not None
                made = await conversations.get(session, call.conversation)
                state, _ = await evaluations.score_state(session, call.conversation)
            if made.recording is not None and state == conversations.SCORE_DONE:
                return made
            await asyncio.sleep(2)
    finally:
        await database.close()
    raise AssertionError("the recording was not heard and scored in time")

"""A telephone: rings as Twilio does, follows the TwiML, and hears what is said."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from xml.etree import ElementTree

import aiohttp
from aiohttp.test_utils import TestServer

from channels.live import Desk
from channels.live_api import live_app
from channels.phone.opening import open_telephone
from channels.visitors import Doorkeeper
from channels.web import chat_app
from core.call import Call
from store import calls
from tests.channels.stage import LIVE_SECRET, Stage, StandInBot, backstage
from tests.channels.twilio.stand_in import PUBLIC_URL, SID, TOKEN, Caller, StandInTwilio

CALL, LEG, RECORDING = "CA" + "0" * 31 + "1", "CA" + "0" * 31 + "2", "RE" + "0" * 31 + "1"
CUSTOMER, HOUSE, QUEUE = "+447700900123", "+441632960000", "+441632960100"
TWILIO = {
    "twilio_account_sid": SID,
    "twilio_auth_token": TOKEN,
    "chat_url": PUBLIC_URL,
    "phone_queue_number": QUEUE,
}
FORM = {"CallSid": CALL, "AccountSid": SID, "From": CUSTOMER, "To": HOUSE, "Direction": "inbound"}


def verbs(xml: str) -> list[ElementTree.Element]:
    """The verbs of a TwiML document, in order."""
    top = ElementTree.fromstring(xml)
    assert top.tag == "Response", xml
    return list(top)


def words(xml: str) -> str:
    """Everything that is said, nested verbs included."""
    top = ElementTree.fromstring(xml)
    return " ".join("".join(say.itertext()) for say in top.iter("Say"))


class Poster(Protocol):
    """Posts webhooks, signed."""

    async def post(self, path: str, fields: Mapping[str, str]) -> tuple[int, str]:
        """Status and text."""


@dataclass
class Phone:
    """One caller; `heard` is all that was said to them, `last` the last TwiML."""

    caller: Poster
    sid: str = CALL
    number: str = CUSTOMER
    base: str = PUBLIC_URL
    last: str = ""
    heard: list[str] = field(default_factory=list)
    posted: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def ring(self) -> str:
        """Call the house."""
        return await self.post("/twilio/voice/incoming", {"CallStatus": "ringing"})

    async def say(self, text: str, confidence: str = "0.9") -> str:
        """Say something to the prompt that was heard last."""
        return await self.answer({"SpeechResult": text, "Confidence": confidence})

    async def key(self, keys: str) -> str:
        """Press keys."""
        return await self.answer({"Digits": keys, "FinishedOnKey": ""})

    async def keep_silent(self) -> str:
        """Say nothing: Twilio posts to the action all the same."""
        (gather,) = [verb for verb in verbs(self.last) if verb.tag == "Gather"]
        assert gather.get("actionOnEmptyResult") == "true"
        return await self.answer({"SpeechResult": "", "Digits": ""})

    async def answer(self, fields: Mapping[str, str]) -> str:
        """Post to the prompt's action, and follow redirects until there is a prompt again."""
        (gather,) = [verb for verb in verbs(self.last) if verb.tag == "Gather"]
        await self.post(path_of(gather.get("action", ""), self.base), fields)
        return await self.follow()

    async def follow(self) -> str:
        """Do what the last TwiML says until it wants something of the caller."""
        while (then := verbs(self.last)[-1]).tag == "Redirect":
            await self.post(path_of(then.text or "", self.base), {})
        return words(self.last)

    async def post(self, path: str, fields: Mapping[str, str]) -> str:
        """One webhook; what it says is heard."""
        form = {**FORM, "CallSid": self.sid, "From": self.number, **fields}
        self.posted.append((path, form))
        status, self.last = await self.caller.post(path, form)
        assert status == 200, self.last
        self.heard.append(words(self.last))
        return self.heard[-1]


def path_of(url: str, base: str = PUBLIC_URL) -> str:
    """The part behind our public address, which every address that we give out begins with."""
    assert url.startswith(f"{base}/"), url
    return url.removeprefix(base)


@dataclass
class House:
    """The chat with the telephone, and what a test looks at."""

    stage: Stage
    caller: Caller
    twilio: StandInTwilio

    def phone(self, sid: str = CALL, number: str = CUSTOMER) -> Phone:
        return Phone(self.caller, sid, number)

    async def caller_leg(self) -> str:
        """The people answer: what their leg is told."""
        fields = {**FORM, "CallSid": LEG, "ParentCallSid": CALL, "From": HOUSE, "To": QUEUE}
        status, twiml = await self.caller.post("/twilio/voice/whisper", fields)
        assert status == 200, twiml
        return twiml

    async def call(self, sid: str = CALL) -> Call:
        async with self.stage.room.database.reading() as session:
            found = await calls.find(session, "twilio", sid)
        assert found is not None
        return found

    async def lines(self, sid: str = CALL) -> list[tuple[str, str]]:
        """Role and text of each turn."""
        made = await self.stage.conversation((await self.call(sid)).conversation)
        return [(turn.role.value, turn.text) for turn in made.turns]


@asynccontextmanager
async def listening(twilio: StandInTwilio) -> AsyncIterator[str]:
    """Twilio's own side; the address of its API."""
    server = TestServer(twilio.app())
    await server.start_server()
    try:
        yield str(server.make_url("/")).rstrip("/")
    finally:
        await server.close()


@asynccontextmanager
async def answering(
    var: Path, bot: StandInBot | None = None, **given: object
) -> AsyncIterator[House]:
    """The house's line is open; nothing but Rasa and Twilio is a stand-in."""
    bot, twilio = bot or StandInBot(), StandInTwilio()
    async with (
        listening(twilio) as api,
        backstage(var, bot, **{**TWILIO, "twilio_api_url": api, **given}) as (settings, dialogue),
        aiohttp.ClientSession() as browser,
    ):
        app = chat_app(dialogue, Doorkeeper(b"key of a test"))
        async with open_telephone(app, dialogue) as pausing:
            chat, live = TestServer(app), TestServer(live_app(Desk(dialogue, pausing), LIVE_SECRET))
            await chat.start_server()
            await live.start_server()
            try:
                stage = Stage(settings, bot, dialogue, chat, live, browser)
                door = str(chat.make_url("/")).rstrip("/")
                yield House(stage, Caller(browser, door), twilio)
            finally:
                await live.close()
                await chat.close()

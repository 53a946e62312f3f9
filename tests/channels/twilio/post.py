"""A chat with an account at the stand-in: customers write by telephone, agents answer."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestServer

from channels.twilio.routes import MESSAGING, Messaging
from core.conversation import Channel, Conversation
from core.people import Address, AddressKind
from store import attachments, conversations, outbox
from store.attachments import Attachment
from store.outbox import Report
from tests.channels.stage import Stage, StandInBot, staging
from tests.channels.twilio.stand_in import PUBLIC_URL, SID, TOKEN, Caller, StandInTwilio

CUSTOMER, OURS = "+447700900123", "+442079460018"


def message(text: str, *, sid: str = "SM1", door: str = "whatsapp:", **more: str) -> dict[str, str]:
    """A message as Twilio posts it; `more` are fields that are added or changed."""
    return {
        "MessageSid": sid, "SmsMessageSid": sid, "SmsSid": sid, "AccountSid": SID,
        "From": f"{door}{CUSTOMER}", "To": f"{door}{OURS}", "Body": text, "NumMedia": "0",
        "NumSegments": "1", "SmsStatus": "received", "ApiVersion": "2010-04-01",
        **({"ProfileName": "Ann", "WaId": CUSTOMER[1:]} if door else {}), **more,
    }  # fmt: skip


def sms(text: str, *, sid: str = "SM1", **more: str) -> dict[str, str]:
    """The same by SMS."""
    return message(text, sid=sid, door="", **more)


@dataclass
class Post:
    """Everything that a test of messages looks at."""

    stage: Stage
    twilio: StandInTwilio
    caller: Caller
    api: str
    written: int = field(default=0)

    @property
    def messaging(self) -> Messaging:
        return self.stage.chat.app[MESSAGING]

    async def settle(self) -> None:
        """Until everything that was begun is done."""
        for _ in range(3):  # an answer is carried, which may be shown, which may be carried
            await self.stage.settle()
            await self.messaging.carrier.tasks.finish()
            await self.messaging.media.tasks.finish()

    async def deliver(self, fields: Mapping[str, str]) -> tuple[int, str]:
        """Twilio posts a message; the status and the answer, once all is done."""
        got = await self.caller.post("/twilio/messages", fields)
        await self.settle()
        return got

    async def say(self, text: str, *, door: str = "whatsapp:", **more: str) -> list[str]:
        """The customer writes; the bodies of what they get for it."""
        before = len(self.twilio.sent)
        self.written += 1
        fields = message(text, sid=f"SM-in-{self.written}", door=door, **more)
        assert (await self.deliver(fields))[0] == 200
        return [sent.get("Body", "") for sent in self.twilio.sent[before:]]

    async def report(
        self,
        number: int,
        status: str,
        *,
        code: int | None = None,
        changed: Mapping[str, str] | None = None,
    ) -> int:
        """Twilio reports on the message with this place among those sent."""
        sent = self.twilio.sent[number]
        path = sent["StatusCallback"].removeprefix(PUBLIC_URL)
        fields = {"MessageSid": sent["sid"], "MessageStatus": status, "AccountSid": SID}
        fields |= changed or {}
        if code is not None:
            fields["ErrorCode"] = str(code)
        return (await self.caller.post(path, fields))[0]

    async def find(self, channel: Channel = Channel.WHATSAPP) -> str:
        """The id of the customer's last conversation."""
        address = Address(AddressKind.PHONE, CUSTOMER)
        async with self.stage.room.database.reading() as session:
            found = await conversations.find_last_chat(session, address, channel)
        assert found is not None
        return found

    async def conversation(self, channel: Channel = Channel.WHATSAPP) -> Conversation:
        return await self.stage.conversation(await self.find(channel))

    async def reports(self, channel: Channel = Channel.WHATSAPP) -> list[Report]:
        """How our turns fare, in order."""
        chat = await self.conversation(channel)
        async with self.stage.room.database.reading() as session:
            found = await outbox.reports(session, chat.id)
        return [found[turn.id] for turn in chat.turns if turn.id in found]

    async def attachments(self, channel: Channel = Channel.WHATSAPP) -> list[Attachment]:
        """The files that came, in order."""
        async with self.stage.room.database.reading() as session:
            found = await attachments.of_conversation(session, await self.find(channel))
        return [one for files in found.values() for one in files]

    async def command(self, name: str, **body: Any) -> None:
        """An agent does something with the conversation."""
        chat = await self.find()
        status, told = await self.stage.command(chat, name, {"user": "u1", "name": "Ann", **body})
        assert status == 200, told
        await self.settle()


def later(post: Post, span: timedelta) -> None:
    """Let time pass."""
    now = post.stage.room.clock()
    post.stage.room.clock = lambda: now + span


@asynccontextmanager
async def posting(
    var: Path, bot: StandInBot | None = None, twilio: StandInTwilio | None = None, **given: object
) -> AsyncIterator[Post]:
    """Start the chat in `var` with an account; a second time in the same folder is a restart."""
    stand_in = twilio or StandInTwilio()
    api = TestServer(stand_in.app())
    await api.start_server()
    url = str(api.make_url("/")).rstrip("/")
    account = {
        "twilio_account_sid": SID, "twilio_auth_token": TOKEN, "chat_url": PUBLIC_URL,
        "twilio_api_url": url, "twilio_timeout_seconds": 2.0,
    }  # fmt: skip
    try:
        async with staging(var, bot, **{**account, **given}) as stage:
            door = str(stage.chat.make_url("/")).rstrip("/")
            yield Post(stage, stand_in, Caller(stage.browser, door), url)
    finally:
        await api.close()

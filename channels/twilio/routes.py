"""What Twilio calls for messages, and what runs beside it while the chat's listener is up."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from channels.dialogue import Dialogue
from channels.twilio.account import Account
from channels.twilio.carrier import CHANNELS, Carrier
from channels.twilio.media import MediaKeeper
from channels.twilio.messages import Letterbox
from channels.twilio.once import once, twiml
from channels.twilio.rest import Twilio
from channels.twilio.signed import ACCOUNT, Fields, signed
from channels.twilio.status import note_status
from core.errors import BadInput
from core.tasks import log_failure
from store.files import open_files


@dataclass(frozen=True, slots=True)
class Messaging:
    """What takes messages in, and what carries them out."""

    letterbox: Letterbox
    carrier: Carrier
    media: MediaKeeper

    async def run(self) -> None:
        """Look for what waits, at the start and then each minute, until cancelled."""
        room = self.carrier.room
        while True:
            try:
                await self.carrier.carry_waiting()
                self.media.fetch_soon()
            except Exception as error:  # noqa: BLE001  # the outermost frame of the loop
                log_failure("messages_not_looked_after", error)
            await asyncio.sleep(room.settings.sweep_seconds)


MESSAGING: web.AppKey[Messaging] = web.AppKey("messaging", Messaging)


def add_messaging(app: web.Application, dialogue: Dialogue, account: Account) -> None:
    """Add the routes of WhatsApp and SMS to the chat's listener."""
    app[ACCOUNT] = account
    app.router.add_post("/twilio/messages", signed(message))
    app.router.add_post("/twilio/status/{dispatch}", signed(status))

    async def running(app: web.Application) -> AsyncIterator[None]:
        async with (
            aiohttp.ClientSession() as session,
            _carrying(dialogue, account, session) as made,
        ):
            app[MESSAGING] = made
            yield

    app.cleanup_ctx.append(running)


async def message(request: web.Request, fields: Fields) -> web.Response:
    """A customer wrote."""
    made = request.app[MESSAGING]
    sid = fields.get("MessageSid", "")
    if not sid:
        raise BadInput("MessageSid: is missing")
    room = made.carrier.room
    return await once(room, f"message:{sid}", lambda: made.letterbox.take(fields))


async def status(request: web.Request, fields: Fields) -> web.Response:
    """How a message of ours fares; repeated and late ones change nothing."""
    made = request.app[MESSAGING]
    await note_status(made.carrier.room, request.match_info["dispatch"], fields)
    return twiml()


@contextlib.asynccontextmanager
async def _carrying(
    dialogue: Dialogue, account: Account, session: aiohttp.ClientSession
) -> AsyncIterator[Messaging]:
    """Everything wired together; stopped in the end, and what was not done waits in the store."""
    room, twilio = dialogue.room, Twilio(session, account)
    media = MediaKeeper(room, twilio, open_files(room.settings))
    carrier = Carrier(room, twilio)
    made = Messaging(Letterbox(dialogue, media), carrier, media)
    room.carriers.update(dict.fromkeys(CHANNELS, carrier.carry_soon))
    loop = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        for channel in CHANNELS:
            room.carriers.pop(channel, None)
        loop.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await loop
        await carrier.tasks.stop()
        await media.tasks.stop()

"""The telephone as a whole: its webhooks, its way to the provider, and recordings being fetched."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
from aiohttp import web

from channels.dialogue import Dialogue
from channels.phone.fetching import RecordingFetch
from channels.phone.hints import shipped_phrases
from channels.phone.legs import Legs
from channels.phone.pausing import Pausing
from channels.phone.payment_service import open_payments
from channels.phone.sayings import shipped_sayings
from channels.phone.switchboard import Switchboard
from channels.phone.till import Till
from channels.phone.webhooks import add_phone
from channels.topics import Topics
from channels.twilio.account import account_of
from channels.twilio.rest import Twilio
from channels.twilio.signed import ACCOUNT
from store.files import open_files


def warm_up(topics: Topics) -> None:
    """Read what prompts and replies are made with: no caller is to wait for it."""
    shipped_sayings()
    shipped_phrases()
    topics.find("Hello, where is my order?")


@asynccontextmanager
async def open_telephone(
    chat: web.Application, dialogue: Dialogue
) -> AsyncIterator[Pausing | None]:
    """The line is open while this is, where the settings name an account; else there is none.

    Gives what pauses recordings, for the live commands.
    """
    settings = dialogue.room.settings
    account = account_of(settings)
    if account is None:
        yield None
        return
    chat[ACCOUNT] = account
    async with aiohttp.ClientSession() as session:
        patient = replace(account, timeout_seconds=settings.ingest_timeout_seconds)
        fetch = RecordingFetch(dialogue.room, Twilio(session, patient), open_files(settings))
        await asyncio.to_thread(warm_up, dialogue.room.topics)
        pausing = Pausing(dialogue.room, Twilio(session, account))
        async with open_payments(settings) as payments:
            till = Till(pausing, payments) if payments is not None else None
            board = Switchboard(dialogue, account.public_url, till=till)
            add_phone(chat, Legs(board, fetch))
            loop = asyncio.create_task(fetch.go_on())
            try:
                yield pausing
            finally:
                loop.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await loop

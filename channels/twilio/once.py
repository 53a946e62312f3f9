"""Twilio repeats its webhooks: each is done once, and a repeated one gets the answer of the first.

What was answered is kept in the store by a key made of Twilio's ids (MessageSid, CallSid,
RecordingSid, and what the webhook is about).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from channels.room import Room
from store import webhooks

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


@dataclass(frozen=True, slots=True)
class Answer:
    """What Twilio is told: TwiML, and the conversation with which it is forgotten."""

    twiml: str = EMPTY
    conversation: str | None = None


async def once(room: Room, key: str, do: Callable[[], Awaitable[Answer]]) -> web.Response:
    """Do it unless it was done; one at a time of each key.

    Where the program is killed between the deed and its note the deed is done again: it must be
    such that this changes nothing, as storing a turn under Twilio's own id is.

    Raises:
        Unavailable: the database is away; Twilio tries again where it is set up to.
    """
    async with room.locks.of(f"webhook {key}"):
        async with room.database.reading() as session:
            known = await webhooks.find(session, key)
        if known is not None:
            return twiml(known)
        answer = await do()
        async with room.database.writing() as session:
            await webhooks.keep(
                session, key, answer.twiml, conversation=answer.conversation, now=room.clock()
            )
        return twiml(answer.twiml)


def twiml(text: str = EMPTY) -> web.Response:
    """An answer that Twilio reads as instructions."""
    return web.Response(text=text, content_type="text/xml", charset="utf-8")

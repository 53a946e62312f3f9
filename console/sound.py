"""The sound of a call, in the parts a browser asks for."""

import asyncio

from aiohttp import web

from console.context import Visit
from console.reading import check_may_see, note_once
from console.sound_response import response_of
from core.errors import NotFound
from store import conversations, recordings

HEAD_BYTES = 12
UNKNOWN = "application/octet-stream"


async def audio(visit: Visit) -> web.StreamResponse:
    """The recording's file, or its silenced copy where parts are muted, by ranges.

    One listen is audited once.
    """
    conversation_id = visit.part("conversation")
    async with visit.console.database.reading() as session:
        await check_may_see(session, visit, conversation_id)
        conversation = await conversations.get(session, conversation_id)
        if conversation.recording is None:
            raise NotFound("This conversation has no recording.")
        recording = await recordings.find(session, conversation.recording)
    if recording is None:
        raise NotFound(f"the sound of recording {conversation.recording} is not kept any more")
    sound = await asyncio.to_thread(visit.console.files.heard, recording)
    head = await asyncio.to_thread(sound.read, 0, HEAD_BYTES)
    await note_once(visit, "conversation.listened", conversation_id)
    return response_of(sound, sniff(head))


def sniff(head: bytes) -> str:
    """The content type by a file's first bytes; what people name a file says little.

    Source: WHATWG "MIME Sniffing", section 6.2, and the magic numbers of AIFF and AU.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[4:8] == b"ftyp":
        return "audio/mp4"
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    if head[:3] == b"ID3" or (head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE0 == 0xE0):
        return "audio/mpeg"
    starts = {
        b"OggS": "audio/ogg",
        b"fLaC": "audio/flac",
        b"FORM": "audio/aiff",
        b".snd": "audio/basic",
        b"\x1aE\xdf\xa3": "audio/webm",
    }
    return starts.get(head[:4], UNKNOWN)

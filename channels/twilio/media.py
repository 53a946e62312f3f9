"""Files that customers send: fetched from Twilio, known by their first bytes, kept or refused.

Nothing is opened, converted or run; what a file claims to be does not count.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from channels.room import Room
from channels.twilio.rest import Twilio
from core.errors import BadInput, Unavailable
from core.tasks import Tasks
from store import attachments
from store.attachments import Attachment, Content
from store.files import StoredFiles
from store.incoming import Draft

# Twilio keeps files for long; an hour bridges a fault of ours or theirs. Between the first two
# tries a hiccup passes, after that each minute's look tries again.
GIVE_UP = timedelta(hours=1)
SOON_SECONDS = 5.0
GONE = "It could not be fetched and kept in time."
UNKNOWN = "It is no picture, sound, video or document of a kind that is kept."

log: Any = structlog.get_logger()

KIND_BYTES = 12  # the longest beginning that `kind_of` looks at
_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"PK\x03\x04", "application/zip"),  # Office documents are such
)


def kind_of(head: bytes) -> str | None:
    """The media type that a file's first bytes show; None for what is not kept."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:11] == b"M4A" else "video/mp4"
    return next((kind for start, kind in _BEGINNINGS if head.startswith(start)), None)


@dataclass(eq=False, slots=True)
class MediaKeeper:
    """Fetches what waits, one file after another; what fails is tried again."""

    room: Room
    twilio: Twilio
    files: StoredFiles
    tasks: Tasks = field(default_factory=Tasks)

    def fetch_soon(self) -> None:
        """Fetch in the background what waits."""
        self.tasks.start(self.fetch_waiting(), about="media")

    async def fetch_waiting(self) -> None:
        """Try all that waits, once each; one run at a time."""
        async with self.room.locks.of("fetching media"):
            async with self.room.database.reading() as session:
                waiting = await attachments.waiting(session)
            for one in waiting:
                await self._fetch(one)

    async def _fetch(self, one: Attachment) -> None:
        if one.address is None:
            raise AssertionError("what waits to be fetched has an address")
        most = self.room.settings.twilio_media_mib * 2**20
        try:
            draft = await self.twilio.fetch(one.address, self.files, most_bytes=most)
            await self._keep(one, draft)
        except BadInput as error:
            await self._refuse(one, str(error))
        except Unavailable as error:
            log.warning("media_not_fetched", attachment=one.id, error=str(error))
            await self._postpone(one)

    async def _postpone(self, one: Attachment) -> None:
        if self.room.clock() - one.received_at > GIVE_UP:
            await self._refuse(one, GONE)
            return
        async with self.room.database.writing() as session:
            await attachments.note_attempt(session, one.id)
        if one.attempts == 0:
            self.tasks.start(self._fetch_after(SOON_SECONDS), about="media")

    async def _fetch_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.fetch_waiting()

    async def _keep(self, one: Attachment, draft: Draft) -> None:
        try:
            content = await asyncio.to_thread(_content_of, draft)
            if content is None:
                await self._refuse(one, UNKNOWN)
                return
            await asyncio.to_thread(self.files.keep, draft, one.id)
        finally:
            self.files.drop(draft)
        async with self.room.database.writing() as session:
            is_kept = await attachments.mark_kept(session, one.id, content)
        if not is_kept:  # deleted meanwhile
            with suppress(Unavailable):  # what cannot be deleted now is a day later
                await asyncio.to_thread(self.files.delete, one.id)

    async def _refuse(self, one: Attachment, reason: str) -> None:
        told = f"{reason[:1].upper()}{reason[1:].rstrip('.')}."
        async with self.room.database.writing() as session:
            await attachments.mark_refused(session, one.id, reason=told)


def _content_of(draft: Draft) -> Content | None:
    """What a file is by its first bytes.

    Pixels are not read, so that the console draws none of it: a telephone's file, whoever sent it,
    is a download alone (DOMAIN "Twilio").
    """
    with draft.path.open("rb") as handle:
        kind = kind_of(handle.read(KIND_BYTES))
    return None if kind is None else Content(kind, draft.size)

"""A picture that a customer sends on the web: taken in, looked at, and stored with its turn.

It is a customer's turn like any other, with the picture beside it; the bot says that it cannot
look at pictures, and people can.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from channels.dialogue import Dialogue
from channels.pace import Pace
from channels.picture_words import SENT_PICTURE
from channels.wire import Said, check_turn_id
from core.errors import BadInput
from core.people import Address
from core.picture import ENOUGH_BYTES, PictureKind, read_picture
from store import attachments
from store.attachments import Content
from store.files import StoredFiles
from store.incoming import Draft

MOST_IN_ONE = 20  # pictures of one conversation: more show no more, and fill the disk
TAKE_SECONDS = 60.0  # for one picture: 5 MiB at 0.7 Mbit/s, a bad connection on a phone
BLOCK = 64 * 1024
BURST, PER_SECOND = 10.0, 0.1  # from one address: a set of photographs, then one in ten seconds
MOST_PACES = 1000  # addresses remembered; all begin anew beyond it


@dataclass(eq=False, slots=True)
class Intake:
    """Takes pictures in, as fast as one address may send them."""

    dialogue: Dialogue
    files: StoredFiles
    _paces: dict[str, Pace] = field(default_factory=dict)

    @property
    def most_bytes(self) -> int:
        """The largest picture; 0 when none is taken."""
        return self.dialogue.room.settings.max_picture_mib * 2**20

    def is_too_fast(self, address: str | None) -> bool:
        """Whether this address has sent too many; programs of this machine are not counted."""
        if address is None:
            return False
        if len(self._paces) >= MOST_PACES:
            self._paces.clear()
        pace = self._paces.setdefault(address, Pace(burst=BURST, per_second=PER_SECOND))
        return not pace.allows()

    async def take(
        self, visitor: Address, turn_id: str, blocks: AsyncIterator[bytes]
    ) -> dict[str, str]:
        """Store a picture as a turn of this visitor; a repeated turn id stores nothing again.

        Raises:
            BadInput: it is no picture, too large, one too many, or it took too long to come.
            Unavailable: it could not be stored; retryable.
        """
        said = Said(check_turn_id(turn_id), SENT_PICTURE)
        if not self.most_bytes:
            raise BadInput("Pictures cannot be sent here.")
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                draft = await self.files.stream_in(blocks, most_bytes=self.most_bytes)
        except TimeoutError as error:
            raise BadInput("The picture took too long to arrive. Please try again.") from error
        try:
            kind = read_picture(await asyncio.to_thread(_head, draft))
            stored = await self.dialogue.receive(visitor, said, also=self._keep(said, draft, kind))
        finally:
            self.files.drop(draft)  # what was kept has another name by now
        return {"id": said.id, "conversation": stored.conversation}

    def _keep(self, said: Said, draft: Draft, kind: PictureKind) -> "Keeping":
        return Keeping(self.files, said.id, draft, kind, self.dialogue.room.clock())


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is stored with the turn, in its transaction."""

    files: StoredFiles
    turn: str
    draft: Draft
    kind: PictureKind
    now: datetime

    async def __call__(self, session: AsyncSession, conversation_id: str) -> None:
        """Keep the row and the file; a file whose row is rolled back is deleted a day later."""
        known = await attachments.ids_of(session, conversation_id)
        if len(known) >= MOST_IN_ONE:
            raise BadInput(f"{MOST_IN_ONE} pictures are enough for one conversation.")
        kind = self.kind
        content = Content(f"image/{kind.name}", self.draft.size, kind.width, kind.height)
        file_id = await attachments.add_kept(
            session, conversation_id, self.turn, content, now=self.now
        )
        await asyncio.to_thread(self.files.keep, self.draft, file_id)


async def blocks_of(request: web.Request) -> AsyncIterator[bytes]:
    """The body of a request, piece by piece."""
    async for block in request.content.iter_chunked(BLOCK):
        yield block


def _head(draft: Draft) -> bytes:
    with draft.path.open("rb") as file:
        return file.read(ENOUGH_BYTES)

"""Pictures that customers sent: which turn each came with; the bytes are files by their id."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound
from store.inbox_tables import PictureRow


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture; `kind` as in image/KIND, `size` in bytes, `width` and `height` in pixels."""

    id: str
    conversation: str
    turn: str
    kind: str
    size: int
    width: int
    height: int
    received_at: datetime


async def add(session: AsyncSession, picture: Picture) -> None:
    """A picture came, in the transaction that stores its turn."""
    session.add(
        PictureRow(
            id=picture.id,
            conversation_id=picture.conversation,
            turn_id=picture.turn,
            kind=picture.kind,
            size=picture.size,
            width=picture.width,
            height=picture.height,
            received_at=picture.received_at,
        )
    )
    await session.flush()


async def get(session: AsyncSession, conversation_id: str, picture_id: str) -> Picture:
    """A picture of this conversation.

    Raises:
        NotFound: it has none with this id.
    """
    row = await session.get(PictureRow, picture_id)
    if row is None or row.conversation_id != conversation_id:
        raise NotFound("There is no such picture.")
    return _picture_of(row)


async def of_conversation(session: AsyncSession, conversation_id: str) -> dict[str, Picture]:
    """The pictures of a conversation by the turn that each came with."""
    rows = await session.scalars(
        select(PictureRow).where(PictureRow.conversation_id == conversation_id)
    )
    return {row.turn_id: _picture_of(row) for row in rows}


async def known(session: AsyncSession) -> frozenset[str]:
    """The ids of all pictures."""
    return frozenset(await session.scalars(select(PictureRow.id)))


def _picture_of(row: PictureRow) -> Picture:
    return Picture(
        id=row.id,
        conversation=row.conversation_id,
        turn=row.turn_id,
        kind=row.kind,
        size=row.size,
        width=row.width,
        height=row.height,
        received_at=row.received_at,
    )

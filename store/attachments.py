"""Files that customers sent: waiting to be fetched, kept, or why they are not.

The bytes are kept in store.files under the ids here.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound
from core.ids import new_id
from store.twilio_tables import AttachmentRow


class Keeping(StrEnum):
    """How far a file has come."""

    WAITING = "waiting"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Content:
    """What a file is by its own bytes: a media type, its bytes, and a picture's pixels."""

    kind: str
    size: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file; `address` is where it is fetched, `content` is of one that is kept."""

    id: str
    conversation: str
    turn: str
    address: str | None
    keeping: Keeping
    content: Content | None
    reason: str | None
    attempts: int
    received_at: datetime


async def add(
    session: AsyncSession,
    conversation_id: str,
    turn_id: str,
    addresses: Sequence[str],
    *,
    now: datetime,
) -> None:
    """Files that came with a turn, in the transaction that stores it; they are fetched later."""
    session.add_all(
        AttachmentRow(
            id=new_id(),
            conversation_id=conversation_id,
            turn_id=turn_id,
            address=address,
            state=Keeping.WAITING.value,
            attempts=0,
            received_at=now,
        )
        for address in addresses
    )
    await session.flush()


async def add_kept(
    session: AsyncSession, conversation_id: str, turn_id: str, content: Content, *, now: datetime
) -> str:
    """A file that came by itself, in the transaction that stores its turn.

    Returns:
        The id under which its bytes are to be kept, in the same transaction.
    """
    row = AttachmentRow(
        id=new_id(),
        conversation_id=conversation_id,
        turn_id=turn_id,
        address=None,
        state=Keeping.KEPT.value,
        attempts=0,
        received_at=now,
        **asdict(content),
    )
    session.add(row)
    await session.flush()
    return row.id


async def waiting(session: AsyncSession) -> tuple[Attachment, ...]:
    """Files that are still to be fetched, the oldest first."""
    rows = await session.scalars(
        select(AttachmentRow)
        .where(AttachmentRow.state == Keeping.WAITING.value)
        .order_by(AttachmentRow.id)
    )
    return tuple(map(_attachment_of, rows))


async def mark_kept(session: AsyncSession, attachment_id: str, content: Content) -> bool:
    """Its bytes are kept; False when its conversation was deleted meanwhile."""
    return await _change(
        session, attachment_id, state=Keeping.KEPT.value, reason=None, **asdict(content)
    )


async def mark_refused(session: AsyncSession, attachment_id: str, *, reason: str) -> None:
    """It is not kept, for a reason that people read."""
    await _change(session, attachment_id, state=Keeping.REFUSED.value, reason=reason)


async def note_attempt(session: AsyncSession, attachment_id: str) -> None:
    """It could not be fetched now; it is tried again."""
    await _change(session, attachment_id, attempts=AttachmentRow.attempts + 1)


async def of_conversation(
    session: AsyncSession, conversation_id: str
) -> dict[str, tuple[Attachment, ...]]:
    """The files of a conversation: turn id → files in order."""
    rows = await session.scalars(
        select(AttachmentRow)
        .where(AttachmentRow.conversation_id == conversation_id)
        .order_by(AttachmentRow.id)
    )
    found: dict[str, tuple[Attachment, ...]] = {}
    for row in rows:
        found[row.turn_id] = (*found.get(row.turn_id, ()), _attachment_of(row))
    return found


async def get(session: AsyncSession, conversation_id: str, attachment_id: str) -> Attachment:
    """A file of this conversation that is kept.

    Raises:
        NotFound: it has none with this id, or it is not kept.
    """
    row = await session.get(AttachmentRow, attachment_id)
    if row is None or row.conversation_id != conversation_id or row.state != Keeping.KEPT.value:
        raise NotFound("There is no such file.")
    return _attachment_of(row)


async def known(session: AsyncSession) -> frozenset[str]:
    """The ids of all files that came."""
    return frozenset(await session.scalars(select(AttachmentRow.id)))


async def ids_of(session: AsyncSession, conversation_id: str) -> tuple[str, ...]:
    """The ids of a conversation's files, whose bytes are to be deleted with it."""
    rows = await session.scalars(
        select(AttachmentRow.id).where(AttachmentRow.conversation_id == conversation_id)
    )
    return tuple(rows)


async def _change(session: AsyncSession, attachment_id: str, **values: object) -> bool:
    done = await session.execute(
        update(AttachmentRow)
        .where(AttachmentRow.id == attachment_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined] # an UPDATE has a rowcount


def _content_of(row: AttachmentRow) -> Content | None:
    if row.kind is None or row.size is None:
        return None
    return Content(row.kind, row.size, row.width, row.height)


def _attachment_of(row: AttachmentRow) -> Attachment:
    return Attachment(
        id=row.id,
        conversation=row.conversation_id,
        turn=row.turn_id,
        address=row.address,
        keeping=Keeping(row.state),
        content=_content_of(row),
        reason=row.reason,
        attempts=row.attempts,
        received_at=row.received_at,
    )

"""What WhatsApp and SMS need beside a conversation: numbers, opt-outs, templates made at Twilio."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.people import Address, AddressKind
from store.conversations import address_hash
from store.database import keyed_hash
from store.tables import AddressRow, ConversationRow
from store.twilio_tables import ContentRow, MessagingRow, OptOutRow


@dataclass(frozen=True, slots=True)
class Line:
    """Between whom messages go, as E.164 numbers, and when the customer last wrote."""

    ours: str
    customer: str
    wrote_at: datetime


async def note_written(
    session: AsyncSession, conversation_id: str, *, ours: str, now: datetime
) -> None:
    """The customer wrote to this number of ours; answers come from it."""
    row = await session.get(MessagingRow, conversation_id)
    if row is None:
        session.add(MessagingRow(conversation_id=conversation_id, ours=ours, wrote_at=now))
    else:
        row.ours, row.wrote_at = ours, max(now, row.wrote_at)
    await session.flush()


async def find_line(session: AsyncSession, conversation_id: str) -> Line | None:
    """Between whom a conversation's messages go; None when it is no WhatsApp or SMS."""
    found = await session.execute(
        select(MessagingRow.ours, AddressRow.value, MessagingRow.wrote_at)
        .join(ConversationRow, ConversationRow.id == MessagingRow.conversation_id)
        .join(AddressRow, AddressRow.customer_id == ConversationRow.customer_id)
        .where(MessagingRow.conversation_id == conversation_id)
        .where(AddressRow.kind == AddressKind.PHONE.value)
        .limit(1)
    )
    row = found.first()
    return None if row is None else Line(row[0], row[1], row[2])


async def opt_out(session: AsyncSession, address: Address, *, now: datetime) -> None:
    """No more SMS to this address; repeating it is harmless."""
    await session.merge(OptOutRow(hash=_opted(session, address), at=now))
    await session.flush()


async def opt_in(session: AsyncSession, address: Address) -> bool:
    """SMS go out again; False when they were not stopped."""
    done = await session.execute(
        delete(OptOutRow).where(OptOutRow.hash == _opted(session, address))
    )
    return bool(done.rowcount)  # type: ignore[attr-defined] # a DELETE has a rowcount


async def is_opted_out(session: AsyncSession, address: Address) -> bool:
    """Whether this address wants no SMS."""
    return await session.get(OptOutRow, _opted(session, address)) is not None


async def find_content(session: AsyncSession, name: str) -> str | None:
    """Twilio's id of a content template that we made; None before."""
    row = await session.get(ContentRow, name)
    return None if row is None else row.sid


async def keep_content(session: AsyncSession, name: str, sid: str) -> None:
    """It is made."""
    await session.merge(ContentRow(name=name, sid=sid))
    await session.flush()


def _opted(session: AsyncSession, address: Address) -> str:
    """Another hash than that of the address itself: it outlives the customer's own rows."""
    return keyed_hash(session, f"no sms:{address_hash(session, address)}")

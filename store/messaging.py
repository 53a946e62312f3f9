"""What WhatsApp and SMS need beside a conversation: numbers, opt-outs, templates made at Twilio."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.people import Address, AddressKind
from store.conversations import address_hash
from store.database import keyed_hash
from store.tables import AddressRow, ConversationRow, CustomerRow
from store.twilio_tables import ContentRow, MessagingRow, OptOutRow


@dataclass(frozen=True, slots=True)
class Line:
    """Between whom messages go, as E.164 numbers, and when the customer last wrote.

    `calls_themselves` is a name that nobody has checked.
    """

    ours: str
    customer: str
    wrote_at: datetime
    calls_themselves: str | None = None


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


async def note_name(session: AsyncSession, conversation_id: str, name: str) -> None:
    """What the customer calls themselves; the latest counts, and nobody has checked it."""
    whose = select(ConversationRow.customer_id).where(ConversationRow.id == conversation_id)
    await session.execute(
        update(CustomerRow).where(CustomerRow.id == whose.scalar_subquery()).values(name=name)
    )


async def find_line(session: AsyncSession, conversation_id: str) -> Line | None:
    """Between whom a conversation's messages go; None when it is no WhatsApp or SMS."""
    found = await session.execute(
        select(MessagingRow.ours, AddressRow.value, MessagingRow.wrote_at, CustomerRow.name)
        .join(ConversationRow, ConversationRow.id == MessagingRow.conversation_id)
        .join(AddressRow, AddressRow.customer_id == ConversationRow.customer_id)
        .join(CustomerRow, CustomerRow.id == ConversationRow.customer_id)
        .where(MessagingRow.conversation_id == conversation_id)
        .where(AddressRow.kind == AddressKind.PHONE.value)
        .limit(1)
    )
    row = found.first()
    return None if row is None else Line(*row)


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

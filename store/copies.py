"""Copies of conversations on their way by e-mail: asked for, claimed, sent or refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound
from core.people import Address, AddressKind
from store import audit
from store.conversations import address_hash
from store.copy_tables import CopyRow
from store.tables import AddressRow, ConversationRow

ACTOR = "chat"
KEPT = timedelta(days=2)  # twice the day in which they are counted; then they count nowhere


class CopyState(StrEnum):
    """How far a copy has come."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a copy is not sent, or not yet."""

    LATER = "later"  # the mail server does not answer now
    ADDRESS = "address"  # it takes nothing for this address
    LETTER = "letter"  # it does not take this letter
    GONE = "gone"  # it did not answer for too long


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy; it holds the turns up to position `last`. Without an address once it is done."""

    id: str
    conversation: str
    address: str | None
    language: str
    last: int
    state: CopyState
    reason: Reason | None
    attempts: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """How many copies were asked for by one customer, and for one address."""

    by_customer: int
    for_address: int


async def add(session: AsyncSession, copy: Copy) -> None:
    """A customer wants a copy at an address; it is due at once."""
    if copy.address is None:
        raise AssertionError("a copy that is asked for has an address")
    session.add(
        CopyRow(
            id=copy.id,
            conversation_id=copy.conversation,
            address=copy.address,
            address_hash=_hash(session, copy.address),
            language=copy.language,
            last=copy.last,
            state=copy.state.value,
            attempts=0,
            asked_at=copy.asked_at,
            next_at=copy.asked_at,
        )
    )
    await session.flush()
    await audit.record(
        session, actor=ACTOR, action="copy.asked", subject=copy.conversation, now=copy.asked_at
    )


async def find(session: AsyncSession, copy_id: str) -> Copy | None:
    """A copy, or None."""
    row = await session.get(CopyRow, copy_id, populate_existing=True)
    return None if row is None else _copy_of(row)


async def get_own(session: AsyncSession, customer: Address, copy_id: str) -> Copy:
    """A copy that this customer asked for, in whichever conversation.

    Raises:
        NotFound: they have asked for none with this id.
    """
    found = await session.scalar(
        select(CopyRow)
        .join(ConversationRow, ConversationRow.id == CopyRow.conversation_id)
        .join(AddressRow, AddressRow.customer_id == ConversationRow.customer_id)
        .where(CopyRow.id == copy_id, AddressRow.hash == address_hash(session, customer))
    )
    if found is None:
        raise NotFound("There is no such copy.")
    return _copy_of(found)


async def asked(
    session: AsyncSession, conversation_id: str, address: str, *, since: datetime
) -> Asked:
    """What was asked for since then, by the customer of a conversation and for an address."""
    customer = select(ConversationRow.customer_id).where(ConversationRow.id == conversation_id)
    recent = select(func.count()).select_from(CopyRow).where(CopyRow.asked_at > since)
    mine = recent.join(ConversationRow, ConversationRow.id == CopyRow.conversation_id).where(
        ConversationRow.customer_id == customer.scalar_subquery()
    )
    same = recent.where(CopyRow.address_hash == _hash(session, address))
    return Asked(await session.scalar(mine) or 0, await session.scalar(same) or 0)


async def due(session: AsyncSession, *, now: datetime) -> tuple[str, ...]:
    """The copies that are to be tried now, the oldest first."""
    rows = await session.scalars(
        select(CopyRow.id)
        .where(CopyRow.state == CopyState.WAITING.value, CopyRow.next_at <= now)
        .order_by(CopyRow.asked_at, CopyRow.id)
    )
    return tuple(rows)


async def claim(
    session: AsyncSession, copy_id: str, *, now: datetime, until: datetime
) -> Copy | None:
    """Take a copy to send it, until that moment; None when it is not due, or another has it."""
    done = await session.execute(
        update(CopyRow)
        .where(CopyRow.id == copy_id, CopyRow.state == CopyState.WAITING.value)
        .where(CopyRow.next_at <= now)
        .values(next_at=until, attempts=CopyRow.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined] # an UPDATE has a rowcount
        return None
    return await find(session, copy_id)


async def postpone(session: AsyncSession, copy_id: str, *, until: datetime) -> None:
    """The mail server does not answer: it is tried again then."""
    await _change(session, copy_id, reason=Reason.LATER.value, next_at=until)


async def settle(
    session: AsyncSession, copy: Copy, state: CopyState, reason: Reason | None, *, now: datetime
) -> None:
    """It is sent or refused, and its address is kept no longer; audited."""
    why = reason.value if reason else None
    await _change(session, copy.id, state=state.value, reason=why, next_at=None, address=None)
    await audit.record(
        session,
        actor=ACTOR,
        action=f"copy.{state.value}",
        subject=copy.conversation,
        now=now,
        detail=why,
    )


async def forget_old(session: AsyncSession, *, now: datetime) -> None:
    """Delete copies that are done and count nowhere any more."""
    await session.execute(
        delete(CopyRow)
        .where(CopyRow.state != CopyState.WAITING.value)
        .where(CopyRow.asked_at < now - KEPT)
    )


async def _change(session: AsyncSession, copy_id: str, **values: object) -> None:
    await session.execute(
        update(CopyRow)
        .where(CopyRow.id == copy_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _hash(session: AsyncSession, address: str) -> str:
    return address_hash(session, Address(AddressKind.EMAIL, address))


def _copy_of(row: CopyRow) -> Copy:
    return Copy(
        id=row.id,
        conversation=row.conversation_id,
        address=row.address,
        language=row.language,
        last=row.last,
        state=CopyState(row.state),
        reason=Reason(row.reason) if row.reason else None,
        attempts=row.attempts,
        asked_at=row.asked_at,
    )

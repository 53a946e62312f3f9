"""One-time codes that are sent to the address on file of an order, and what makes them void."""

import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotAllowed
from core.ids import new_id
from store import audit
from store.database import keyed_hash
from store.tables import OneTimeCodeRow
from store.tries import ACTOR, LOCK, locked_until, note, one_at_a_time, record_failure

EMAIL_CHANGED = "identity.email_changed"
CODE_ISSUED, CODE_ACCEPTED = "identity.code_issued", "identity.code_accepted"

CODE_LASTS = timedelta(minutes=10)  # NIST SP 800-63B, 5.1.3.2: at most ten minutes
CODE_DIGITS = 6  # NIST SP 800-63B, 5.1.3.2: six digits at least
EMAIL_FRESH = timedelta(hours=24)  # time to read the notice at the old address, and to object
MAX_CODES_AN_HOUR = 3  # who does not get three will not get a fourth, and nobody is flooded
KEPT = timedelta(hours=24)  # codes older than this count nowhere


async def issue_code(
    session: AsyncSession, conversation_id: str, order_number: str, *, now: datetime
) -> str:
    """Make a code for one use within ten minutes in this conversation; send it, keep it nowhere.

    Raises:
        NotAllowed: three were made for this order within an hour, or tries are locked.
    """
    number = order_number.upper()
    await one_at_a_time(session)
    if await locked_until(session, conversation_id, number, now=now) is not None:
        raise NotAllowed(f"too many wrong tries; no code is made for {number} now")
    if await _codes_since(session, number, now - LOCK) >= MAX_CODES_AN_HOUR:
        raise NotAllowed(f"{MAX_CODES_AN_HOUR} codes were made for {number} within an hour")
    await forget_old(session, now=now)
    code, code_id = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}", new_id()
    session.add(
        OneTimeCodeRow(
            id=code_id, conversation_id=conversation_id, order_number=number,
            code_hash=_code_hash(session, code_id, code), issued_at=now,
        )
    )  # fmt: skip
    await note(session, CODE_ISSUED, number, conversation_id, now)
    return code


async def codes_left(session: AsyncSession, order_number: str, *, now: datetime) -> int:
    """How many more codes can be made for this order within the hour."""
    made = await _codes_since(session, order_number.upper(), now - LOCK)
    return max(0, MAX_CODES_AN_HOUR - made)


async def has_code(
    session: AsyncSession, conversation_id: str, order_number: str, *, now: datetime
) -> bool:
    """Whether a code was made for this order in this conversation that would be right now."""
    return bool(await _live_codes(session, conversation_id, order_number.upper(), now))


async def check_code(
    session: AsyncSession, conversation_id: str, order_number: str, code: str, *, now: datetime
) -> bool:
    """Whether this code was sent for this order in this conversation, and use it up.

    A wrong, old or used one counts as a wrong try; while tries are locked none is right.
    `identity.try_code` also records whose order it is.
    """
    number, digits = order_number.upper(), "".join(filter(str.isdecimal, code))
    await one_at_a_time(session)
    if await locked_until(session, conversation_id, number, now=now) is not None:
        return False
    rows = await _live_codes(session, conversation_id, number, now)
    same = [hmac.compare_digest(row.code_hash, _code_hash(session, row.id, digits)) for row in rows]
    if not any(same):
        await record_failure(session, conversation_id, number, now=now)
        return False
    for row in rows:
        row.used_at = now
    await note(session, CODE_ACCEPTED, number, conversation_id, now)
    return True


async def made_here(
    session: AsyncSession, conversation_id: str, digits: Collection[str]
) -> frozenset[str]:
    """Which of these digits are codes that were made in this conversation, void ones included.

    Those that `forget_old` has deleted are not known any more, and open nothing.
    """
    rows = await session.scalars(
        select(OneTimeCodeRow).where(OneTimeCodeRow.conversation_id == conversation_id)
    )
    made = [(row.id, row.code_hash) for row in rows]
    return frozenset(
        one
        for one in digits
        if any(hmac.compare_digest(h, _code_hash(session, code_id, one)) for code_id, h in made)
    )


async def note_new_email(
    session: AsyncSession, conversation_id: str, shop_customer: str, *, now: datetime
) -> None:
    """The e-mail address of this customer of the shop is being changed in this conversation."""
    await note(session, EMAIL_CHANGED, shop_customer, conversation_id, now)


async def has_new_email(session: AsyncSession, shop_customer: str, *, now: datetime) -> bool:
    """Whether their address was changed within a day: then a code to it proves nothing."""
    return await audit.is_noted(
        session, actor=ACTOR, action=EMAIL_CHANGED, subject=shop_customer, since=now - EMAIL_FRESH
    )


async def forget_conversation(session: AsyncSession, conversation_id: str) -> None:
    """Delete the codes of a conversation."""
    mine = OneTimeCodeRow.conversation_id == conversation_id
    await session.execute(delete(OneTimeCodeRow).where(mine))


async def forget_old(session: AsyncSession, *, now: datetime) -> None:
    """Delete codes that count nowhere any more."""
    await session.execute(delete(OneTimeCodeRow).where(OneTimeCodeRow.issued_at < now - KEPT))


async def _codes_since(session: AsyncSession, number: str, since: datetime) -> int:
    found = await session.scalar(
        select(func.count())
        .select_from(OneTimeCodeRow)
        .where(OneTimeCodeRow.order_number == number, OneTimeCodeRow.issued_at > since)
    )
    return found or 0


async def _live_codes(
    session: AsyncSession, conversation_id: str, number: str, now: datetime
) -> list[OneTimeCodeRow]:
    """Codes that would be right now; locked, so that two at once do not use one twice."""
    found = await session.scalars(
        select(OneTimeCodeRow)
        .where(OneTimeCodeRow.conversation_id == conversation_id)
        .where(OneTimeCodeRow.order_number == number)
        .where(OneTimeCodeRow.used_at.is_(None), OneTimeCodeRow.issued_at > now - CODE_LASTS)
        .with_for_update()
    )
    return list(found)


def _code_hash(session: AsyncSession, code_id: str, code: str) -> str:
    return keyed_hash(session, f"code:{code_id}:{code}")

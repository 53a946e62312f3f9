"""Who a customer has shown to be: verified orders, wrong tries, and codes sent to them.

A customer is verified by an order's number with its postcode, or by a one-time code sent to the
address on file. What was shown in one conversation counts in every other of the same person (their
visitor cookie, phone or handle) on the same day of the house. Everything here is audited.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotAllowed
from core.ids import new_id
from core.shop import Order, normalise_postcode
from store import audit
from store.database import keyed_hash
from store.tables import ConversationRow, OneTimeCodeRow, VerificationRow, WrongTryRow

ACTOR = "bot"
VERIFIED, WRONG_TRY, LOCKED = "identity.verified", "order.lookup_failed", "identity.locked"
EMAIL_CHANGED = "identity.email_changed"
CODE_ISSUED, CODE_ACCEPTED = "identity.code_issued", "identity.code_accepted"

# A wrong number, a wrong postcode and one more; then a stranger would only be guessing.
MAX_WRONG_TRIES = 3
# A new visitor begins to count anew, so an order counts too: three customers who are all wrong
# three times, and one more. At 10 an hour, the 1.7 million postcodes (ONS, 2023) last 19 years.
MAX_WRONG_TRIES_OF_ORDER = 10
LOCK = timedelta(hours=1)  # issue 3: three wrong tries lock for an hour
CODE_LASTS = timedelta(minutes=10)  # NIST SP 800-63B, 5.1.3.2: at most ten minutes
CODE_DIGITS = 6  # NIST SP 800-63B, 5.1.3.2: six digits at least
EMAIL_FRESH = timedelta(hours=24)  # time to read the notice at the old address, and to object
MAX_CODES_AN_HOUR = 3  # who does not get three will not get a fourth, and nobody is flooded
TRY_LOCK = 7_253_905  # any number, the same in every Parley on one PostgreSQL database
KEPT = timedelta(hours=24)  # wrong tries and codes older than this count nowhere
PAST_MIDNIGHT = timedelta(hours=1)  # nobody is asked again because the clock struck twelve


@dataclass(frozen=True, slots=True)
class Known:
    """What a customer has shown today; a name to greet by only when they have shown it."""

    name: str | None = None
    shop_customer: str | None = None
    verified_orders: tuple[str, ...] = ()
    turns: tuple[str, ...] = field(default=(), compare=False)  # of this conversation, as proof


async def known(
    session: AsyncSession, conversation_id: str, *, now: datetime, zone: tzinfo
) -> Known:
    """Who the customer of this conversation has shown to be today, here or elsewhere.

    Orders are in the order shown; name and shop customer are those of the latest.
    """
    person = await _customer_of(session, conversation_id)
    found = await session.scalars(
        select(VerificationRow)
        .join(ConversationRow, ConversationRow.id == VerificationRow.conversation_id)
        .where(_is_of(person, conversation_id), VerificationRow.at >= _since(now, zone))
        .order_by(VerificationRow.at)
    )
    rows = found.all()
    return Known(
        name=next((row.name for row in reversed(rows) if row.name), None),
        shop_customer=next(
            (row.shop_customer for row in reversed(rows) if row.shop_customer), None
        ),
        verified_orders=tuple(dict.fromkeys(row.order_number for row in rows)),
        turns=tuple(row.turn_id for row in rows if row.conversation_id == conversation_id),
    )


async def verified_orders(
    session: AsyncSession, conversation_id: str, *, now: datetime, zone: tzinfo
) -> tuple[str, ...]:
    """The orders that this customer has shown to be theirs today; not asked for again."""
    return (await known(session, conversation_id, now=now, zone=zone)).verified_orders


async def shown_in(session: AsyncSession, conversation_id: str) -> tuple[str, ...]:
    """The orders ever shown in this very conversation, for who reads it later; it opens nothing."""
    rows = await session.scalars(
        select(VerificationRow.order_number)
        .where(VerificationRow.conversation_id == conversation_id)
        .order_by(VerificationRow.at)
    )
    return tuple(rows)


async def is_verified(
    session: AsyncSession, conversation_id: str, order_number: str, *, now: datetime, zone: tzinfo
) -> bool:
    """Whether this order was shown to be this customer's today."""
    shown = await verified_orders(session, conversation_id, now=now, zone=zone)
    return order_number.upper() in shown


async def record_verification(
    session: AsyncSession,
    conversation_id: str,
    order_number: str,
    turn_id: str,
    *,
    now: datetime,
    shop_customer: str | None = None,
    name: str | None = None,
) -> None:
    """The customer has shown that this order is theirs; repeating it is harmless.

    `shop_customer` and `name` are the order's, as the back end gives them. Wrong tries at this
    order by the same person were slips and are forgotten.
    """
    number = order_number.upper()
    row = await session.get(VerificationRow, (conversation_id, number))
    if row is not None and row.turn_id == turn_id:
        return
    if row is None:
        row = VerificationRow(conversation_id=conversation_id, order_number=number)
        session.add(row)
    row.turn_id, row.at, row.shop_customer, row.name = turn_id, now, shop_customer, name
    visitor = await _visitor(session, conversation_id)
    await session.execute(
        delete(WrongTryRow)
        .where(WrongTryRow.visitor == visitor)
        .where(WrongTryRow.order_number == number)
    )
    await _note(session, VERIFIED, number, conversation_id, now)


async def record_failure(
    session: AsyncSession, conversation_id: str, order_number: str, *, now: datetime
) -> datetime | None:
    """A wrong postcode, number or code was tried; returns until when this locks, if it does."""
    number = order_number.upper()
    await session.execute(delete(WrongTryRow).where(WrongTryRow.at < now - KEPT))
    visitor = await _visitor(session, conversation_id)
    session.add(WrongTryRow(visitor=visitor, order_number=number, at=now))
    await _note(session, WRONG_TRY, number, conversation_id, now)
    until = await locked_until(session, conversation_id, number, now=now)
    if until is not None:
        await _note(session, LOCKED, number, conversation_id, now)
    return until


async def locked_until(
    session: AsyncSession, conversation_id: str, order_number: str | None = None, *, now: datetime
) -> datetime | None:
    """Until when nothing is checked for this person, or of this order; None when it may be.

    A person is locked for an hour by three wrong tries within an hour, in whichever of their
    conversations; an order by ten of anybody.
    """
    visitor = await _visitor(session, conversation_id)
    ends = [await _lock(session, WrongTryRow.visitor == visitor, MAX_WRONG_TRIES, now)]
    if order_number is not None:
        same = WrongTryRow.order_number == order_number.upper()
        ends.append(await _lock(session, same, MAX_WRONG_TRIES_OF_ORDER, now))
    return max((end for end in ends if end is not None), default=None)


async def try_postcode(
    session: AsyncSession,
    conversation_id: str,
    order_number: str,
    postcode: str,
    turn_id: str,
    *,
    order: Order | None,
    now: datetime,
) -> bool:
    """Whether the postcode is that of the order, as the back end gave it; records either.

    One at a time, so that tries that come together are counted before the next is looked at;
    while tries are locked none is right.
    """
    number = order_number.upper()
    await _one_at_a_time(session)
    if await locked_until(session, conversation_id, number, now=now) is not None:
        return False
    if order is None or normalise_postcode(order.postcode) != normalise_postcode(postcode):
        await record_failure(session, conversation_id, number, now=now)
        return False
    await _record_order(session, conversation_id, order, turn_id, now)
    return True


async def try_code(
    session: AsyncSession,
    conversation_id: str,
    order_number: str,
    code: str,
    turn_id: str,
    *,
    order: Order | None,
    now: datetime,
) -> bool:
    """Whether this code was sent for the order; uses it up, and records as `try_postcode` does."""
    if not await check_code(session, conversation_id, order_number, code, now=now):
        return False
    if order is not None:
        await _record_order(session, conversation_id, order, turn_id, now)
    return order is not None


async def issue_code(
    session: AsyncSession, conversation_id: str, order_number: str, *, now: datetime
) -> str:
    """Make a code for one use within ten minutes in this conversation; send it, keep it nowhere.

    Raises:
        NotAllowed: three were made for this order within an hour, or tries are locked.
    """
    number = order_number.upper()
    await _one_at_a_time(session)
    if await locked_until(session, conversation_id, number, now=now) is not None:
        raise NotAllowed(f"too many wrong tries; no code is made for {number} now")
    if await _codes_since(session, number, now - LOCK) >= MAX_CODES_AN_HOUR:
        raise NotAllowed(f"{MAX_CODES_AN_HOUR} codes were made for {number} within an hour")
    await session.execute(delete(OneTimeCodeRow).where(OneTimeCodeRow.issued_at < now - KEPT))
    code, code_id = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}", new_id()
    session.add(
        OneTimeCodeRow(
            id=code_id, conversation_id=conversation_id, order_number=number,
            code_hash=_code_hash(session, code_id, code), issued_at=now,
        )
    )  # fmt: skip
    await _note(session, CODE_ISSUED, number, conversation_id, now)
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
    `try_code` also records whose order it is.
    """
    number, digits = order_number.upper(), "".join(filter(str.isdecimal, code))
    await _one_at_a_time(session)
    if await locked_until(session, conversation_id, number, now=now) is not None:
        return False
    rows = await _live_codes(session, conversation_id, number, now)
    same = [hmac.compare_digest(row.code_hash, _code_hash(session, row.id, digits)) for row in rows]
    if not any(same):
        await record_failure(session, conversation_id, number, now=now)
        return False
    for row in rows:
        row.used_at = now
    await _note(session, CODE_ACCEPTED, number, conversation_id, now)
    return True


async def note_new_email(
    session: AsyncSession, conversation_id: str, shop_customer: str, *, now: datetime
) -> None:
    """The e-mail address of this customer of the shop is being changed in this conversation."""
    await _note(session, EMAIL_CHANGED, shop_customer, conversation_id, now)


async def has_new_email(session: AsyncSession, shop_customer: str, *, now: datetime) -> bool:
    """Whether their address was changed within a day: then a code to it proves nothing."""
    return await audit.is_noted(
        session, actor=ACTOR, action=EMAIL_CHANGED, subject=shop_customer, since=now - EMAIL_FRESH
    )


async def forget_conversation(session: AsyncSession, conversation_id: str) -> None:
    """Delete the codes of a conversation; what was shown in it goes with its row."""
    mine = OneTimeCodeRow.conversation_id == conversation_id
    await session.execute(delete(OneTimeCodeRow).where(mine))


async def forget_old(session: AsyncSession, *, now: datetime) -> None:
    """Delete wrong tries and codes that count nowhere any more."""
    await session.execute(delete(WrongTryRow).where(WrongTryRow.at < now - KEPT))
    await session.execute(delete(OneTimeCodeRow).where(OneTimeCodeRow.issued_at < now - KEPT))


async def _one_at_a_time(session: AsyncSession) -> None:
    """Let tries wait for each other; SQLite's transactions that write do so by themselves."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TRY_LOCK})


async def _record_order(
    session: AsyncSession, conversation_id: str, order: Order, turn_id: str, now: datetime
) -> None:
    await record_verification(
        session, conversation_id, order.number, turn_id,
        now=now, shop_customer=order.customer, name=order.customer_name,
    )  # fmt: skip


def _since(now: datetime, zone: tzinfo) -> datetime:
    """Midnight of the house before `now`, or an hour ago when that is earlier."""
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return min(midnight, now - PAST_MIDNIGHT, key=datetime.timestamp)


async def _customer_of(session: AsyncSession, conversation_id: str) -> str | None:
    found: str | None = await session.scalar(
        select(ConversationRow.customer_id).where(ConversationRow.id == conversation_id)
    )
    return found


def _is_of(person: str | None, conversation_id: str) -> ColumnElement[bool]:
    if person is None:
        return ConversationRow.id == conversation_id
    return ConversationRow.customer_id == person


async def _visitor(session: AsyncSession, conversation_id: str) -> str:
    """Whose wrong tries count together: the person's, or the conversation's without one."""
    return await _customer_of(session, conversation_id) or conversation_id


async def _lock(
    session: AsyncSession, whose: ColumnElement[bool], most: int, now: datetime
) -> datetime | None:
    """The end of the lock that the latest `most` tries within an hour make, when it is ahead."""
    found = await session.scalars(
        select(WrongTryRow.at)
        .where(whose, WrongTryRow.at > now - 2 * LOCK)
        .order_by(WrongTryRow.at.desc())
        .limit(most)
    )
    latest = found.all()
    if len(latest) < most or latest[0] - latest[-1] >= LOCK:
        return None
    until = latest[0] + LOCK
    return until if until > now else None


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


async def _note(
    session: AsyncSession, action: str, number: str, conversation_id: str, now: datetime
) -> None:
    await audit.record(
        session, actor=ACTOR, action=action, subject=number, now=now, detail=conversation_id
    )

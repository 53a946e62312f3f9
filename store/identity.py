"""Who a customer has shown to be: the orders that are verified as theirs.

A customer is verified by an order's number with its postcode, or by a one-time code sent to the
address on file (store/codes.py); wrong tries are counted in store/tries.py. What was shown in one
conversation counts in every other of the same person (their visitor cookie, phone or handle) on the
same day of the house. Everything here is audited.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.shop import Order, normalise_postcode
from store.codes import check_code
from store.columns import table_of
from store.database import keyed_hash
from store.persons import conversations_with
from store.prepared import often
from store.tables import ConversationRow, VerificationRow
from store.tries import forgive, locked_until, note, one_at_a_time, record_failure

VERIFIED = "identity.verified"
PAST_MIDNIGHT = timedelta(hours=1)  # nobody is asked again because the clock struck twelve

_CONVERSATION = bindparam("conversation", type_=ConversationRow.id.type)
# Built once, since every turn asks it: building a statement costs as much as running it; and of
# the table's columns, since rows as objects cost as much again.
_ROWS = table_of(VerificationRow).c
_SHOWN = often(
    select(
        _ROWS.conversation_id, _ROWS.turn_id, _ROWS.order_number, _ROWS.shop_customer, _ROWS.name
    )
    .where(_ROWS.conversation_id.in_(conversations_with(_CONVERSATION)))
    .where(_ROWS.at >= bindparam("since", type_=_ROWS.at.type))
    .order_by(_ROWS.at)
)


_IT = (_ROWS.conversation_id == _CONVERSATION, _ROWS.order_number == bindparam("order"))
_SHOWN_BY = often(select(_ROWS.turn_id).where(*_IT))
_NEW = often(insert(table_of(VerificationRow)).inline())
_SHOWN_AGAIN = update(table_of(VerificationRow)).where(*_IT)


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
    asked = {"conversation": conversation_id, "since": _since(now, zone)}
    rows = (await session.execute(_SHOWN, asked)).all()
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
    place = {"conversation": conversation_id, "order": number}
    before = (await session.execute(_SHOWN_BY, place)).first()
    if before is not None and before.turn_id == turn_id:
        return
    shown = {"turn_id": turn_id, "at": now, "shop_customer": shop_customer, "name": name}
    if before is None:
        key = {"conversation_id": conversation_id, "order_number": number}
        await session.execute(_NEW, key | shown)
    else:
        await session.execute(_SHOWN_AGAIN, place | shown)
    await forgive(session, conversation_id, number)
    await note(session, VERIFIED, number, conversation_id, now)


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
    await one_at_a_time(session)
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


async def try_account_code(
    session: AsyncSession,
    conversation_id: str,
    email: str,
    code: str,
    turn_id: str,
    *,
    orders: Sequence[Order],
    now: datetime,
) -> bool:
    """Whether this code was sent to the address; uses it up, and shows all of its orders."""
    subject = account_of(session, email)
    if not await check_code(session, conversation_id, subject, code, now=now):
        return False
    for order in orders:
        await _record_order(session, conversation_id, order, turn_id, now)
    return True


def account_of(session: AsyncSession, email: str) -> str:
    """What codes and wrong tries of an e-mail address are counted under; it tells no address."""
    return f"@{keyed_hash(session, f'account:{email.strip().casefold()}')[:40]}".upper()


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

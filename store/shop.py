"""The demo shop's orders, and which conversation has shown that an order is its customer's."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.shop import Order, OrderStatus
from store import audit
from store.tables import AuditTable, OrderRow, VerificationRow

ACTOR, FAILED_LOOKUP = "bot", "order.lookup_failed"  # in the audit


async def find_order(session: AsyncSession, number: str) -> Order | None:
    """The order with this number, such as `HP-10442`, or None."""
    row = await session.get(OrderRow, number.upper())
    if row is None:
        return None
    return Order(
        number=row.number,
        postcode=row.postcode,
        customer_name=row.customer_name,
        items=tuple(row.items),
        status=OrderStatus(row.status),
        ordered_on=row.ordered_on,
        delivery_on=row.delivery_on,
        slot=row.slot,
    )


async def add_order(session: AsyncSession, order: Order) -> None:
    """Store an order, in place of an earlier one with its number."""
    await session.merge(
        OrderRow(
            number=order.number.upper(),
            postcode=order.postcode,
            customer_name=order.customer_name,
            items=list(order.items),
            status=order.status.value,
            ordered_on=order.ordered_on,
            delivery_on=order.delivery_on,
            slot=order.slot,
        )
    )
    await session.flush()


async def seed_demo(session: AsyncSession, *, today: date) -> bool:
    """Fill an empty shop with the demo orders, dated around `today`; False when it has some."""
    if await session.scalar(select(OrderRow.number).limit(1)) is not None:
        return False
    for order in demo_orders(today):
        await add_order(session, order)
    return True


def demo_orders(today: date) -> tuple[Order, ...]:
    """Orders of Harbour & Pine, one in each state; their customers are made up."""
    day = timedelta(days=1)
    placed, packed, moving = OrderStatus.PLACED, OrderStatus.PACKED, OrderStatus.ON_ITS_WAY
    done, off = OrderStatus.DELIVERED, OrderStatus.CANCELLED
    return (
        Order("HP-10442", "BN1 4GH", "R. Sample", ("oak bedside table", "reading lamp"), moving,
              today - 4 * day, today + day, "8 to 12"),
        Order("HP-10517", "LS6 2AB", "T. Example", ("linen sofa",), packed,
              today - 2 * day, today + 3 * day, "12 to 4"),
        Order("HP-10538", "EH3 9QQ", "M. Sample", ("wool rug",), placed,
              today - day, today + 6 * day, "8 to 12"),
        Order("HP-10391", "M4 1HQ", "J. Example", ("pine bookcase",), done,
              today - 9 * day, today - 2 * day, "12 to 4"),
        Order("HP-10405", "CF10 1EP", "S. Sample", ("brass floor lamp",), off,
              today - 8 * day, None),
    )  # fmt: skip


async def record_verification(
    session: AsyncSession, conversation_id: str, order_number: str, turn_id: str, *, now: datetime
) -> None:
    """The customer of this conversation named the order's postcode; repeating it is harmless."""
    key = (conversation_id, order_number.upper())
    if await session.get(VerificationRow, key) is None:
        session.add(
            VerificationRow(conversation_id=key[0], order_number=key[1], turn_id=turn_id, at=now)
        )
        await session.flush()


async def record_failed_lookup(
    session: AsyncSession, conversation_id: str, order_number: str, *, now: datetime
) -> None:
    """Somebody named a wrong postcode for this number, or a number that is no order; audited."""
    await audit.record(
        session, actor=ACTOR, action=FAILED_LOOKUP, subject=order_number.upper(), now=now,
        detail=conversation_id,
    )  # fmt: skip


async def failed_lookups(session: AsyncSession, order_number: str, *, since: datetime) -> int:
    """How often that happened since then, in whichever conversations."""
    found = await session.scalar(
        select(func.count())
        .select_from(AuditTable)
        .where(AuditTable.subject == order_number.upper(), AuditTable.at >= since)
        .where(AuditTable.actor == ACTOR, AuditTable.action == FAILED_LOOKUP)
    )
    return found or 0


async def is_verified(session: AsyncSession, conversation_id: str, order_number: str) -> bool:
    """Whether the order was shown to be this customer's, in this conversation."""
    key = (conversation_id, order_number.upper())
    return await session.get(VerificationRow, key) is not None


async def verified_orders(session: AsyncSession, conversation_id: str) -> tuple[str, ...]:
    """The orders that this conversation's customer has shown to be theirs."""
    rows = await session.scalars(
        select(VerificationRow.order_number)
        .where(VerificationRow.conversation_id == conversation_id)
        .order_by(VerificationRow.at)
    )
    return tuple(rows)

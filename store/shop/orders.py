"""Orders: found, delivered in another window or elsewhere, cancelled while they are in the house.

An order may be changed until it leaves (placed, packed). Vans go Monday to Saturday, and not while
the shop is closed; a window is offered from two days ahead, for four weeks, while it has room.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.closed_days import ClosedDays
from core.errors import BadInput, NotFound
from core.shop import DeliverySlot, Order, OrderStatus, Refused, normalise_postcode
from store.columns import table_of
from store.database import SEEN
from store.prepared import often
from store.tables import OrderRow

WINDOWS = ("8 to 12", "12 to 4")
SUNDAY = 6
WINDOW_CAPACITY = 2  # orders; small, so that "taken" happens in a demo
LEAD = timedelta(days=2)  # an order is packed the day before it leaves
HORIZON = timedelta(days=28)  # vans are planned four weeks ahead
MOST_SLOTS = 20  # of the protocol
NEVER_CLOSED = ClosedDays()
LONGEST_ADDRESS = 300  # characters; the longest British ones have about 150
CHANGEABLE = (OrderStatus.PLACED, OrderStatus.PACKED)
# Built once, of columns: a row as an object costs as much again as the statement.
_ORDERS = table_of(OrderRow)
_ORDER = often(select(_ORDERS).where(_ORDERS.c.number == bindparam("number")))
# Outward and inward code, space removed (BS 7666).
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")


async def find_order(session: AsyncSession, number: str) -> Order | None:
    """The order with this number, such as `HP-10442`, or None; asked once in a look."""
    asked = number.upper()
    seen: dict[object, Order | None] = session.info.get(SEEN, {})
    if (OrderRow, asked) not in seen:
        row = (await session.execute(_ORDER, {"number": asked})).first()
        seen[OrderRow, asked] = None if row is None else order_of(row)
    return seen[OrderRow, asked]


async def get_order(session: AsyncSession, number: str) -> Order:
    """The order with this number; NotFound when there is none."""
    order = await find_order(session, number)
    if order is None:
        raise NotFound(f"no order {number[:20]}")
    return order


async def prices_of(session: AsyncSession, number: str) -> tuple[int, ...] | None:
    """What each of an order's items cost, in pence; None when the shop does not know."""
    row = await get_row(session, number)
    return None if row.prices is None else tuple(row.prices)


async def orders_of(session: AsyncSession, customer: str) -> tuple[Order, ...]:
    """A customer's orders, newest first."""
    rows = await session.scalars(
        select(OrderRow)
        .where(OrderRow.customer == customer)
        .order_by(OrderRow.ordered_on.desc(), OrderRow.number.desc())
    )
    return tuple(order_of(row) for row in rows)


async def add_order(
    session: AsyncSession,
    order: Order,
    *,
    prices: tuple[int, ...] | None = None,
    due_pence: int | None = None,
) -> None:
    """Store an order, in place of an earlier one with its number; `prices` are its items'.

    `due_pence` is what is open to be paid.
    """
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
            customer=order.customer,
            address=order.address,
            prices=None if prices is None else list(prices),
            due=due_pence,
        )
    )
    await session.flush()


async def delivery_slots(
    session: AsyncSession, number: str, *, since: date, today: date,
    closed: ClosedDays = NEVER_CLOSED,
) -> tuple[DeliverySlot, ...]:  # fmt: skip
    """Other windows with room, in order; Refused: too_late, cancelled."""
    order = order_of(await _changeable(session, number))
    first, last = max(since, today + LEAD), today + HORIZON
    taken = await _taken(session, first, last)
    free = [
        slot
        for slot in _windows(first, last, closed)
        if taken[slot] < WINDOW_CAPACITY and slot != _own(order)
    ]
    return tuple(free[:MOST_SLOTS])


async def change_slot(
    session: AsyncSession, number: str, slot: DeliverySlot, *, today: date,
    closed: ClosedDays = NEVER_CLOSED,
) -> Order:  # fmt: skip
    """Deliver in another window; Refused: too_late, slot_taken, cancelled."""
    row = await _changeable(session, number)
    if slot == _own(order_of(row)):
        return order_of(row)
    if slot not in _windows(today + LEAD, today + HORIZON, closed):
        raise Refused("slot_taken")
    if (await _taken(session, slot.day, slot.day))[slot] >= WINDOW_CAPACITY:
        raise Refused("slot_taken")
    row.delivery_on, row.slot = slot.day, slot.window
    await session.flush()
    return order_of(row)


async def change_address(session: AsyncSession, number: str, address: str, postcode: str) -> Order:
    """Deliver elsewhere; Refused: too_late, cancelled."""
    place, code = " ".join(address.split()), normalise_postcode(postcode)
    if not 0 < len(place) <= LONGEST_ADDRESS:
        raise BadInput(f"an address has 1 to {LONGEST_ADDRESS} characters")
    if not _POSTCODE.fullmatch(code):
        raise BadInput("this is no British postcode, such as BN1 4GH")
    row = await _changeable(session, number)
    row.address, row.postcode = place, f"{code[:-3]} {code[-3:]}"
    await session.flush()
    return order_of(row)


async def cancel_order(session: AsyncSession, number: str) -> Order:
    """Cancel before it leaves; Refused: too_late, already_cancelled."""
    row = await get_row(session, number)
    if row.status == OrderStatus.CANCELLED.value:
        raise Refused("already_cancelled")
    if OrderStatus(row.status) not in CHANGEABLE:
        raise Refused("too_late")
    row.status, row.delivery_on, row.slot = OrderStatus.CANCELLED.value, None, None
    await session.flush()
    return order_of(row)


async def get_row(session: AsyncSession, number: str) -> OrderRow:
    """The row of an order; NotFound when there is none."""
    row = await session.get(OrderRow, number.upper())
    if row is None:
        raise NotFound(f"no order {number[:20]}")
    return row


def order_of(row: OrderRow | Row[Any]) -> Order:
    """The order that a row holds."""
    return Order(
        number=row.number,
        postcode=row.postcode,
        customer_name=row.customer_name,
        items=tuple(row.items),
        status=OrderStatus(row.status),
        ordered_on=row.ordered_on,
        delivery_on=row.delivery_on,
        slot=row.slot,
        customer=row.customer,
        address=row.address,
        total_pence=None if row.prices is None else sum(row.prices),
    )


async def _changeable(session: AsyncSession, number: str) -> OrderRow:
    row = await get_row(session, number)
    if row.status == OrderStatus.CANCELLED.value:
        raise Refused("cancelled")
    if OrderStatus(row.status) not in CHANGEABLE:
        raise Refused("too_late")
    return row


def _own(order: Order) -> DeliverySlot | None:
    if order.delivery_on is None or order.slot is None:
        return None
    return DeliverySlot(order.delivery_on, order.slot)


def _windows(first: date, last: date, closed: ClosedDays) -> Iterator[DeliverySlot]:
    """Every window from the first day to the last, taken or not."""
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        if day.weekday() == SUNDAY or day in closed:
            continue
        for window in WINDOWS:
            yield DeliverySlot(day, window)


async def _taken(session: AsyncSession, first: date, last: date) -> Counter[DeliverySlot]:
    """How many orders each window has, from the first day to the last."""
    rows = await session.execute(
        select(OrderRow.delivery_on, OrderRow.slot)
        .where(OrderRow.delivery_on >= first, OrderRow.delivery_on <= last)
        .where(OrderRow.status != OrderStatus.CANCELLED.value)
    )
    return Counter(DeliverySlot(day, window) for day, window in rows if day and window)

"""Returns: items come back within 28 days of their delivery, each once."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import BadInput
from core.shop import Order, OrderStatus, Refused, Return, ReturnState
from store.shop.keys import next_number
from store.shop.orders import get_row, order_of
from store.tables import OrderRow, ReturnRow

RETURN_WINDOW = timedelta(days=28)  # twice what the Consumer Contracts Regulations 2013 ask for
FIRST_NUMBER = 30001
LONGEST_REASON = 1000  # characters


async def returnable_items(session: AsyncSession, number: str, *, today: date) -> tuple[str, ...]:
    """What can still come back, each item as often as it was bought and not returned.

    Raises:
        Refused: not_delivered, return_window_over, already_returning, cancelled.
    """
    row = await get_row(session, number)
    _check_delivered(order_of(row), today)
    left = Counter(row.items) - await _returned(session, row)
    if not left:
        raise Refused("already_returning")
    return tuple(left.elements())


async def start_return(
    session: AsyncSession, number: str, items: tuple[str, ...], reason: str, *, today: date
) -> Return:
    """Take items back; the amount is what they cost.

    Raises:
        Refused: not_delivered, return_window_over, already_returning, not_returnable, cancelled.
    """
    if not items or len(reason) > LONGEST_REASON:
        raise BadInput(f"a return has items, and a reason of at most {LONGEST_REASON} characters")
    row = await get_row(session, number)
    _check_delivered(order_of(row), today)
    await _check_items(session, row, items)
    made = ReturnRow(
        number=await next_number(session, "R", FIRST_NUMBER),
        order_number=row.number,
        items=list(items),
        reason=reason,
        state=ReturnState.STARTED.value,
        started_on=today,
        amount_pence=_cost(row, items),
    )
    session.add(made)
    await session.flush()
    return _return_of(made)


async def returns_of(session: AsyncSession, number: str) -> tuple[Return, ...]:
    """The returns of an order, newest first."""
    row = await get_row(session, number)
    rows = await session.scalars(
        select(ReturnRow)
        .where(ReturnRow.order_number == row.number)
        .order_by(ReturnRow.started_on.desc(), ReturnRow.number.desc())
    )
    return tuple(_return_of(row) for row in rows)


async def find_return(session: AsyncSession, number: str) -> Return | None:
    """The return with this number, or None."""
    row = await session.get(ReturnRow, number.upper())
    return None if row is None else _return_of(row)


def _check_delivered(order: Order, today: date) -> None:
    if order.status is OrderStatus.CANCELLED:
        raise Refused("cancelled")
    if order.status is not OrderStatus.DELIVERED:
        raise Refused("not_delivered")
    if order.delivery_on is not None and today > order.delivery_on + RETURN_WINDOW:
        raise Refused("return_window_over")


async def _check_items(session: AsyncSession, row: OrderRow, items: tuple[str, ...]) -> None:
    ordered, wanted = Counter(row.items), Counter(items)
    if wanted - ordered:
        raise Refused("not_returnable")
    if wanted - (ordered - await _returned(session, row)):
        raise Refused("already_returning")


async def _returned(session: AsyncSession, row: OrderRow) -> Counter[str]:
    """What is on its way back, or has come back, how often."""
    return Counter(item for back in await returns_of(session, row.number) for item in back.items)


def _cost(row: OrderRow, items: tuple[str, ...]) -> int:
    prices = dict(zip(row.items, row.prices or [], strict=False))
    return sum(prices.get(item, 0) for item in items)


def _return_of(row: ReturnRow) -> Return:
    return Return(
        number=row.number,
        order=row.order_number,
        items=tuple(row.items),
        state=ReturnState(row.state),
        started_on=row.started_on,
        amount_pence=row.amount_pence,
        refunded_on=row.refunded_on,
    )

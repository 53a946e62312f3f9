"""What is open to be paid for an order, and what was paid."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import BadInput
from core.shop import AmountDue, Refused
from store.shop.orders import get_row

LONGEST_REFERENCE = 100  # characters of a payment service's name for a payment


async def amount_due(session: AsyncSession, number: str) -> AmountDue:
    """What is open; the embedded shop has no page to pay at, so it gives no link."""
    row = await get_row(session, number)
    return AmountDue(row.number, row.due or 0)


async def record_payment(
    session: AsyncSession, number: str, amount_pence: int, reference: str, *, now: datetime
) -> AmountDue:
    """Note that this was paid; Refused: nothing_due, when less than that is open."""
    if not 0 < len(reference) <= LONGEST_REFERENCE or amount_pence <= 0:
        raise BadInput("a payment has an amount above nought and a reference")
    row = await get_row(session, number)
    if (row.due or 0) < amount_pence:
        raise Refused("nothing_due")
    row.due = (row.due or 0) - amount_pence
    row.payments = [*(row.payments or ()), [reference, amount_pence, now.isoformat()]]
    await session.flush()
    return AmountDue(row.number, row.due)

"""Fittings: a fitter comes Monday to Friday between 8 and 18, for two hours, after the delivery.

Nobody comes on a day on which the shop is closed.

One visit an order; it is booked, moved and cancelled up to 24 hours before. Times are those of the
house's clocks, compared as moments, so that a change of the clocks moves nothing.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.closed_days import ClosedDays
from core.errors import BadInput, NotFound
from core.shop import Appointment, FreeFitting, Order, OrderStatus, Refused
from store.shop.keys import next_number
from store.shop.orders import NEVER_CLOSED, get_order
from store.tables import FittingRow

START_HOURS = (8, 10, 12, 14, 16)
VISIT_HOURS = 2
SATURDAY = 5
FITTERS = 1  # visits at one time; small, so that "taken" happens in a demo
NOTICE = timedelta(hours=24)
HORIZON = timedelta(days=60)
MOST_TIMES = 20  # of the protocol
FIRST_NUMBER = 40001


async def free_fittings(
    session: AsyncSession, number: str, *, since: datetime, until: datetime, now: datetime,
    zone: tzinfo, closed: ClosedDays = NEVER_CLOSED,
) -> tuple[FreeFitting, ...]:  # fmt: skip
    """Times at which a fitter could come, in order; Refused: cancelled."""
    order = await _live_order(session, number)
    free = await _free(
        session, order, (_aware(since), _aware(until)), now, zone=zone, closed=closed
    )
    return tuple(free[:MOST_TIMES])


async def book_fitting(
    session: AsyncSession, number: str, starts_at: datetime, *, now: datetime, zone: tzinfo,
    closed: ClosedDays = NEVER_CLOSED,
) -> Appointment:  # fmt: skip
    """Book a free time; Refused: slot_taken, already_booked, cancelled."""
    order = await _live_order(session, number)
    if await fittings_of(session, order.number, now=now):
        raise Refused("already_booked")
    free = await _find_free(session, order, starts_at, now, zone=zone, closed=closed)
    row = FittingRow(
        number=await next_number(session, "F", FIRST_NUMBER),
        order_number=order.number,
        starts_at=free.starts_at,
        ends_at=free.ends_at,
        is_cancelled=False,
    )
    session.add(row)
    await session.flush()
    return _appointment_of(row)


async def fittings_of(
    session: AsyncSession, number: str, *, now: datetime
) -> tuple[Appointment, ...]:
    """The appointments of an order that are ahead and stand, soonest first."""
    order = await get_order(session, number)
    rows = await session.scalars(
        select(FittingRow)
        .where(FittingRow.order_number == order.number)
        .where(FittingRow.is_cancelled.is_(False), FittingRow.ends_at > now)
        .order_by(FittingRow.starts_at)
    )
    return tuple(_appointment_of(row) for row in rows)


async def find_fitting(session: AsyncSession, number: str) -> Appointment | None:
    """The appointment with this number, or None."""
    row = await session.get(FittingRow, number.upper())
    return None if row is None else _appointment_of(row)


async def move_fitting(
    session: AsyncSession, number: str, starts_at: datetime, *, now: datetime, zone: tzinfo,
    closed: ClosedDays = NEVER_CLOSED,
) -> Appointment:  # fmt: skip
    """Move to another free time; Refused: slot_taken, too_late, already_cancelled, cancelled."""
    row = await _changeable(session, number, now)
    if row.starts_at == _aware(starts_at):
        return _appointment_of(row)
    order = await _live_order(session, row.order_number)
    free = await _find_free(session, order, starts_at, now, zone=zone, closed=closed)
    row.starts_at, row.ends_at = free.starts_at, free.ends_at
    await session.flush()
    return _appointment_of(row)


async def cancel_fitting(session: AsyncSession, number: str, *, now: datetime) -> Appointment:
    """Cancel; Refused: too_late, already_cancelled."""
    row = await _changeable(session, number, now)
    row.is_cancelled = True
    await session.flush()
    return _appointment_of(row)


async def cancel_all_of(session: AsyncSession, number: str, *, now: datetime) -> None:
    """The order was cancelled: no fitter comes."""
    rows = await session.scalars(
        select(FittingRow).where(
            FittingRow.order_number == number.upper(), FittingRow.starts_at > now
        )
    )
    for row in rows:
        row.is_cancelled = True
    await session.flush()


def visits(
    first: date, last: date, zone: tzinfo, closed: ClosedDays = NEVER_CLOSED
) -> Iterator[FreeFitting]:
    """Every time from the first day to the last at which a fitter works, taken or not."""
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        if day.weekday() < SATURDAY and day not in closed:
            yield from (FreeFitting(_at(day, hour, zone), _at(day, hour + VISIT_HOURS, zone))
                        for hour in START_HOURS)  # fmt: skip


async def _live_order(session: AsyncSession, number: str) -> Order:
    order = await get_order(session, number)
    if order.status is OrderStatus.CANCELLED:
        raise Refused("cancelled")
    return order


async def _free(
    session: AsyncSession, order: Order, span: tuple[datetime, datetime], now: datetime, *,
    zone: tzinfo, closed: ClosedDays,
) -> list[FreeFitting]:  # fmt: skip
    """Free times in a half-open span, from the day after the order's delivery on."""
    since, until = span
    first, last = max(since, now + NOTICE), min(until, now + HORIZON)
    if order.delivery_on is not None:
        first = max(first, _at(order.delivery_on + timedelta(days=1), 0, zone))
    if first >= last:
        return []
    days = first.astimezone(zone).date(), last.astimezone(zone).date()
    taken = await _taken(session, first, last)
    return [
        visit
        for visit in visits(*days, zone, closed)
        if first <= visit.starts_at < last and taken[visit.starts_at] < FITTERS
    ]


async def _find_free(
    session: AsyncSession, order: Order, starts_at: datetime, now: datetime, *, zone: tzinfo,
    closed: ClosedDays,
) -> FreeFitting:  # fmt: skip
    start = _aware(starts_at)
    free = await _free(
        session, order, (start, start + timedelta(minutes=1)), now, zone=zone, closed=closed
    )
    if not free or free[0].starts_at != start:
        raise Refused("slot_taken")
    return free[0]


async def _taken(session: AsyncSession, first: datetime, last: datetime) -> Counter[datetime]:
    rows = await session.scalars(
        select(FittingRow.starts_at)
        .where(FittingRow.starts_at >= first, FittingRow.starts_at < last)
        .where(FittingRow.is_cancelled.is_(False))
    )
    return Counter(rows)


async def _changeable(session: AsyncSession, number: str, now: datetime) -> FittingRow:
    row = await session.get(FittingRow, number.upper())
    if row is None:
        raise NotFound(f"no appointment {number[:20]}")
    if row.is_cancelled:
        raise Refused("already_cancelled")
    if row.starts_at - now < NOTICE:
        raise Refused("too_late")
    return row


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise BadInput("a time needs its zone")
    return moment.astimezone(UTC)


def _at(day: date, hour: int, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def _appointment_of(row: FittingRow) -> Appointment:
    return Appointment(row.number, row.order_number, row.starts_at, row.ends_at, row.is_cancelled)

"""Tickets: a matter for the shop's people, with the clock by which they answer.

The house works Monday to Friday, 9 to 17; clocks run only then, so a working day is eight hours.
"""

from datetime import UTC, datetime, time, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import BadInput, NotFound
from core.shop import Refused, Ticket, TicketKind, TicketState
from store.shop.keys import next_number
from store.shop.orders import get_order
from store.tables import TicketRow

OPENS, CLOSES = time(9), time(17)
SATURDAY = 5
# Working hours until the shop answers: its own promise, told to the customer with the number.
CLOCKS = {
    TicketKind.DAMAGED: 8,
    TicketKind.MISSING: 8,
    TicketKind.COMPLAINT: 16,
    TicketKind.CALL_BACK: 4,
    TicketKind.OTHER: 16,
}
FIRST_NUMBER = 20001
LONGEST_NOTE = 4000  # characters; a customer's longest message and what the bot adds


async def open_ticket(
    session: AsyncSession, kind: TicketKind, note: str, *, order: str | None, now: datetime,
    zone: tzinfo,
) -> Ticket:  # fmt: skip
    """Open a ticket with its number and clock; NotFound when there is no such order."""
    if len(note) > LONGEST_NOTE:
        raise BadInput(f"a note has at most {LONGEST_NOTE} characters")
    row = TicketRow(
        number=await next_number(session, "T", FIRST_NUMBER),
        kind=kind.value,
        state=TicketState.OPEN.value,
        opened_at=now,
        due_at=add_working_hours(now, CLOCKS[kind], zone),
        order_number=None if order is None else (await get_order(session, order)).number,
        note=note,
    )
    session.add(row)
    await session.flush()
    return _ticket_of(row)


async def add_to_ticket(session: AsyncSession, number: str, note: str) -> Ticket:
    """Add to what a ticket says; NotFound, Refused: already_solved."""
    row = await session.get(TicketRow, number.upper())
    if row is None:
        raise NotFound(f"no ticket {number[:20]}")
    if row.state == TicketState.SOLVED.value:
        raise Refused("already_solved")
    whole = "\n".join(part for part in (row.note, note) if part)
    if len(whole) > LONGEST_NOTE:
        raise BadInput(f"a ticket's note has at most {LONGEST_NOTE} characters")
    row.note = whole
    await session.flush()
    return _ticket_of(row)


async def find_ticket(session: AsyncSession, number: str) -> Ticket | None:
    """The ticket with this number, or None."""
    row = await session.get(TicketRow, number.upper())
    return None if row is None else _ticket_of(row)


async def tickets_of(session: AsyncSession, order: str) -> tuple[Ticket, ...]:
    """The tickets about an order, newest first."""
    number = (await get_order(session, order)).number
    rows = await session.scalars(
        select(TicketRow)
        .where(TicketRow.order_number == number)
        .order_by(TicketRow.opened_at.desc(), TicketRow.number.desc())
    )
    return tuple(_ticket_of(row) for row in rows)


def add_working_hours(start: datetime, hours: int, zone: tzinfo) -> datetime:
    """The moment at which so many working hours of the house have passed."""
    left, moment = timedelta(hours=hours), start.astimezone(zone)
    while True:
        opens = datetime.combine(moment.date(), OPENS, zone)
        closes = datetime.combine(moment.date(), CLOSES, zone)
        begins = max(opens, moment).astimezone(UTC)
        room = closes.astimezone(UTC) - begins
        if moment.weekday() < SATURDAY and room > timedelta(0):
            if left <= room:
                return begins + left
            left -= room
        moment = datetime.combine(moment.date() + timedelta(days=1), time(), zone)


def _ticket_of(row: TicketRow) -> Ticket:
    return Ticket(
        number=row.number,
        kind=TicketKind(row.kind),
        state=TicketState(row.state),
        opened_at=row.opened_at,
        due_at=row.due_at,
        order=row.order_number,
        note=row.note,
    )

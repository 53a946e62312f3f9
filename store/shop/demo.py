"""The demo shop, Harbour & Pine: orders in every state; customers, e-mails and phones are made up.

E-mail addresses are of example.com, phone numbers of Ofcom's ranges for drama (01632 960xxx,
07700 900xxx). The bare orders of earlier versions are completed, not replaced.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.closed_days import ClosedDays
from core.shop import Order, OrderStatus, ReturnState, ShopCustomer, TicketKind, TicketState
from store.shop import fittings, returns, tickets
from store.shop.customers import add_customer
from store.shop.keys import next_number
from store.shop.orders import add_order
from store.tables import FittingRow, OrderRow, ReturnRow, TicketRow

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6
CLOSED = ClosedDays(bank_holidays=True)
PRICES = {  # pence
    "oak bedside table": 14900, "reading lamp": 5900, "linen sofa": 129900, "wool rug": 24900,
    "pine bookcase": 32900, "brass floor lamp": 18900, "ash dining table": 84900,
    "dining chair": 11900, "curtain pole": 4900, "glass vase": 3900, "wall shelf": 7900,
    "walnut desk": 54900, "linen curtains": 8900, "cotton bedspread": 6900,
}  # fmt: skip

DUE = {"HP-10517": 129900}  # pence; bought on account, to be paid before it comes


async def seed_demo(session: AsyncSession, *, today: date, zone: tzinfo = UTC) -> bool:
    """Fill an empty shop, or one with bare demo orders; False when there was nothing to do."""
    there = {row.number: row for row in await session.scalars(select(OrderRow))}
    if not set(there) <= {order.number for order in demo_orders(today)}:
        return False  # somebody's own orders
    if any(row.customer is not None for row in there.values()):
        return False  # filled before
    for customer in demo_customers():
        await add_customer(session, customer)
    for order in demo_orders(today):
        if order.number in there:
            _complete(there[order.number], order)
        else:
            due = DUE.get(order.number)
            await add_order(session, order, prices=_prices(order), due_pence=due)
    await _seed_matters(session, today, zone)
    return True


def demo_customers() -> tuple[ShopCustomer, ...]:
    """People who do not exist; the last has no e-mail address."""
    mailed = ("R. Sample", "T. Example", "M. Sample", "J. Example", "S. Sample", "K. Sample")
    return (
        *(
            ShopCustomer(
                f"C-{1001 + place}", name, f"{name.replace('. ', '.').lower()}@example.com",
                f"+441632960{101 + place}",
            )
            for place, name in enumerate(mailed)
        ),
        ShopCustomer("C-1007", "L. Example", None, "+447700900107"),
    )  # fmt: skip


def demo_orders(today: date) -> tuple[Order, ...]:
    """Orders of Harbour & Pine, some in each state."""
    day, full = DAY, _weekday(today + 4 * DAY)
    placed, packed, moving = OrderStatus.PLACED, OrderStatus.PACKED, OrderStatus.ON_ITS_WAY
    done, off = OrderStatus.DELIVERED, OrderStatus.CANCELLED
    orders = (
        Order("HP-10442", "BN1 4GH", "R. Sample", ("oak bedside table", "reading lamp"), moving,
              today - 4 * day, _delivery(today + day), "8 to 12"),
        Order("HP-10517", "LS6 2AB", "T. Example", ("linen sofa",), packed,
              today - 2 * day, _delivery(today + 3 * day), "12 to 4"),
        Order("HP-10538", "EH3 9QQ", "M. Sample", ("wool rug",), placed,
              today - day, _delivery(today + 6 * day), "8 to 12"),
        Order("HP-10391", "M4 1HQ", "J. Example", ("pine bookcase",), done,
              today - 9 * day, today - 2 * day, "12 to 4"),
        Order("HP-10405", "CF10 1EP", "S. Sample", ("brass floor lamp",), off,
              today - 8 * day, None),
        # a customer's second order, which a fitter comes for
        Order("HP-10530", "BN1 4GH", "R. Sample", ("curtain pole", "linen curtains"), packed,
              today - 3 * day, _weekday(today + 2 * day), "12 to 4"),
        # delivered too long ago to come back
        Order("HP-10214", "M4 1HQ", "J. Example", ("walnut desk",), done,
              today - 47 * day, today - 40 * day, "8 to 12"),
        # delivered, one of its things is on its way back
        Order("HP-10377", "BS1 5TR", "K. Sample", ("ash dining table", "dining chair",
              "dining chair"), done, today - 16 * day, today - 9 * day, "12 to 4"),
        # delivered, with a ticket; nothing can be mailed to its customer
        Order("HP-10386", "NE1 7RU", "L. Example", ("glass vase", "wall shelf"), done,
              today - 11 * day, today - 4 * day, "8 to 12"),
        # these two fill a window
        Order("HP-10541", "S1 2HE", "K. Sample", ("linen curtains",), placed,
              today - day, full, "8 to 12"),
        Order("HP-10542", "CF10 1EP", "S. Sample", ("cotton bedspread",), placed,
              today - day, full, "8 to 12"),
    )  # fmt: skip
    owners = {customer.name: customer.id for customer in demo_customers()}
    return tuple(
        replace(
            order,
            customer=owners[order.customer_name],
            address=_ADDRESSES[order.postcode],
            total_pence=sum(_prices(order)),
        )
        for order in orders
    )


_ADDRESSES = {  # made up, in towns that fit their postcodes
    "BN1 4GH": "12 Sample Terrace, Brighton",
    "LS6 2AB": "3 Example Mount, Leeds",
    "EH3 9QQ": "Flat 2, 40 Sample Row, Edinburgh",
    "M4 1HQ": "27 Example Street, Manchester",
    "CF10 1EP": "8 Sample Place, Cardiff",
    "BS1 5TR": "19 Sample Quay, Bristol",
    "NE1 7RU": "5 Example Bank, Newcastle upon Tyne",
    "S1 2HE": "61 Sample Lane, Sheffield",
}


async def _seed_matters(session: AsyncSession, today: date, zone: tzinfo) -> None:
    """One return, one fitting, one ticket."""
    session.add(
        ReturnRow(
            number=await next_number(session, "R", returns.FIRST_NUMBER), order_number="HP-10377",
            items=["dining chair"], reason="one leg is shorter", state=ReturnState.COLLECTED.value,
            started_on=today - 5 * DAY, amount_pence=PRICES["dining chair"], refunded_on=None,
        )
    )  # fmt: skip
    visit = _weekday(today + 8 * DAY)
    session.add(
        FittingRow(
            number=await next_number(session, "F", fittings.FIRST_NUMBER), order_number="HP-10530",
            starts_at=_at(visit, 10, zone), ends_at=_at(visit, 12, zone), is_cancelled=False,
        )
    )  # fmt: skip
    opened = _at(_weekday(today - 3 * DAY), 11, zone)
    session.add(
        TicketRow(
            number=await next_number(session, "T", tickets.FIRST_NUMBER), order_number="HP-10386",
            kind=TicketKind.DAMAGED.value, state=TicketState.IN_PROGRESS.value, opened_at=opened,
            due_at=tickets.add_working_hours(opened, 8, zone),
            note="the glass vase arrived cracked",
        )
    )  # fmt: skip
    await session.flush()


def _complete(row: OrderRow, order: Order) -> None:
    row.customer, row.address, row.prices = order.customer, order.address, list(_prices(order))


def _prices(order: Order) -> tuple[int, ...]:
    return tuple(PRICES[item] for item in order.items)


def _delivery(day: date) -> date:
    """This day, or the next one on which vans go."""
    while day.weekday() == SUNDAY or day in CLOSED:
        day += DAY
    return day


def _weekday(day: date) -> date:
    """This day, or the next one on which people of the shop work."""
    while day.weekday() in {SATURDAY, SUNDAY} or day in CLOSED:
        day += DAY
    return day


def _at(day: date, hour: int, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)

"""The embedded shop as a back end: each change in one transaction with its key."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import TypeVar
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from actions.letters import Letters
from core.closed_days import ClosedDays
from core.shop import (
    AmountDue,
    Appointment,
    DeliverySlot,
    FreeFitting,
    Invoice,
    Order,
    Return,
    ShopCustomer,
    StoreNearby,
    Ticket,
    TicketKind,
)
from mail.letter import AddressRefused, Letter, Mail
from store import audit
from store.database import Database
from store.shop import customers, fittings, orders, payments, returns, stores, tickets
from store.shop.keys import Change, find_result, once

BOUNCED = "shop.notice_bounced"
Result = TypeVar("Result")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class EmbeddedShop:
    """A `Backend` over the store; `mail` takes what it writes to customers.

    Neither vans nor fitters come on the days that are `closed`.
    """

    database: Database
    zone: tzinfo
    mail: Mail
    letters: Letters
    clock: Callable[[], datetime] = _now
    closed: ClosedDays = field(default_factory=lambda: ClosedDays(bank_holidays=True))
    _mailing: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, repr=False
    )

    async def find_order(self, number: str) -> Order | None:
        """The order with this number."""
        async with self.database.reading() as session:
            return await orders.find_order(session, number)

    async def orders_of(self, customer: str) -> tuple[Order, ...]:
        """A customer's orders, newest first."""
        async with self.database.reading() as session:
            return await orders.orders_of(session, customer)

    async def find_customer(self, customer: str) -> ShopCustomer | None:
        """The customer with this id."""
        async with self.database.reading() as session:
            return await customers.find_customer(session, customer)

    async def find_customer_by_email(self, email: str) -> ShopCustomer | None:
        """The customer with this e-mail address."""
        async with self.database.writing() as session:  # addresses of before are hashed at a look
            return await customers.find_by_email(session, email)

    async def delivery_slots(self, order: str, *, since: date) -> tuple[DeliverySlot, ...]:
        """Other free delivery windows, in order."""
        async with self.database.reading() as session:
            return await orders.delivery_slots(
                session, order, since=since, today=self._today(), closed=self.closed
            )

    async def change_slot(self, order: str, slot: DeliverySlot, *, key: str) -> Order:
        """Deliver in another window."""
        change = Change("change_slot", key, (order.upper(), slot.day.isoformat(), slot.window))
        return await self._once(
            change,
            Order,
            lambda session: orders.change_slot(
                session, order, slot, today=self._today(), closed=self.closed
            ),
        )

    async def change_address(self, order: str, address: str, postcode: str, *, key: str) -> Order:
        """Deliver elsewhere."""
        change = Change("change_address", key, (order.upper(), address, postcode))
        return await self._once(
            change,
            Order,
            lambda session: orders.change_address(session, order, address, postcode),
        )

    async def cancel_order(self, order: str, *, key: str) -> Order:
        """Cancel before it leaves, and its fitter with it."""

        async def cancel(session: AsyncSession) -> Order:
            cancelled = await orders.cancel_order(session, order)
            await fittings.cancel_all_of(session, order, now=self.clock())
            return cancelled

        return await self._once(Change("cancel_order", key, (order.upper(),)), Order, cancel)

    async def returnable_items(self, order: str) -> tuple[str, ...]:
        """What can still come back."""
        async with self.database.reading() as session:
            return await returns.returnable_items(session, order, today=self._today())

    async def start_return(
        self, order: str, items: tuple[str, ...], reason: str, *, key: str
    ) -> Return:
        """Take items back."""
        change = Change("start_return", key, (order.upper(), tuple(items), reason))
        return await self._once(
            change,
            Return,
            lambda session: returns.start_return(
                session, order, items, reason, today=self._today()
            ),
        )

    async def returns_of(self, order: str) -> tuple[Return, ...]:
        """The returns of an order, newest first."""
        async with self.database.reading() as session:
            return await returns.returns_of(session, order)

    async def find_return(self, number: str) -> Return | None:
        """The return with this number."""
        async with self.database.reading() as session:
            return await returns.find_return(session, number)

    async def send_invoice(self, order: str, *, key: str) -> Invoice:
        """Mail a copy to the address on file."""

        async def write(session: AsyncSession) -> tuple[Invoice, Letter]:
            to = await customers.email_of_order(session, order)
            found = await orders.get_order(session, order)
            prices = await orders.prices_of(session, order)
            letter = self.letters.invoice(found, prices, to, key=f"invoice-{key}")
            return Invoice(found.number, customers.mask_email(to)), letter

        return await self._mailed(Change("send_invoice", key, (order.upper(),)), Invoice, write)

    async def amount_due(self, order: str) -> AmountDue:
        """What is open to be paid."""
        async with self.database.reading() as session:
            return await payments.amount_due(session, order)

    async def record_payment(
        self, order: str, amount_pence: int, reference: str, *, key: str
    ) -> AmountDue:
        """Note what was paid."""
        return await self._once(
            Change("record_payment", key, (order.upper(), amount_pence, reference)),
            AmountDue,
            lambda session: payments.record_payment(
                session, order, amount_pence, reference, now=self.clock()
            ),
        )

    async def free_fittings(
        self, order: str, *, since: datetime, until: datetime
    ) -> tuple[FreeFitting, ...]:
        """Times at which a fitter could come, in order."""
        async with self.database.reading() as session:
            return await fittings.free_fittings(
                session, order, since=since, until=until, now=self.clock(), zone=self.zone,
                closed=self.closed,
            )  # fmt: skip

    async def book_fitting(self, order: str, starts_at: datetime, *, key: str) -> Appointment:
        """Book a free time."""
        return await self._once(
            Change("book_fitting", key, (order.upper(), _iso(starts_at))),
            Appointment,
            lambda session: fittings.book_fitting(
                session, order, starts_at, now=self.clock(), zone=self.zone, closed=self.closed
            ),
        )

    async def fittings_of(self, order: str) -> tuple[Appointment, ...]:
        """The appointments of an order that are ahead and stand."""
        async with self.database.reading() as session:
            return await fittings.fittings_of(session, order, now=self.clock())

    async def find_fitting(self, number: str) -> Appointment | None:
        """The appointment with this number."""
        async with self.database.reading() as session:
            return await fittings.find_fitting(session, number)

    async def move_fitting(self, appointment: str, starts_at: datetime, *, key: str) -> Appointment:
        """Move to another free time."""
        return await self._once(
            Change("move_fitting", key, (appointment.upper(), _iso(starts_at))),
            Appointment,
            lambda session: fittings.move_fitting(
                session,
                appointment,
                starts_at,
                now=self.clock(),
                zone=self.zone,
                closed=self.closed,
            ),
        )

    async def cancel_fitting(self, appointment: str, *, key: str) -> Appointment:
        """Cancel."""
        return await self._once(
            Change("cancel_fitting", key, (appointment.upper(),)),
            Appointment,
            lambda session: fittings.cancel_fitting(session, appointment, now=self.clock()),
        )

    async def open_ticket(
        self, kind: TicketKind, note: str, *, order: str | None, key: str
    ) -> Ticket:
        """Open a ticket with its number and clock."""
        return await self._once(
            Change("open_ticket", key, (kind.value, note, order and order.upper())),
            Ticket,
            lambda session: tickets.open_ticket(
                session, kind, note, order=order, now=self.clock(), zone=self.zone
            ),
        )

    async def add_to_ticket(self, number: str, note: str, *, key: str) -> Ticket:
        """Add what the customer has told since."""
        return await self._once(
            Change("add_to_ticket", key, (number.upper(), note)),
            Ticket,
            lambda session: tickets.add_to_ticket(session, number, note),
        )

    async def find_ticket(self, number: str) -> Ticket | None:
        """The ticket with this number."""
        async with self.database.reading() as session:
            return await tickets.find_ticket(session, number)

    async def tickets_of(self, order: str) -> tuple[Ticket, ...]:
        """The tickets about an order, newest first."""
        async with self.database.reading() as session:
            return await tickets.tickets_of(session, order)

    async def change_contact(
        self, customer: str, *, email: str | None = None, phone: str | None = None, key: str
    ) -> ShopCustomer:
        """Tell the old e-mail address, then change; without a mail server nothing is changed.

        An old address that takes no letters any more is no reason to keep it; that is audited.
        """
        customers.check_contact(email, phone)
        change = Change("change_contact", key, (customer, email, phone))
        what = " and ".join(
            name for name, new in (("e-mail address", email), ("phone number", phone)) if new
        )

        async def write(session: AsyncSession) -> tuple[ShopCustomer, Letter | None]:
            old = await customers.get_customer(session, customer)
            if old.email is None:
                return old, None
            return old, self.letters.contact_changed(what, old.email, key=f"contact-{key}")

        async def alter(session: AsyncSession) -> ShopCustomer:
            return await customers.change_contact(session, customer, email=email, phone=phone)

        async def tell_of_bounce() -> None:
            async with self.database.writing() as session:
                await audit.record(
                    session, actor="bot", action=BOUNCED, subject=customer, now=self.clock()
                )

        return await self._mailed(change, ShopCustomer, write, alter, tell_of_bounce)

    async def send_code(self, order: str, code: str, *, key: str) -> str:
        """Mail a one-time code to the address on file; it is kept nowhere."""

        async def write(session: AsyncSession) -> tuple[str, Letter]:
            to = await customers.email_of_order(session, order)
            return customers.mask_email(to), self.letters.code(code, to, key=f"code-{key}")

        return await self._mailed(Change("send_code", key, (order.upper(),)), str, write)

    async def stores_near(self, postcode: str) -> tuple[StoreNearby, ...]:
        """The shops, nearest first."""
        return stores.stores_near(postcode)

    def _today(self) -> date:
        return self.clock().astimezone(self.zone).date()

    async def _once(
        self,
        change: Change,
        result: type[Result],
        make: Callable[[AsyncSession], Awaitable[Result]],
    ) -> Result:
        async with self.database.writing() as session:
            return await once(session, change, result, lambda: make(session), now=self.clock())

    async def _mailed(
        self,
        change: Change,
        result: type[Result],
        write: Callable[[AsyncSession], Awaitable[tuple[Result, Letter | None]]],
        alter: Callable[[AsyncSession], Awaitable[Result]] | None = None,
        bounced: Callable[[], Awaitable[None]] | None = None,
    ) -> Result:
        """Send a letter, then change; no transaction waits for the mail server.

        Whoever dies between letter and change sends the letter once more when asked again, under
        the same Message-ID; mail knows no transactions. `bounced` is what follows an address that
        takes no letters, where the change goes on without.
        """
        async with self._one_mailing(change):
            async with self.database.reading() as session:
                before = await find_result(session, change, result)
                if before is not None:
                    return before
                given, letter = await write(session)
            if letter is not None:
                try:
                    await self.mail.send(letter)
                except AddressRefused:
                    if bounced is None:
                        raise
                    await bounced()
            return await self._once(change, result, alter or (lambda _: _given(given)))

    @asynccontextmanager
    async def _one_mailing(self, change: Change) -> AsyncIterator[None]:
        """The same change, asked for twice at once, waits for the first."""
        name = f"{change.operation}:{change.key}"
        lock = self._mailing.get(name)
        if lock is None:
            lock = self._mailing[name] = asyncio.Lock()
        async with lock:
            yield


async def _given(result: Result) -> Result:
    return result


def _iso(moment: datetime) -> str:
    """The moment, whatever zone it is written in."""
    return moment.astimezone(UTC).isoformat() if moment.tzinfo else moment.isoformat()

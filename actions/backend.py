"""What the bot needs of a shop: one protocol, two implementations, one contract test.

Changes take `key`, the id of the turn that asked: a repeated one changes nothing and gives what
the first gave; the same key with other values for the same change is a Conflict. Nobody here asks
who the customer is; `store.identity` does, before.
"""

from datetime import date, datetime
from typing import Protocol

from core.shop import (
    AmountDue,
    Appointment,
    DeliverySlot,
    FreeFitting,
    Invoice,
    Order,
    Refused,
    Return,
    ShopCustomer,
    StoreNearby,
    Ticket,
    TicketKind,
)

__all__ = ["Backend", "Refused"]


class Backend(Protocol):
    """A shop's back end.

    Every method raises Unavailable when it cannot be reached, BadInput when a value is none the
    shop can take, NotFound for an unknown number where it does not return None, and Refused when
    its rules forbid a change.
    """

    async def find_order(self, number: str) -> Order | None:
        """The order with this number."""

    async def orders_of(self, customer: str) -> tuple[Order, ...]:
        """A customer's orders, newest first."""

    async def find_customer(self, customer: str) -> ShopCustomer | None:
        """The customer with this id."""

    async def find_customer_by_email(self, email: str) -> ShopCustomer | None:
        """The customer whose e-mail address on file this is; nothing of them is told by it."""

    async def delivery_slots(self, order: str, *, since: date) -> tuple[DeliverySlot, ...]:
        """Other free delivery windows for an order from a day on, in order, at most 20.

        Refused: too_late, cancelled; so it is known before a day is asked for.
        """

    async def change_slot(self, order: str, slot: DeliverySlot, *, key: str) -> Order:
        """Deliver in another window; Refused: too_late, slot_taken, cancelled."""

    async def change_address(self, order: str, address: str, postcode: str, *, key: str) -> Order:
        """Deliver elsewhere; Refused: too_late, cancelled."""

    async def cancel_order(self, order: str, *, key: str) -> Order:
        """Cancel before it leaves; Refused: too_late, already_cancelled."""

    async def returnable_items(self, order: str) -> tuple[str, ...]:
        """What can still come back, in the order of the order; one bought twice stands twice.

        Refused: not_delivered, return_window_over, already_returning, cancelled; so it is known
        before a reason is asked for.
        """

    async def start_return(
        self, order: str, items: tuple[str, ...], reason: str, *, key: str
    ) -> Return:
        """Take items back.

        Refused: not_delivered, return_window_over, already_returning, not_returnable, cancelled.
        """

    async def returns_of(self, order: str) -> tuple[Return, ...]:
        """The returns of an order, newest first."""

    async def find_return(self, number: str) -> Return | None:
        """The return with this number; shown only to the customer of its order."""

    async def send_invoice(self, order: str, *, key: str) -> Invoice:
        """Send a copy to the e-mail address on file; Refused: no_email."""

    async def amount_due(self, order: str) -> AmountDue:
        """What is open to be paid, and a page to pay it at if the shop has one."""

    async def record_payment(
        self, order: str, amount_pence: int, reference: str, *, key: str
    ) -> AmountDue:
        """Note what was paid by card over the telephone; what is left. Refused: nothing_due."""

    async def free_fittings(
        self, order: str, *, since: datetime, until: datetime
    ) -> tuple[FreeFitting, ...]:
        """Times at which a fitter could come, in order, at most 20; Refused: cancelled."""

    async def book_fitting(self, order: str, starts_at: datetime, *, key: str) -> Appointment:
        """Book a free time; Refused: slot_taken, already_booked, cancelled."""

    async def fittings_of(self, order: str) -> tuple[Appointment, ...]:
        """The appointments of an order that are ahead and stand, soonest first."""

    async def find_fitting(self, number: str) -> Appointment | None:
        """The appointment with this number, cancelled or over ones too."""

    async def move_fitting(self, appointment: str, starts_at: datetime, *, key: str) -> Appointment:
        """Move to another free time; Refused: slot_taken, too_late, already_cancelled."""

    async def cancel_fitting(self, appointment: str, *, key: str) -> Appointment:
        """Cancel; Refused: too_late, already_cancelled."""

    async def open_ticket(
        self, kind: TicketKind, note: str, *, order: str | None, key: str
    ) -> Ticket:
        """Open a ticket with its number and clock."""

    async def add_to_ticket(self, number: str, note: str, *, key: str) -> Ticket:
        """Add what the customer has told since to a ticket; Refused: already_solved."""

    async def find_ticket(self, number: str) -> Ticket | None:
        """The ticket with this number; shown only to the customer of its order."""

    async def tickets_of(self, order: str) -> tuple[Ticket, ...]:
        """The tickets about an order, newest first."""

    async def change_contact(
        self, customer: str, *, email: str | None = None, phone: str | None = None, key: str
    ) -> ShopCustomer:
        """Change e-mail or phone; the old e-mail address is told, before it is changed."""

    async def send_code(self, order: str, code: str, *, key: str) -> str:
        """Send a one-time code to the address on file of an order's customer.

        Returns where it went, masked. Refused: no_email.
        """

    async def stores_near(self, postcode: str) -> tuple[StoreNearby, ...]:
        """The shops, nearest first; without distances when the postcode's area is unknown."""

"""A shop's own back end over HTTP, as docs/backend.openapi.yml describes it."""

from dataclasses import dataclass
from datetime import date, datetime

from actions.http_calls import Caller, path_of
from core.errors import BadInput, NotFound
from core.ids import new_id
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
    normalise_postcode,
)

INWARD_CHARACTERS = 3  # of a whole postcode, which has five to seven (BS 7666)


@dataclass(frozen=True, slots=True)
class SentTo:
    """Where a code went, masked."""

    sent_to: str


@dataclass(frozen=True, slots=True)
class HttpBackend:
    """A `Backend` that asks a server."""

    calls: Caller

    async def find_order(self, number: str) -> Order | None:
        """The order with this number."""
        return await self.calls.find(("orders", number), Order)

    async def orders_of(self, customer: str) -> tuple[Order, ...]:
        """A customer's orders, newest first."""
        parts = ("customers", customer, "orders")
        return await self.calls.find(parts, tuple[Order, ...]) or ()

    async def find_customer(self, customer: str) -> ShopCustomer | None:
        """The customer with this id."""
        return await self.calls.find(("customers", customer), ShopCustomer)

    async def find_customer_by_email(self, email: str) -> ShopCustomer | None:
        """The customer with this e-mail address, which stands in no URL."""
        try:
            return await self.calls.change(
                path_of("customer-lookups"), {"email": email}, ShopCustomer, key=new_id()
            )
        except NotFound:
            return None

    async def delivery_slots(self, order: str, *, since: date) -> tuple[DeliverySlot, ...]:
        """Other free delivery windows, in order."""
        return await self.calls.get(
            path_of("orders", order, "delivery-slots"),
            tuple[DeliverySlot, ...],
            {"since": since.isoformat()},
        )

    async def change_slot(self, order: str, slot: DeliverySlot, *, key: str) -> Order:
        """Deliver in another window."""
        body = {"day": slot.day.isoformat(), "window": slot.window}
        path = path_of("orders", order, "delivery-slot")
        return await self.calls.change(path, body, Order, key=key)

    async def change_address(self, order: str, address: str, postcode: str, *, key: str) -> Order:
        """Deliver elsewhere."""
        body = {"address": address, "postcode": postcode}
        path = path_of("orders", order, "address")
        return await self.calls.change(path, body, Order, key=key)

    async def cancel_order(self, order: str, *, key: str) -> Order:
        """Cancel before it leaves."""
        path = path_of("orders", order, "cancellation")
        return await self.calls.change(path, {}, Order, key=key)

    async def returnable_items(self, order: str) -> tuple[str, ...]:
        """What can still come back."""
        path = path_of("orders", order, "returnable-items")
        return await self.calls.get(path, tuple[str, ...])

    async def start_return(
        self, order: str, items: tuple[str, ...], reason: str, *, key: str
    ) -> Return:
        """Take items back."""
        body = {"items": list(items), "reason": reason}
        path = path_of("orders", order, "returns")
        return await self.calls.change(path, body, Return, key=key)

    async def returns_of(self, order: str) -> tuple[Return, ...]:
        """The returns of an order, newest first."""
        return await self.calls.get(path_of("orders", order, "returns"), tuple[Return, ...])

    async def find_return(self, number: str) -> Return | None:
        """The return with this number."""
        return await self.calls.find(("returns", number), Return)

    async def send_invoice(self, order: str, *, key: str) -> Invoice:
        """Mail a copy to the address on file."""
        path = path_of("orders", order, "invoice-copies")
        return await self.calls.change(path, {}, Invoice, key=key)

    async def amount_due(self, order: str) -> AmountDue:
        """What is open to be paid."""
        return await self.calls.get(path_of("orders", order, "amount-due"), AmountDue)

    async def record_payment(
        self, order: str, amount_pence: int, reference: str, *, key: str
    ) -> AmountDue:
        """Note what was paid."""
        body = {"amount_pence": amount_pence, "reference": reference}
        path = path_of("orders", order, "payments")
        return await self.calls.change(path, body, AmountDue, key=key)

    async def free_fittings(
        self, order: str, *, since: datetime, until: datetime
    ) -> tuple[FreeFitting, ...]:
        """Times at which a fitter could come, in order."""
        return await self.calls.get(
            path_of("orders", order, "free-fittings"),
            tuple[FreeFitting, ...],
            {"since": _moment(since), "until": _moment(until)},
        )

    async def book_fitting(self, order: str, starts_at: datetime, *, key: str) -> Appointment:
        """Book a free time."""
        body = {"starts_at": _moment(starts_at)}
        path = path_of("orders", order, "fittings")
        return await self.calls.change(path, body, Appointment, key=key)

    async def fittings_of(self, order: str) -> tuple[Appointment, ...]:
        """The appointments of an order that are ahead and stand."""
        path = path_of("orders", order, "fittings")
        return await self.calls.get(path, tuple[Appointment, ...])

    async def find_fitting(self, number: str) -> Appointment | None:
        """The appointment with this number."""
        return await self.calls.find(("fittings", number), Appointment)

    async def move_fitting(self, appointment: str, starts_at: datetime, *, key: str) -> Appointment:
        """Move to another free time."""
        body = {"starts_at": _moment(starts_at)}
        path = path_of("fittings", appointment, "move")
        return await self.calls.change(path, body, Appointment, key=key)

    async def cancel_fitting(self, appointment: str, *, key: str) -> Appointment:
        """Cancel."""
        path = path_of("fittings", appointment, "cancellation")
        return await self.calls.change(path, {}, Appointment, key=key)

    async def open_ticket(
        self, kind: TicketKind, note: str, *, order: str | None, key: str
    ) -> Ticket:
        """Open a ticket with its number and clock."""
        body = {"kind": kind.value, "note": note, "order": order}
        return await self.calls.change(path_of("tickets"), body, Ticket, key=key)

    async def add_to_ticket(self, number: str, note: str, *, key: str) -> Ticket:
        """Add what the customer has told since."""
        return await self.calls.change(
            path_of("tickets", number, "notes"), {"note": note}, Ticket, key=key
        )

    async def find_ticket(self, number: str) -> Ticket | None:
        """The ticket with this number."""
        return await self.calls.find(("tickets", number), Ticket)

    async def tickets_of(self, order: str) -> tuple[Ticket, ...]:
        """The tickets about an order, newest first."""
        return await self.calls.get(path_of("orders", order, "tickets"), tuple[Ticket, ...])

    async def change_contact(
        self, customer: str, *, email: str | None = None, phone: str | None = None, key: str
    ) -> ShopCustomer:
        """Change e-mail or phone."""
        if email is None and phone is None:
            raise BadInput("an e-mail address or a phone number is needed")
        body = {"email": email, "phone": phone}
        path = path_of("customers", customer, "contact")
        return await self.calls.change(path, body, ShopCustomer, key=key)

    async def send_code(self, order: str, code: str, *, key: str) -> str:
        """Send a one-time code to the address on file."""
        path = path_of("orders", order, "codes")
        return (await self.calls.change(path, {"code": code}, SentTo, key=key)).sent_to

    async def stores_near(self, postcode: str) -> tuple[StoreNearby, ...]:
        """The shops, nearest first; only the postcode's outward half is told, for URLs are kept."""
        code = normalise_postcode(postcode)
        outward = code[:-INWARD_CHARACTERS] if len(code) > INWARD_CHARACTERS + 1 else code
        return await self.calls.get(path_of("stores"), tuple[StoreNearby, ...], {"near": outward})


def _moment(moment: datetime) -> str:
    """RFC 3339, with its zone."""
    if moment.tzinfo is None:
        raise BadInput("a time needs its zone")
    return moment.isoformat()

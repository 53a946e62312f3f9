"""What a shop's back end knows: orders, returns, invoices, fittings, customers, tickets, stores.

Money is in pence; days are the shop's own; moments are timezone-aware.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.errors import BadInput, ParleyError

REASONS = {
    "too_late": "the order has left or is delivered, or the visit is less than a day away",
    "cancelled": "the order is cancelled",
    "already_cancelled": "the order or the visit was cancelled before",
    "slot_taken": "the window or the time is not free, or not offered",
    "not_delivered": "what has not arrived cannot come back",
    "return_window_over": "the days in which things come back are over",
    "already_returning": "one of the items is on its way back",
    "not_returnable": "one of the items is not of this order",
    "already_booked": "the order has a visit ahead; move that one",
    "already_solved": "the ticket is closed; a matter that goes on gets a new one",
    "no_email": "there is no e-mail address on file",
    "nothing_due": "nothing is open to be paid, or less than that",
}


class Refused(ParleyError):
    """The shop's rules say no; `reason` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the shop refuses: {REASONS.get(reason, reason)}")
        self.reason = reason


class OrderStatus(StrEnum):
    """Where an order is."""

    PLACED = "placed"
    PACKED = "packed"
    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class ReturnState(StrEnum):
    """How far a return is."""

    STARTED = "started"
    COLLECTED = "collected"
    RECEIVED = "received"
    REFUNDED = "refunded"


class TicketKind(StrEnum):
    """What a ticket is about; each has its own clock."""

    DAMAGED = "damaged"
    MISSING = "missing"
    COMPLAINT = "complaint"
    CALL_BACK = "call_back"
    OTHER = "other"


class TicketState(StrEnum):
    """How far a ticket is."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class DeliverySlot:
    """A delivery window that is free; `window` as a customer reads it, such as '8 to 12'."""

    day: date
    window: str


@dataclass(frozen=True, slots=True)
class Order:
    """One order; `slot` is its delivery window, `customer` the id of whom it belongs to."""

    number: str
    postcode: str
    customer_name: str
    items: tuple[str, ...]
    status: OrderStatus
    ordered_on: date
    delivery_on: date | None
    slot: str | None = None
    customer: str | None = None
    address: str | None = None
    total_pence: int | None = None


@dataclass(frozen=True, slots=True)
class ShopCustomer:
    """Whom orders belong to."""

    id: str
    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """Items of an order on their way back; `refunded_on` is set once the money is."""

    number: str
    order: str
    items: tuple[str, ...]
    state: ReturnState
    started_on: date
    amount_pence: int
    refunded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """A copy of an invoice that was sent, and to which address, masked ('r…@example.com')."""

    order: str
    sent_to: str


@dataclass(frozen=True, slots=True)
class AmountDue:
    """What is open to be paid for an order, 0 for nothing; `link` is a page to pay it at."""

    order: str
    amount_pence: int
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A fitter's visit to the address of an order."""

    number: str
    order: str
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool = False

    def __post_init__(self) -> None:
        _check_aware(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class FreeFitting:
    """A time at which a fitter could come."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        _check_aware(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A matter that people of the shop work on, with the clock by which they answer."""

    number: str
    kind: TicketKind
    state: TicketState
    opened_at: datetime
    due_at: datetime
    order: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        _check_aware(self.opened_at, self.due_at)


@dataclass(frozen=True, slots=True)
class StoreNearby:
    """A shop one can walk into; `miles` from the postcode that was asked about."""

    name: str
    address: str
    postcode: str
    hours: str
    miles: float | None = None


def keys_of(conversation: str) -> str:
    """What the keys of all changes begin with that are made in a conversation.

    A key tells nobody the conversation's id; whoever has the id finds its changes again.
    """
    return f"{hashlib.sha256(conversation.encode()).hexdigest()[:24]}-"


def normalise_postcode(text: str) -> str:
    """Upper case, letters and digits only: 'bn1 4gh' → 'BN14GH'."""
    return "".join(character for character in text.upper() if character.isalnum())


def _check_aware(*moments: datetime) -> None:
    if any(moment.tzinfo is None for moment in moments):
        raise BadInput("a moment needs its zone")

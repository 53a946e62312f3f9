"""The embedded demo shop, Harbour & Pine: what the bot can look up in it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order is."""

    PLACED = "placed"
    PACKED = "packed"
    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Order:
    """One order; `slot` is the delivery window as a customer reads it, such as '8 to 12'."""

    number: str
    postcode: str
    customer_name: str
    items: tuple[str, ...]
    status: OrderStatus
    ordered_on: date
    delivery_on: date | None
    slot: str | None = None


def normalise_postcode(text: str) -> str:
    """Upper case, letters and digits only: 'bn1 4gh' → 'BN14GH'."""
    return "".join(character for character in text.upper() if character.isalnum())

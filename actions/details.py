"""An order number and a postcode, found in what a customer typed."""

import re
from dataclasses import dataclass

from core.shop import normalise_postcode

# HP and five digits, however written; the digits alone are enough
_ORDER_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?:h\.?\s?p\.?[\s\-–#:]*)?(\d{5})(?!\d|[A-Za-z])", re.I
)
# A British postcode: area, district, space or none, sector and unit (BS 7666)
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])([A-Z]{1,2}\d[A-Z\d]?)[\s\-]*(\d[A-Z]{2})(?![A-Za-z0-9])", re.I
)


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """What a message says of an order, in the shop's own spelling."""

    order_number: str | None = None
    postcode: str | None = None

    def __bool__(self) -> bool:
        return self.order_number is not None or self.postcode is not None


def find_details(text: str) -> OrderDetails:
    """The first order number and the first postcode in `text`."""
    number = _ORDER_NUMBER.search(text)
    if number is None:
        return OrderDetails(None, _find_postcode(text))
    rest = f"{text[: number.start()]} | {text[number.end() :]}"  # the bar keeps the halves apart
    return OrderDetails(f"HP-{number[1]}", _find_postcode(rest))


def same_postcode(one: str, other: str) -> bool:
    """Whether two spellings mean one postcode."""
    return normalise_postcode(one) == normalise_postcode(other)


def _find_postcode(text: str) -> str | None:
    found = _POSTCODE.search(text)
    return f"{found[1]} {found[2]}".upper() if found else None

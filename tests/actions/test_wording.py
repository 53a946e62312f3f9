from datetime import date

import pytest

from actions.wording import say_order
from core.shop import Order, OrderStatus

FRIDAY = date(2025, 6, 6)


def order(status: OrderStatus, on: date | None, slot: str | None, *items: str) -> Order:
    return Order("HP-10442", "BN1 4GH", "R. Sample", items, status, date(2025, 6, 1), on, slot)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            order(OrderStatus.ON_ITS_WAY, FRIDAY, "8 to 12", "sofa", "lamp"),
            "Order HP-10442: sofa and lamp. "
            "It is on its way and will be delivered on Friday 6 June, 8 to 12.",
        ),
        (
            order(OrderStatus.PACKED, FRIDAY, None, "sofa", "lamp", "rug"),
            "Order HP-10442: sofa, lamp and rug. "
            "It is packed and will be delivered on Friday 6 June.",
        ),
        (
            order(OrderStatus.DELIVERED, None, None),
            "Order HP-10442. It was delivered.",
        ),
        (
            order(OrderStatus.PLACED, None, None, "rug"),
            "Order HP-10442: rug. "
            "We have your order and will deliver it on a day that is not set yet.",
        ),
        (
            order(OrderStatus.DELIVERED, FRIDAY, "8 to 12", "rug"),
            "Order HP-10442: rug. It was delivered on Friday 6 June, 8 to 12.",
        ),
        (order(OrderStatus.DELIVERED, None, None, "rug"), "Order HP-10442: rug. It was delivered."),
        (
            order(OrderStatus.CANCELLED, None, None, "rug"),
            "Order HP-10442: rug. It was cancelled, so nothing will be delivered.",
        ),
    ],
)
def test_say_order(given: Order, sentence: str) -> None:
    assert say_order(given) == sentence

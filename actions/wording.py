"""An order, said to the customer it belongs to."""

from core.shop import Order, OrderStatus
from language.saying import say_day


def say_order(order: Order) -> str:
    """What was ordered, where it is, and when it comes."""
    what = f": {say_items(order.items)}" if order.items else ""
    return f"Order {order.number}{what}. {say_status(order)}"


def say_money(pence: int) -> str:
    """Pounds: '£1,299.00'."""
    return f"£{pence / 100:,.2f}"


def say_items(items: tuple[str, ...]) -> str:
    """Items in a sentence: 'oak bedside table and reading lamp'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def say_status(order: Order) -> str:
    """Where it is, and when it comes."""
    when = say_when(order)
    match order.status:
        case OrderStatus.PLACED:
            return f"We have your order and will deliver it {when}."
        case OrderStatus.PACKED:
            return f"It is packed and will be delivered {when}."
        case OrderStatus.ON_ITS_WAY:
            return f"It is on its way and will be delivered {when}."
        case OrderStatus.DELIVERED:
            return f"It was delivered {when}." if order.delivery_on else "It was delivered."
        case OrderStatus.CANCELLED:
            return "It was cancelled, so nothing will be delivered."


def say_when(order: Order) -> str:
    """When it is to come: 'on Tuesday 10 June, 8 to 12'."""
    if order.delivery_on is None:
        return "on a day that is not set yet"
    slot = f", {order.slot}" if order.slot else ""
    return f"on {say_day(order.delivery_on)}{slot}"

"""An order, said to the customer it belongs to."""

from datetime import date, datetime

from core.shop import Order, OrderStatus


def say_order(order: Order) -> str:
    """What was ordered, where it is, and when it comes."""
    return f"Order {order.number}: {say_items(order.items)}. {_say_status(order)}"


def say_day(day: date) -> str:
    """A day as people write it: 'Friday 6 June'."""
    return f"{day:%A} {day.day} {day:%B}"


def say_time(moment: datetime) -> str:
    """A time of day as people write it: '4 pm', '9.30 am'."""
    hour, half = moment.hour % 12 or 12, "am" if moment.hour < 12 else "pm"
    minutes = f".{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes} {half}"


def say_moment(moment: datetime) -> str:
    """A moment in the zone it is given in: 'Friday 6 June, 4 pm'."""
    return f"{say_day(moment.date())}, {say_time(moment)}"


def say_money(pence: int) -> str:
    """Pounds: '£1,299.00'."""
    return f"£{pence / 100:,.2f}"


def say_items(items: tuple[str, ...]) -> str:
    """Items in a sentence: 'oak bedside table and reading lamp'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def _say_status(order: Order) -> str:
    when = _say_when(order)
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


def _say_when(order: Order) -> str:
    if order.delivery_on is None:
        return "on a day that is not set yet"
    slot = f", {order.slot}" if order.slot else ""
    return f"on {say_day(order.delivery_on)}{slot}"

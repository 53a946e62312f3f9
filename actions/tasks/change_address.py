"""Deliver to another address."""

from dataclasses import dataclass

from actions.endings import PERSON, STATUS
from actions.fields import ADDRESS, IDENTITY, NEW_POSTCODE, ORDER
from actions.task import CONFIRM, Ask, Collected, Desk, Outcome, Result, confirm
from actions.tasks.orders import CHANGEABLE, order_of
from core.shop import OrderStatus, Refused

ASK_ADDRESS = "What is the new address? Please give the street, the town and the postcode."
ASK_POSTCODE = "And what is the postcode there?"


@dataclass(frozen=True, slots=True)
class ChangeAddress:
    """Reads the address back before anything is changed."""

    name: str = "change_address"
    fields: tuple[str, ...] = (*IDENTITY, ADDRESS, NEW_POSTCODE)
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """Where to, and a yes; nothing when the order has left."""
        order = await order_of(desk, known)
        if order.status not in CHANGEABLE or CONFIRM in known:
            return None
        if ADDRESS not in known:
            return Ask(ADDRESS, ASK_ADDRESS)
        if NEW_POSTCODE not in known:
            return Ask(NEW_POSTCODE, ASK_POSTCODE)
        return confirm(f"I will have order {order.number} delivered to {_say(known)}. Shall I?")

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Change it; the shop refuses what has left."""
        address, postcode = known.get(ADDRESS) or "", known.get(NEW_POSTCODE) or ""
        status = (await order_of(desk, known)).status
        if status is OrderStatus.CANCELLED:
            raise Refused("cancelled")
        if status not in CHANGEABLE:
            return _too_late(known[ORDER])
        try:
            order = await desk.backend.change_address(
                known[ORDER], address, postcode, key=desk.turn
            )
        except Refused as refusal:
            if refusal.reason == "too_late":
                return _too_late(known[ORDER])
            raise
        text = f"Order {order.number} now goes to {_say(known)}."
        return Outcome(Result.RESOLVED, text)


def _say(known: Collected) -> str:
    return f"{known[ADDRESS]}, {known[NEW_POSTCODE]}"


def _too_late(order: str) -> Outcome:
    text = (
        f"Order {order} is on its way or delivered, so its address can no longer be "
        "changed, I am sorry. You can refuse it at the door, or a person can look for another way."
    )
    return Outcome(Result.REFUSED, text, (STATUS, PERSON))


TASK = ChangeAddress()

"""Deliver on another day or at another time."""

from dataclasses import dataclass
from datetime import date, datetime, time

from actions.endings import PERSON, STATUS
from actions.fields import DAY, HOURS, IDENTITY, ORDER
from actions.task import (
    CONFIRM,
    Again,
    Ask,
    Choice,
    Collected,
    Desk,
    Outcome,
    Result,
    confirm,
)
from actions.tasks.times import ask_time, first_day, matching
from core.shop import DeliverySlot, Refused
from language.saying import say_day

SLOT = "slot"
EARLIEST = 8  # no van comes before eight, so a window that begins at '4' begins in the afternoon


@dataclass(frozen=True, slots=True)
class ChangeSlot:
    """Offers the windows that are really free, and takes the one that is chosen."""

    name: str = "change_slot"
    fields: tuple[str, ...] = (*IDENTITY, DAY, HOURS, SLOT)
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """Which window, and a yes; nothing when the order has left."""
        chosen = known.get(SLOT)
        if chosen is not None:
            return None if CONFIRM in known else _confirm(known[ORDER], chosen)
        try:
            slots = await desk.backend.delivery_slots(known[ORDER], since=first_day(desk, known))
        except Refused:
            return None
        free = [_choice(slot, desk) for slot in slots]
        fitting = matching(known, free)
        if len(fitting) == 1 and DAY in known:
            return _confirm(known[ORDER], fitting[0].value)
        return ask_time(SLOT, "These times are free. Which one suits you?", known, free)

    async def finish(self, desk: Desk, known: Collected) -> Outcome | Again:
        """Take it; when it is gone meanwhile, ask for another."""
        try:
            if SLOT not in known:  # next saw the shop refuse
                await desk.backend.delivery_slots(known[ORDER], since=desk.today)
                return _too_late(known[ORDER])
            slot = _slot_of(known[SLOT])
            order = await desk.backend.change_slot(known[ORDER], slot, key=desk.turn)
        except Refused as refusal:
            if refusal.reason == "too_late":
                return _too_late(known[ORDER])
            raise
        text = f"Order {order.number} now comes on {say_slot(slot)}."
        return Outcome(Result.RESOLVED, text)


def say_slot(slot: DeliverySlot) -> str:
    """A window as people read it: 'Tuesday 24 November, 12 to 4'."""
    return f"{say_day(slot.day)}, {slot.window}"


def _confirm(order: str, chosen: str) -> Ask:
    """Ask for a yes to a window; "the afternoon is better" is on the same day."""
    slot = _slot_of(chosen)
    text = f"I will have order {order} delivered on {say_slot(slot)}. Shall I?"
    return confirm(text, {DAY: f"{slot.day}/{slot.day}", SLOT: chosen})


def _too_late(order: str) -> Outcome:
    text = (
        f"Order {order} is on its way or delivered, so its delivery can no longer be changed, "
        "I am sorry. If nobody is in, the driver leaves a card, and a person can arrange another "
        "delivery."
    )
    return Outcome(Result.REFUSED, text, (STATUS, PERSON))


def _choice(slot: DeliverySlot, desk: Desk) -> Choice:
    starts, _, ends = slot.window.partition(" to ")
    at, until = (
        datetime.combine(slot.day, time(_hour(end)), desk.now.tzinfo) for end in (starts, ends)
    )
    return Choice(say_slot(slot), f"{slot.day}|{slot.window}", at, until)


def _hour(written: str) -> int:
    """The hour of '4' in '12 to 4'; noon for a window that is written in another way."""
    hour = int(written) if written.isdecimal() else 12
    return (hour + 12 if hour < EARLIEST else hour) % 24


def _slot_of(value: str) -> DeliverySlot:
    day, window = value.split("|", 1)
    return DeliverySlot(date.fromisoformat(day), window)


TASK = ChangeSlot()

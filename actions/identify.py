"""The step before anything personal: whose order it is, by postcode or by a code sent to them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from actions.backend import Backend
from actions.fields import (
    CODE,
    FITTING_NUMBER,
    ORDER,
    POSTCODE,
    PROOF,
    REFERENCES,
    RETURN_NUMBER,
    TICKET_NUMBER,
)
from actions.task import Ask, Choice, Collected, Desk
from core.shop import Appointment, Return, Ticket

ASK_ORDER = "What is your order number? It starts with HP and has five digits, such as HP-10442."
WHICH_ORDER = "Which order is it about?"
ASK_POSTCODE = "And what is the postcode of the delivery address?"
SEND_CODE = Choice("Send me a code instead", CODE, field=PROOF)
ASK_CODE = (
    "I have sent a code of six digits to the e-mail address that belongs to this order. "
    "What is the code? It lasts ten minutes."
)
WRONG_CODE = "That is not the code, or it is too old. Please look again and send it once more."
NOT_FOUND = "I cannot find {number} with that postcode. Please check both and send them again."

# what was tried and was wrong, so that it is not tried again until one of the two is changed
TRIED, SENT = "tried", "sent"
_FINDS: Mapping[str, Callable[[Backend, str], Awaitable[Return | Ticket | Appointment | None]]] = {
    RETURN_NUMBER: lambda backend, number: backend.find_return(number),
    TICKET_NUMBER: lambda backend, number: backend.find_ticket(number),
    FITTING_NUMBER: lambda backend, number: backend.find_fitting(number),
}
PRIVATE = (POSTCODE, CODE, PROOF, TRIED, SENT)


@dataclass(frozen=True, slots=True)
class Shown:
    """The order is the customer's; `known` no longer holds how that was shown."""

    known: Collected


@dataclass(frozen=True, slots=True)
class NotYet:
    """Something is still to be asked."""

    known: Collected
    ask: Ask


@dataclass(frozen=True, slots=True)
class Locked:
    """Too many wrong tries; nothing is checked for an hour."""

    known: Collected


async def identify(desk: Desk, known: Collected) -> Shown | NotYet | Locked:
    """How far it is shown that `order` is theirs; tries what was given, once."""
    known = await _with_order_behind(desk, known)
    order = known.get(ORDER)
    if order is None:
        return NotYet(known, await _ask_order(desk))
    if await desk.identity.is_verified(order):
        return Shown(known.without(*PRIVATE))
    if await desk.identity.is_locked(order):
        return Locked(known.without(*PRIVATE))
    if PROOF in known:
        return await _by_code(desk, known, order)
    return await _by_postcode(desk, known, order)


async def _with_order_behind(desk: Desk, known: Collected) -> Collected:
    """With the order of a return, ticket or fitting; a number of nothing stands for itself."""
    reference = _reference(known)
    if ORDER in known or reference is None:
        return known
    name, number = reference
    found = await _FINDS[name](desk.backend, number)
    return known.with_values({ORDER: (found and found.order) or number})


def _reference(known: Collected) -> tuple[str, str] | None:
    return next(((name, known[name]) for name in REFERENCES if name in known), None)


async def _ask_order(desk: Desk) -> Ask:
    shown = (await desk.identity.known()).verified_orders
    if not shown:
        return Ask(ORDER, ASK_ORDER)
    return Ask(ORDER, WHICH_ORDER, tuple(Choice(number, number) for number in shown))


async def _by_postcode(desk: Desk, known: Collected, order: str) -> Shown | NotYet | Locked:
    postcode = known.get(POSTCODE)
    if postcode is None:
        return NotYet(known, Ask(POSTCODE, ASK_POSTCODE, (SEND_CODE,)))
    pair = f"{order} {postcode}"
    if known.get(TRIED) != pair and await desk.identity.try_postcode(order, postcode):
        return Shown(known.without(*PRIVATE))
    if await desk.identity.is_locked(order):
        return Locked(known.without(*PRIVATE))
    reference = _reference(known)
    text = NOT_FOUND.format(number=reference[1] if reference else f"an order {order}")
    return NotYet(known.with_values({TRIED: pair}), Ask(ORDER, text, (SEND_CODE,)))


async def _by_code(desk: Desk, known: Collected, order: str) -> Shown | NotYet | Locked:
    if known.get(SENT) != order:
        await desk.identity.send_code(order)
        return NotYet(known.with_values({SENT: order}).without(CODE), Ask(CODE, ASK_CODE))
    code = known.get(CODE)
    if code is None:
        return NotYet(known, Ask(CODE, ASK_CODE))
    if await desk.identity.try_code(order, code):
        return Shown(known.without(*PRIVATE))
    if await desk.identity.is_locked(order):
        return Locked(known.without(*PRIVATE))
    return NotYet(known.without(CODE), Ask(CODE, WRONG_CODE))

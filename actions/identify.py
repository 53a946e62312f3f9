"""The step before anything personal: whose order it is, by postcode or by a code sent to them."""

import string
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.backend import Backend
from actions.endings import PERSON
from actions.fields import (
    ACCOUNT,
    AGAIN,
    CODE,
    EMAIL,
    FITTING_NUMBER,
    IDENTITY,
    LOST,
    NO_EMAIL,
    ORDER,
    POSTCODE,
    PROOF,
    REFERENCES,
    RETURN_NUMBER,
    TICKET_NUMBER,
)
from actions.task import OTHER_THAN, Ask, Choice, Collected, Desk
from actions.wording import say_items
from core.shop import Appointment, OrderStatus, Return, Ticket
from language.values.references import shapes_in_use

ASK_ORDER = "What is your order number? It {shape}."
ASK_TICKET = (
    "What is the number of your ticket, such as {example}? If you do not have it at hand, the "
    "number of your order will do."
)
ASK_OTHER = "What is the number of the other order?"
WHICH_ORDER = "Which order is it about?"
ASK_POSTCODE = "And what is the postcode of the delivery address?"
SEND_CODE = Choice("Send me a code instead", CODE, field=PROOF)
OR_ELSE = "You can also give the postcode of the delivery address, or ask for a person."
ASK_CODE = (
    "If we have an e-mail address for that order, I have sent a code of six digits to it. "
    f"What is the code? It lasts ten minutes. {OR_ELSE}"
)
SENT_AGAIN = (
    "If we have an e-mail address for that order, I have sent another code to it; I can send "
    f"{{left}} more within the hour. What is the code? {OR_ELSE}"
)
NO_MORE = (
    "I can send no more codes for that order within the hour. If you have one, what is it? "
    f"{OR_ELSE}"
)
WRONG_CODE = "That is not the code, or it is too old. Please look again and send it once more."
NOT_FOUND = "I cannot find {number} with that postcode. Please check both and send them again."

ASK_ACCOUNT = (
    "No problem. Which e-mail address did you order with? If we know it, I send a code of six "
    "digits to it, and find your orders with that. Or I can get you a person."
)
ASK_CODE_THERE = (
    "If we know that address, I have sent a code of six digits to it. What is the code? It lasts "
    "ten minutes. You can also give an order number, another e-mail address, or ask for a person."
)
SENT_THERE_AGAIN = (
    "If we know that address, I have sent another code to it; I can send {left} more within the "
    "hour. What is the code?"
)
NO_MORE_THERE = (
    "I can send no more codes to that address within the hour. If you have one, what is it? You "
    "can also give an order number, or ask for a person."
)
NO_ORDERS = "I cannot find an order with that address. What is the number of your order?"
_LETTERS = f"{string.ascii_uppercase}-/"  # of a number
NO_NUMBER = Choice("I do not have it", EMAIL, field=LOST)

OVER = (OrderStatus.DELIVERED, OrderStatus.CANCELLED)
# what was tried and was wrong, so that it is not tried again until one of the two is changed
TRIED, SENT = "tried", "sent"
ONCE_MORE = Choice("Send it again", AGAIN, field=SENT)
_FINDS: Mapping[str, Callable[[Backend, str], Awaitable[Return | Ticket | Appointment | None]]] = {
    RETURN_NUMBER: lambda backend, number: backend.find_return(number),
    TICKET_NUMBER: lambda backend, number: backend.find_ticket(number),
    FITTING_NUMBER: lambda backend, number: backend.find_fitting(number),
}
PRIVATE = (POSTCODE, CODE, PROOF, TRIED, SENT, LOST, ACCOUNT)


@dataclass(frozen=True, slots=True)
class Shown:
    """The order is the customer's, or there is none; `known` no longer holds how that was shown."""

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
    until: datetime | None = None  # when it was so before


@dataclass(frozen=True, slots=True)
class Unfindable:
    """They have neither the number of an order nor an e-mail address: only a person can help."""

    known: Collected


async def identify(
    desk: Desk, known: Collected, fields: Sequence[str] = IDENTITY
) -> Shown | NotYet | Locked | Unfindable:
    """How far it is shown that `order` is theirs; tries what was given, once.

    A ticket about no order has nothing personal in what is told of it: its number is enough.
    """
    reference = _reference(known)
    if ORDER not in known and reference is not None:
        behind = await _with_order_behind(desk, known, reference, fields)
        if not isinstance(behind, Collected):
            return behind
        if _reference(behind) is not None:
            return await _check_behind(desk, known, behind[ORDER])
        known = behind
    if ORDER in known:
        return await _check(desk, known, known[ORDER])
    return await _without_order(desk, known, fields)


async def _without_order(
    desk: Desk, known: Collected, fields: Sequence[str]
) -> Shown | NotYet | Locked | Unfindable:
    """Ask for the number, or find the customer by their e-mail address."""
    until = await desk.identity.locked_until()
    if until is not None and not (await desk.identity.known()).verified_orders:
        return Locked(known, until)
    if ACCOUNT in known and CODE in known and known.get(SENT) == known[ACCOUNT]:
        return await _by_account(desk, known, fields)
    if ACCOUNT in known:
        return await _send_there(desk, known)
    if known.get(LOST) == NO_EMAIL:
        return Unfindable(known.without(*PRIVATE))
    if LOST in known:
        return NotYet(known, Ask(ACCOUNT, ASK_ACCOUNT, buttons=(PERSON,)))
    return NotYet(known, await _ask_order(desk, fields, known.get(OTHER_THAN)))


async def _check_behind(desk: Desk, known: Collected, order: str) -> Shown | NotYet | Locked:
    """As with an order that was told; but it is not among what is known before it is theirs."""
    shown = await _check(desk, known, order)
    return Shown(shown.known.with_values({ORDER: order})) if isinstance(shown, Shown) else shown


async def _check(desk: Desk, known: Collected, order: str) -> Shown | NotYet | Locked:
    if await desk.identity.is_verified(order):
        return Shown(known.without(*PRIVATE))
    if await desk.identity.is_locked(order):
        return Locked(known.without(*PRIVATE), await desk.identity.locked_until())
    if POSTCODE not in known and await desk.identity.goes_with_shown(order):
        return Shown(known.without(*PRIVATE))
    if PROOF not in known and CODE in known:
        if not await desk.identity.has_code(order):  # six digits of something else
            return await _by_postcode(desk, known.without(CODE), order)
        known = known.with_values({PROOF: CODE, SENT: order})
    if PROOF in known:
        return await _by_code(desk, known, order)
    return await _by_postcode(desk, known, order)


async def _with_order_behind(
    desk: Desk, known: Collected, reference: tuple[str, str], fields: Sequence[str]
) -> Collected | Shown | NotYet | Locked:
    """With the order that a number is of; what follows where there is none."""
    name, number = reference
    found = await _FINDS[name](desk.backend, number)
    if found is not None and found.order is None and name in fields:
        return Shown(known.without(*PRIVATE))
    if found is not None and found.order is not None:
        return known.with_values({ORDER: found.order})
    # who is asked for a ticket's number may give their order's, without its letters; so does
    # "my fitting, 10530"
    order = _as_order(number)
    if name != RETURN_NUMBER and await desk.backend.find_order(order) is not None:
        kept = known.without(TICKET_NUMBER)  # a fitting's is told as it was said, as nobody's is
        return kept.with_values({ORDER: order})
    return await _of_nobody(desk, known, number)


async def _of_nobody(desk: Desk, known: Collected, number: str) -> NotYet | Locked:
    """As with any other number, so that none is told from one that exists; but no try counts."""
    if await desk.identity.is_locked(number):
        return Locked(known.without(*PRIVATE))
    if PROOF in known:
        text = WRONG_CODE if CODE in known else ASK_CODE
        return NotYet(known.without(CODE), Ask(CODE, text))
    if POSTCODE not in known:
        return NotYet(known, Ask(POSTCODE, ASK_POSTCODE, (SEND_CODE,)))
    return NotYet(known, Ask(ORDER, NOT_FOUND.format(number=number), (SEND_CODE,)))


def _reference(known: Collected) -> tuple[str, str] | None:
    return next(((name, known[name]) for name in REFERENCES if name in known), None)


async def _ask_order(desk: Desk, fields: Sequence[str], other_than: str | None) -> Ask:
    """Which of the orders that were shown to be theirs, the open ones first; else its number."""
    shown = (await desk.identity.known()).verified_orders
    found = [await desk.backend.find_order(number) for number in reversed(shown)]
    found = [one for one in found if one is not None and one.number != other_than]
    orders = sorted((one for one in found if one), key=lambda one: one.status in OVER)
    if not orders and other_than is not None:
        return Ask(ORDER, ASK_OTHER)
    if not orders:
        return _ask_number(fields)
    choices = (Choice(f"{one.number}, {say_items(one.items)}", one.number) for one in orders)
    return Ask(ORDER, WHICH_ORDER, tuple(choices))


def _ask_number(fields: Sequence[str]) -> Ask:
    if TICKET_NUMBER in fields:
        ask_ticket = ASK_TICKET.format(example=shapes_in_use().ticket.example)
        return Ask(TICKET_NUMBER, ask_ticket, (NO_NUMBER,))
    return Ask(ORDER, ASK_ORDER.format(shape=shapes_in_use().order.told), (NO_NUMBER,))


def _as_order(number: str) -> str:
    """Another thing's number with the letters of an order."""
    return shapes_in_use().order.of(number.lstrip(_LETTERS))


async def _send_there(desk: Desk, known: Collected) -> NotYet:
    """Send a code to the e-mail address of who has no number, once or when asked again."""
    email, sent = known[ACCOUNT], known.get(SENT)
    if sent == email:
        return NotYet(known, Ask(CODE, ASK_CODE_THERE, (ONCE_MORE,)))
    left = await desk.identity.send_code_to(email)
    text = SENT_THERE_AGAIN.format(left=left or "no") if sent == AGAIN else ASK_CODE_THERE
    text = NO_MORE_THERE if left is None else text
    known = known.with_values({SENT: email}).without(CODE)
    return NotYet(known, Ask(CODE, text, (ONCE_MORE,) if left else ()))


async def _by_account(
    desk: Desk, known: Collected, fields: Sequence[str]
) -> Shown | NotYet | Locked:
    """Try the code that was sent to the address; a right one shows all orders of its customer."""
    if not await desk.identity.try_code_of(known[ACCOUNT], known[CODE]):
        if await desk.identity.locked_until() is not None:
            return Locked(known.without(*PRIVATE))
        return NotYet(known.without(CODE), Ask(CODE, WRONG_CODE, (ONCE_MORE,)))
    known, shown = known.without(*PRIVATE), (await desk.identity.known()).verified_orders
    if len(shown) == 1:
        return Shown(known.with_values({ORDER: shown[0]}))
    if shown:
        return NotYet(known, await _ask_order(desk, fields, known.get(OTHER_THAN)))
    return NotYet(known, Ask(ORDER, NO_ORDERS))


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
        left = await desk.identity.send_code(order)
        is_again = known.get(SENT) == AGAIN
        text = SENT_AGAIN.format(left=left or "no") if is_again else ASK_CODE
        text = NO_MORE if left is None else text
        choices = (ONCE_MORE,) if left else ()
        known = known.with_values({SENT: order}).without(CODE)
        return NotYet(known, Ask(CODE, text, choices))
    code = known.get(CODE)
    if code is None:
        return NotYet(known, Ask(CODE, ASK_CODE, (ONCE_MORE,)))
    if await desk.identity.try_code(order, code):
        return Shown(known.without(*PRIVATE))
    if await desk.identity.is_locked(order):
        return Locked(known.without(*PRIVATE))
    return NotYet(known.without(CODE), Ask(CODE, WRONG_CODE, (ONCE_MORE,)))

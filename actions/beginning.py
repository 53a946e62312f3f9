"""Beginning a task: which one the words mean, and with what is known already."""

import re
from collections.abc import Mapping
from dataclasses import replace

from actions.correcting import whole_call
from actions.course import Step, advance
from actions.fields import (
    EMAIL,
    FIELDS,
    LOST,
    NEW_POSTCODE,
    ORDER,
    POSTCODE,
    REFERENCES,
    TICKET_NUMBER,
    WHEN,
    lacks_order_number,
    read_references,
    resting_on,
)
from actions.following import ANOTHER, NOT_MINE, follows_on
from actions.meant import which_is_meant
from actions.reading import Heard, guess_task, read_early
from actions.state import Paused, State
from actions.task import ABOUT, OTHER_THAN, OWN_TICKET, TOLD_BEFORE, WISH, Collected, Desk, Task
from actions.tasks.notes import NOTE, PICTURES
from language.values.postcodes import find_postcodes
from language.values.references import find_order_numbers, shapes_in_use

PAY_ORDER, AMOUNT, REFERENCE = "pay_order", "amount", "reference"  # actions/tasks/pay_order.py
PICTURE = "picture"  # what such a button carries (channels/replies.py)
GIVE_DETAILS = "give_details"
CALL_BACK = "call_back"
ADD_TO_TICKET, TICKET_STATUS = "add_to_ticket", "ticket_status"
SEND_INVOICE = "send_invoice"
ITS_DIGITS = "An order number {shape}; you find it in the confirmation e-mail. What is yours?"
NAMED_BEFORE = "I take it that this is about order {order}, which you named."
POINTED_AT = "I take it that this is about order {order}, as in the message you replied to."
_DIGITS_GIVEN = re.compile(
    r"\b(?:order|ref(?:erence)?)\b.{0,20}?(?<!\d)(\d{2,12})(?!\d)"
    r"|\bnumber\b.{0,20}?(?<!\d)(\d{3,12})(?!\d)",  # 'number 15' is a house
    re.IGNORECASE,
)
LONGEST_WISH = 300  # characters; who begins with more has told a story, not chosen


async def begin(tasks: Mapping[str, Task], heard: Heard, desk: Desk, state: State) -> Step:
    """Begin what the message asks for, with what it tells already.

    A task that was put aside goes on with what was given then.
    """
    name = heard.intent if heard.intent != GIVE_DETAILS else guess_task(heard, desk.now)
    task = tasks.get(name or "")
    if task is not None and name == heard.intent and not (heard.is_button or heard.is_sure):
        return Step(state.ended(None), (which_is_meant(heard.ranking),))
    if task is None and not heard.is_button and _is_half_number(heard.text):
        text = ITS_DIGITS.format(shape=shapes_in_use().order.told)
        return Step(state.ended(None), ({"text": text},))
    if task is None:  # a bare value of nothing, or a button whose question is long gone
        return Step(state.ended(None), ({"response": "utter_rephrase"},))
    early = await _told_early(task, heard, desk)
    state, before = _taken_up(task.name, early, state)
    known = before.without(*resting_on(set(early))).with_values(early)
    known = _with_own_ticket(task, state, known)
    known = known.with_values(_paid(heard) | _pictured(heard, desk))
    says: tuple[Mapping[str, object], ...] = ()
    if ORDER in task.fields and ORDER not in known:
        known, says = _with_pointed_order(heard, known)
    if ORDER in task.fields and ORDER not in known:
        known = await _with_known_order(heard, desk, state, known)
    if ORDER in task.fields and ORDER not in known:
        known, says = _with_named_order(heard, task, desk, state, known)
    if ORDER in task.fields and ORDER not in known and lacks_order_number(heard.text):
        known = known.with_values({LOST: EMAIL})
    if heard.text and not before.values:
        known = known.with_values({WISH: _wish(heard, task, state)[:LONGEST_WISH]})
    if task.name == state.last_task and known.get(ORDER) == state.last_order is not None:
        known = known.with_values({TOLD_BEFORE: known[ORDER]})
    if task.name == CALL_BACK and state.unsettled:
        known = known.with_values({ABOUT: "; ".join(state.unsettled.values())})
    named = None if ORDER in known else state.named
    state = replace(state.carried(), task=task.name, collected=known, named=named)
    return await advance(task, desk, state, says)


def _is_half_number(text: str) -> bool:
    """Whether an order's number is given with too few digits, or too many."""
    whole = shapes_in_use().order.digits
    given = (found[1] or found[2] for found in _DIGITS_GIVEN.finditer(text))
    return any(len(digits) != whole for digits in given)


def _wish(heard: Heard, task: Task, state: State) -> str:
    """The words that say what is wanted: 'and for 10530?' wants what the wish before it did."""
    is_more = task.name == state.last_task == SEND_INVOICE and state.last_wish is not None
    if is_more and follows_on(heard.text, None, 0.0, task):
        return f"{state.last_wish} … {heard.text}"
    return heard.text


async def _told_early(task: Task, heard: Heard, desk: Desk) -> dict[str, str]:
    """The values that stand in the words which begin it."""
    early = read_early(heard, [f for f in task.fields if FIELDS[f].eager], desk.now)
    if task.is_personal and ORDER not in early:
        early |= read_references(heard.text, desk.now)
    if task.is_personal and NEW_POSTCODE not in task.fields and POSTCODE not in early:
        early |= _proof_beside(heard)
    is_call = task.name == CALL_BACK and WHEN in early
    return await _beside_promised(early, heard, desk) if is_call else early


def _proof_beside(heard: Heard) -> dict[str, str]:
    """The one postcode of a message of several wishes, none of which is a place or an address."""
    named = find_postcodes(heard.whole)
    is_place = any(word in heard.whole.lower() for word in ("address", "deliver", "shop", "store"))
    return {POSTCODE: named[0].value} if len(named) == 1 and not is_place else {}


async def _beside_promised(early: dict[str, str], heard: Heard, desk: Desk) -> dict[str, str]:
    """The time of a call with the day or the hour of the one that is promised, if it lacks one."""
    promised = await desk.calls.promised()
    start, end = (promised.wanted_from, promised.wanted_to) if promised else (None, None)
    if start is None:
        return early
    ends = (at.astimezone(desk.now.tzinfo).isoformat() if at else "" for at in (start, end))
    return whole_call(early, heard.text, Collected({WHEN: "/".join(ends)}), desk.now)


def _with_own_ticket(task: Task, state: State, known: Collected) -> Collected:
    """With the ticket that was opened here; how far it is is told so where no order was shown."""
    if not state.ticket:
        return known
    own = state.ticket["number"]
    if task.name == ADD_TO_TICKET and TICKET_NUMBER not in known:
        return known.with_values({TICKET_NUMBER: own, OWN_TICKET: own})
    is_of_order = state.last_order is not None or state.ticket.get("order")
    if task.name == TICKET_STATUS and not known.values and not is_of_order:
        return known.with_values({TICKET_NUMBER: own})
    return known


def _paid(heard: Heard) -> dict[str, str]:
    """What the telephone tells of a payment with the button that it presses itself."""
    press = heard.press or {}
    if heard.intent != PAY_ORDER or not press.keys() >= {ORDER, AMOUNT, REFERENCE}:
        return {}
    return {name: str(press[name]) for name in (ORDER, AMOUNT, REFERENCE)}


def _pictured(heard: Heard, desk: Desk) -> dict[str, str]:
    """What channels tell of a picture that came after a ticket, with the button they press."""
    if heard.intent != ADD_TO_TICKET or not (heard.press or {}).get(PICTURE):
        return {}
    return {NOTE: f"({PICTURES.format(conversation=desk.conversation)})"}


def _taken_up(name: str, early: Mapping[str, str], state: State) -> tuple[State, Collected]:
    """Without the task among those put aside, and what was collected of it, if of this order."""
    aside = next((paused for paused in state.paused if paused.task == name), None)
    if aside is None:
        return state, Collected()
    rest: tuple[Paused, ...] = tuple(paused for paused in state.paused if paused is not aside)
    is_same = early.get(ORDER) in (None, aside.collected.get(ORDER))
    return replace(state, paused=rest), aside.collected if is_same else Collected()


def _with_pointed_order(
    heard: Heard, known: Collected
) -> tuple[Collected, tuple[Mapping[str, object], ...]]:
    """With the one order that stands in the message they reply to, unless another is meant."""
    is_other = ANOTHER.search(heard.text) or lacks_order_number(heard.text)
    named = find_order_numbers(heard.replied_to)
    if is_other or len(named) != 1 or any(name in known for name in REFERENCES):
        return known, ()
    order = named[0].value
    return known.with_values({ORDER: order}), ({"text": POINTED_AT.format(order=order)},)


async def _with_known_order(heard: Heard, desk: Desk, state: State, known: Collected) -> Collected:
    """With the order that is spoken of, when the customer has shown it to be theirs today."""
    if any(name in known for name in REFERENCES):
        return known
    interrupted = state.paused[-1].collected.get(ORDER) if state.paused else None
    if ANOTHER.search(heard.text) or NOT_MINE.search(heard.text):
        return await _with_another(desk, known, interrupted or state.last_order)
    if interrupted is not None:
        return known.with_values({ORDER: interrupted})
    shown = (await desk.identity.known()).verified_orders
    if state.last_order in shown:
        return known.with_values({ORDER: state.last_order or ""})
    return known.with_values({ORDER: shown[0]}) if len(shown) == 1 else known


def _with_named_order(
    heard: Heard, task: Task, desk: Desk, state: State, known: Collected
) -> tuple[Collected, tuple[Mapping[str, object], ...]]:
    """With the order that was named just before, beside something else: 'my husband died, 10538'.

    It is said which that is, since nobody asked for it. What a task has had is no news: it was left
    or refused, and is not taken up unasked.
    """
    is_other = OTHER_THAN in known or lacks_order_number(heard.text)
    if is_other or any(name in known for name in REFERENCES) or not task.is_personal:
        return known, ()
    for text in (*heard.before, *([state.named] if state.named else [])):
        order = FIELDS[ORDER].read(text, desk.now)
        if order is None or (order == state.last_order and not heard.is_next):
            continue
        postcode = FIELDS[POSTCODE].read(text, desk.now)
        given = {ORDER: order} | ({POSTCODE: postcode} if postcode else {})
        return known.with_values(given), ({"text": NAMED_BEFORE.format(order=order)},)
    return known, ()


async def _with_another(desk: Desk, known: Collected, than: str | None) -> Collected:
    """With the one other order that was shown to be theirs; of none or several it is asked."""
    shown = (await desk.identity.known()).verified_orders
    others = [order for order in shown if order != than]
    if len(others) == 1 and than is not None:
        return known.with_values({ORDER: others[0]})
    return known if than is None else known.with_values({OTHER_THAN: than})

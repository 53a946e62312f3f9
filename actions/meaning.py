"""What a message means beside what was said before it: a yes, 'the other one', 'cancel it'."""

import re
from collections.abc import Mapping
from dataclasses import replace

from rasa_sdk import Tracker

from actions.beginning import ADD_TO_TICKET, GIVE_DETAILS
from actions.conversation import NOT_UNDERSTOOD, last_responses
from actions.fields import ORDER
from actions.following import NOT_MINE, follows_on
from actions.intents import TASKS
from actions.not_wanted import insists_on
from actions.offered import chosen_in_words, meant_by_yes, steps_of
from actions.opening import LONGEST_AGAIN, was_told
from actions.pictures import asks_to_send
from actions.reading import Heard, hear
from actions.state import State, read_state
from actions.subjects import (
    asked_exactly,
    asks_when,
    changed_by_time,
    meant_intent,
    moved_instead,
)
from actions.task import CONFIRM, Task
from actions.tasks.add_to_ticket import adds, tells_more
from actions.wishes import is_one_complaint, wishes_of
from core.shop import TicketKind
from language.questions import is_question
from language.values.addresses import find_address
from language.values.contacts import find_emails
from language.values.references import find_order_numbers
from language.values.towns import find_town

# what opens a ticket, and its kind
TICKETS: Mapping[str, str] = {
    "complain": TicketKind.COMPLAINT.value,
    "report_damaged": TicketKind.DAMAGED.value,
    "report_missing": TicketKind.MISSING.value,
}
_MAY_TELL = NOT_UNDERSTOOD | {"give_details", "deny"}  # just after a ticket: more of it
_NEW_TICKET = re.compile(r"\b(?:new|another|separate|second|different)\s+ticket\b", re.IGNORECASE)
CHANGE_ADDRESS, FIND_STORE, ORDER_STATUS = "change_address", "find_store", "order_status"
DID_YOU_MEAN = "utter_did_you_mean"
_MAY_CHOOSE = NOT_UNDERSTOOD | {"give_details"}  # may be the name of what was offered


def what_is_meant(
    heard: Heard, tracker: Tracker, state: State, tasks: Mapping[str, Task], *, is_open: bool
) -> Heard:
    """The message with the intent that it has here; `is_open`: while a task runs."""
    if heard.is_button:
        return heard
    insisted = None if is_open else insists_on(heard, tracker, state)
    if insisted is not None:
        return replace(heard, intent=insisted, confidence=1.0)
    asked = () if is_open else _asked_which(heard, tracker, tasks)
    if asked:  # of two it is asked again; the number that was given is kept among what was said
        sure = 1.0 if len(asked) == 1 else 0.0
        return replace(heard, intent=asked[0], confidence=sure, ranking=asked)
    name = None if is_open else _of_last(heard, tracker, state, tasks)
    name = name or _of_thing(heard, state)
    return heard if name == heard.intent else replace(heard, intent=name, confidence=1.0)


def begins_task(tracker: Tracker, tasks: Mapping[str, Task]) -> bool:
    """Whether words that were taken for something else ask for a task after all."""
    heard, state = hear(tracker), read_state(tracker.slots)
    if asks_to_send(heard.text):
        return True
    if is_one_complaint(heard.parts) or wishes_of(heard.parts, heard.chances):
        return True
    meant = what_is_meant(heard, tracker, state, tasks, is_open=False)
    is_insisted = insists_on(heard, tracker, state) is not None
    return meant.intent in TASKS and (meant.intent != heard.intent or is_insisted)


def _asked_which(heard: Heard, tracker: Tracker, tasks: Mapping[str, Task]) -> tuple[str, ...]:
    """Of what was just asked to choose from, what a bare order number may be for."""
    is_bare = heard.intent == GIVE_DETAILS and find_order_numbers(heard.text)
    if not is_bare or DID_YOU_MEAN not in last_responses(tracker):
        return ()
    offered = [step.intent for step in steps_of(tracker)]
    return tuple(name for name in offered if name in tasks and ORDER in tasks[name].fields)


def _of_last(heard: Heard, tracker: Tracker, state: State, tasks: Mapping[str, Task]) -> str | None:
    """What the words ask for once more, or take of what the last answer offered."""
    if heard.intent == "affirm":
        steps = meant_by_yes(tracker)
        return steps[0] if len(steps) == 1 else None
    if adds_to_ticket(heard, state):
        return ADD_TO_TICKET
    if was_told(tracker) and find_town(heard.text) and len(heard.text.split()) <= LONGEST_AGAIN:
        return FIND_STORE  # 'the brighton one', after the hours
    timed = changed_by_time(heard.intent, heard.text, state.subject)
    timed = timed or asked_exactly(heard.intent, heard.text, state.subject)
    if timed is not None and not was_told(tracker):
        return timed
    last = tasks.get(state.last_task or "")
    if last is not None and _goes_on(heard, last):
        return last.name
    return chosen_in_words(tracker, heard.text) if heard.intent in _MAY_CHOOSE else None


def _goes_on(heard: Heard, last: Task) -> bool:
    """Whether the words are of the last task: another order, not this one, another address."""
    if last.name == ORDER_STATUS and NOT_MINE.search(heard.text):
        return True
    is_bare = heard.intent == GIVE_DETAILS and last.name == CHANGE_ADDRESS
    if is_bare and find_address(heard.text) is not None:
        return True
    return follows_on(heard.text, heard.intent, heard.confidence, last)


def adds_to_ticket(heard: Heard, state: State) -> bool:
    """Whether the message adds to the ticket that was opened before, and is no new matter."""
    if not state.ticket or _NEW_TICKET.search(heard.text):
        return False
    order = find_order_numbers(heard.text)
    if order and order[0].value != state.ticket.get("order"):
        return False
    if asks_when(heard.text) and is_question(heard.text) and not adds(heard.text):
        return False
    kind = TICKETS.get(heard.intent or "")
    if kind is not None:
        return kind == state.ticket["kind"] or adds(heard.text)
    is_next = state.last_task in (*TICKETS, ADD_TO_TICKET)
    return is_next and heard.intent in _MAY_TELL and tells_more(heard.text) and not order


def _of_thing(heard: Heard, state: State) -> str | None:
    """What it is that the wish is about: the thing spoken of, or an e-mail address."""
    if state.asked == CONFIRM and (moves := moved_instead(state.task, heard.text)) is not None:
        return moves
    is_address = heard.intent == "change_address" or state.task == "change_address"
    if is_address and find_emails(heard.text) and find_address(heard.text) is None:
        return "change_contact"
    return meant_intent(heard.intent, heard.text, state.subject)

"""Insisting after a refusal: 'but I don't want it any more' leads to what can be done instead."""

import re

from rasa_sdk import Tracker

from actions.offered import steps_of
from actions.reading import Heard
from actions.state import State
from language.values.references import find_order_numbers

# Said before what is begun instead, which the words did not name
LEADS = {"start_return": "It cannot be cancelled any more, but it can come to us again."}
# What is refused, and the tasks by which the customer still gets rid of the thing
_INSTEAD = {"cancel_order": ("start_return",)}
_NOT_WANTED = re.compile(
    r"\b(?:(?:do|did|does)\s*n[o'’]?t|don[’']?t|no longer|not|never|wo?n[’']?t)\s+"
    r"(?:(?:really|even|actually|going to|gonna)\s+)*(?:want|need|like|keep|use|have any use for)"
    r"(?:ed|ing)?\s+(?:it|that|this|them|those|these|(?:the|that|this|any|my)\s+\w+)\b"
    r"|\b(?:get rid of|take|have)\s+(?:it|them)(?:\s+(?:back|away))?\b"
    r"|\bno (?:use|need) (?:for|of) (?:it|them|that)\b",
    re.IGNORECASE,
)
# refuses what was offered, and not the thing: 'no, I don't want that'
_NOT_THE_OFFER = re.compile(
    r"\W*(?:no|nope|nah)\b.*\b(?:that|this|a return|to return|to send)\b", re.IGNORECASE
)
# taken for one of these, such words are meant so
_MAY_INSIST = frozenset(
    {"cancel_order", "start_return", "never_mind", "deny", "nlu_fallback", "out_of_scope", "help"}
)


def insists_on(heard: Heard, tracker: Tracker, state: State) -> str | None:
    """The task that words begin which insist on what was refused a message ago; else None.

    What the refusal offered instead is begun; where it offered nothing of the kind, the task itself
    once more, which then offers a person.
    """
    instead = _INSTEAD.get(state.refused or "")
    if instead is None or heard.intent not in _MAY_INSIST or heard.is_button:
        return None
    order = find_order_numbers(heard.text)
    if order and order[0].value != state.last_order:
        return None
    is_same = heard.intent == state.refused
    is_no = _NOT_THE_OFFER.match(heard.text) is not None
    if not is_same and (is_no or _NOT_WANTED.search(heard.text) is None):
        return None
    offered = [step.intent for step in steps_of(tracker)]
    return next((name for name in instead if name in offered), state.refused)

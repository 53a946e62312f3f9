"""Several wishes in one message: the first is begun, the others come after it, each in turn.

Rasa tells what each part of the message was taken for (bot/components/clauses.py).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions.grievance import COMPLAIN, grievance_in, is_grievance
from actions.intents import TASKS
from actions.reading import Heard
from actions.state import Paused, State
from actions.subjects import NAMED
from actions.task import WISH, Collected

ADD_TO_TICKET = "add_to_ticket"  # where more of a complaint goes
ARTICLE, HOURS = "ask_article", "opening_hours"
ASKED_BESIDE = frozenset({ARTICLE, HOURS})  # answered at once, before the first task
# Of confidences: of a part that asks for something, and of one that only tells. Of 300 pairs of
# shop_blind.csv both wishes are found in 54 %, two others in 3 %; of 266 messages of one wish one
# is split (python -m benchmarks.nlu.pairs). Chosen when these were 57 %, 3 % and one; with 0.75 for
# the second they were 59 %, 6 % and two.
SURE, SURE_OF_TOLD = 0.5, 0.9
# 'can we do another day' and 'I won't be in' say nothing by themselves: what they are taken for
# must also be likely of the whole message
LIKELY = 0.01
_SAYS_NOT_WHAT = re.compile(
    r"\b(?:it|that|this|them|one|another)\b|(?:\b(?:be|am|are)|[’']m)\s+(?:at\s+)?(?:in|home|away|out)\b",
    re.IGNORECASE,
)
_WANTS = re.compile(  # first words that wish for something, and do not only tell of it
    r"\W*(?:(?:and|so|also|but|now|then|please|just)\b\W*)*"
    r"(?:(?:i|we)(?:\s+(?:also|just|still|really|now))*"
    r"(?:[’']d\s+(?:also\s+)?(?:like|prefer)|\s+(?:would\s+like|want|need|expect|demand))\b"
    r"|(?:can|could|will|would)\s+(?:i|we|you|someone|somebody)\b"
    r"|(?:give|get|send|cancel|refund|return|change|move|call|ring|collect|take|book)\b)",
    re.IGNORECASE,
)
# Said together these are one matter: what is wanted is the first
_ONE_MATTER = (
    frozenset({"start_return", "return_status"}),
    frozenset({"cancel_order", "return_status"}),
    frozenset({"cancel_order", "start_return"}),
    frozenset({"order_status", "report_missing"}),
    frozenset({"report_damaged", "start_return"}),
    frozenset({"report_damaged", "report_missing"}),
    frozenset({"complain", "call_back"}),
    frozenset({"change_slot", "order_status"}),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A part of a message, and what it was taken for."""

    text: str
    intent: str


def wishes_of(parts: Sequence[Mapping[str, Any]], chances: Mapping[str, float]) -> tuple[Wish, ...]:
    """The wishes of a message that holds several, in its order; else none.

    A part that is not sure, or the same wish again, belongs to the one before it. `chances` are
    those of the whole message's likeliest intents.
    """
    found: list[Wish] = []
    for part in parts:
        wish = Wish(str(part["text"]), _intent_of(part))
        is_sure = wish.intent != part["intent"] or _is_sure(part, chances)
        is_sure = is_sure and wish.intent in {*TASKS, *ASKED_BESIDE}
        if found and (not is_sure or wish.intent == found[-1].intent):
            found[-1] = replace(found[-1], text=f"{found[-1].text} and {wish.text}")
        elif not is_sure:
            return ()
        else:
            found.append(wish)
    is_several = len(found) > 1 and any(wish.intent in TASKS for wish in found)
    return tuple(found) if is_several and not _is_one_matter(found) else ()


def is_one_complaint(parts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether all of a message is one complaint: what has gone wrong, and how it was handled."""
    found = grievance_in(parts, sure=SURE_OF_TOLD)
    return found is not None and found.is_whole


def wishes_within(heard: Heard, task: str) -> tuple[Wish, ...]:
    """What is wished for besides in words that tell `task` something: '… and I want a refund'."""
    parts = heard.parts or ({"text": heard.text, "intent": heard.intent,
                             "confidence": heard.confidence},)  # fmt: skip
    found: dict[str, Wish] = {}
    for part in parts:
        wish = Wish(str(part["text"]), _intent_of(part))
        is_wish = _WANTS.match(wish.text) is not None and float(part["confidence"]) >= SURE_OF_TOLD
        is_same = wish.intent == task or frozenset({wish.intent, task}) in _ONE_MATTER
        if is_wish and wish.intent in TASKS and not is_same:
            found.setdefault(wish.intent, wish)
    return tuple(found.values())


def _intent_of(part: Mapping[str, Any]) -> str:
    return COMPLAIN if is_grievance(str(part["text"])) else str(part["intent"])


def _is_sure(part: Mapping[str, Any], chances: Mapping[str, float]) -> bool:
    least = SURE if part["asks"] else SURE_OF_TOLD
    is_whole = not _SAYS_NOT_WHAT.search(part["text"]) or NAMED.search(part["text"])
    is_likely = bool(is_whole) or chances.get(part["intent"], 0.0) >= LIKELY
    return float(part["confidence"]) >= least and is_likely


def _is_one_matter(wishes: Sequence[Wish]) -> bool:
    return frozenset(wish.intent for wish in wishes) in _ONE_MATTER


@dataclass(frozen=True, slots=True)
class Split:
    """A message as its first task alone; what is answered beside it; the tasks that follow."""

    first: Heard
    beside: tuple[Wish, ...] = ()
    later: tuple[Wish, ...] = ()


def split(heard: Heard) -> Split:
    """The wishes of a message apart; a message of one wish is all of the first."""
    if heard.intent != ADD_TO_TICKET and is_one_complaint(heard.parts):
        return Split(replace(heard, intent=COMPLAIN, confidence=1.0, parts=()))
    wishes = wishes_of(heard.parts, heard.chances)
    tasks = [wish for wish in wishes if wish.intent in TASKS]
    if not tasks:
        return Split(heard)
    first, *later = tasks
    alone = replace(
        heard, text=first.text, intent=first.intent, confidence=1.0, parts=(), whole=heard.text
    )
    beside = tuple(wish for wish in wishes if wish.intent in ASKED_BESIDE)
    return Split(alone, beside, tuple(later))


def waiting(state: State, wishes: Sequence[Wish]) -> State:
    """With these to be begun when what runs is done, the first of them next."""
    later = [
        Paused(wish.intent, Collected({WISH: wish.text}), is_waiting=True)
        for wish in reversed(wishes)
    ]
    return replace(state, paused=(*state.paused, *later))

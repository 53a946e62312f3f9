"""The course of a task: who is asking, what is missing, doing it, and what comes after."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from actions.conversation import RESPONSES
from actions.endings import (
    BROKEN,
    DECLINED,
    DOWN,
    DOWN_TOLD,
    LEFT_UNSURE,
    PERSON,
    TRY_AGAIN,
    UNFINDABLE,
    locked,
    not_taken,
    refused,
)
from actions.facts import facts_of
from actions.fields import resting_on
from actions.identify import PRIVATE, Locked, NotYet, Unfindable, identify
from actions.intents import phrase_of
from actions.reading import YES_NO
from actions.state import State
from actions.task import (
    ATTEMPT,
    CONFIRM,
    NO,
    NO_ONCE,
    WISH,
    YES,
    Again,
    Ask,
    Choice,
    Collected,
    Desk,
    Outcome,
    Result,
    Task,
)
from actions.tasks.notes import NOTE
from actions.tasks.orders import EVERYTHING, SEVERAL
from core.errors import BadInput, Conflict, NotFound, Unavailable, Unsure
from core.shop import Refused, keys_of
from language.values.matching import find_name, find_names

RESUME = "resume"
TURN_SECONDS = 8.0  # all that is asked of the shop in one turn; Rasa waits 10 s for an action
ONLY_TELL = frozenset(
    {"call_back", "find_store", "fitting_status", "order_status", "return_status", "ticket_status"}
)
YES_OR_NO = (Choice("Yes", YES), Choice("No", NO))

Says = tuple[Mapping[str, Any], ...]  # what a dispatcher utters, message by message


@dataclass(frozen=True, slots=True)
class Step:
    """What a message leads to: how things stand then, and what is said."""

    state: State
    says: Says = ()


async def advance(
    task: Task, desk: Desk, state: State, says: Says = (), until: float | None = None
) -> Step:
    """Ask what is missing, or finish; what is said comes after `says`.

    `until` is when the shop must have answered, on the clock of the event loop.
    """
    until = asyncio.get_running_loop().time() + TURN_SECONDS if until is None else until
    try:
        state, ending = await _proceed(task, desk, state, until)
    except (Unavailable, TimeoutError):
        if _is_unsure(task, state.collected):
            again = replace(state, collected=state.collected.without(CONFIRM))
            return Step(again.asking(TRY_AGAIN, desk.turn), (*says, say_ask(TRY_AGAIN, desk.turn)))
        down = DOWN_TOLD if NOTE in state.collected else DOWN
        return end(task.name, down, desk, replace(state, paused=()))
    except BadInput as error:
        ending = not_taken(str(error))
    except (NotFound, Conflict):
        ending = BROKEN
    known = state.collected
    match ending:
        case Ask():
            state = replace(state, collected=known.settling(ending.settles))
            return Step(state.asking(ending, desk.turn), (*says, say_ask(ending, desk.turn)))
        case Again(name, text):
            void = {name, *resting_on({name})}
            state = replace(state, collected=known.without(*void))
            return await advance(task, desk, state, (*says, {"text": text}), until)
        case Outcome():
            return end(task.name, ending, desk, state, says)


def end(name: str, outcome: Outcome, desk: Desk, state: State, says: Says = ()) -> Step:
    """Say how it ended; ask whether to go on with what was interrupted by it, else for a survey."""
    if _is_refused_again(name, outcome, state):  # the same words once more would help nobody
        outcome = replace(outcome, offers="order_change", buttons=())
    is_resumed = any(not paused.is_waiting for paused in state.paused)
    if is_resumed and outcome.offers is not None:  # one yes-or-no question at a time
        outcome = replace(outcome, offers=None, buttons=(PERSON,))
    told = {"parley": "survey", "about": name, "outcome": outcome.result.value}
    state = replace(state, unsettled=_unsettled(outcome, state)).ended(outcome.result)
    if outcome.ticket is not None:
        state = state.with_ticket(outcome.ticket)
    if outcome.result is Result.FAILED or outcome.offers is not None:
        state = state.without_waiting()
    if not state.paused:
        return Step(state, (*says, *say_outcome(outcome), {"json_message": told}))
    says = (*says, *say_outcome(outcome), {"json_message": told | {"in_between": True}})
    if state.paused[-1].is_waiting:  # the next of several wishes; actions/form.py begins it
        return Step(state, says)
    ask = ask_resume(state.paused[-1].task)
    return Step(state.asking(ask, desk.turn), (*says, say_ask(ask, desk.turn)))


def _is_refused_again(name: str, outcome: Outcome, state: State) -> bool:
    """Whether just this was refused a message ago as well, with something else to do instead."""
    is_refused = outcome.result is Result.REFUSED and state.refused == name
    return is_refused and outcome.offers is None


def _unsettled(outcome: Outcome, state: State) -> Mapping[str, str]:
    """What a person must know of what went wrong; all is forgotten once something is done."""
    match outcome.result:
        case Result.RESOLVED:
            return {}
        case Result.DECLINED:
            return state.unsettled
    return facts_of(state.collected)


def ask_resume(name: str) -> Ask:
    """Ask whether to go on with a task that was put aside."""
    return Ask(RESUME, f"Shall we go on with {phrase_of(name)}?", YES_OR_NO)


def say_ask(ask: Ask, turn: str) -> Mapping[str, Any]:
    """A question with its choices as buttons; what can be chosen by number is numbered."""
    titles = [choice.title for choice in ask.choices]
    if ask.field not in YES_NO:
        own = [choice for choice in ask.choices if choice.field is None]
        titles = [
            f"{own.index(choice) + 1}. {choice.title}" if choice in own else choice.title
            for choice in ask.choices
        ]
    buttons = [
        {"title": title, "payload": _payload(ask, number, turn)}
        for number, title in enumerate(titles)
    ]
    buttons += [{"title": button.title, "payload": button.payload} for button in ask.buttons]
    return {"text": ask.text, "buttons": buttons}


def say_outcome(outcome: Outcome) -> Says:
    """How it ended, and what can be done next."""
    buttons = [{"title": button.title, "payload": button.payload} for button in outcome.buttons]
    said: Mapping[str, Any] = {"text": outcome.text, "buttons": buttons}
    if outcome.offers is not None:
        said = {"response": RESPONSES[outcome.offers], "why": outcome.text}
    return (said, *({"json_message": dict(message)} for message in outcome.messages))


async def _proceed(
    task: Task, desk: Desk, state: State, until: float
) -> tuple[State, Ask | Again | Outcome]:
    is_unsure = _is_unsure(task, state.collected)
    if state.collected.get(CONFIRM) == NO:
        return state, LEFT_UNSURE if is_unsure else DECLINED
    try:
        async with asyncio.timeout_at(until):
            state, ask = await _prepare(task, desk, state, is_unsure=is_unsure)
        return (state, ask) if ask is not None else await _finish(task, desk, state, until)
    except Refused as refusal:
        return state, refused(refusal.reason, state.collected)


async def _prepare(
    task: Task, desk: Desk, state: State, *, is_unsure: bool
) -> tuple[State, Ask | Outcome | None]:
    """What comes before the work: who they are, and what is missing."""
    if task.is_personal:
        shown = await identify(desk, state.collected, task.fields)
        state = replace(state, collected=shown.known)
        if isinstance(shown, Locked):
            return state, locked(shown.until and shown.until.astimezone(desk.now.tzinfo))
        if isinstance(shown, Unfindable):
            return state, UNFINDABLE
        if isinstance(shown, NotYet):
            return state, shown.ask
    if is_unsure:  # what the shop says now may be after the change
        return state, None if CONFIRM in state.collected else TRY_AGAIN
    return await _next(task, desk, state)


async def _finish(
    task: Task, desk: Desk, state: State, until: float
) -> tuple[State, Ask | Again | Outcome]:
    """Do it; when nobody knows whether that was done, ask whether to try the same again."""
    known = state.collected
    key = known.get(ATTEMPT) if _is_unsure(task, known) else None
    key = key or _key(task, state, desk)
    try:
        async with asyncio.timeout_at(until):
            return state, await task.finish(replace(desk, turn=key), known)
    except (Unsure, TimeoutError):
        if task.name in ONLY_TELL:
            raise
    known = known.with_values({ATTEMPT: key}).without(CONFIRM)
    return replace(state, collected=known), TRY_AGAIN


def _key(task: Task, state: State, desk: Desk) -> str:
    """Of a change: the same whenever the same question is answered with the same values.

    So who says yes once more, since no answer came the first time, changes nothing twice.
    """
    asked = state.question or desk.turn
    return f"{keys_of(desk.conversation)}{_digest(asked)}-{_values(task, state.collected)}"


def _is_unsure(task: Task, known: Collected) -> bool:
    """Whether just this was tried before, and may have been done."""
    return (known.get(ATTEMPT) or "").endswith(f"-{_values(task, known)}")


def _values(task: Task, known: Collected) -> str:
    hidden = {ATTEMPT, CONFIRM, NO_ONCE, *PRIVATE}
    told = sorted((name, known[name]) for name in known if name not in hidden)
    return _digest(task.name, json.dumps(told))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


async def _next(task: Task, desk: Desk, state: State) -> tuple[State, Ask | None]:
    """What to ask; not what the first words, read against the choices, answer already."""
    ask = await task.next(desk, state.collected)
    while ask is not None and (value := _wished(ask, state.collected)) is not None:
        known = state.collected.with_values({ask.field: value})
        state = replace(state, collected=known, lists={**state.lists, ask.field: ask.choices})
        ask = await task.next(desk, known)
    return state, ask


def _wished(ask: Ask, known: Collected) -> str | None:
    """The choice that the words which began the task name, such as an item to return."""
    wish = known.get(WISH)
    if wish is None or ask.field in YES_NO or ask.field in known:
        return None
    names = {c.title: c.value for c in ask.choices if c.field is None and c.at is None}
    if ask.field == "item":
        own = [name for name in names if names[name] != EVERYTHING]
        several = find_names(wish, own)
        if several:
            return SEVERAL.join(names[name] for name in several)
    found = find_name(wish, tuple(names))  # by name alone: a number in it is an order's
    return None if found is None else names[found.value]


def _payload(ask: Ask, number: int, turn: str) -> str:
    """A button answers one question only: that of this turn."""
    intent = "give_details"
    if ask.field in YES_NO:
        intent = "affirm" if ask.choices[number].value == YES else "deny"
    return f"/{intent}{json.dumps({'ask': turn, 'choice': number})}"

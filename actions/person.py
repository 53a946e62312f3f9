"""Asking for a person. `channels` owns what follows, and says it to the customer."""

from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import confidence, intent, last_offer, said
from actions.facts import facts_of
from actions.fields import ORDER, read_order
from actions.meaning import begins_task
from actions.offered import ASK_PERSON, meant_by_yes, steps_of, which_of_these
from actions.reading import PLAIN, refuses_person
from actions.state import forget, read_state
from actions.task import Result
from actions.tasks import ALL
from actions.undoing import say_undo

Events = list[dict[str, Any]]

ASKED = "asked_for_person"


async def hand_off(
    dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
) -> Events:
    """The customer wants a person, of their own accord or because the bot offered one.

    Who says that they want none is not put in line, and who may have said so is asked.
    """
    text = said(tracker)
    if refuses_person(text):
        dispatcher.utter_message(response="utter_what_else")
        return forget(tracker.slots)
    if text and confidence(tracker) < PLAIN and last_offer(tracker) is None:
        dispatcher.utter_message(response="utter_offer_person")
        return forget(tracker.slots)
    _ask_for_person(dispatcher, tracker, last_offer(tracker) or ASKED)
    return forget(tracker.slots)


async def leave_task(
    dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
) -> Events:
    """Leave what was begun, and forget it; nothing of it was done.

    Where nothing was begun the words may still wish for something: 'but I don't want it any more'.
    """
    if read_state(tracker.slots).task is None:
        return _leave_nothing(dispatcher, tracker)
    is_going = intent(tracker) == "goodbye"
    dispatcher.utter_message(response="utter_goodbye" if is_going else "utter_never_mind")
    task = read_state(tracker.slots).task
    ended = {"parley": "survey", "about": task, "outcome": Result.DECLINED.value}
    dispatcher.utter_message(json_message=ended)
    return forget(tracker.slots)


def _leave_nothing(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    if begins_task(tracker, ALL):
        return [FollowupAction("task_form")]
    dispatcher.utter_message(response="utter_never_mind")
    return []


async def answer_yes(
    dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
) -> Events:
    """A yes counts when the bot has just offered a person or a task; else it asks what is meant."""
    reason, steps = last_offer(tracker), meant_by_yes(tracker)
    if reason is not None:
        _ask_for_person(dispatcher, tracker, reason)
    elif steps == (ASK_PERSON,):
        _ask_for_person(dispatcher, tracker, ASKED)
    elif len(steps) == 1:
        return [FollowupAction("task_form")]
    elif steps:
        dispatcher.utter_message(**which_of_these(steps_of(tracker)))
    else:
        dispatcher.utter_message(response="utter_what_else")
    return []


async def answer_no(
    dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
) -> Events:
    """A no leaves things as they are; what would take back the last task is told what can be."""
    if begins_task(tracker, ALL):
        return [FollowupAction("task_form")]
    undo = say_undo(said(tracker), read_state(tracker.slots), tracker.slots.get("outcome"))
    dispatcher.utter_message(**(undo or {"response": "utter_what_else"}))
    return []


def _ask_for_person(dispatcher: CollectingDispatcher, tracker: Tracker, reason: str) -> None:
    dispatcher.utter_message(
        json_message={"parley": "handoff", "reason": reason, "facts": _facts(tracker)}
    )


def _facts(tracker: Tracker) -> dict[str, str]:
    """What the customer need not say again; whether they are verified, the store knows."""
    state = read_state(tracker.slots)
    told = read_order(said(tracker), datetime.now(UTC))
    number = told or state.collected.get(ORDER) or state.last_order
    facts = {"order_number": number} if number else {}
    if state.task is not None:
        facts["task"] = state.task
    return {**state.unsettled, **facts_of(state.collected), **facts}

"""Asking for a person. `channels` owns what follows, and says it to the customer."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import last_offer, said
from actions.details import find_details

Events = list[dict[str, Any]]

ASKED = "asked_for_person"


async def hand_off(
    dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
) -> Events:
    """The customer wants a person, of their own accord or because the bot offered one."""
    _ask_for_person(dispatcher, tracker, last_offer(tracker) or ASKED)
    return []


async def answer_yes(
    dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
) -> Events:
    """A yes counts when the bot has just offered a person; else it asks what is meant."""
    reason = last_offer(tracker)
    if reason is None:
        dispatcher.utter_message(response="utter_what_else")
    else:
        _ask_for_person(dispatcher, tracker, reason)
    return []


async def answer_no(
    dispatcher: CollectingDispatcher, _tracker: Tracker, _domain: dict[str, Any]
) -> Events:
    """A no leaves things as they are."""
    dispatcher.utter_message(response="utter_what_else")
    return []


def _ask_for_person(dispatcher: CollectingDispatcher, tracker: Tracker, reason: str) -> None:
    dispatcher.utter_message(
        json_message={"parley": "handoff", "reason": reason, "facts": _facts(tracker)}
    )


def _facts(tracker: Tracker) -> dict[str, str]:
    """What the customer need not say again."""
    number = (
        find_details(said(tracker)).order_number
        or tracker.slots.get("order_number")
        or tracker.slots.get("last_order")
    )
    return {"order_number": number} if number else {}

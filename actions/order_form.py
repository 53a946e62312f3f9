"""Filling the order form: number and postcode, in one message or two, in any order."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import intent, said
from actions.details import find_details

Events = list[dict[str, Any]]

# Messages that data/rules.yml answers while the form is open: always, or when they tell nothing.
LEAVES_FORM = frozenset({"ask_person", "change_order", "never_mind"})
LEAVES_FORM_WITHOUT_DETAILS = frozenset({"greet", "bot_challenge", "opening_hours", "goodbye"})

HINTS = {"order_number": "utter_no_order_number", "postcode": "utter_no_postcode"}


async def validate_order_form(
    dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
) -> Events:
    """Fill what the message tells; no events leave the message to the rules."""
    found = find_details(said(tracker))
    asked = tracker.slots.get("requested_slot")
    if asked not in HINTS:  # the form begins: what an earlier one left does not count
        return [SlotSet("order_number", found.order_number), SlotSet("postcode", found.postcode)]
    meant = intent(tracker)
    if meant in LEAVES_FORM or (meant in LEAVES_FORM_WITHOUT_DETAILS and not found):
        return []
    if not found and meant == "order_status":  # the same wish again: ask again, without reproach
        return [SlotSet(asked, None)]
    if not found:
        dispatcher.utter_message(response=HINTS[asked])
        return [SlotSet(asked, None)]
    details = {"order_number": found.order_number, "postcode": found.postcode}
    return [SlotSet(name, value) for name, value in details.items() if value is not None]

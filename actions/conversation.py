"""Reading the conversation as Rasa hands it to an action."""

from collections.abc import Iterator
from typing import Any

from rasa_sdk import Tracker

from core.errors import BadInput

# What the bot last offered a person for: the response that offers, and the reason it stands for.
OFFERS = {
    "utter_offer_person_change": "order_change",
    "utter_offer_person_lookup": "order_not_found",
    "utter_offer_person_lost": "not_understood",
}
NOT_UNDERSTOOD = "nlu_fallback"


def turn_id(tracker: Tracker) -> str:
    """The id of the turn that is being answered; what an action changes is keyed by it.

    Raises:
        BadInput: the message did not come through bot/channel.py.
    """
    turn = (tracker.latest_message.get("metadata") or {}).get("turn")
    if not isinstance(turn, str):
        raise BadInput("this message has no turn id in its metadata")
    return turn


def said(tracker: Tracker) -> str:
    """The customer's latest message; empty for a button."""
    text = tracker.latest_message.get("text") or ""
    return "" if text.startswith("/") else text


def intent(tracker: Tracker) -> str | None:
    """What Rasa takes the latest message for."""
    name = (tracker.latest_message.get("intent") or {}).get("name")
    return name if isinstance(name, str) else None


def last_offer(tracker: Tracker) -> str | None:
    """The reason for which the bot's last answer offered a person, if it did."""
    reasons = [
        OFFERS[name]
        for event in _before_latest_message(tracker)
        if event.get("event") == "bot" and (name := _response_name(event)) in OFFERS
    ]
    return reasons[0] if reasons else None


def misunderstood_before(tracker: Tracker) -> bool:
    """Whether the customer's message before the latest was not understood either."""
    earlier = [event for event in reversed(tracker.events) if event.get("event") == "user"][1:2]
    return any(_intent_name(event) == NOT_UNDERSTOOD for event in earlier)


def _before_latest_message(tracker: Tracker) -> Iterator[dict[str, Any]]:
    """The events between the customer's last two messages, latest first."""
    messages_seen = 0
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            messages_seen += 1
        elif messages_seen == 1:
            yield event
        if messages_seen > 1:
            return


def _response_name(event: dict[str, Any]) -> str:
    return str((event.get("metadata") or {}).get("utter_action"))


def _intent_name(event: dict[str, Any]) -> str | None:
    parsed = (event.get("parse_data") or {}).get("intent") or {}
    name = parsed.get("name")
    return name if isinstance(name, str) else None

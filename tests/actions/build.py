"""Trackers built by hand, as Rasa sends them to an action."""

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

Event = dict[str, Any]


def customer(text: str, intent: str = "greet", turn: str = "turn-1") -> Event:
    """A customer's message."""
    return {
        "event": "user",
        "text": text,
        "parse_data": {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "metadata": {"turn": turn},
        },
    }


def bot(
    response: str | None = None, text: str = "...", buttons: Sequence[dict[str, str]] = ()
) -> Event:
    """A bot's message, made from a response of domain.yml or from plain text."""
    told = {"utter_action": response} if response else {}
    return {"event": "bot", "text": text, "metadata": told, "data": {"buttons": list(buttons)}}


def tracker(*events: Event, sender_id: str = "conversation-1", **slots: Any) -> Tracker:
    """A conversation; its latest message is the last of `events` that a customer wrote."""
    said = [event for event in events if event["event"] == "user"]
    latest = said[-1]["parse_data"] if said else {}
    return Tracker(sender_id, slots, latest, list(events), False, None, {}, "action_listen")


def dispatcher() -> CollectingDispatcher:
    """Collects what an action says."""
    return CollectingDispatcher()


def said(by: CollectingDispatcher) -> list[Any]:
    """What was said: names of responses, plain texts, and custom messages."""
    return [message["custom"] or message["response"] or message["text"] for message in by.messages]


def slots_of(events: list[Event]) -> dict[str, Any]:
    """The slots that these events set."""
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}

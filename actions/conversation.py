"""Reading the conversation as Rasa hands it to an action."""

from collections.abc import Iterator
from typing import Any

from rasa_sdk import Tracker

from core.errors import BadInput

# What the bot last offered a person for: the response that offers, and the reason it stands for.
OFFERS = {
    "utter_other_language": "other_language",
    "utter_offer_person_change": "order_change",
    "utter_offer_person_lookup": "order_not_found",
    "utter_offer_person_lost": "not_understood",
    "utter_offer_person": "asked_for_person",
    "utter_no_article": "no_article",
    "utter_perhaps_articles": "no_article",
}
# What the bot last asked about: the response that asks, and the task that a yes begins.
ASKED_ABOUT = {"utter_greet_order": "order_status", "utter_greet_ticket": "ticket_status"}
RESPONSES = {reason: response for response, reason in OFFERS.items()}
# What answers a message out of an article, whatever Rasa took it for.
ANSWERED = frozenset({"utter_article", "utter_article_in_between"})
REPHRASE = "utter_rephrase"  # asks for other words, whatever the message was taken for
OUT_OF_SCOPE = "out_of_scope"
NOT_UNDERSTOOD = frozenset({"nlu_fallback", OUT_OF_SCOPE})


def turn_id(tracker: Tracker) -> str:
    """The id of the turn that is being answered; what an action changes is keyed by it.

    Raises:
        BadInput: the message did not come through bot/channel.py.
    """
    turn = (tracker.latest_message.get("metadata") or {}).get("turn")
    if not isinstance(turn, str):
        raise BadInput("this message has no turn id in its metadata")
    return turn


def replied_to(tracker: Tracker) -> str:
    """The words that the latest message was written as a reply to; empty for a plain one."""
    return str((tracker.latest_message.get("metadata") or {}).get("replies_to") or "")


def said(tracker: Tracker) -> str:
    """The customer's latest message; empty for a button."""
    text = tracker.latest_message.get("text") or ""
    return "" if text.startswith("/") else text


def said_well(tracker: Tracker) -> str:
    """The same with misspelt words put right (bot/components/corrector.py)."""
    return str(tracker.latest_message.get("spelled") or said(tracker))


def said_before(tracker: Tracker) -> str:
    """The customer's message before the latest; empty for a button."""
    return next(iter(_said_earlier(tracker)), "")


def earlier_said(tracker: Tracker) -> tuple[str, ...]:
    """The customer's own words in the messages before the latest that we are told of, latest first.

    Rasa tells of two (bot/telling.py).
    """
    return tuple(text for text in _said_earlier(tracker) if text)


def _said_earlier(tracker: Tracker) -> Iterator[str]:
    """Each message before the latest; empty for a button."""
    earlier = [event for event in reversed(tracker.events) if event.get("event") == "user"][1:]
    for event in earlier:
        text = str(event.get("text") or "")
        yield "" if text.startswith("/") else text


def intent(tracker: Tracker) -> str | None:
    """What Rasa takes the latest message for."""
    name = (tracker.latest_message.get("intent") or {}).get("name")
    return name if isinstance(name, str) else None


def confidence(tracker: Tracker) -> float:
    """How likely the latest message is what Rasa takes it for."""
    return float((tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)


def was_interrupted(tracker: Tracker) -> bool:
    """Whether the form left the latest message to the rules, and is asked to go on now."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action_execution_rejected":
            return True
    return False


def last_offer(tracker: Tracker) -> str | None:
    """The reason for which the bot's last answer offered a person, if it did."""
    return next((OFFERS[name] for name in last_responses(tracker) if name in OFFERS), None)


def asked_about(tracker: Tracker) -> str | None:
    """The task that a yes to the bot's last answer begins, if it asked for one."""
    responses = last_responses(tracker)
    return next((ASKED_ABOUT[name] for name in responses if name in ASKED_ABOUT), None)


def last_responses(tracker: Tracker) -> list[str]:
    """The names of the responses between the customer's last two messages, latest first."""
    events = _before_latest_message(tracker)
    return [_response_name(event) for event in events if event.get("event") == "bot"]


def last_buttons(tracker: Tracker) -> list[tuple[str, str]]:
    """Titles and payloads of the buttons between the customer's last two messages, as shown.

    Those of the message that had buttons last: of several, it is the one that is answered.
    """
    for event in _before_latest_message(tracker):
        buttons = (event.get("data") or {}).get("buttons") if event.get("event") == "bot" else None
        if buttons:
            return [(str(one.get("title")), str(one.get("payload"))) for one in buttons]
    return []


def misunderstood_before(tracker: Tracker) -> bool:
    """Whether the message before the latest was not understood either, and nothing answered it."""
    responses = last_responses(tracker)
    if not ANSWERED.isdisjoint(responses):
        return False
    if REPHRASE in responses:
        return True
    earlier = [event for event in reversed(tracker.events) if event.get("event") == "user"][1:2]
    return any(_intent_name(event) in NOT_UNDERSTOOD for event in earlier)


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

"""Handing a conversation to the people: what the agent reads first, what the customer is told."""

from collections.abc import Mapping

from channels.requests import asks_for_person
from channels.situation import Situation
from core.conversation import Role

LAST_WORDS_LENGTH = 200  # characters; what an agent reads in the ten seconds DESIGN.md gives them

REASONS = {
    "asked_for_person": "Asked for a person",
    "order_change": "Wants an order changed",
    "order_not_found": "Order not found after several tries",
    "not_understood": "Not understood by the bot",
    "transferred": "Passed on by a colleague",
}


def summarise(situation: Situation, reason: str, facts: Mapping[str, str]) -> str:
    """One line for the agent: why, the order and whether it is theirs, the last words."""
    return ". ".join([_say_reason(reason), *_orders(situation, facts), *_last_words(situation)])


def tell_place(place: int) -> str:
    """What the customer reads while they wait."""
    if place <= 1:
        return "You are next in line. Somebody will answer you here."
    return f"You are number {place} in line. Somebody will answer you here."


def tell_handoff(place: int) -> str:
    """What the customer reads when the conversation goes to the people."""
    line = "You are next in line." if place <= 1 else f"You are number {place} in line."
    return (
        "I am getting a person for you. They can read all of this, so you need not repeat "
        f"anything. {line}"
    )


def _say_reason(reason: str) -> str:
    return REASONS.get(reason) or reason.replace("_", " ").capitalize()


def _orders(situation: Situation, facts: Mapping[str, str]) -> list[str]:
    verified = [f"Order {number} (verified)" for number in situation.verified_orders]
    named = facts.get("order_number")
    if named and named.upper() not in situation.verified_orders:
        verified.append(f"Order {named} (not verified)")
    others = [
        f"{name.replace('_', ' ').capitalize()}: {value}"
        for name, value in facts.items()
        if name != "order_number"
    ]
    return verified + others


def _last_words(situation: Situation) -> list[str]:
    """The customer's last words that say more than that they want a person."""
    said = [turn.text for turn in situation.conversation.turns if turn.role is Role.CUSTOMER]
    telling = [text for text in said if not asks_for_person(text)]
    if not telling:
        return []
    words = " ".join(telling[-1].split())
    if len(words) > LAST_WORDS_LENGTH:
        words = f"{words[: LAST_WORDS_LENGTH - 1]}…"
    return [f"Last words: “{words}”"]

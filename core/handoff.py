"""Who holds a conversation: the bot, the queue or a person; the bot is silent while one does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import Conflict

# Why a conversation goes to the people, as lists say it.
REASONS: Mapping[str, str] = {
    "asked_for_person": "Asked for a person",
    "order_change": "Wants an order changed",
    "order_not_found": "Order not found after several tries",
    "not_understood": "Not understood by the bot",
    "no_article": "No help article had the answer",
    "other_language": "Writes in another language than English",
    "transferred": "Passed on by a colleague",
    "no_answer": "Nobody answered in time",
    "falling_mood": "Getting annoyed",
    "self_harm": "May harm themselves",
    "emergency": "Is in an emergency",
    "legal": "Legal matter",
    "regulator": "Data protection or regulator",
    "discrimination": "Feels discriminated against",
    "bereaved": "Has lost somebody",
    "hardship": "Money is short",
    "vulnerable": "May need more time or care",
    "payment_failed": "Wants to pay by card, and it did not work",
}


def told_reason(reason: str | None) -> str:
    """Why a conversation went to the people, in words; empty when nobody knows."""
    return REASONS.get(reason or "", (reason or "").replace("_", " "))


class Holder(StrEnum):
    """Who is to answer the customer now."""

    BOT = "bot"
    WAITING = "waiting"
    PERSON = "person"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Handoff:
    """The state of one conversation's handoff.

    `version` grows with each change, so that a bot turn begun before it is dropped.
    `summary` is one plain line for lists, `packet` the JSON of language.packet, which the agent
    reads first; `agent` is the user who holds it. `priority` is above 0 for one who has waited
    longer than the limit.
    """

    conversation: str
    holder: Holder
    since: datetime
    version: int
    agent: str | None = None
    reason: str | None = None
    summary: str | None = None
    packet: str | None = None
    priority: int = 0


ALLOWED: dict[Holder, frozenset[Holder]] = {
    Holder.BOT: frozenset({Holder.WAITING, Holder.PERSON, Holder.CLOSED}),
    Holder.WAITING: frozenset({Holder.PERSON, Holder.BOT, Holder.CLOSED}),
    Holder.PERSON: frozenset({Holder.PERSON, Holder.WAITING, Holder.BOT, Holder.CLOSED}),
    Holder.CLOSED: frozenset(),
}


def check_move(handoff: Handoff, to: Holder) -> None:
    """Raise Conflict unless the conversation may go from its holder to `to`."""
    if handoff.holder is Holder.CLOSED:
        raise Conflict("This conversation is closed.")
    if to not in ALLOWED[handoff.holder]:
        raise Conflict(
            f"Conversation {handoff.conversation} is {handoff.holder}; it cannot become {to}."
        )

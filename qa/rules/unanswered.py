"""A wait for a person that nobody ended: the matter is open, whatever the words sound like."""

from datetime import datetime

from core.conversation import Conversation, EventKind, Role, Turn

_ENDS = frozenset({EventKind.RETURNED, EventKind.CALL_BACK_DONE})  # back to the bot, or rung


def left_waiting(talk: Conversation) -> Turn | None:
    """The customer's last turn before a wait in which no person said anything; else None.

    What was said on the telephone may stand in no turn, so of calls nothing is known.
    """
    began = None
    for event in talk.events:
        if event.kind in _ENDS:
            began = None
        elif event.kind is EventKind.HANDED_OFF and began is None:
            began = event
    if began is None or talk.is_voice:
        return None
    if any(turn.role is Role.AGENT and _is_after(turn, began.at) for turn in talk.turns):
        return None
    asked = [turn for turn in talk.turns if turn.role is Role.CUSTOMER]
    before = [turn for turn in asked if not _is_after(turn, began.at)] or asked
    return before[-1] if before else None


def _is_after(turn: Turn, moment: datetime | None) -> bool:
    """Whether it may have been said later; without times it may."""
    return turn.said_at is None or moment is None or turn.said_at > moment

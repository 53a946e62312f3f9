"""The last events of a conversation, with what has to stand before them.

What Rasa looks through in each turn, and reads again when a conversation comes from another
process, is a tracker's events; so a conversation is kept to a window, and its cost does not grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot

from bot.talk import Talk

KEPT_EVENTS = 40  # four to eight turns; an action is told the last three (bot/telling.py)
TRIM_ABOVE = 128  # so that trimming, 2 ms, comes every tenth turn or later


def needs_trimming(tracker: Talk) -> bool:
    """Whether the conversation has outgrown its window."""
    return len(tracker.events) > TRIM_ABOVE


def trim(tracker: Talk, slots: Iterable[Slot]) -> tuple[Talk, int]:
    """The same conversation in its last turns, with all its slots and its active form.

    Returns:
        The shorter conversation, and how many of its events are those that were there before; what
        stands before them sums up all that was cut off.
    """
    events = list(tracker.events)
    cut = _find_cut(events)
    slots = list(slots)
    before = Talk.from_events(tracker.sender_id, events[:cut], slots)
    kept = events[cut:]
    return Talk.from_events(tracker.sender_id, [*_preface(before), *kept], slots), len(kept)


def _find_cut(events: Sequence[Event]) -> int:
    """The first customer message within the window, else the last one there is."""
    said = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    recent = [index for index in said if index >= len(events) - KEPT_EVENTS]
    return recent[0] if recent else said[-1] if said else 0


def _preface(before: Talk) -> list[Event]:
    """Events that bring a new tracker into the state of `before`, waiting for the customer."""
    at = before.events[-1].timestamp if before.events else None
    loop = before.active_loop_name
    return [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at),
        SessionStarted(timestamp=at),
        *(
            SlotSet(slot.name, slot.value, timestamp=at)
            for slot in before.slots.values()
            if slot.value != slot.initial_value
        ),
        *([ActionExecuted(loop, timestamp=at), ActiveLoop(loop, timestamp=at)] if loop else []),
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=at),
    ]

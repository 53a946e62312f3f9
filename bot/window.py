"""The last events of a conversation, with what has to stand before them.

Rasa replays a tracker's events several times in each turn and sends them with every action, so a
conversation is kept to a window: its cost does not grow with its length.
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
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_EVENTS = 80  # about twelve turns; an action looks two turns back at most (actions/offers.py)
TRIM_ABOVE = 2 * KEPT_EVENTS  # so that trimming costs a constant per event


def needs_trimming(tracker: DialogueStateTracker) -> bool:
    """Whether the conversation has outgrown its window."""
    return len(tracker.events) > TRIM_ABOVE


def trim(tracker: DialogueStateTracker, slots: Iterable[Slot]) -> DialogueStateTracker:
    """The same conversation in its last turns, with all its slots and its active form."""
    events = list(tracker.events)
    cut = _find_cut(events)
    slots = list(slots)
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], slots)
    return DialogueStateTracker.from_events(
        tracker.sender_id, [*_preface(before), *events[cut:]], slots
    )


def _find_cut(events: Sequence[Event]) -> int:
    """The first customer message within the window, else the last one there is."""
    said = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    recent = [index for index in said if index >= len(events) - KEPT_EVENTS]
    return recent[0] if recent else said[-1] if said else 0


def _preface(before: DialogueStateTracker) -> list[Event]:
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

"""A conversation as Rasa tracks it, read without playing it all again.

Rasa (3.6.21) plays every event of a tracker again to copy it, and once more, with a check of each
event's type, wherever it asks which of them still count. Both give the same here, from what the
tracker holds already; tests/bot/inside/compare_with_rasa.py plays whole conversations both ways.
"""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    LegacyForm,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
)
from rasa.shared.core.trackers import DialogueStateTracker

State = dict[str, Any]

_UNDOING = (ActionReverted, LegacyForm, Restarted, UserUtteranceReverted)  # none in our dialogues


class Talk(DialogueStateTracker):  # type: ignore[misc]  # Rasa ships no types
    """A tracker of an open conversation; its events are only ever appended.

    `stored` of its events are in the database, the last of them at `position`.
    """

    stored = 0
    position = 0

    def copy(self) -> Talk:
        """A tracker of its own in the same state (0.1 ms where playing 80 events took 0.8 ms)."""
        twin: Talk = Talk.__new__(Talk)
        twin.__dict__.update(self.__dict__)
        twin.events = self.events.copy()
        twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        if self.active_loop is not None:
            twin.active_loop = dataclasses.replace(self.active_loop)
        twin.model_id = twin.assistant_id = None  # as Rasa's copy has it
        return twin

    def applied_events(self) -> list[Event]:
        """Those events that still count, worked out once for each event that came."""
        state = (len(self.events), id(self.events[-1]) if self.events else 0)
        known = self.__dict__.get("_applied")
        if known is None or known[0] != state:
            known = (state, self._applied_events())
            self.__dict__["_applied"] = known
        return list(known[1])

    def _applied_events(self) -> list[Event]:
        """As Rasa's, which asks of every event whether it is one of six kinds."""
        if not any(type(event) in _UNDOING for event in self.events):
            return self._without_repeated_loops()
        applied: list[Event] = super().applied_events()
        return applied

    def _without_repeated_loops(self) -> list[Event]:
        loops = {event.name for event in self.events if type(event) is ActiveLoop and event.name}
        applied: list[Event] = []
        for event in self.events:
            if type(event) is SessionStarted:
                applied = []
            elif (
                type(event) is ActionExecuted
                and event.action_name in loops
                and not self._first_loop_execution_or_unhappy_path(event.action_name, applied)
            ):
                self._undo_till_previous_loop_execution(event.action_name, applied)
            else:
                applied.append(event)
        return applied


def last_states(tracker: DialogueStateTracker, domain: Domain, count: int) -> list[State]:
    """The last `count` (two or more) of `tracker.past_states(domain)`, and none before them."""
    events = tracker.applied_events()
    asked = [index for index, event in enumerate(events) if type(event) is ActionExecuted]
    first = asked[1 - count] if len(asked) >= count - 1 else 0
    states = []
    running = tracker.init_copy()
    for index, event in enumerate(events):
        if index >= first and type(event) is ActionExecuted:
            states.append(domain.get_active_state(running))
        event.apply_to(running)
    return [*states, domain.get_active_state(running)]

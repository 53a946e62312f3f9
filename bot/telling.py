"""What an action is told of a conversation: the last turns, and every slot as it stands.

Rasa makes JSON of every event there is, and of the whole domain for a form: 13 KB a call, 1.2 ms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    BotUttered,
    Event,
    UserUttered,
)
from rasa.version import __version__

from bot.talk import Talk

TOLD_TURNS = 3  # an action looks two turns back at most (actions/conversation.py), and one to spare

Json = dict[str, Any]


class QuickAction(RemoteAction):  # type: ignore[misc]  # Rasa ships no types
    """An action of the action server, told no more than it may look at."""

    def _action_call_format(self, tracker: Talk, domain: Domain) -> Json:  # noqa: ARG002  # Rasa's signature
        return {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": told_of(tracker),
            "version": __version__,
        }


def told_of(tracker: Talk) -> Json:
    """A tracker as rasa_sdk reads one, with the events from the third last message on.

    Slots are told as they stand, the events that set them are not; nor the ranking of intents but
    for the latest message, of which it is told once.
    """
    latest = tracker.latest_message
    return {
        "sender_id": tracker.sender_id,
        "slots": {name: slot.value for name, slot in tracker.slots.items()},
        "latest_message": latest.parse_data if latest else {},
        "events": _last_events(tracker),
        "paused": False,
        "followup_action": tracker.followup_action,
        "active_loop": {"name": tracker.active_loop_name} if tracker.active_loop else {},
        "latest_action_name": tracker.latest_action_name,
        "latest_input_channel": latest.input_channel if latest else None,
    }


def _last_events(tracker: Talk) -> list[Json]:
    told: list[Json] = []
    messages = 0
    for event in reversed(tracker.events):
        tell = _TOLD.get(type(event))
        if tell is not None:
            told.append(tell(event))
        messages += type(event) is UserUttered
        if messages == TOLD_TURNS:
            break
    return told[::-1]


def _tell_message(said: UserUttered) -> Json:
    return {"event": "user", "text": said.text, "parse_data": {"intent": said.intent}}


def _tell_answer(said: BotUttered) -> Json:
    return {"event": "bot", "text": said.text, "data": said.data, "metadata": said.metadata}


def _tell_action(done: ActionExecuted) -> Json:
    return {"event": "action", "name": done.action_name}


def _tell_rejection(rejected: ActionExecutionRejected) -> Json:
    return {"event": "action_execution_rejected", "name": rejected.action_name}


_TOLD: dict[type[Event], Callable[[Any], Json]] = {
    UserUttered: _tell_message,
    BotUttered: _tell_answer,
    ActionExecuted: _tell_action,
    ActionExecutionRejected: _tell_rejection,
}

"""Rasa's message processor with every failure let through.

Rasa's own (3.6.21) logs an exception of an action and goes on without its events, keeps a tracker
it could not store in memory, and stops after too many actions without a word to the caller.
Here each of these ends the turn: nothing is saved and the next try begins where this one began.
"""

from __future__ import annotations

import os
from typing import Any

import aiohttp
from jsonschema.validators import validator_for
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.events import ActionExecutionRejected, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.tracker import ConversationStore
from bot.turns import AskedTurn
from core.errors import BadInput, BotUnavailable, Conflict

ACTION_TIMEOUT_SECONDS = 10.0  # below the 15 s that channels waits (PARLEY_BOT_TIMEOUT_SECONDS)
CHANNEL_NAME = "parley"

Message = dict[str, Any]


class ActionEndpoint(EndpointConfig):  # type: ignore[misc]  # Rasa ships no types
    """The action server, waited for no longer than a customer would wait."""

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request, whatever timeout the caller asks for."""
        kwargs["timeout"] = aiohttp.ClientTimeout(total=ACTION_TIMEOUT_SECONDS)
        return await super().request(*args, **kwargs)


class TurnProcessor(MessageProcessor):  # type: ignore[misc]  # Rasa ships no types
    """Answers one turn, whole or not at all."""

    def __init__(self, loaded: MessageProcessor, store: ConversationStore) -> None:
        """Take over the model that `loaded` holds; nothing is loaded again."""
        self.__dict__.update(loaded.__dict__)
        self.tracker_store = store
        self.on_circuit_break = _stop_endless_turn
        self.action_endpoint = _find_endpoint(loaded.action_endpoint)

    async def answer(self, asked: AskedTurn) -> list[Message]:
        """Run a turn, or return what it was answered before.

        Raises:
            Conflict: the turn id was used for other words.
            BadInput: an unknown slot or button.
        """
        stored = self.tracker_store.find_answer(asked)
        if stored is not None:
            if stored.fingerprint != asked.fingerprint:
                raise Conflict("this turn id was used before, with other content")
            return list(stored.messages)
        return await self._run(asked)

    async def _run(self, asked: AskedTurn) -> list[Message]:
        self._check_names(asked)
        output = CollectingOutputChannel()
        metadata = {"turn": asked.turn}
        tracker = await self.fetch_tracker_and_update_session(asked.conversation, output, metadata)
        tracker.update_with_events([SlotSet(*slot) for slot in asked.slots], self.domain)
        message = UserMessage(
            asked.text,
            output,
            asked.conversation,
            input_channel=CHANNEL_NAME,
            message_id=asked.turn,
            metadata=metadata,
        )
        await self._handle_message_with_tracker(message, tracker)
        tracker = await self.run_action_extract_slots(output, tracker)
        await self._run_prediction_loop(output, tracker)
        messages = [_as_message(message) for message in output.messages]
        await self.tracker_store.save_turn(tracker, asked, messages)
        return messages

    def _check_names(self, asked: AskedTurn) -> None:
        known = {slot.name for slot in self.domain.slots}
        if any(name not in known for name, _ in asked.slots):
            raise BadInput("slots: the domain has no slot of such a name")
        buttons = set(self.domain.intents) - set(
            DEFAULT_INTENTS
        )  # /restart and its like are not ours
        if asked.button_intent is not None and asked.button_intent not in buttons:
            raise BadInput("button: the domain has no such intent")

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """As Rasa's, without its `except Exception`."""
        trial = tracker.copy()
        trial.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, trial, self.domain)
        except ActionExecutionRejection:  # a form leaves this message to the rules
            tracker.update(
                ActionExecutionRejected(
                    action.name(), prediction.policy_name, prediction.max_confidence
                )
            )
        else:
            self._log_action_on_tracker(tracker, action, events, prediction)
            await self.execute_side_effects(events, tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))


def find_processor(agent: Agent | None) -> TurnProcessor:
    """The processor of the model that is loaded now.

    Raises:
        BotUnavailable: no model is loaded, or endpoints.yml names another tracker store.
    """
    if agent is None or agent.processor is None:
        raise BotUnavailable("no model is loaded; run `make train`", retryable=True)
    return TurnProcessor(agent.processor, find_store(agent))


def find_store(agent: Agent) -> ConversationStore:
    """Our tracker store, out of the wrapper that hides its errors.

    Raises:
        BotUnavailable: endpoints.yml names another tracker store.
    """
    store = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
    if not isinstance(store, ConversationStore):
        raise BotUnavailable("endpoints.yml must name bot.tracker.ConversationStore")
    return store


def check_action_answers_quickly() -> None:
    """Compile the schema of an action's answer once, for the life of the process.

    Rasa checks the schema itself at every answer: 69 ms of CPU each time against 0.9 ms.
    """
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(_action: RemoteAction, result: Message) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate


def _find_endpoint(configured: EndpointConfig | None) -> ActionEndpoint:
    url = os.environ.get("PARLEY_ACTIONS_URL") or (configured.url if configured else None)
    if url is None:
        raise BotUnavailable("endpoints.yml names no action_endpoint")
    return ActionEndpoint(url, **{SELECTIVE_DOMAIN: True})  # our actions do not read the domain


def _stop_endless_turn(*_args: Any) -> None:
    raise BotUnavailable("the rules of data/ ask for action after action without an end")


def _as_message(collected: Message) -> Message:
    return {
        "text": collected.get("text"),
        "buttons": [
            {"title": button["title"], "payload": button["payload"]}
            for button in collected.get("buttons", [])
        ],
        "custom": collected.get("custom"),
    }

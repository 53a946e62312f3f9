"""Rasa's message processor with every failure let through.

Rasa's own (3.6.21) logs an exception of an action and goes on without its events, keeps a tracker
it could not store in memory, and stops after too many actions without a word to the caller.
Here each of these ends the turn: nothing is saved and the next try begins where this one began.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import (
    ACTION_VALIDATE_SLOT_MAPPINGS,
    DEFAULT_INTENTS,
    REQUESTED_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.calls import find_endpoint
from bot.deciding import Decider
from bot.form import QuickForm
from bot.graph import StraightRunner
from bot.known import Understood
from bot.telling import QuickAction
from bot.tracker import ConversationStore
from bot.turns import AskedTurn
from core.errors import BadInput, BotUnavailable, Conflict

CHANNEL_NAME = "parley"

Message = dict[str, Any]


class TurnProcessor(MessageProcessor):  # type: ignore[misc]  # Rasa ships no types
    """Answers one turn, whole or not at all."""

    def __init__(self, loaded: MessageProcessor, store: ConversationStore) -> None:
        """Take over the model that `loaded` holds; nothing is loaded again."""
        self.__dict__.update(loaded.__dict__)
        self.loaded = loaded
        self.tracker_store = store
        self.on_circuit_break = _stop_endless_turn
        self.action_endpoint = find_endpoint(loaded.action_endpoint)
        self.action_endpoint.quiet_slots = _quiet_slots(self.domain)
        self.graph_runner = StraightRunner(loaded.graph_runner)
        self._decider = Decider(self.graph_runner, self.domain)
        self._slots = frozenset(slot.name for slot in self.domain.slots)
        # /restart and its like are not ours
        self._buttons = frozenset(self.domain.intents) - frozenset(DEFAULT_INTENTS)
        self._intents = frozenset(self.domain.intents)
        self._extracts_nothing = _extracts_nothing(self.domain)
        self._actions: dict[str, Action] = {}
        self._understood = Understood()

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
        if asked.replies_to is not None:
            metadata["replies_to"] = asked.replies_to
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
        if any(name not in self._slots for name, _ in asked.slots):
            raise BadInput("slots: the domain has no slot of such a name")
        if asked.button_intent is not None and asked.button_intent not in self._buttons:
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

    def _get_action(self, action_name: str) -> Action:
        """As Rasa's, which makes twenty actions to find one of them (0.1 ms)."""
        if action_name not in self._actions:
            action = super()._get_action(action_name)
            if type(action) is FormAction:
                action = QuickForm(
                    action_name, self.action_endpoint, extracts_nothing=self._extracts_nothing
                )
            elif type(action) is RemoteAction:
                action = QuickAction(action_name, self.action_endpoint)
            self._actions[action_name] = action
        return self._actions[action_name]

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """As Rasa's, with actions that are made once."""
        is_next = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, is_next):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        name = self.domain.action_names_or_texts[prediction.max_confidence_index]
        return self._get_action(name), prediction

    def _parse_message_with_graph(
        self, message: UserMessage, tracker: DialogueStateTracker, *rest: Any, **options: Any
    ) -> dict[str, Any]:
        """As Rasa's, unless it was told the same a while ago."""
        known = self._understood.find(message.text)
        if known is not None:
            return known
        reading: dict[str, Any] = super()._parse_message_with_graph(
            message, tracker, *rest, **options
        )
        self._understood.keep(message.text, reading)
        return reading

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """As Rasa's, which makes an empty domain each time to compare this one with (0.2 ms)."""
        if parse_data["entities"] or parse_data["intent"]["name"] not in self._intents:
            super()._check_for_unseen_features(parse_data)

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        """By rule where a rule fits, else as Rasa's."""
        decided = None if tracker.followup_action else self._decider.decide(tracker)
        return decided or super()._predict_next_with_tracker(tracker)

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event],
        prediction: PolicyPrediction,
    ) -> None:
        """As Rasa's, without copying every event for a log that says nothing (0.3 ms an action)."""
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """As Rasa's, unless the domain's slots are filled by actions alone."""
        if self._extracts_nothing:
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)


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


def _extracts_nothing(domain: Domain) -> bool:
    """Whether no slot is filled from a message, so that Rasa would look at each for nothing."""
    mappings = [mapping for slot in domain.slots for mapping in slot.mappings or ()]
    return ACTION_VALIDATE_SLOT_MAPPINGS not in domain.user_actions and all(
        mapping.get("type") == "custom" and not mapping.get("action") for mapping in mappings
    )


def _quiet_slots(domain: Domain) -> frozenset[str]:
    """Those that decide nothing: setting them to what they are changes nothing."""
    return frozenset(
        slot.name
        for slot in domain.slots
        if not slot.influence_conversation and slot.name != REQUESTED_SLOT
    )


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

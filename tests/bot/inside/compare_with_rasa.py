"""Plays random conversations and asks, at every step, what Rasa itself would say; JSON at the end.

The action server is played too: an action answers with slots set, a form left, or nothing.
"""

import asyncio
import json
import logging
import random
import sys
from collections import Counter
from typing import Any

from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.core.actions.forms import FormAction
from rasa.core.agent import load_agent
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.log_utils import configure_structlog

from bot.calls import ActionEndpoint
from bot.processor import TurnProcessor, find_processor
from bot.talk import Talk, last_states
from bot.turns import parse_turn

CONVERSATIONS = 6
FORM = "task_form"
TURNS = 25  # long enough that a conversation is trimmed twice


class PlayedActions(ActionEndpoint):
    """Answers as an action server may, by chance."""

    def __init__(self, slots: list[str], chance: random.Random) -> None:
        super().__init__("http://127.0.0.1:9/webhook", **{SELECTIVE_DOMAIN: True})
        self._slots = slots
        self._chance = chance

    async def request(self, *_args: Any, json: dict[str, Any], **_rest: Any) -> dict[str, Any]:
        """Slots, an end of the form, a rejection, or nothing."""
        slot = self._chance.choice(self._slots)
        events: list[dict[str, Any]] = self._chance.choice(
            [
                [],
                [_set(slot, self._chance.choice(["HP-10442", None, 7]))],
                [_set("requested_slot", None)],
                [_set(slot, "x"), _set("requested_slot", slot)],
                [{"event": "action_execution_rejected", "name": json["next_action"]}],
            ]
        )
        if not json["next_action"].startswith("validate_"):
            events = [event for event in events if event["event"] == "slot"]
        return {"events": events, "responses": [{"text": "played"}]}


def _set(name: str, value: object) -> dict[str, object]:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


class Compared(TurnProcessor):
    """Decides each step twice: as we do, and as Rasa does with a tracker and a graph of its own."""

    counts: Counter[str]
    differences: list[str]

    def _predict_next_with_tracker(self, tracker: Talk) -> PolicyPrediction:
        stock = DialogueStateTracker.from_events(
            tracker.sender_id, list(tracker.events), self.domain.slots
        )
        stock.followup_action = tracker.followup_action
        self._compare("copy", _sight(tracker.copy()), _sight(stock))
        self._compare("applied", tracker.applied_events(), stock.applied_events())
        for count in (2, 5, 50):
            states = stock.past_states(self.domain)[-count:]
            self._compare(f"states {count}", last_states(tracker, self.domain, count), states)
        form = self._get_action(FORM)
        for new in ([], [SlotSet("task", "order_status")]):
            ours_within = form._temporary_tracker(tracker, list(new), self.domain)
            theirs_within = FormAction._temporary_tracker(form, stock, list(new), self.domain)
            self._compare("form", _sight(ours_within), _sight(theirs_within))
        theirs = MessageProcessor._predict_next_with_tracker(self.loaded, stock)
        quick = None if tracker.followup_action else self._decider.decide(tracker)
        self.counts["quick" if quick else "slow"] += 1
        ours = super()._predict_next_with_tracker(tracker)
        self._compare("prediction", _prediction(ours), _prediction(theirs))
        return ours

    def _parse_message_with_graph(self, *args: Any, **options: Any) -> dict[str, Any]:
        ours = super()._parse_message_with_graph(*args, **options)
        theirs = MessageProcessor._parse_message_with_graph(self, *args, **options)
        self._compare("reading", ours, theirs)
        return ours

    def _compare(self, what: str, ours: object, theirs: object) -> None:
        self.counts["compared"] += 1
        if ours != theirs:
            self.differences.append(f"{what}: {ours} instead of {theirs}")


def _sight(tracker: DialogueStateTracker) -> object:
    loop = tracker.active_loop
    return (
        {name: (slot.value, slot.has_been_set) for name, slot in tracker.slots.items()},
        loop and (loop.name, loop.is_interrupted, loop.rejected),
        tracker.latest_action,
        tracker.latest_message,
        tracker.latest_bot_utterance,
        tracker.followup_action,
        tracker.is_paused(),
        list(tracker.events),
    )


def _prediction(found: PolicyPrediction) -> object:
    return (
        found.probabilities,
        found.policy_name,
        found.policy_priority,
        [event.as_dict() | {"timestamp": 0} for event in found.events],
        found.is_end_to_end_prediction,
        found.is_no_user_prediction,
        found.hide_rule_turn,
    )


async def main(model: str) -> None:
    configure_structlog(logging.INFO)
    agent = await load_agent(
        model_path=model, endpoints=AvailableEndpoints.read_endpoints("endpoints.yml")
    )
    processor = find_processor(agent)
    processor.__class__ = Compared
    processor.counts, processor.differences = Counter(), []
    chance = random.Random(20240611)
    played = PlayedActions(sorted(processor._slots), chance)
    processor.action_endpoint = played
    intents = sorted(processor._buttons)
    for number in range(CONVERSATIONS):
        for turn in range(TURNS):
            said = chance.choice(
                [{"button": f"/{chance.choice(intents)}"}, {"text": chance.choice(SENTENCES)}]
            )
            body = {"conversation": f"c{number}", "turn": f"t{turn}", **said}
            await processor.answer(parse_turn(body))
    result = {
        **processor.counts,
        "differences": processor.differences[:5],
    }
    sys.stdout.write("\n" + json.dumps(result) + "\n")


SENTENCES = [
    "hello", "where is my order?", "HP-10442", "BN1 4GH", "when are you open", "never mind",
    "yes please", "no", "asdkjh qwlekj", "I want to talk to a person", "thanks", "my sofa is late",
]  # fmt: skip

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

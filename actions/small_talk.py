"""What the bot says of itself, and what it says when it did not understand."""

from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import misunderstood_before

Events = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """The facts that the greeting states."""

    company: str
    retention_days: int

    async def greet(
        self, dispatcher: CollectingDispatcher, _tracker: Tracker, _domain: dict[str, Any]
    ) -> Events:
        """Say hello, that this is a bot, and how long words are kept."""
        return self._utter(dispatcher, "utter_greet")

    async def explain_bot(
        self, dispatcher: CollectingDispatcher, _tracker: Tracker, _domain: dict[str, Any]
    ) -> Events:
        """Answer "are you a bot?" and "do you keep this?"."""
        return self._utter(dispatcher, "utter_explain_bot")

    def _utter(self, dispatcher: CollectingDispatcher, response: str) -> Events:
        dispatcher.utter_message(
            response=response, company=self.company, retention_days=str(self.retention_days)
        )
        return []


async def fall_back(
    dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
) -> Events:
    """Ask for other words; the second time in a row, offer a person."""
    lost = misunderstood_before(tracker)
    dispatcher.utter_message(response="utter_offer_person_lost" if lost else "utter_rephrase")
    return []

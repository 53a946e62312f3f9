"""Looking an order up for the customer who knows its number and its postcode."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import turn_id
from actions.details import same_postcode
from actions.wording import say_order
from core.shop import Order
from store.database import Database
from store.shop import failed_lookups, find_order, record_failed_lookup, record_verification

Events = list[dict[str, Any]]

# A wrong number, a wrong postcode and one more; then a stranger would only be guessing postcodes.
MAX_FAILED_LOOKUPS = 3
# A new conversation begins to count anew, so an order counts too: three customers who are all wrong
# three times, and one more. At 10 an hour, the 1.7 million postcodes (ONS, 2023) last 19 years.
MAX_FAILED_OF_ORDER = 10
GUESSING_TIME = timedelta(hours=1)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OrderDesk:
    """Answers order questions out of the store."""

    database: Database

    async def answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
    ) -> Events:
        """Tell what and when; a number and a postcode that do not belong together tell nothing."""
        failed = int(tracker.slots.get("failed_lookups") or 0)
        if failed >= MAX_FAILED_LOOKUPS or await self._is_guessed(tracker.slots["order_number"]):
            dispatcher.utter_message(response="utter_offer_person_lookup")
            return _settle()
        order = await self._look_up(tracker)
        if order is None:
            return _say_not_found(dispatcher, tracker, failed + 1)
        dispatcher.utter_message(text=say_order(order))
        dispatcher.utter_message(
            json_message={"parley": "survey", "about": "order_status", "kinds": ["csat", "ces"]}
        )
        return _settle(last_order=order.number, failed_lookups=0)

    async def _is_guessed(self, number: str) -> bool:
        """Whether so many look-ups of this order failed that even the right one tells nothing."""
        since = datetime.now(UTC) - GUESSING_TIME
        async with self.database.reading() as session:
            failed = await failed_lookups(session, number, since=since)
        return failed >= MAX_FAILED_OF_ORDER

    async def _look_up(self, tracker: Tracker) -> Order | None:
        """The order, when number and postcode belong together; that is recorded."""
        number, postcode = tracker.slots["order_number"], tracker.slots["postcode"]
        conversation, turn, now = tracker.sender_id, turn_id(tracker), datetime.now(UTC)
        async with self.database.writing() as session:
            order = await find_order(session, number)
            if order is None or not same_postcode(order.postcode, postcode):
                logger.info("conversation %s turn %s: no such order", conversation, turn)
                await record_failed_lookup(session, conversation, number, now=now)
                return None
            await record_verification(session, conversation, order.number, turn, now=now)
        return order


def _say_not_found(dispatcher: CollectingDispatcher, tracker: Tracker, failed: int) -> Events:
    number = tracker.slots["order_number"]
    last_try = failed >= MAX_FAILED_LOOKUPS
    response = "utter_offer_person_lookup" if last_try else "utter_order_not_found"
    dispatcher.utter_message(response=response, number=number)
    return _settle(last_order=number, failed_lookups=failed)


def _settle(**slots: str | int) -> Events:
    """Forget the details, so that the next question asks for its own; keep `slots`."""
    forgotten = {"order_number": None, "postcode": None}
    return [SlotSet(name, value) for name, value in {**forgotten, **slots}.items()]

"""What the bot says of itself, how it greets, and what it says when it did not understand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import OUT_OF_SCOPE, intent, misunderstood_before, said, turn_id
from actions.meaning import begins_task
from actions.meant import which_is_meant
from actions.opening import Opening, was_told
from actions.other_languages import say_other_language
from actions.state import read_state
from actions.task import Desk
from actions.tasks import ALL
from actions.undoing import say_undo
from core.errors import Unavailable
from core.shop import Order, OrderStatus, Ticket, TicketState

Events = list[dict[str, Any]]

PLAIN: tuple[str, dict[str, str]] = ("utter_greet", {})
OVER = (OrderStatus.DELIVERED, OrderStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """The facts that the greeting states; `open_desk` takes a conversation's and a turn's id."""

    company: str
    retention_days: int
    open_desk: Callable[[str, str], Desk]
    opening: Opening = field(default_factory=Opening)
    tasks: frozenset[str] = frozenset(ALL)  # that the house offers

    async def greet(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
    ) -> Events:
        """Say hello, that this is a bot, and how long words are kept; ask first what is open."""
        response, facts = PLAIN
        if tracker.slots.get("requested_slot") is None:
            desk = self.open_desk(tracker.sender_id, turn_id(tracker))
            response, facts = await _what_is_open(desk, self.tasks)
        return self._utter(dispatcher, response, facts)

    async def explain_bot(
        self, dispatcher: CollectingDispatcher, _tracker: Tracker, _domain: dict[str, Any]
    ) -> Events:
        """Answer "are you a bot?" and "do you keep this?"."""
        return self._utter(dispatcher, "utter_explain_bot", {})

    async def tell_hours(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
    ) -> Events:
        """Answer "is it open now?", "are you open on Sunday?", and "when are you open?"."""
        desk = self.open_desk(tracker.sender_id, turn_id(tracker))
        dispatcher.utter_message(**self.opening.say(said(tracker), desk.now))
        return []

    def hours_again(self, tracker: Tracker) -> Mapping[str, Any] | None:
        """The hours of another day, asked about by its name alone: 'and christmas eve?'."""
        if not was_told(tracker):
            return None
        now = self.open_desk(tracker.sender_id, turn_id(tracker)).now
        return self.opening.say_again(tracker, now)

    def _utter(
        self, dispatcher: CollectingDispatcher, response: str, facts: Mapping[str, str]
    ) -> Events:
        dispatcher.utter_message(
            response=response,
            company=self.company,
            retention_days=str(self.retention_days),
            **facts,
        )
        return []


async def fall_back(
    dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
) -> Events:
    """Say what was perhaps meant; the second time in a row, offer a person."""
    if begins_task(tracker, ALL):
        return [FollowupAction("task_form")]
    other = say_other_language(said(tracker))
    if other is not None:
        dispatcher.utter_message(**other)
        return []
    undo = say_undo(said(tracker), read_state(tracker.slots), tracker.slots.get("outcome"))
    if undo is not None:
        dispatcher.utter_message(**undo)
        return []
    if misunderstood_before(tracker):
        dispatcher.utter_message(response="utter_offer_person_lost")
        return []
    if intent(tracker) == OUT_OF_SCOPE:
        dispatcher.utter_message(response="utter_out_of_scope")
        return []
    ranking = tracker.latest_message.get("intent_ranking") or ()
    dispatcher.utter_message(**which_is_meant([str(entry.get("name")) for entry in ranking]))
    return []


async def _what_is_open(desk: Desk, tasks: frozenset[str]) -> tuple[str, dict[str, str]]:
    """Which greeting: by name and with what is open, for those who showed who they are."""
    known = await desk.identity.known()
    if known.name is None:
        return PLAIN
    try:
        order, ticket = await _open_matters(desk, known.shop_customer, known.verified_orders)
    except Unavailable:  # a greeting does without
        order = ticket = None
    if ticket is not None and "ticket_status" in tasks:
        return "utter_greet_ticket", {"name": known.name, "number": ticket.number}
    if order is not None and order.items and "order_status" in tasks:
        return "utter_greet_order", {
            "name": known.name,
            "number": order.number,
            "item": order.items[0],
        }
    return "utter_greet_name", {"name": known.name}


async def _open_matters(
    desk: Desk, customer: str | None, verified: tuple[str, ...]
) -> tuple[Order | None, Ticket | None]:
    """The newest open order and ticket among the orders that were shown to be theirs."""
    orders = await desk.backend.orders_of(customer) if customer else ()
    own = [order for order in orders if order.number in verified]
    for order in own:
        for ticket in await desk.backend.tickets_of(order.number):
            if ticket.state is not TicketState.SOLVED:
                return None, ticket
    return next((order for order in own if order.status not in OVER), None), None

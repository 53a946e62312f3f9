"""What the bot calls what a customer may want: on a button, and in the middle of a sentence."""

from collections.abc import Sequence

# intent -> (title of its button, what it is in a sentence such as "Shall we go on with …?")
TASKS = {
    "order_status": ("Where is my order?", "your question about an order"),
    "change_address": ("Change the delivery address", "changing the delivery address"),
    "change_slot": ("Change the delivery time", "changing the delivery time"),
    "cancel_order": ("Cancel an order", "cancelling the order"),
    "start_return": ("Return something", "your return"),
    "return_status": ("Where is my return or refund?", "your question about a return"),
    "send_invoice": ("Send me an invoice", "the copy of your invoice"),
    "pay_order": ("Pay for an order", "your payment"),
    "book_fitting": ("Book a fitting", "booking a fitting"),
    "move_fitting": ("Move a fitting", "moving the fitting"),
    "cancel_fitting": ("Cancel a fitting", "cancelling the fitting"),
    "fitting_status": ("When is my fitting?", "your question about a fitting"),
    "report_damaged": ("Something is damaged", "your report of something damaged"),
    "report_missing": ("Something is missing", "your report of something missing"),
    "complain": ("Make a complaint", "your complaint"),
    "change_contact": ("Change my e-mail or phone", "changing your contact details"),
    "find_store": ("Find a shop near me", "finding a shop near you"),
    "ticket_status": ("How far is my ticket?", "your question about a ticket"),
    "add_to_ticket": ("Add to my ticket", "adding to your ticket"),
    "call_back": ("Call me back", "your call-back"),
}
# what else a customer may be offered when they were not understood
TALK = {
    "ask_article": ("A general question", "a general question"),
    "ask_person": ("Talk to a person", "a person"),
    "help": ("What can you do?", "what I can do"),
    "opening_hours": ("Opening hours", "our opening hours"),
}


def title_of(intent: str) -> str | None:
    """What stands on the button of an intent; None for one that is never offered."""
    return (TASKS | TALK).get(intent, (None,))[0]


def phrase_of(intent: str) -> str:
    """What an intent is called inside a sentence."""
    return (TASKS | TALK)[intent][1]


def nearest(ranking: Sequence[str], count: int = 2) -> tuple[str, ...]:
    """The likeliest intents that can be offered."""
    offered = [name for name in ranking if title_of(name) and name != "ask_person"]
    return tuple(offered[:count])

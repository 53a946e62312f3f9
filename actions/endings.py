"""How tasks end other than well: refused by the shop, declined, locked, or the shop away."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from actions.fields import ORDER
from actions.task import Again, Button, Collected, Outcome, Result, confirm

PERSON = Button("Talk to a person", "/ask_person")
CALL_BACK = Button("Call me back", "/call_back")
RETURN = Button("Return something", "/start_return")
STATUS = Button("Where is my order?", "/order_status")

LOCKED = Outcome(
    Result.REFUSED,
    "I have now tried several times without finding it. For safety I cannot look up orders for the "
    "next hour.",
    offers="order_not_found",
)
UNFINDABLE = Outcome(
    Result.REFUSED,
    "Without the number of an order and without an e-mail address I cannot find it here.",
    offers="order_not_found",
)
DECLINED = Outcome(Result.DECLINED, "All right, I have left everything as it is.")
DOWN = Outcome(
    Result.FAILED,
    "I cannot reach our system at the moment, so I have changed nothing. I am sorry. "
    "I can have you called back, or get a person for you.",
    (CALL_BACK, PERSON),
)
TRY_AGAIN = confirm(
    "I did not get an answer from our system, so I do not know whether that was done. I am "
    "sorry. Asking again is safe, it is done once at most: shall I try again? I can also get you a "
    "person.",
)
LEFT_UNSURE = Outcome(
    Result.FAILED,
    "All right. I do not know whether the first try went through, so it is best that a person "
    "looks. I can have you called back, or get you one now.",
    (CALL_BACK, PERSON),
)
BROKEN = Outcome(
    Result.FAILED,
    "Our system gave me an answer that I cannot make sense of, so I could not do that. I am "
    "sorry. I can have you called back, or get a person for you, who can look into it.",
    (CALL_BACK, PERSON),
)
DOWN_TOLD = Outcome(
    Result.FAILED,
    "I cannot reach our system at the moment, so I could not open a ticket. I am sorry. "
    "What you told me is not lost: I can have you called back about it, or get a person for you, "
    "who will have it before them.",
    (CALL_BACK, PERSON),
)

# what the shop's rules refuse (core.shop.REASONS), and what can be done instead
_REFUSALS: Mapping[str, Outcome | Again] = {
    "too_late": Outcome(
        Result.REFUSED,
        "It is too late to change that, I am sorry.",
        offers="order_change",
    ),
    "cancelled": Outcome(
        Result.REFUSED,
        "Order {order} was cancelled, so there is nothing left to change on it or to send back.",
        (STATUS, PERSON),
    ),
    "already_cancelled": Outcome(
        Result.REFUSED,
        "That was cancelled before, so there is nothing left to do.",
        (PERSON,),
    ),
    "already_solved": Outcome(
        Result.REFUSED,
        "That ticket is solved and closed. If something is still wrong, I can open a new one.",
        (Button("Make a complaint", "/complain"), PERSON),
    ),
    "slot_taken": Again("slot", "That time has just been taken, I am sorry."),
    "not_delivered": Outcome(
        Result.REFUSED,
        "Order {order} has not arrived yet, and only what has arrived can come back. "
        "I can look whether it can still be cancelled.",
        (Button("Cancel the order", "/cancel_order"), PERSON),
    ),
    "return_window_over": Outcome(
        Result.REFUSED,
        "The time in which order {order} could come back is over, I am sorry. If something is "
        "wrong with it, please report that instead.",
        (Button("Something is damaged", "/report_damaged"), PERSON),
    ),
    "already_returning": Outcome(
        Result.REFUSED,
        "That is on its way back to us already.",
        (Button("Where is my return or refund?", "/return_status"), PERSON),
    ),
    "not_returnable": Outcome(
        Result.REFUSED, "That cannot come back to us, I am sorry.", offers="order_change"
    ),
    "already_booked": Outcome(
        Result.REFUSED,
        "A fitting is booked for order {order} already.",
        (Button("Move the fitting", "/move_fitting"), PERSON),
    ),
    "no_email": Outcome(
        Result.REFUSED,
        "We do not have an e-mail address for you.",
        (Button("Add an e-mail address", "/change_contact"), PERSON),
    ),
}


def not_taken(why: str) -> Outcome:
    """What is said of a value that the shop cannot take; `why` is a sentence for the customer."""
    text = (
        f"Our system did not take that: {why}. I am sorry. You can ask again with another, "
        "or talk to a person."
    )
    return Outcome(Result.FAILED, text, (PERSON, CALL_BACK))


def locked(until: datetime | None) -> Outcome:
    """Nothing is looked up; `until` when, for those who are locked already."""
    if until is None:
        return LOCKED
    text = f"For safety I cannot look up orders yet: they are still locked until {until:%H:%M}."
    return replace(LOCKED, text=text)


def refused(reason: str, known: Collected) -> Outcome | Again:
    """What is said when the shop's rules forbid it; a task may say it better itself."""
    ending = _REFUSALS.get(reason, BROKEN)
    if isinstance(ending, Again):
        return ending
    text = ending.text.format(order=known.get(ORDER))
    return Outcome(ending.result, text, ending.buttons, ending.offers)

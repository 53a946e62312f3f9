"""How tasks end other than well: refused by the shop, declined, locked, or the shop away."""

from collections.abc import Mapping

from actions.fields import ORDER
from actions.task import Again, Button, Collected, Outcome, Result

PERSON = Button("Talk to a person", "/ask_person")
CALL_BACK = Button("Call me back", "/call_back")
RETURN = Button("Return something", "/start_return")
STATUS = Button("Where is my order?", "/order_status")

LOCKED = Outcome(
    Result.REFUSED,
    "I have now tried several times without finding it, so I look nothing more up for an hour.",
    offers="order_not_found",
)
DECLINED = Outcome(Result.DECLINED, "All right, I have left everything as it is.")
DOWN = Outcome(
    Result.FAILED,
    "I cannot reach our order system at the moment, so I have changed nothing. I am sorry. "
    "I can have you called back, or get a person for you.",
    (CALL_BACK, PERSON),
)
DOWN_TOLD = Outcome(
    Result.FAILED,
    "I cannot reach our order system at the moment, so I could not open a ticket. I am sorry. "
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
        "We have no e-mail address of yours on file.",
        (Button("Add an e-mail address", "/change_contact"), PERSON),
    ),
}


def refused(reason: str, known: Collected) -> Outcome | Again:
    """What is said when the shop's rules forbid it; a task may say it better itself."""
    ending = _REFUSALS[reason]
    if isinstance(ending, Again):
        return ending
    text = ending.text.format(order=known.get(ORDER))
    return Outcome(ending.result, text, ending.buttons, ending.offers)

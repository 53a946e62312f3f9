"""What "it" is: the thing that the last task was about, when a wish names none itself."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from language.values.moments import find_moment

FITTING, ORDER, RETURN, TICKET, CALL = "fitting", "order", "return", "ticket", "call"
_SUBJECTS: Mapping[str, str] = {
    **dict.fromkeys(("book_fitting", "move_fitting", "cancel_fitting", "fitting_status"), FITTING),
    **dict.fromkeys(("order_status", "change_address", "change_slot", "cancel_order"), ORDER),
    **dict.fromkeys(("start_return", "return_status"), RETURN),
    "call_back": CALL,
    **dict.fromkeys(
        ("add_to_ticket", "complain", "report_damaged", "report_missing", "ticket_status"), TICKET
    ),
}
# (what the words were taken for, what was spoken of) -> what is meant by "it"
_MEANT: Mapping[tuple[str, str], str] = {
    ("cancel_order", FITTING): "cancel_fitting",
    ("change_slot", FITTING): "move_fitting",
    ("cancel_fitting", ORDER): "cancel_order",
    ("move_fitting", ORDER): "change_slot",
}
# taken for one of these, "so when's it coming" asks after what was spoken of
_UNSURE = frozenset(
    {"find_store", "nlu_fallback", "out_of_scope", "fitting_status", "order_status"}
)
# what "actually could we make it Wednesday" changes, of the thing that was spoken of
_CHANGE: Mapping[str, str] = {ORDER: "change_slot", FITTING: "move_fitting", CALL: "call_back"}
_MAKE_IT = re.compile(
    r"\b(?:make|move|change|do|have)\s+(?:it|that|this)\b|\b(?:instead|rather|actually)\b",
    re.IGNORECASE,
)
_STATUS: Mapping[str, str] = {ORDER: "order_status", FITTING: "fitting_status"}
_IT = re.compile(r"\b(?:it|it[’']?s|that|this(?: one)?|them|they(?:[’']?re)?)\b", re.IGNORECASE)
NAMED = re.compile(
    r"\b(?:orders?|deliver\w*|parcel|package|fit(?:ting|ter)\w*|visit|appointment|shops?|stores?"
    r"|showrooms?|returns?|refund\w*|money|tickets?|complaint|invoice)\b|\d{4}",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?:when|where|time|day|how long)\b", re.IGNORECASE)
_EXACTLY = re.compile(
    r"\W*(?:so|and|ok(?:ay)?|but)?\W*(?:at )?(?:what (?:time|day)|when)"
    r"(?: exactly| roughly| about| then)?\W*",
    re.IGNORECASE,
)


def subject_of(task: str | None) -> str | None:
    """What a task is about."""
    return _SUBJECTS.get(task or "")


def meant_intent(intent: str | None, text: str, subject: str | None) -> str | None:
    """The intent, read with what was spoken of: 'cancel it' after a fitting is the fitting."""
    if intent is None or subject is None or not text or NAMED.search(text):
        return intent
    if intent in _UNSURE | {"give_details"} and _names_another_time(text):
        return _CHANGE.get(subject, intent)
    asks_when = _EXACTLY.fullmatch(text) or (_IT.search(text) and _WHEN.search(text))
    if intent in _UNSURE and asks_when:
        is_where = re.search(r"\bwhere\b", text, re.IGNORECASE) is not None
        is_where_of_fitting = subject == FITTING and intent == "order_status" and is_where
        return intent if is_where_of_fitting else _STATUS.get(subject, intent)
    return _MEANT.get((intent, subject), intent) if _IT.search(text) else intent


def _names_another_time(text: str) -> bool:
    """Whether the words put a day or an hour in the place of another: 'make it five'."""
    now = datetime.now(UTC)  # that a time is named does not depend on it
    is_change = _MAKE_IT.search(text) is not None
    return is_change and find_moment(text, now=now, is_asked=True) is not None

"""What "it" is: the thing that the last task was about, when a wish names none itself."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from language.questions import is_question
from language.values.dates import find_dates
from language.values.moments import find_hours, find_moment
from language.values.yes_no import read_yes_no

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
# a time that is named when it is asked whether to cancel these moves them instead
INSTEAD: Mapping[str, str] = {"cancel_fitting": "move_fitting", "cancel_order": "change_slot"}
# what is said of another time where nothing else is spoken of
_OTHER_TIME = frozenset({"change_slot", "move_fitting"})
# what may stand around a day or an hour that is wished for, and asks for nothing else
_AROUND_TIME = frozenset(
    word
    for line in (
        "a about actually after all an and any anytime are around at be been before best",
        "better between by can convenient could do ends ever for from good great have home how",
        "i i'd i'll i'm ideally if in is it it's later lovely make maybe me more much my of oh ok",
        "okay on only or perfect perhaps please possible prefer preferably rather some someone",
        "sometime somewhere suit suits than thanks that that'd the then there time times to us",
        "way we week weekday weekdays weeks well what when will with work works would yes you",
    )
    for word in line.split()
)
_MAY_TELL_TIME = _UNSURE | _OTHER_TIME | {"give_details"}
_ASKS_FOR_TIME = re.compile(r"\b(?:can|could|would|possible|(?:how|what) about)\b", re.IGNORECASE)
_ANY_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?", re.IGNORECASE)
_STATUS: Mapping[str, str] = {
    ORDER: "order_status",
    FITTING: "fitting_status",
    TICKET: "ticket_status",
}
_IT = re.compile(  # he and she: the fitter, the driver, who rings
    r"\b(?:it|it[’']?s|that|this(?: one)?|them|they(?:[’']?re)?|s?he(?:[’']?s)?|him|her)\b",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"\b(?:orders?|deliver\w*|parcel|package|fit(?:ting|ter)\w*|visit|appointment|shops?|stores?"
    r"|showrooms?|returns?|refund\w*|money|tickets?|complaint|invoice)\b|\d{4}",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?:when|where|time|day|how long)\b", re.IGNORECASE)
_HOW_LONG = re.compile(r"\b(?:how long|when)\b", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:(?:an)?other|different|later|earlier|sooner)\s+(?:days?|times?|dates?|week|slot|in\s+the"
    r"|that\s+week)\b"
    r"|\b(?:move|postpone|reschedule|rearrange|put)\s+(?:it|that|them)\b",
    re.IGNORECASE,
)
_MAY_ASK_EXACTLY = frozenset({"give_details", "ask_article", "opening_hours"})
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
    if intent in _MAY_TELL_TIME and _names_another_time(text):
        return _CHANGE.get(subject, intent)
    is_of_ticket = subject == TICKET and not _HOW_LONG.search(text)  # "where is it" is the order
    if intent in _UNSURE and asks_when(text) and not is_of_ticket:
        is_where = re.search(r"\bwhere\b", text, re.IGNORECASE) is not None
        is_where_of_fitting = subject == FITTING and intent == "order_status" and is_where
        return intent if is_where_of_fitting else _STATUS.get(subject, intent)
    return _MEANT.get((intent, subject), intent) if _IT.search(text) else intent


def asked_exactly(intent: str | None, text: str, subject: str | None) -> str | None:
    """The task that says when, asked after what was just told: 'and when exactly?'."""
    is_asked = intent in _MAY_ASK_EXACTLY and _EXACTLY.fullmatch(text) is not None
    return _STATUS.get(subject or "") if is_asked and subject != TICKET else None


def changed_by_time(intent: str | None, text: str, subject: str | None) -> str | None:
    """The task that takes another time for what was spoken of, when a time is all that is said.

    'Evening, after seven' and 'Thursday afternoon would be lovely'; 'Thursday?' only asks.
    """
    task = _CHANGE.get(subject or "") if intent in _MAY_TELL_TIME else None
    is_asked = text.rstrip().endswith("?") or is_question(text)
    if task is None or (is_asked and not _ASKS_FOR_TIME.search(text)):
        return None
    now = datetime.now(UTC)  # as below
    if find_moment(text, now=now) is None:
        return None
    days, hours = find_dates(text, today=now.date()), find_hours(text, today=now.date())
    found = [one.span for one in days] + [one.span for one in hours]
    rest = "".join(
        " " if any(span.start <= at < span.end for span in found) else letter
        for at, letter in enumerate(text)
    )
    around = {word.lower().replace("’", "'") for word in _ANY_WORD.findall(rest)}
    return task if around <= _AROUND_TIME else None


def asks_when(text: str) -> bool:
    """Whether the words ask when or where 'it' is: 'how long will that take'."""
    asks = _IT.search(text) is not None and _WHEN.search(text) is not None
    return asks or _EXACTLY.fullmatch(text) is not None


def moved_instead(task: str | None, text: str) -> str | None:
    """The task that moves what `task` would cancel, when the words say a time and no yes or no."""
    now = datetime.now(UTC)  # as below
    if task is None or task not in INSTEAD or read_yes_no(text) is not None:
        return None
    is_time = find_moment(text, now=now, is_asked=True) is not None or _LATER.search(text)
    return INSTEAD[task] if is_time else None


def _names_another_time(text: str) -> bool:
    """Whether the words put a day or an hour in the place of another: 'make it five'."""
    now = datetime.now(UTC)  # that a time is named does not depend on it
    is_change = _MAKE_IT.search(text) is not None
    return is_change and find_moment(text, now=now, is_asked=True) is not None

"""What can be asked for: how each field is read out of words, and what is said when it is not.

An `eager` field is read out of any message of a task that has it, so that values given early or
corrected later count; the others only out of the answer to their own question.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.choosing import read_days, read_hours
from language.values.addresses import find_address
from language.values.contacts import find_emails, find_phones
from language.values.found import Found
from language.values.postcodes import find_postcodes
from language.values.references import (
    find_appointment_numbers,
    find_codes,
    find_order_numbers,
    find_return_numbers,
    find_ticket_numbers,
)
from language.values.towns import find_town
from language.values.windows import find_window
from language.values.yes_no import read_yes_no

Reader = Callable[[str, datetime], str | None]

ORDER, POSTCODE, CODE, PROOF = "order", "postcode", "code", "proof"
LOST, ACCOUNT = "lost", "account"  # that they have no number, and the e-mail address instead
IDENTITY = (ORDER, POSTCODE, CODE, PROOF, LOST, ACCOUNT)
RETURN_NUMBER, TICKET_NUMBER, FITTING_NUMBER = "return", "ticket", "fitting"
DAY, HOURS = "day", "hours"
ADDRESS, NEW_POSTCODE = "address", "new_postcode"
EMAIL, PHONE, WHICH = "email", "phone", "which"
AREA, WHEN = "area", "when"
REFERENCES = (RETURN_NUMBER, TICKET_NUMBER, FITTING_NUMBER)  # each leads to an order

_NO_POSTCODE = re.compile(
    r"\b(?:do(?:es)?n[o'’]?t|do not|not|no|forgot(?:ten)?)\b.{0,30}\bpost\s?code\b"
    r"|\b(?:send|text|e-?mail|get|use|want)\b.{0,20}\bcode\b",
    re.IGNORECASE,
)
_LACKS = (
    r"(?:(?:do|does|did|have|has|had|ca|could)n[o'’]?t|(?:do|did|have|had) not|not|no|never|cannot"
    r"|lost|deleted|forgot(?:ten)?|without)"
)
_NO_ORDER_NUMBER = re.compile(
    rf"\b{_LACKS}\b.{{0,30}}\b(?:order (?:number|no|ref)|ref(?:erence)? ?(?:number)?"
    r"|confirmation)\b",
    re.IGNORECASE,
)
_NO_NUMBER = re.compile(  # in answer to the question for it
    rf"\b{_LACKS}\b.{{0,40}}\b(?:number|numbers|ref|e-?mail|receipt|paperwork|confirmation)\b"
    rf"|\W*(?:(?:sorry|um+|i|have|well|but)\W+)*{_LACKS}\s+(?:idea|clue|know|have|find|got|at hand"
    r"|to hand|it)(?:\s+(?:it|that|one|what that is|sorry|any more))*\W*"
    r"|\b(?:which|what) number\b|\bwhere (?:do|can|would) i (?:find|get|see)\b",
    re.IGNORECASE,
)
NO_EMAIL = "no_email"  # in place of 'email': they have none either
_NO_EMAIL = re.compile(
    r"\b(?:(?:do|does|have|has|had)n[o'’]?t|(?:do|have) not|never)\s+(?:really\s+|even\s+)?"
    r"(?:do|have|use|own|got|had)?\s*(?:an?\s+|any\s+)?e-?mails?(?:\s+address(?:es)?)?"
    r"(?!\s*(?:confirm\w*|receipts?|from|with|that|about))\b"
    r"|\b(?:no|without)\s+(?:an?\s+)?e-?mail(?:\s+address)?(?:\s+(?:sorry|here|at all))*\W*$",
    re.IGNORECASE,
)
AGAIN = "again"  # in place of the order that a code was sent for
_AGAIN = re.compile(
    r"\b(?:re-?send|again|another|new (?:one|code)|once more|spam|junk)\b"
    r"|\b(?:not|never|nothing|no|hasn[’']?t|haven[’']?t|didn[’']?t)\b.{0,30}"
    r"\b(?:code|e-?mail|get|got|received?|c[ao]me|arrived?|anything)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|isn[’']t|wasn[’']t)\s+(?:the\s+)?$", re.IGNORECASE)
_OLD = re.compile(
    r"\b(?:from|old|was|instead of|replace|no longer)\b[\w\s’':-]{0,30}$", re.IGNORECASE
)
_MEANT = re.compile(r"\b(?:mean|meant|instead|actually|rather|should be)\b", re.IGNORECASE)
# The first half of a postcode, as people name their part of a town (BS 7666)
_DISTRICT = re.compile(r"(?<![\w-])([A-Z]{1,2}\d[A-Z\d]?)(?![\w-])", re.IGNORECASE)
_EMAIL = re.compile(r"\be[\s-]?mails?\b|\bmail\b", re.IGNORECASE)
_PHONE = re.compile(r"\b(?:(?:tele)?phone|mobile|cell|landline|tel|numbers?)\b", re.IGNORECASE)
_OTHER_NUMBER = re.compile(r"\b(?:order|ticket|house|customer|account)\s+numbers?\b", re.IGNORECASE)
_ASSENT = re.compile(  # 'yes go ahead' agrees to something, and is no reason
    r"(?:\W*\b(?:yes|yeah|yep|yup|yh|ok(?:ay)?|sure|please|go|ahead|on|do|it|that|thanks?|you|then|fine"
    r"|let[’']?s)\b)+\W*",
    re.IGNORECASE,
)
_WHICH_TIME = "I could not tell which time you mean. You can also name another day."
LONGEST_YES_NO = 2  # words: "yes please"; "no good at all" is a reason
MAX_NOTE = 1000  # characters; what is longer is for a person to read in the conversation itself


@dataclass(frozen=True, slots=True)
class Field:
    """How a field is read; `rests_on` names the fields whose change makes it void.

    A `free` field takes whatever is said, so only leaving and going back interrupt it.
    """

    read: Reader
    unread: str
    eager: bool = False
    free: bool = False
    rests_on: tuple[str, ...] = ()


def read_order(text: str, _now: datetime) -> str | None:
    """An order number, however it is written or said."""
    return _meant(text, find_order_numbers(text))


def read_postcode(text: str, _now: datetime) -> str | None:
    """A British postcode."""
    return _meant(text, find_postcodes(text))


def read_address(text: str, _now: datetime) -> str | None:
    """A street with its town, without the postcode: '5 Example Road, Leeds'."""
    found = find_address(text)
    return ", ".join(found.lines) if found else None


def read_return(text: str, _now: datetime) -> str | None:
    """The number of a return."""
    return _meant(text, find_return_numbers(text))


def read_ticket(text: str, _now: datetime) -> str | None:
    """The number of a ticket."""
    return _meant(text, find_ticket_numbers(text))


def read_fitting(text: str, _now: datetime) -> str | None:
    """The number of a fitting."""
    return _meant(text, find_appointment_numbers(text))


def read_bare(text: str, asked: str) -> str | None:
    """The number that was asked for, without its letter: '20017'; None for any other field."""
    find = _NUMBERED.get(asked)
    return None if find is None else _meant(text, find(text, is_asked=True))


def read_code(text: str, _now: datetime) -> str | None:
    """The six digits of a one-time code."""
    return _meant(text, find_codes(text))


def wants_it_again(text: str) -> bool:
    """Whether the answer to "what is the code?" asks for another one."""
    return _AGAIN.search(text) is not None


def read_proof(text: str, _now: datetime) -> str | None:
    """'code' when they cannot give the postcode, or want a code instead."""
    return CODE if _NO_POSTCODE.search(text) else None


def read_lost(text: str, _now: datetime) -> str | None:
    """'email' when they say that they do not have the number of their order.

    'no_email' when they say that they have no e-mail address either.
    """
    if _NO_EMAIL.search(text):
        return NO_EMAIL
    is_number = bool(find_order_numbers(text) or find_ticket_numbers(text))
    return EMAIL if not is_number and _NO_NUMBER.search(text) else None


def lacks_order_number(text: str) -> bool:
    """Whether a wish says itself that the number of the order is not there."""
    return _NO_ORDER_NUMBER.search(text) is not None


def read_email(text: str, _now: datetime) -> str | None:
    """An e-mail address."""
    return _new(text, find_emails(text))


def read_phone(text: str, _now: datetime) -> str | None:
    """A phone number, as E.164."""
    return _new(text, find_phones(text))


def read_which(text: str, _now: datetime) -> str | None:
    """Which of e-mail and phone is named; None when both are, or neither."""
    is_email, is_phone = _EMAIL.search(text), _PHONE.search(_OTHER_NUMBER.sub(" ", text))
    if bool(is_email) is bool(is_phone):
        return None
    return EMAIL if is_email else PHONE


def read_area(text: str, now: datetime) -> str | None:
    """A postcode, or its first half; that of the middle of a town that is named."""
    postcode = read_postcode(text, now)
    if postcode is not None:
        return postcode
    district, town = _DISTRICT.search(text), find_town(text)
    if district is not None:
        return district[1].upper()
    return town.value if town else None


def read_when(text: str, now: datetime) -> str | None:
    """A stretch of time ahead, as '2026-11-24T16:00:00+00:00/'; an end that is open is empty."""
    for phone in reversed(find_phones(text)):  # its digits are no hours
        text = f"{text[: phone.span.start]} {text[phone.span.end :]}"
    found = find_window(text, now=now, is_asked=True)
    if found is None:
        return None
    return f"{found.start.isoformat()}/{found.end.isoformat() if found.end else ''}"


def read_note(text: str, _now: datetime) -> str | None:
    """Whatever they say, without what a person will read in the conversation anyway."""
    return text.strip()[:MAX_NOTE] or None


def read_reason(text: str, now: datetime) -> str | None:
    """Why something comes back; a bare yes or no is no reason."""
    is_bare = read_yes_no(text) is not None and len(text.split()) <= LONGEST_YES_NO
    is_bare = is_bare or _ASSENT.fullmatch(text) is not None
    return None if is_bare else read_note(text, now)


def read_nothing(_text: str, _now: datetime) -> str | None:
    """A field that is only ever chosen from a list."""
    return None


_NUMBERED: Mapping[str, Callable[..., tuple[Found, ...]]] = {
    RETURN_NUMBER: find_return_numbers,
    TICKET_NUMBER: find_ticket_numbers,
    FITTING_NUMBER: find_appointment_numbers,
}
FIELDS: Mapping[str, Field] = {
    ORDER: Field(
        read_order, "I did not see an order number in that.", eager=True, rests_on=REFERENCES
    ),
    RETURN_NUMBER: Field(read_return, "I did not see a number in that.", eager=True),
    TICKET_NUMBER: Field(read_ticket, "I did not see a number in that.", eager=True),
    FITTING_NUMBER: Field(read_fitting, "I did not see a number in that.", eager=True),
    POSTCODE: Field(read_postcode, "I did not see a postcode in that.", eager=True),
    CODE: Field(
        read_code, "I did not see a code of six digits in that.", rests_on=(ORDER, ACCOUNT)
    ),
    LOST: Field(read_lost, "I did not see an order number in that.", rests_on=(ORDER,)),
    ACCOUNT: Field(read_email, "I did not see an e-mail address in that.", rests_on=(ORDER,)),
    PROOF: Field(
        read_proof, "I did not see a postcode in that.", eager=True, rests_on=(ORDER, POSTCODE)
    ),
    "confirm": Field(read_nothing, "Is that a yes or a no?"),
    "resume": Field(read_nothing, "Is that a yes or a no?"),
    # a time is chosen from those of a day; one that is chosen by itself makes the day void
    DAY: Field(read_days, _WHICH_TIME, eager=True, rests_on=("slot", "time")),
    HOURS: Field(read_hours, _WHICH_TIME, eager=True, rests_on=("slot", "time")),
    "slot": Field(read_nothing, _WHICH_TIME, rests_on=(ORDER, DAY, HOURS)),
    "time": Field(read_nothing, _WHICH_TIME, rests_on=(ORDER, DAY, HOURS)),
    "item": Field(read_nothing, "I could not tell which item you mean.", rests_on=(ORDER,)),
    ADDRESS: Field(read_address, "I could not read an address with a street in that.", eager=True),
    NEW_POSTCODE: Field(
        read_postcode, "I did not see a postcode in that.", eager=True, rests_on=(ADDRESS,)
    ),
    EMAIL: Field(read_email, "I did not see an e-mail address in that.", eager=True),
    PHONE: Field(read_phone, "I did not see a phone number in that.", eager=True),
    WHICH: Field(read_which, "I could not tell which of the two you mean."),
    AREA: Field(read_area, "I did not see a postcode or a town that I know in that.", eager=True),
    WHEN: Field(read_when, "I could not tell when you mean.", eager=True),
    "reason": Field(read_reason, "That does not tell me why yet.", free=True),
    "note": Field(read_note, "I did not read anything in that.", free=True),
}


def read_references(text: str, now: datetime) -> dict[str, str]:
    """The numbers of a return, a ticket or a fitting, each of which leads to an order."""
    found = ((name, FIELDS[name].read(text, now)) for name in REFERENCES)
    return {name: value for name, value in found if value is not None}


def resting_on(changed: set[str]) -> set[str]:
    """The fields that a change of these makes void; a yes was said to what was known then."""
    void = {name for name, field in FIELDS.items() if changed & set(field.rests_on)}
    return (void | {"confirm"}) - changed


def _new(text: str, found: Sequence[Found]) -> str | None:
    """The one that is to count from now on: 'from anna@example.com to bo@example.com'."""
    starts = (0, *(one.span.end for one in found))
    words = [text[start : one.span.start] for start, one in zip(starts, found, strict=False)]
    news = [one for one, ahead in zip(found, words, strict=True) if not _OLD.search(ahead)]
    return _meant(text, news or found)


def _meant(text: str, found: Sequence[Found]) -> str | None:
    """The one of several values that is meant: 'it is 10391, not 10392', 'not 10392 but 10391'."""
    values = [one.value for one in found if not _NOT.search(text[: one.span.start])]
    if not values:
        return None
    return values[-1] if _MEANT.search(text) else values[0]

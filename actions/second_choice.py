"""Another than what was chosen of a list: 'the other one', 'both of them', 'the day after'."""

import re
from datetime import date, datetime, timedelta

from actions.choosing import read_hours
from actions.fields import DAY, HOURS
from actions.state import State
from actions.task import CONFIRM
from actions.tasks.orders import BOTH, EVERYTHING
from language.values.choices import choose

ITEM, REASON, RESUME = "item", "reason", "resume"
LIST_AGAIN = "list_again"  # in place of a field: the list of that one is to be shown again
_PICKED = (ITEM, "slot", "time")
_OTHER = r"(?:(?:the|my)\s+other(?:\s+one)?|another(?:\s+one)?|(?:a|the)\s+different\s+one)"
_OTHER_ONE = re.compile(
    r"\W*(?:(?:no|nope|nah|sorry|actually|wait|oh)\b\W*)*"
    r"(?:(?:it[’']?s\s+)?(?:not\s+(?:that|this)(?:\s+one)?|(?:the\s+)?wrong\s+one)\W*)?"
    rf"(?:(?:but|i\s+(?:meant?|want(?:ed)?)|it[’']?s|make\s+it|rather)\s+)*(?:{_OTHER})?"
    r"(?:\W+(?:please|then|instead))*\W*",
    re.IGNORECASE,
)
_NAMES_OTHER = re.compile(rf"\b{_OTHER}", re.IGNORECASE)
_NOT_THAT = re.compile(r"\b(?:not\s+(?:that|this)(?:\s+one)?|wrong\s+one)\b", re.IGNORECASE)
# before a thing that is named in place of another, and before the same thing once more
_LEAD = re.compile(
    r"\W*(?:(?:no+|nope|nah|yes|yeah|sorry|actually|wait|hang\s+on|hold\s+on|h?mm+|u[hm]+|oh|ok(?:ay)?"
    r"|well|i\s+meant?|rather|just|only)\b\W*)+",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\W*(?:(?:i\s+want|to|return|send\s+back|it[’']?s)\b\W*)*"
    r"both(?:\s+of\s+(?:them|those|these))?(?:\W+(?:please|then))*\W*",
    re.IGNORECASE,
)
_DAY_AFTER = re.compile(
    r"\b(?:the\s+)?day\s+(?:after|before)(?!\s+(?:tomorrow|yesterday|the|that\s+\w))"
    r"|\b(?:the|a)\s+(?:next|following|previous)\s+day\b|\b(?:a|one)\s+day\s+(?:later|earlier)\b",
    re.IGNORECASE,
)
_BACK = re.compile(r"\b(?:before|previous|earlier)\b", re.IGNORECASE)
_PLACE = re.compile(
    r"\W*(?:no|nope|yes|yeah|ok(?:ay)?|sorry|actually|wait|then|\W)*"
    r"(the (?:first|second|third|fourth|fifth|sixth|last)(?: one)?|all of (?:it|them))\W*",
    re.IGNORECASE,
)
A_DAY = timedelta(days=1)


def read_second_choice(text: str, state: State, now: datetime) -> dict[str, str]:
    """What the words choose beside what is chosen already; nothing where they do not."""
    if _BOTH.fullmatch(without_lead(text)):
        return _both(state)
    if state.asked not in (CONFIRM, REASON):
        return {}
    if state.asked == CONFIRM and (day := _chosen_day(state)) and _DAY_AFTER.search(text):
        other = day - A_DAY if _BACK.search(text) else day + A_DAY
        hours = read_hours(text, now)
        return {DAY: f"{other}/{other}"} | ({HOURS: hours} if hours else {})
    is_other = _OTHER_ONE.fullmatch(text) and (_NAMES_OTHER.search(text) or _NOT_THAT.search(text))
    return _other_one(text, state) if is_other else {}


def without_lead(text: str) -> str:
    """The words without those that only take back: 'the shelf' of 'no wait, the shelf'."""
    return _LEAD.sub("", text, count=1) if _LEAD.match(text) else text


def read_place(text: str, state: State) -> dict[str, str]:
    """Another choice by its place in the latest list: 'no, the first' is not the first of July."""
    place = _PLACE.fullmatch(text)
    lists = [name for name in state.lists if name not in (CONFIRM, RESUME)]
    if place is None or not lists:
        return {}
    own = [choice for choice in state.lists[lists[-1]] if choice.field is None]
    number = choose(place[1], [choice.title for choice in own])
    return {} if number is None else {lists[-1]: own[number].value}


def _both(state: State) -> dict[str, str]:
    """Both of what is chosen, or of the two there are to choose from; the task counts them."""
    item = state.collected.get(ITEM)
    if ITEM not in state.lists or state.asked not in (ITEM, REASON, CONFIRM):
        return {}
    if state.asked == ITEM:
        own = [one for one in state.choices() if one.value != EVERYTHING]
        return {ITEM: BOTH} if len(own) == 2 else {}
    return {ITEM: f"{BOTH}{item}"} if item in [one.value for one in state.lists[ITEM]] else {}


def _other_one(text: str, state: State) -> dict[str, str]:
    """The other of two that were shown, else their list once more."""
    picked = [name for name in state.lists if name in _PICKED and name in state.collected]
    if not picked:
        return {}
    name, chosen = picked[-1], state.collected[picked[-1]]
    own = [one.value for one in state.lists[name] if one.field is None and one.value != EVERYTHING]
    others = [value for value in own if value != chosen]
    is_pair = len(own) == 2 and len(others) == 1
    return {name: others[0]} if is_pair and _NAMES_OTHER.search(text) else {LIST_AGAIN: name}


def _chosen_day(state: State) -> date | None:
    """The day of the time that stands to be confirmed."""
    known = state.collected
    if "slot" in known:
        return date.fromisoformat(known["slot"].partition("|")[0])
    return datetime.fromisoformat(known["time"]).date() if "time" in known else None

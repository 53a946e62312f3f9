"""Words that say how somebody is treated, and wish for nothing: 'nobody calls me back'.

Taken for what their words are about, 'nobody answers the phone' is a wish to be called. It is none:
who is said to have done nothing is not asked for it but complained of.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

COMPLAIN = "complain"
# Told together with a grievance, these are what the complaint is about
_STANDS = frozenset(
    {COMPLAIN, "call_back", "order_status", "return_status", "ticket_status", "fitting_status"}
)
_NOT_HERE_TOO = frozenset({"report_missing"})  # when all of it is missing

_WOULD = (
    r"(?:call|ring|rang|rung|phon|telephon|answer|pick\w* up|repl[iy]|respon[ds]|e-?mail|contact"
    r"|writ"
    r"|wrote|g[eo]t(?:s|ten|ting)? (?:back|in touch)|c[ao]me back|help|car(?:e|es|ed)\b|listen"
    r"|tell|told|let\w* me know|bother|do(?:es|ing)? anything|deal)"
)
_GRIEVANCE = re.compile(
    rf"\b(?:nobody|no[\s-]?one|none of you|not one of you|not a single person)\b.{{0,30}}\b{_WOULD}"
    rf"|\byou(?: lot| people| guys)?\s+(?:never|(?:still )?(?:have|do|did)(?:n[’']?t| not)"
    rf"|keep not)\b.{{0,20}}\b{_WOULD}"
    rf"|\byou(?: lot| people| guys)?\s+(?:keep|kept)\b.{{0,20}}\b(?:ignor|promis|fob)"
    rf"|\bi(?:[’']?m| am| was|[’']?ve been| have been| keep being)\s+(?:just\s+|being\s+|still\s+"
    rf"|never\s+|always\s+)*(?:ignor|fobbed|never told|told nothing|kept (?:waiting|on hold|in the)"
    rf"|passed (?:around|from)|not (?:been )?told)"
    rf"|\b(?:promis\w+|said|told)\b.{{0,30}}\b(?:call|ring|phon|answer|e-?mail|write)\w*\b.{{0,30}}"
    rf"\b(?:never|nobody|no[\s-]?one|didn[’']?t|did not|hasn[’']?t|haven[’']?t|nothing)\b",
    re.IGNORECASE,
)
_ASKS_NEWS = re.compile(
    r"\bany (?:news|update|progress|idea|luck)\b|\bwhat[’']?s (?:happening|going on)\b|\bhow far\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\W*(?:please|can|could|would|will|may|let)\b", re.IGNORECASE)
_NOT_HERE = re.compile(
    r"\b(?:not|never|nothing|n[’']?t|no sign)\b.{0,25}"
    r"\b(?:arriv|c[ao]me|coming|turn\w* up|show\w* up|deliver|here|receiv|got|get)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Grievance:
    """What a message complains of: all of it, or only some of its parts."""

    is_whole: bool


def is_grievance(text: str) -> bool:
    """Whether the words complain of how they are treated, and ask for nothing."""
    asks = _REQUEST.match(text) is not None or _ASKS_NEWS.search(text) is not None
    return _GRIEVANCE.search(text) is not None and not asks


def grievance_in(parts: Sequence[Mapping[str, Any]], *, sure: float) -> Grievance | None:
    """The grievance among a message's parts; it is all of it where nothing else is wished for.

    `sure` is the confidence from which a part that only tells is a wish of its own.
    """
    others = [part for part in parts if not is_grievance(str(part["text"]))]
    if len(others) == len(parts):
        return None
    return Grievance(is_whole=all(_is_of_it(part, sure) for part in others))


def _is_of_it(part: Mapping[str, Any], sure: float) -> bool:
    """Whether a part only tells how things stand: 'my parcel still has not arrived'."""
    if part["asks"]:
        return False
    name = str(part["intent"])
    is_not_here = name in _NOT_HERE_TOO and _NOT_HERE.search(str(part["text"])) is not None
    return name in _STANDS or is_not_here or float(part["confidence"]) < sure

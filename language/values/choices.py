"""Which of the options offered a customer means: 'the second one', 'last', 'the blue one'."""

import re
from collections.abc import Sequence
from datetime import time
from itertools import islice

from language.numbers import DIGITS, ORDINALS, TEENS
from language.values.amounts import find_amounts
from language.values.day_parts import FoundTime
from language.values.found import level
from language.values.matching import match_names
from language.values.times import find_times

_COUNTS = {**DIGITS, "ten": TEENS["ten"], "eleven": TEENS["eleven"], "twelve": TEENS["twelve"]}
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(_COUNTS)})"
_ORDINAL = rf"(?:{'|'.join(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))"
_NAMED = re.compile(rf"\b(?:number|no\.?|option|choice|answer|#)\s?({_NUMBER})(?![\w:])")
_NTH = re.compile(
    rf"\b({_ORDINAL})(?:\s(?:one|option|choice|slot|time|date|day|appointment|item|of (?:them|those"
    rf"|these)))?(?![\w:/])"
)
_ALONE = re.compile(
    rf"(?:um+ |uh |er |well |yes |yeah |ok |i'?ll (?:take|have|go (?:with|for)) |let'?s (?:go with"
    rf"|say) |i (?:want|choose|pick) |just |only |it'?s |go for |the )*({_NUMBER})"
    rf"(?: please| then| thanks| thank you)*"
)
_BARE_NTH = re.compile(rf"(?:the )?({_ORDINAL})(?: please)?")
_LAST = re.compile(r"\b(?:the last|last|final|latest|bottom)\b(?! (?:week|month|time|year|night))")
_FIRST = re.compile(
    r"\b(?:the (?:top|former|earliest|soonest)|(?:top|former) one|soonest|earliest)\b"
)
_EARLIER, _LATER = re.compile(r"\b(?:earlier|sooner)\b"), re.compile(r"\b(?:later|latter)\b")
_MIDDLE = re.compile(r"\bmiddle\b")
_CHEAP, _DEAR = (
    re.compile(r"\bcheap(?:er|est)\b"),
    re.compile(r"\b(?:dearer|dearest|most expensive|more expensive)\b"),
)
_NONE_OR_MANY = re.compile(
    r"\b(?:both|all|neither|none|either|any|every|whichever|don'?t mind|don'?t know)\b"
)
_NOT_THAT = re.compile(
    r"\b(?:not|no|except|but not|instead of|rather than)\s(?:the\s|number\s|option\s)?"
)
_REFUSED = re.compile(
    r"(?<!why )\b(?:not|except|instead of|rather than)\s(?:the\s)?[\w'-]+(?:\sone)?"
)
# An e-mail address, a link, a number of the shop's: their parts are no words of an option
_OTHER = re.compile(
    r"[^\s@]{1,64}@\S+|\b(?:https?://|www\.)\S+|\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/\S*"
    r"|\b[a-z]{1,2}-?\d{5}\b"
)
MOST_NAMED = 6  # places of one answer
_REACH = 300  # characters; a choice is a short answer


def choose(text: str, options: Sequence[str]) -> int | None:
    """The place of the option meant; None when none fits, or more than one.

    Options are taken to stand in the order they were shown, the earlier in time first.
    """
    plain = re.sub(r"\s+", " ", level(text[:_REACH])).strip(" .,!;:\"'")
    names = [level(option).strip(" .") for option in options]
    exact = [at for at, name in enumerate(names) if name == plain]
    if exact or not plain or not options:
        return exact[0] if len(exact) == 1 else None
    plain = _OTHER.sub(lambda one: one[0] if any(one[0] in name for name in names) else " ", plain)
    if not plain.strip() or _NONE_OR_MANY.search(plain):
        return None
    if _is_place_and_name(plain, options):
        return None
    wanted, refused = _places(plain, options)
    by_words = match_names(_REFUSED.sub(" ", plain), options)
    named = {by_words.index} if by_words else _by_hours(plain, options)
    return _only(wanted, refused, named, len(options))


def _only(wanted: set[int], refused: set[int], named: set[int], count: int) -> int | None:
    """The one option that place and words agree on, or that place or words alone give."""
    meant = (wanted or named) - refused
    if wanted and named and wanted != named:
        return None
    if not wanted and not named and len(refused) == 1 and count == 2:
        return 1 - next(iter(refused))
    return next(iter(meant)) if len(meant) == 1 else None


def _places(plain: str, options: Sequence[str]) -> tuple[set[int], set[int]]:
    """Places wanted and refused ('not the first') by their order."""
    wanted, refused = set[int](), set[int]()
    for pattern in (_NAMED, _NTH):
        for match in islice(pattern.finditer(plain), MOST_NAMED):
            place = _count(match[1]) - 1
            if _means_place(match[0], place, options):
                before = plain[: match.start()]
                is_refused = re.search(rf"(?:{_NOT_THAT.pattern})\Z", before) is not None
                (refused if is_refused else wanted).add(place)
    alone = _ALONE.fullmatch(plain)
    if alone and _means_place(alone[1], _count(alone[1]) - 1, options):
        wanted.add(_count(alone[1]) - 1)
    if not wanted:
        wanted |= _compared(plain, options)
    return wanted, refused


def _is_place_and_name(plain: str, options: Sequence[str]) -> bool:
    """'2', and 'the second', of '2 March' and '3 March': place and name are two options."""
    said = _ALONE.fullmatch(plain) or _BARE_NTH.fullmatch(plain)
    if said is None:
        return False
    place = _count(said[1]) - 1
    named = match_names(str(place + 1), options)
    return 0 <= place < len(options) and named is not None and named.index != place


def _means_place(said: str, place: int, options: Sequence[str]) -> bool:
    """Whether a number is a place: it is among the options, and none is called by that number."""
    if not 0 <= place < len(options):
        return False
    named = match_names(said, options)
    return named is None or named.index == place


def _compared(plain: str, options: Sequence[str]) -> set[int]:
    last = len(options) - 1
    is_pair = len(options) == 2
    found: set[int] = set()
    if _LAST.search(plain):
        found.add(last)
    if _FIRST.search(plain) or (is_pair and _EARLIER.search(plain)):
        found.add(0)
    if is_pair and _LATER.search(plain):
        found.add(1)
    if _MIDDLE.search(plain) and len(options) % 2:
        found.add(last // 2)
    return found | _priced(plain, options)


def _priced(plain: str, options: Sequence[str]) -> set[int]:
    """'the cheaper one', and 'the 49 pound lamp', of options that each name one price."""
    prices = [find_amounts(option) for option in options]
    if not all(len(price) == 1 for price in prices):
        return set()
    values = [price[0].pence for price in prices]
    wanted = {one.pence for one in find_amounts(plain)}
    wanted |= {min(values)} if _CHEAP.search(plain) else set()
    wanted |= {max(values)} if _DEAR.search(plain) else set()
    return {at for at, value in enumerate(values) if value in wanted}


def _by_hours(plain: str, options: Sequence[str]) -> set[int]:
    """'the morning one', 'after four', of windows such as '8 to 12' and '12 to 4'."""
    said = find_times(plain)
    windows = [find_times(option) for option in options]
    if len(said) != 1 or not all(windows):
        return set()
    return {at for at, window in enumerate(windows) if _meets(said[0], window[-1])}


def _meets(said: FoundTime, window: FoundTime) -> bool:
    """Whether a time lies in a window, or a part of the day shares hours with it."""
    start, end = window.earliest or time.min, window.latest or time.max
    first, last = said.earliest or time.min, said.latest or time.max
    if said.is_exact:
        return start <= first < end or first == start
    return max(start, first) < min(end, last)


def _count(word: str) -> int:
    digits = re.match(r"\d+", word)
    return int(digits[0]) if digits else ORDINALS.get(word) or _COUNTS[word]

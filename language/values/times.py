"""Times of day, typed and spoken: '4pm', 'half past three', 'after four', 'in the morning'."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time

from core.spans import TextSpan
from language.values.date_words import CARDINAL, number_of
from language.values.day_parts import PARTS, FoundTime, in_parts
from language.values.found import level

MOST = 8  # times of one text; what follows is not an answer any more
MINUTES = 60
NOON = 12 * MINUTES
# An hour without am or pm is one of the day: a shop delivers, fits and rings from 7 to 7
FIRST_HOUR = 7
ROUND_ABOUT = 30  # minutes; 'around four'


def find_times(text: str, *, is_asked: bool = False) -> tuple[FoundTime, ...]:
    """The times that a text offers, in its order; refused parts ('not in the morning') left out.

    Args:
        is_asked: whether a time was asked for, so that 'four' alone, or '4', is one.
    """
    plain = level(text)
    found = list(_joined(plain, _named(plain)))
    if is_asked and not found:
        found = _bare(plain)
    kept = (_related(plain, one) for one in found if not _is_refused(plain, one))
    return tuple(in_parts(plain, tuple(kept)))


def find_time_behind(text: str, at: int) -> FoundTime | None:
    """The bare hour that stands right behind a day which ends at `at`: 'Monday 10'."""
    match = _BEHIND_DAY.match(level(text), at)
    meant = _clock(match.groupdict()) if match else None
    if match is None or meant is None:
        return None
    return FoundTime(_time(meant[0]), _time(meant[1]), TextSpan(match.start("hour"), match.end()))


Parts = dict[str, str | None]
Meaning = Callable[[Parts], tuple[int, int] | None]

_HOUR = rf"(?:\d{{1,2}}|{CARDINAL})"
_HALF = r"(?:\s?(?P<half>a\.?m\.?|p\.?m\.?)(?!\w))"
_PART_OF_DAY = r"(?:\sin\sthe\s(?P<day>morning|afternoon|evening)|\s(?P<night>at\snight|tonight))"
_FREE = r"(?<![\w/.:£$€-])"
# A bare number is an hour only where the phrase ends, or goes on as it does behind an hour
_ENDS = (
    r"(?=\s*(?:$|[.,;!?)-]|(?:on|or|and|to|till|until|if|please|then|would|is|works?|tomorrow|today"
    r"|next|this|in|instead|thanks?|but|at|for|will|any|when|because|sharp|ish"
    r"|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*|i|that's|onwards?)\b))"
)
_LED = (
    r"(?P<lead>at|after|before|by|past|from|until|till|around|about|between|roughly|approximately"
    r"|earlier\sthan|later\sthan|make\sit|o'clock)\s(?:about\s|around\s)?"
)
_FIVES = r"five|ten|twenty|twenty[\s-]five"


def _clock(parts: Parts) -> tuple[int, int] | None:
    """'16:30', '4.30pm', '4pm', 'four in the afternoon', 'at 1630'."""
    hour, minute = _number(parts["hour"]), _number(parts.get("minute") or parts.get("spoken"))
    if hour > 24 or minute >= MINUTES:
        return None
    point = _of_day(hour * MINUTES + minute, parts, is_clear=(parts["hour"] or "").startswith("0"))
    return None if point is None else (point, point)


def _past(parts: Parts) -> tuple[int, int] | None:
    """'half past three', 'quarter to nine', 'ten past four', and 'half three'."""
    named = {"quarter": 15, "half": 30}.get(parts["minute"] or "") or _number(parts["minute"])
    before = parts.get("sign") in ("to", "before")
    hour = _number(parts["hour"])
    if not 1 <= hour <= 12 or named >= MINUTES:
        return None
    point = _of_day(hour * MINUTES + (-named if before else named), parts)
    return None if point is None else (point, point)


def _of_day(minutes: int, parts: Parts, *, is_clear: bool = False) -> int | None:
    """Minutes since midnight, moved to the half of the day that was said or is likely."""
    half = (parts.get("half") or "")[:1]
    late = half == "p" or parts.get("day") in ("afternoon", "evening") or parts.get("night")
    early = half == "a" or parts.get("day") == "morning"
    if (late or early) and minutes >= NOON + MINUTES:
        return minutes if late and minutes < 2 * NOON else None
    if late:
        return minutes if minutes >= NOON else minutes + NOON
    if early:
        return minutes - NOON if minutes >= NOON else minutes
    is_night = not is_clear and MINUTES <= minutes < FIRST_HOUR * MINUTES
    return (minutes + NOON if is_night else minutes) % (2 * NOON)


def _number(text: str | None) -> int:
    return number_of(text) if text else 0


def _part(parts: Parts) -> tuple[int, int]:
    first, last = PARTS[re.sub(r"\s+", " ", parts["part"] or "")]
    return first * MINUTES, last * MINUTES


def _named_point(parts: Parts) -> tuple[int, int]:
    point = 0 if parts["point"] == "midnight" else NOON
    return point, point


def _range(parts: Parts) -> tuple[int, int] | None:
    """'between 2 and 4', '8-12', 'eight to twelve', '2 to 4pm'."""
    last = _clock(parts)
    first = _clock({**parts, "hour": parts["hour1"], "minute": parts["minute1"],
                    "half": parts["half1"] or parts["half"]})  # fmt: skip
    if first and last and first[0] > last[0] and first[0] >= NOON + FIRST_HOUR * MINUTES:
        first = (first[0] - NOON, first[0] - NOON)  # '11 to 2pm'
    is_bare = not (parts["half"] or parts["day"] or parts["half1"])
    if first and last and is_bare and last[0] < NOON <= first[0]:
        last = (last[0] + NOON, last[0] + NOON)  # '6 to 8' is of the evening
    return (first[0], last[0]) if first and last and first[0] < last[0] else None


_PART_NAMES = "|".join(name.replace(" ", r"\s") for name in PARTS)
_MINUTES = r"(?:[:.h](?P<minute>\d{2}))?"
_WINDOW = (
    rf"(?P<hour1>{_HOUR})(?:[:.](?P<minute1>\d{{2}}))?(?:\s?(?P<half1>a\.?m\.?|p\.?m\.?))?"
    rf"(?:\s?(?:-|to|and|till|until)\s?)(?P<hour>{_HOUR})(?![\d/]){_MINUTES}"
    rf"(?:{_HALF}|{_PART_OF_DAY}|(?:\so'?clock)?{_ENDS})"
)
_SOURCES: tuple[tuple[str, Meaning], ...] = (
    (rf"\b(?:between|from)\s{_WINDOW}", _range),
    (
        rf"\b(?P<minute>quarter|half|{_FIVES}|{_HOUR}(?=\sminutes\s)|\d{{1,2}}(?=\spast\s))"
        rf"(?:\sminutes)?\s(?P<sign>past|to|after|before)\s(?P<hour>{_HOUR})"
        rf"(?:{_HALF}|{_PART_OF_DAY}|{_ENDS})",
        _past,
    ),
    (rf"{_FREE}\b{_WINDOW}", _range),
    (rf"\b(?P<minute>half)\s(?P<hour>{_HOUR})(?!\w)(?:{_HALF}|{_PART_OF_DAY}|{_ENDS})", _past),
    (
        rf"{_FREE}(?P<hour>{_HOUR}){_MINUTES}(?:\s?o'?\s?clock)?(?:{_HALF}|{_PART_OF_DAY})",
        _clock,
    ),
    (rf"{_FREE}(?P<hour>{_HOUR})\so'?\s?clock\b", _clock),
    (r"(?<![\w/.:£$€-])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?![\w:/])", _clock),
    (
        rf"\b(?:at|after|before|by|until|till|from)\s(?P<hour>\d{{2}})(?P<minute>\d{{2}}){_ENDS}",
        _clock,
    ),
    (
        rf"\b{_LED}(?P<hour>{_HOUR})(?:[.](?P<minute>\d{{2}})|\s(?P<spoken>thirty|fifteen))?"
        rf"(?![\w:/]){_ENDS}",
        _clock,
    ),
    (r"\b(?P<point>noon|midday|mid-day|midnight)\b", _named_point),
    (rf"(?<!good\s)\b(?P<part>{_PART_NAMES})s?\b", _part),
)
_ALONE = re.compile(
    rf"\s*(?:(?:um+|uh|er|ok|well|say|maybe|about"
    rf"|at),?\s)?(?P<hour>{_HOUR})(?:[.:]?(?P<minute>\d\d))?"
    r"(?:\splease)?[\s.!]*"
)
_BEHIND_DAY = re.compile(rf"[\s,]{{1,3}}(?P<hour>{_HOUR})(?![\w:/]){_ENDS}")
_RULES = tuple((re.compile(source), meaning) for source, meaning in _SOURCES)


def _named(plain: str) -> list[FoundTime]:
    """Every form of a time in the text; where two overlap, that of the earlier rule."""
    found: list[FoundTime] = []
    for pattern, meaning in _RULES:
        for match in pattern.finditer(plain):
            span = _without_lead(match)
            if len(found) >= MOST or any(span.overlaps(other.span) for other in found):
                continue
            meant = meaning(match.groupdict())
            if meant is not None:
                found.append(FoundTime(_time(meant[0]), _time(meant[1]), span))
    return sorted(found, key=lambda one: one.span)


def _bare(plain: str) -> list[FoundTime]:
    """'four' or '4.30' and nothing else."""
    match = _ALONE.fullmatch(plain)
    meant = _clock(match.groupdict()) if match else None
    if match is None or meant is None:
        return []
    return [FoundTime(_time(meant[0]), _time(meant[1]), TextSpan(match.start("hour"), match.end()))]


def _without_lead(match: re.Match[str]) -> TextSpan:
    """The time without the 'after' or 'at' that introduced it."""
    start = match.start("hour") if "lead" in match.re.groupindex else match.start()
    return TextSpan(start, match.end())


def _time(minutes: int) -> time:
    return time(minutes // MINUTES % 24, minutes % MINUTES)


_AND = re.compile(r"\s(?:and|to|until|till|-)\s")
_BETWEEN = re.compile(r"\b(?:between|from)\s\Z")


def _joined(plain: str, found: list[FoundTime]) -> Iterator[FoundTime]:
    """'between noon and half past three' is one window."""
    held: FoundTime | None = None
    for one in found:
        if held is not None and _is_window(plain, held, one):
            held = FoundTime(held.earliest, one.latest, TextSpan(held.span.start, one.span.end))
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held


def _is_window(plain: str, held: FoundTime, one: FoundTime) -> bool:
    gap = plain[held.span.end : one.span.start]
    before = plain[: held.span.start][-12:]
    in_order = held.is_exact and one.is_exact and str(held.earliest) < str(one.earliest)
    return in_order and _AND.fullmatch(gap) is not None and _BETWEEN.search(before) is not None


_NEAR = 24  # characters before a time that may bear on it
_LAST = r"\s(?:about\s|around\s|the\s)?\Z"
_AFTER = re.compile(rf"\b(?:after|past|later than){_LAST}")
_FROM = re.compile(rf"\b(?:from|no earlier than|(?:not|n't) (?:before|until|till)){_LAST}")
_NOT_AFTER = re.compile(
    rf"(?<!not\s)(?<!n't\s)(?<!no\s)\b(?:before|by|until|till|up to|earlier than"
    rf"|no later than){_LAST}|\b(?:not|n't) (?:after|past|later than){_LAST}|\bno later than{_LAST}"
)
_ABOUT = re.compile(r"\b(?:around|about|roughly|approximately|-?ish)\s\Z")
_OPEN = re.compile(r"\s?(?:onwards?|or (?:later|after)|and after)\b")
_OPEN_BEFORE = re.compile(r"\s?(?:or (?:earlier|before)|at the latest|latest)\b")
_REFUSED = re.compile(
    r"\b(?:not|except|nor|can'?t do|cannot do|instead of|rather than|anything but)"
    r"\s(?:(?:in|at|the|a|on|for)\s){0,3}\Z"
)


def _related(plain: str, one: FoundTime) -> FoundTime:
    """'after four', 'before noon', 'around three', 'from 2 onwards'."""
    before = plain[max(0, one.span.start - _NEAR) : one.span.start]
    if _NOT_AFTER.search(before) or _OPEN_BEFORE.match(plain, one.span.end):
        return replace(one, earliest=None, latest=one.latest if one.is_exact else one.earliest)
    if _FROM.search(before) or _OPEN.match(plain, one.span.end):
        return replace(one, latest=None)
    if _AFTER.search(before):
        return replace(one, earliest=one.latest, latest=None)
    if one.is_exact and one.earliest is not None and _ABOUT.search(before):
        minutes = one.earliest.hour * MINUTES + one.earliest.minute
        first, last = max(0, minutes - ROUND_ABOUT), min(2 * NOON - 1, minutes + ROUND_ABOUT)
        return replace(one, earliest=_time(first), latest=_time(last))
    return one


def _is_refused(plain: str, one: FoundTime) -> bool:
    before = plain[max(0, one.span.start - _NEAR) : one.span.start]
    return _REFUSED.search(before) is not None

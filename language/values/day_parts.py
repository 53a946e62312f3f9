"""A part of a day and a time by the clock in one phrase are one: 'this evening after six'."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time

from core.spans import TextSpan
from language.values.date_words import ANY_DAY

# Parts of a day, as the shop's windows cut it (8 to 12, 12 to 4, and late)
PARTS = {
    "first thing": (8, 10), "early morning": (7, 9), "late morning": (10, 12), "morning": (8, 12),
    "lunch": (12, 13), "lunchtime": (12, 14), "lunch time": (12, 14),
    "early afternoon": (12, 15), "late afternoon": (15, 18), "afternoon": (12, 18),
    "early evening": (17, 19), "evening": (17, 21), "tonight": (17, 21),
    "end of the day": (16, 18), "night": (18, 21),
}  # fmt: skip
# The hours a clock may mean in a part that ends by then: nine in the morning, seven at night
_HALVES = ((12, (5, 12)), (15, (11, 15)), (18, (12, 18)), (24, (16, 23)))
_DAY = rf"(?:{ANY_DAY}|\d{{1,2}}(?:st|nd|rd|th))"
_TO_CLOCK = re.compile(  # between the part and the clock: 'in the evening, some time after'
    r"[\s,]+(?:(?:at|after|from|before|by|until|till|around|about|past|between|any|some|time"
    r"|anytime|sometime|say|but|only|not|no|earlier|later|than|on|of|the|please|ideally|preferably"
    rf"|{_DAY})[\s,]+)*"
)
_TO_PART = re.compile(  # and the other way round: 'after six on Friday evening'
    rf"\s(?:(?:o'?clock|in|on|of|the|this|next|today|tomorrow|{_DAY})\s)*"
)
_LONGEST_GAP = 40  # characters


@dataclass(frozen=True, slots=True)
class FoundTime:
    """From `earliest` to `latest`, both equal for a point; None where that side is open."""

    earliest: time | None
    latest: time | None
    span: TextSpan

    @property
    def is_exact(self) -> bool:
        """Whether one point was named: 'at 4'."""
        return self.earliest is not None and self.earliest == self.latest


def in_parts(plain: str, found: Sequence[FoundTime]) -> Iterator[FoundTime]:
    """The times, those of one phrase joined, each clock's read within its part of the day."""
    held: FoundTime | None = None
    for one in found:
        joined = _one_phrase(plain, held, one) if held else None
        if held is not None and joined is None:
            yield held
        held = joined or one
    if held is not None:
        yield held


def _one_phrase(plain: str, held: FoundTime, one: FoundTime) -> FoundTime | None:
    gap = plain[held.span.end : one.span.start]
    first, second = _part(plain, held), _part(plain, one)
    span = TextSpan(held.span.start, one.span.end)
    if len(gap) > _LONGEST_GAP or (first is None) == (second is None):
        return None
    if first is not None and _TO_CLOCK.fullmatch(gap):
        return _within(first, one, span)
    return _within(second, held, span) if second and _TO_PART.fullmatch(gap) else None


def _part(plain: str, found: FoundTime) -> tuple[int, int] | None:
    name = re.sub(r"\s+", " ", found.span.of(plain))
    return PARTS.get(name) or PARTS.get(name.removesuffix("s"))


def _within(part: tuple[int, int], clock: FoundTime, span: TextSpan) -> FoundTime | None:
    """The clock's hours in that half of the day; what the clock left open ends with the part."""
    half = next(hours for end, hours in _HALVES if part[1] <= end)
    earliest, latest = _moved(clock.earliest, half), _moved(clock.latest, half)
    if (clock.earliest and not earliest) or (clock.latest and not latest):
        return None
    first, last = earliest or time(part[0]), latest or time(part[1])
    is_over = first > last or (first == last and not clock.is_exact)  # 'tonight after nine'
    return FoundTime(earliest, latest, span) if is_over else FoundTime(first, last, span)


def _moved(at: time | None, half: tuple[int, int]) -> time | None:
    """The time, or that of twelve hours on or back, which lies within these hours."""
    hours = (at.hour, at.hour + 12, at.hour - 12) if at else ()
    for hour in hours:
        if at and (half[0] <= hour < half[1] or (hour, at.minute) == (half[1], 0)):
            return at.replace(hour=hour)
    return None

"""Half-open spans of time and of text."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import BadInput


@dataclass(frozen=True, slots=True, order=True)
class TimeSpan:
    """From `start` to `end`, in seconds from the beginning of the recording."""

    start: float
    end: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start) and math.isfinite(self.end)):
            raise BadInput(f"a time span needs finite seconds, not {self.start}..{self.end}")
        if not 0 <= self.start <= self.end:
            raise BadInput(f"a time span needs 0 <= start <= end, not {self.start}..{self.end}")

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    def overlap(self, other: "TimeSpan") -> float:
        """Seconds that both spans cover."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def contains(self, second: float) -> bool:
        """Whether `second` lies in the span; the end does not."""
        return self.start <= second < self.end


@dataclass(frozen=True, slots=True, order=True)
class TextSpan:
    """From code point `start` up to, not including, code point `end` of a turn's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise BadInput(f"a text span needs 0 <= start <= end, not {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: "TextSpan") -> bool:
        """Whether both spans share at least one code point."""
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> str:
        """The characters of `text` that the span covers, verbatim.

        Raises:
            BadInput: the span reaches beyond the text.
        """
        if self.end > len(text):
            raise BadInput(f"span {self.start}..{self.end} leaves a text of {len(text)} characters")
        return text[self.start : self.end]


# Seconds (12.5), minutes (1:02.5) or hours (1:00:02), a hyphen or a dash, and the same again.
_CLOCK = r"(?:(\d{1,3}):)?(?:(\d{1,3}):)?(\d{1,6}(?:\.\d{1,6})?)"
_SPAN = re.compile(rf"\s*{_CLOCK}\s*[-–]\s*{_CLOCK}\s*", re.ASCII)
MOST_SPANS = 10_000  # a span a second for three hours; more is a mistake


def parse_spans(text: str) -> tuple[TimeSpan, ...]:
    """`12.5-18,1:02-1:10.5` as spans, in the order given; none is empty.

    Raises:
        BadInput: naming the part that is none.
    """
    parts = text.split(",")
    if len(parts) > MOST_SPANS:
        raise BadInput(f"{len(parts)} spans are more than {MOST_SPANS}")
    return tuple(_parse_span(part) for part in parts)


def _parse_span(part: str) -> TimeSpan:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise BadInput(f"{part.strip()[:40]!r} is no span; write it as 12.5-18 or 1:02-1:10")
    start, end = _seconds(*found.groups()[:3]), _seconds(*found.groups()[3:])
    if end <= start:
        raise BadInput(f"{part.strip()[:40]!r} ends before it has begun")
    return TimeSpan(start, end)


def _seconds(first: str | None, second: str | None, rest: str) -> float:
    """Of [h:]m:s; with one colon, `first` are the minutes."""
    hours, minutes = (first, second) if second is not None else (None, first)
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest)


def joined(spans: Iterable[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The same seconds as spans in time order that neither touch nor overlap."""
    out: list[TimeSpan] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = TimeSpan(out[-1].start, max(out[-1].end, span.end))
        elif span.duration > 0:
            out.append(span)
    return tuple(out)


def less(spans: Iterable[TimeSpan], holes: Iterable[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The joined spans without the seconds of the holes."""
    out: list[TimeSpan] = []
    cuts = joined(holes)
    at = 0  # the first hole that reaches into this span or a later one
    for span in joined(spans):
        start = span.start
        while at < len(cuts) and cuts[at].end <= start:
            at += 1
        while at < len(cuts) and cuts[at].start < span.end:
            if start < cuts[at].start:
                out.append(TimeSpan(start, cuts[at].start))
            start = cuts[at].end
            if start >= span.end:
                break  # it may reach into the next span too
            at += 1
        if start < span.end:
            out.append(TimeSpan(start, span.end))
    return tuple(out)


def shared(some: Iterable[TimeSpan], others: Iterable[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The seconds that lie in both, as joined spans."""
    left, right = joined(some), joined(others)
    out: list[TimeSpan] = []
    here = there = 0
    while here < len(left) and there < len(right):
        start = max(left[here].start, right[there].start)
        end = min(left[here].end, right[there].end)
        if start < end:
            out.append(TimeSpan(start, end))
        if left[here].end <= right[there].end:
            here += 1
        else:
            there += 1
    return tuple(out)

"""Half-open spans of time and of text."""

import math
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

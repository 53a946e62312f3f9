"""What a customer says about a call-back: that they want one, the number, and when."""

import re
from dataclasses import dataclass
from datetime import datetime

from core.hours import Hours
from language.values.contacts import find_phones, without_phones
from language.values.windows import find_window

LONGEST = 200  # characters; a longer text tells a story

_ASKS = re.compile(
    r"\b(?:(?:call|phone|ring|telephone)\s+(?:me|us)\b|call(?:ing)?[- ]?backs?"
    r"|(?:give|gimme)\s+(?:me\s+)?a\s+(?:call|ring|bell))",
    re.IGNORECASE,
)
_NOT_ASKED = re.compile(
    r"\b(?:don'?t|not|never|no need|nobody|no one|didn'?t|promised|supposed|was going to"
    r"|they|he|she|said)\b",
    re.IGNORECASE,
)
_GIVES_UP = re.compile(
    r"(?:no[,.]?\s+)?(?:never ?mind|forget (?:it|about it)|cancel(?: (?:it|that))?|leave it|stop"
    r"|no call[- ]?back|i(?:'ll| will) (?:just )?wait(?: here)?|don'?t (?:call|bother))"
    r"(?:[,.]?\s*(?:thanks|thank you|please))?[\s.!]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Window:
    """When to ring, local time; no end is 'after'. `words` is what was said."""

    start: datetime
    end: datetime | None
    words: str


def asks_call_back(text: str) -> bool:
    """Whether somebody wants to be rung; that nobody rang as promised is no such wish."""
    plain = text.replace("’", "'")
    found = _ASKS.search(plain) if len(plain) <= LONGEST else None
    return found is not None and _NOT_ASKED.search(plain[: found.start()]) is None


def gives_up(text: str) -> bool:
    """Whether the whole text takes the wish for a call-back back."""
    return _GIVES_UP.fullmatch(text.replace("’", "'").strip()) is not None


def read_phone(text: str) -> str | None:
    """The telephone number of a text, as E.164; the last one when there are several."""
    numbers = find_phones(text[:LONGEST])
    return numbers[-1].value if numbers else None


def read_window(text: str, now: datetime, hours: Hours, *, is_asked: bool = False) -> Window | None:
    """When a text says to ring, in the future; None when it names no time.

    Args:
        is_asked: whether a time was asked for, so that 'four' alone is one.
    """
    plain = without_phones(text[:LONGEST])  # the digits of a number are no hours
    found = find_window(plain, now=now, is_asked=is_asked, hours=hours)
    return None if found is None else Window(found.start, found.end, text[:LONGEST])

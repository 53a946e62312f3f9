"""Hours of the day: 'eight a. M.', which recognisers write now and then, as 'eight a.m.'.

Rules and people look for the usual spelling. Only after an hour or minutes: 'plan a. Maybe' and
'vitamin a. M is' stay as they are.
"""

import re
from dataclasses import replace

from core.conversation import Word
from core.recording import Segment
from core.spans import TimeSpan

LANGUAGE = "en"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TENS = "twenty|thirty|forty|fifty"
_BEFORE = re.compile(  # an hour, its minutes, or o'clock, on the 12-hour clock
    rf"(?:{_ONES}|ten|eleven|twelve|fifteen|(?:{_TENS})(?:-(?:{_ONES}))?|o['’]?clock"
    r"|(?:0?[1-9]|1[0-2])(?:[:.][0-5]\d)?)\Z",
    re.IGNORECASE,
)
_FIRST = re.compile(r"([ap])\.\Z", re.IGNORECASE)
_SECOND = re.compile(r"m\.?([,;:?!]*)\Z", re.IGNORECASE)


def with_hours_spelled(segment: Segment, *, language: str) -> Segment:
    """The segment with 'a. M.' and 'p. M.' after an hour as one word; the word keeps both times."""
    if language != LANGUAGE:
        return segment
    words: list[Word] = []
    for word in segment.words:
        if len(words) > 1 and _BEFORE.match(words[-2].text):
            joined = _joined(words[-1], word)
            if joined is not None:
                words[-1] = joined
                continue
        words.append(word)
    if len(words) == len(segment.words):
        return segment
    return replace(segment, text=" ".join(word.text for word in words), words=tuple(words))


def _joined(first: Word, second: Word) -> Word | None:
    half, end = _FIRST.match(first.text), _SECOND.match(second.text)
    if half is None or end is None:
        return None
    sure = [word.probability for word in (first, second) if word.probability is not None]
    return Word(
        text=f"{half[1].lower()}.m.{end[1]}",
        span=TimeSpan(first.span.start, second.span.end),
        probability=min(sure) if len(sure) == 2 else None,
        timing=first.timing,
    )

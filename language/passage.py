"""What is said out of an article: whole sentences of one section, its heading before them.

A heading may be what makes the sentences true ("What does not count"), so it is always said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from language.articles import Section

LONGEST_ANSWER = 60  # words; longer ones are not read in a chat
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_POINTS_BACK = re.compile(
    r"(?:it|its|they|their|them|these|those|this|that|he|she|both|then|there|after that|otherwise"
    r"|also|but|and|or|so)\b",
    re.I,
)
_NUMBER = (
    r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty"
    r"|thirty|sixty|half an?)"
)
_MONEY = re.compile(
    r"£\s?\d|\bfree\b|\bno fee\b|\bno charge\b|\bcosts nothing\b|\d percent\b", re.I
)
_TIME = re.compile(
    rf"\b{_NUMBER}(?: to {_NUMBER})?(?: working| more)*"
    r" (?:minutes?|hours?|days?|nights?|weeks?|months?|years?|am|pm)\b"
    r"|\b(?:same|next) (?:working )?day\b|\bat once\b|\bonce a \w+"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b",
    re.I,
)
_COUNT = re.compile(rf"\b{_NUMBER}\b", re.I)
# What a question asks for, the first that fits, and how a sentence that says it looks.
_FIGURES = (
    (
        re.compile(
            r"\bhow (?:long|soon|quick|quickly|late|early|fast|often|old)\b|\bwhen\b|\bwhat time\b"
            r"|\bhow many (?:minutes|hours|days|nights|weeks|months|years)\b"
            r"|\b(?:which|what) days?\b",
            re.I,
        ),
        _TIME,
    ),
    (
        re.compile(
            r"\bhow (?:much|expensive|dear)\b|\b(?:costs?|prices?|charges?|charged|fees?|pay)\b",
            re.I,
        ),
        _MONEY,
    ),
    (re.compile(r"\bhow (?:many|big|wide|tall|deep|heavy|high|far|large)\b", re.I), _COUNT),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a section: characters `start` to `end` of its text."""

    start: int
    end: int


def sentences(text: str) -> tuple[Sentence, ...]:
    """Where the sentences and the list items of `text` stand."""
    starts, ends = [0], []
    for gap in _SENTENCE_END.finditer(text):
        ends.append(gap.start())
        starts.append(gap.end())
    spans = zip(starts, [*ends, len(text)], strict=True)
    return tuple(Sentence(start, end) for start, end in spans if end > start)


def lines(section: Section) -> tuple[str, ...]:
    """Each sentence of a section, the heading said before it."""
    return tuple(_headed(section, section.text[s.start : s.end]) for s in sentences(section.text))


def has_figure(question: str, lines: Sequence[str]) -> list[bool]:
    """Of each line, whether it says a figure such as the question asks for; all False if none."""
    for asked, said in _FIGURES:
        if asked.search(question):
            return [said.search(line) is not None for line in lines]
    return [False] * len(lines)


def passage(section: Section, best: int = 0, *, words: int = LONGEST_ANSWER) -> str:
    """The heading and the sentences about the `best`, the whole section when it is short enough.

    What is cut begins with no sentence that points back ("These …"), whatever its length.
    """
    spans, text = sentences(section.text), section.text
    first = last = best
    while first and _POINTS_BACK.match(text, spans[first].start):
        first -= 1
    room = words - len(section.heading.split())
    while True:
        if last + 1 < len(spans) and _length(text, spans[first], spans[last + 1]) <= room:
            last += 1
        elif (earlier := _earlier(text, spans, first)) is not None and (
            _length(text, spans[earlier], spans[last]) <= room
        ):
            first = earlier
        else:
            return _headed(section, text[spans[first].start : spans[last].end])


def _earlier(text: str, spans: Sequence[Sentence], first: int) -> int | None:
    """The nearest sentence before `first` that an answer may begin with."""
    for place in range(first - 1, -1, -1):
        if place == 0 or not _POINTS_BACK.match(text, spans[place].start):
            return place
    return None


def _length(text: str, first: Sentence, last: Sentence) -> int:
    return len(text[first.start : last.end].split())


def _headed(section: Section, text: str) -> str:
    if not section.heading:
        return text
    mark = "" if section.heading[-1] in ".:?!" else ":"
    return f"{section.heading}{mark} {text}"

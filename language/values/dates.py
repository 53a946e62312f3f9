"""Dates as people type and say them: 'the 14th', 'next Tuesday', 'a week on Monday', '14/3'."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.spans import TextSpan
from language.values import days
from language.values.date_rules import RULES, Base
from language.values.date_words import weekday_of
from language.values.days import DAY, Days, Prefer
from language.values.found import level

MOST = 8  # dates of one text; what follows is not an answer any more
NOON = 12  # o'clock; a greater number behind a weekday is no hour that people say


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day, or the days from `first` to `last`, both included; `is_excluded` when refused.

    `is_contrary` when its weekday is another than that of its day of the month.
    """

    first: date
    last: date
    span: TextSpan
    is_excluded: bool = False
    is_contrary: bool = False


def find_dates(text: str, *, today: date, prefer: Prefer = "future") -> tuple[FoundDate, ...]:
    """The dates that a text offers, in its order; those it refuses ('not Monday') are left out.

    So are those whose weekday and day of the month disagree.

    Args:
        prefer: where a day without a year or week lies, ahead of today or behind it.

    Returns:
        Days within two years of today; British order, the day before the month.
    """
    found = _read(text, Base(today, prefer))
    return tuple(one for one in found if not one.is_excluded and not one.is_contrary)


def find_excluded_dates(
    text: str, *, today: date, prefer: Prefer = "future"
) -> tuple[FoundDate, ...]:
    """The dates that a text refuses: 'not Monday', 'the 14th is no good'."""
    found = _read(text, Base(today, prefer))
    return tuple(one for one in found if one.is_excluded and not one.is_contrary)


def is_contrary(text: str, *, today: date) -> bool:
    """Whether a text names a day whose weekday is another: 'Monday the 8th' of a Tuesday."""
    return any(one.is_contrary for one in _read(text, Base(today, "future")))


def _read(text: str, base: Base) -> list[FoundDate]:
    plain = level(text)
    found = _joined(plain, _named(plain, base))
    related = [_related(plain, one, base) for one in found]
    return [one for one in _refused(plain, related) if _is_near(one, base.today)]


def _is_near(one: FoundDate, today: date) -> bool:
    return days.is_near(Days(one.first, one.last), today)


def _named(plain: str, base: Base) -> list[FoundDate]:
    """Every form of a date in the text; where two overlap, that of the earlier rule."""
    found: list[FoundDate] = []
    for rule in RULES:
        for match in rule.pattern.finditer(plain):
            span = TextSpan(match.start(), match.end())
            if len(found) >= MOST or any(span.overlaps(other.span) for other in found):
                continue
            meant = rule.meaning(match.groupdict(), base)
            if isinstance(meant, date):
                meant = days.one(meant)
            is_contrary = meant is not None and _is_contrary(match, meant)
            if is_contrary and _may_be_hour(match):
                continue
            if meant is not None:
                day = FoundDate(meant.first, meant.last, span, is_contrary=is_contrary)
                found.append(day)
    return sorted(found, key=lambda one: one.span)


def _is_contrary(match: re.Match[str], meant: Days) -> bool:
    name = match.groupdict().get("weekday")
    return name is not None and weekday_of(name) != meant.first.weekday()


def _may_be_hour(match: re.Match[str]) -> bool:
    """'Monday 10' that is not the 10th: the weekday counts, and the number is an hour's."""
    parts = match.groupdict()
    is_bare = not {"month", "which"} & parts.keys() and parts["day"].isdecimal()
    return is_bare and 0 < int(parts["day"]) <= NOON


_OR = re.compile(r"\s?,?\s?(?:or|nor)\s(?:on\s)?(?:the\s)?")
_TO = re.compile(r"\s?(?:-|to|until|till|through)\s?(?:the\s)?")
_AND = re.compile(r"\s?and\s?(?:the\s)?")
_BETWEEN = re.compile(r"\bbetween\s(?:the\s)?\Z")


def _joined(plain: str, found: list[FoundDate]) -> Iterator[FoundDate]:
    """'Monday to Wednesday' and 'between the 14th and the 16th' are one range."""
    held: FoundDate | None = None
    for one in found:
        if held is None:
            held = one
            continue
        gap = plain[held.span.end : one.span.start]
        between = _AND.fullmatch(gap) and _BETWEEN.search(plain[: held.span.start])
        if held.first <= one.last and (_TO.fullmatch(gap) or between):
            held = FoundDate(held.first, one.last, TextSpan(held.span.start, one.span.end))
            continue
        yield held
        held = one
    if held is not None:
        yield held


_NEAR = 24  # characters before a date that may bear on it
_ARTICLES = r"\s(?:on\s)?(?:the\s)?\Z"
_BEFORE = re.compile(rf"(?<!not\s)(?<!no\s)\b(?:before|earlier than|ahead of){_ARTICLES}")
_BY = re.compile(rf"(?<!not\s)\b(?:by|until|till|no later than|up to|not after|latest){_ARTICLES}")
_AFTER = re.compile(rf"(?<!not\s)\b(?:after|later than|past){_ARTICLES}")
_FROM = re.compile(
    rf"\b(?:from|not (?:before|until|till)|no earlier than|starting|as of|any time from){_ARTICLES}"
)
_WEEK_OF = re.compile(r"\bweek\s(?:of|commencing|beginning|starting)\s(?:on\s)?(?:the\s)?\Z")
_DAY_NEXT = re.compile(r"\bday\s(after|before)\s(?:the\s)?\Z")


def _related(plain: str, one: FoundDate, base: Base) -> FoundDate:
    """'before the 14th', 'by Friday', 'after Monday', 'week commencing the 14th'."""
    before = plain[max(0, one.span.start - _NEAR) : one.span.start]
    next_day = _DAY_NEXT.search(before)
    if next_day:
        step = DAY if next_day[1] == "after" else -DAY
        return replace(one, first=one.last + step, last=one.last + step)
    if _WEEK_OF.search(before):
        return replace(one, last=days.week_of(one.first).last)
    return _bounded(before, one, base)


def _bounded(before: str, one: FoundDate, base: Base) -> FoundDate:
    """A day named as the end or the beginning of others; 'after' reaches so far as slots do."""
    open_end = timedelta(days=days.OPEN_DAYS)
    if base.prefer == "future" and one.first > base.today:
        if _BEFORE.search(before):
            return replace(one, first=base.today, last=one.first - DAY)
        if _BY.search(before):
            return replace(one, first=base.today)
    if _FROM.search(before):
        return replace(one, last=one.first + open_end - DAY)
    if _AFTER.search(before):
        return replace(one, first=one.last + DAY, last=one.last + open_end)
    return one


_REFUSES = re.compile(
    r"(?:\b(?:not|except|nor|other than|apart from|instead of|rather than|anything but|(?:any"
    r"|every) (?:day|time) but"
    r"|can'?t (?:do|make)|cannot (?:do|make)|avoid|never|unavailable|away|busy"
    r"|working|(?:i'm|be|are|we're) out|unless it'?s)|(?:not|n't)(?: be)? (?:available|in|here"
    r"|home))\s(?:(?:on|for|the|this|next|at|a)\s){0,3}\Z"
)
_OFFERS = re.compile(r"\bwhy not\s(?:the\s|on\s)?\Z")
_IS_REFUSED = re.compile(
    r"\s?(?:is|was|does|do|will|are|would)?\s?(?:no good|no(?=,)|bad|not (?:good|possible"
    r"|ok|okay|work|suit)"
    r"|(?:is|does|wo|do|would|are|ca)n'?t(?: really)? (?:good|possible|work|suit|do|be|ok|great"
    r"|happen)"
    r"|out of the question|impossible|i'?m (?:away|working|busy|out|not)|i (?:can'?t|cannot|won'?t)"
    r"|we'?re (?:away|working|busy|out|not)|we (?:can'?t|cannot|won'?t))\b"
)


def _refused(plain: str, found: list[FoundDate]) -> list[FoundDate]:
    """'not Monday or Tuesday' refuses both, 'not Monday, Tuesday' the first alone."""
    marked: list[FoundDate] = []
    for one in found:
        before = plain[max(0, one.span.start - 2 * _NEAR) : one.span.start]
        refused = _REFUSES.search(before) and not _OFFERS.search(before)
        after = _IS_REFUSED.match(plain, one.span.end)
        gap = plain[marked[-1].span.end : one.span.start] if marked else ""
        carried = bool(marked) and marked[-1].is_excluded and _OR.fullmatch(gap) is not None
        marked.append(replace(one, is_excluded=bool(refused or after or carried)))
    return marked

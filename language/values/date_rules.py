"""The forms a day takes in speech and writing: for each a pattern and what it means."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from language.values import days
from language.values.date_words import (
    ANY_DAY,
    COUNT,
    FIGURE,
    FULL_DAY,
    MONTH,
    ORDINAL,
    ORDINAL_FIGURE,
    number_of,
    weekday_of,
)
from language.values.days import DAY, WEEK, Days, Prefer


@dataclass(frozen=True, slots=True)
class Base:
    """The day spoken on, and whether days without a year lie ahead or behind."""

    today: date
    prefer: Prefer


Parts = dict[str, str | None]
Meaning = Callable[[Parts, Base], Days | date | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over levelled text, and the days it means; None when it means none after all."""

    pattern: re.Pattern[str]
    meaning: Meaning


_PARTS = {
    "end": "end", "late": "end", "start": "start", "beginning": "start", "early": "start",
    "middle": "middle", "mid": "middle",
}  # fmt: skip
_SAME_DAY = {
    "today": 0, "tonight": 0, "yesterday": -1, "day after tomorrow": 2, "day before yesterday": -2,
}  # fmt: skip


def _figures(parts: Parts, base: Base) -> date | None:
    """Day and month; the other way round when there is no such month."""
    day, month = int(parts["day"] or 0), int(parts["month"] or 0)
    if month > 12 >= day:
        day, month = month, day
    return days.dated(day, month, _year(parts), base.today, base.prefer)


def _day_month(parts: Parts, base: Base) -> date | None:
    month = (parts["month"] or "")[:3]
    return days.dated(number_of(parts["day"] or ""), month, _year(parts), base.today, base.prefer)


def _year(parts: Parts) -> int | None:
    year = parts.get("year")
    return int(year.strip("'")) if year else None


def _from_to_month(parts: Parts, base: Base) -> Days | None:
    last, first = _day_month(parts, base), number_of(parts["first"] or "")
    return Days(last.replace(day=first), last) if last and 0 < first < last.day else None


def _same_day(parts: Parts, base: Base) -> date:
    name = re.sub(r"\s+", " ", parts["name"] or "")
    return base.today + _SAME_DAY.get(name, 1) * DAY  # the rest spell tomorrow


def _week_on(parts: Parts, base: Base) -> date:
    """'a week on Monday', 'Monday week', 'a fortnight today', 'two weeks tomorrow'."""
    weeks = number_of(parts.get("count") or "a") * (2 if parts["unit"] == "fortnight" else 1)
    name = parts["day"] or ""
    near = {"today": base.today, "tomorrow": base.today + DAY}.get(name)
    return (near or days.coming(weekday_of(name), base.today, "future")) + weeks * WEEK


def _weekday(parts: Parts, base: Base) -> date:
    """'Friday'; 'this Friday', today included; 'next Friday', that of next week; 'last Friday'."""
    weekday, which, today = weekday_of(parts["day"] or ""), parts.get("which"), base.today
    if which == "next":
        return days.week_of(today).last + (weekday + 1) * DAY
    if which == "this":
        return today + ((weekday - today.weekday()) % 7) * DAY
    if which in ("last", "past"):
        return days.coming(weekday, today, "past")
    return days.coming(weekday, today, "future" if which else base.prefer)


def _weekday_of_week(parts: Parts, base: Base) -> date:
    """'Friday next week', 'last week on Monday'; 'after next' is the week behind the next."""
    steps = {"this": 0, "next": 1, "last": -1, "after next": 2}[parts["which"] or "after next"]
    return days.week_of(base.today).first + weekday_of(parts["day"] or "") * DAY + steps * WEEK


def _ordinal_day(parts: Parts, base: Base) -> date | None:
    number, which = number_of(parts["day"] or ""), parts.get("which")
    if which is None:
        return days.day_of_month(number, base.today, base.prefer)
    month = days.month_of(days.month_after(base.today, {"this": 0, "next": 1, "last": -1}[which]))
    return month.first.replace(day=number) if 0 < number <= month.last.day else None


def _counted(parts: Parts, base: Base) -> date | None:
    count, unit = number_of(parts["count"] or ""), parts["unit"]
    if unit == "fortnight":
        count, unit = count * 2, "week"
    phrase = f"{count} {unit}s ago" if parts.get("ago") else f"in {count} {unit}s"
    return days.relative(phrase, base.today)


def _period(parts: Parts, base: Base) -> Days:
    """'next week', 'the weekend', 'the end of the month', 'the beginning of next week'."""
    which, unit, part = parts.get("which") or "this", parts["unit"], parts.get("part")
    steps = {"this": 0, "next": 1, "last": -1, "after next": 2}[which]
    if unit == "month":
        found = days.month_of(days.month_after(base.today, steps))
    else:
        week = base.today + steps * WEEK
        found = days.weekend_of(week) if unit == "weekend" else days.week_of(week)
    return _rest(days.part_of(found, _PARTS[part]) if part else found, base)


def _month(parts: Parts, base: Base) -> Days | None:
    """'in March', 'end of March', 'mid March'."""
    start = days.month_of(base.today).first
    first = days.dated(1, (parts["month"] or "")[:3], _year(parts), start, base.prefer)
    if first is None:
        return None
    part, month = parts.get("part") or parts.get("early"), days.month_of(first)
    return _rest(days.part_of(month, _PARTS[part]) if part else month, base)


_FEASTS = {
    "christmas eve": (24, 12), "christmas": (25, 12), "xmas": (25, 12), "boxing day": (26, 12),
    "new year's eve": (31, 12), "new years eve": (31, 12), "new year's day": (1, 1),
    "new years day": (1, 1),
}  # fmt: skip


def _feast(parts: Parts, base: Base) -> date | None:
    day, month = _FEASTS[parts["feast"] or ""]
    return days.dated(day, month, None, base.today, base.prefer)


def _rest(found: Days, base: Base) -> Days:
    """What of it is still to come, or is over."""
    if not found.first <= base.today <= found.last:
        return found
    if base.prefer == "past":
        return Days(found.first, base.today)
    return Days(base.today, found.last)


_S = r"[\s,]{1,3}"
_LEAD = rf"(?:\b(?P<weekday>{ANY_DAY}){_S}(?:the\s)?)?"  # 'Tuesday the', in 'Tuesday the 14th'
_FREE = r"(?<![\w/.£$€-])"  # not inside a code, a price or a decimal
_NUMBER = rf"(?:{FIGURE}|{ORDINAL})(?![\w:])"
_YEAR = r"(?:[\s,]{1,3}(?P<year>(?:19|20)\d{2}|'\d{2})(?![\w:]))?"
_NO_STREET = (
    r"(?!\s(?:street|road|close|lane|avenue|drive|court|way|place|terrace|gardens?|house|view)\b)"
)
_NO_VERB = r"(?!(?<=may)\s(?:be|have|not|need|come)\b)"  # 'the 4 may be'
# '14th' and 'the second' are days where the phrase ends, or goes on as it does behind a day
_ENDS = (
    r"(?=\s*(?:$|[.,;!?)-]|(?:at|in|after|before|from|to|or|and|if|would|is|works?|please|then|for"
    r"|instead|between|around|by|until|till|when|but|not|will|thanks?|any|morning|afternoon|evening"
    r"|doesn't|isn't|i|be|convenient|suits?)\b))"
)
# 'Tuesday 12 to 4' and 'Tuesday 4 in the afternoon' are hours
_HOURS = (
    r"(?:[1-9]|1[012])(?:\s?(?:-|to|and|till|until)\s?(?:[1-9]|1[012])(?![\w/])"
    r"|\sin\sthe\s(?:morning|afternoon|evening))"
)
_PART = r"(?:(?:the\s)?(?P<part>end|start|beginning|middle)\sof\s)"
_UNIT = r"(?P<unit>weekend|week|month)(?!\w)"
_WHICH = r"(?P<which>this|next|last)"
# 'sat', 'sun' and 'wed' are words too; alone they are days only behind one of these, or alone
_INTRODUCED = r"(?:(?<=\bon\s)|(?<=\bfor\s)|(?<=\bby\s)|(?<=\bor\s)|(?<=\bfrom\s)|(?<=\btill\s)|^)"

_SOURCES: tuple[tuple[str, Meaning], ...] = (
    (r"(?<![\w/-])(?P<year>20\d{2})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?![\w-])", _figures),
    (
        rf"{_LEAD}{_FREE}(?P<day>\d{{1,2}})(?P<mark>[/.-])(?P<month>\d{{1,2}})(?P=mark)"
        r"(?P<year>(?:19|20)\d{2}|\d{2})(?![\w/-]|\.\d)",
        _figures,
    ),
    (
        rf"{_LEAD}{_FREE}(?!24/7|\d/\d\s(?:of|stars?|inch))(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})"
        r"(?![\w/-]|\.\d)",
        _figures,
    ),
    (
        rf"(?:\b(?:between|from)\s)?(?:the\s)?{_FREE}(?P<first>{FIGURE}|{ORDINAL})\s?"
        rf"(?:-|to|and|until|till)\s?(?:the\s)?(?P<day>{_NUMBER})\s(?:of\s)?(?P<month>{MONTH})"
        rf"{_NO_STREET}{_YEAR}",
        _from_to_month,
    ),
    (
        rf"{_LEAD}{_FREE}(?P<day>{_NUMBER}){_S}(?:of\s)?(?P<month>{MONTH}){_NO_STREET}{_NO_VERB}"
        rf"{_YEAR}",
        _day_month,
    ),
    (
        rf"{_LEAD}\b(?P<month>{MONTH}){_S}(?:the\s)?(?P<day>{ORDINAL_FIGURE}|{ORDINAL}"
        rf"|\d{{1,2}}(?:(?=\s(?:19|20)\d\d)|{_ENDS}))(?![\w:/]){_YEAR}",
        _day_month,
    ),
    (rf"\b(?:the\s)?(?P<day>{FULL_DAY})\safter\snext\b", _weekday_of_week),
    (rf"\b(?P<day>{ANY_DAY})\s(?:of\s)?{_WHICH}\sweek\b", _weekday_of_week),
    (rf"\b{_WHICH}\sweek,?\s(?:on\s)?(?P<day>{ANY_DAY})", _weekday_of_week),
    (rf"\b(?P<day>{FULL_DAY}|today|tomorrow)\s(?P<unit>week|fortnight)(?!\w)", _week_on),
    (
        rf"\b(?:(?P<count>{COUNT})\s)?(?P<unit>week|fortnight)s?\s(?:(?:on|from|this)\s)?"
        rf"(?P<day>today|tomorrow|{ANY_DAY})(?!\w)",
        _week_on,
    ),
    (
        rf"{_LEAD}(?:\bthe\s)?{_FREE}(?P<day>{_NUMBER})\s(?:of\s)?{_WHICH}\smonth\b",
        _ordinal_day,
    ),
    (rf"\b(?P<weekday>{ANY_DAY}){_S}(?:the\s)?(?P<day>{ORDINAL_FIGURE}(?!\w))", _ordinal_day),
    (
        rf"\b(?:(?P<weekday>{ANY_DAY}){_S}(?!{_HOURS})(?:the\s)?|on\sthe\s)"
        rf"(?P<day>{_NUMBER}){_ENDS}",
        _ordinal_day,
    ),
    (rf"\bthe\s(?P<day>(?:{ORDINAL_FIGURE}|{ORDINAL})(?!\w)){_ENDS}", _ordinal_day),
    (rf"{_FREE}(?P<day>{ORDINAL_FIGURE}(?!\w)){_ENDS}", _ordinal_day),
    (
        r"\b(?:the\s)?(?P<name>day\safter\stomorrow|day\sbefore\syesterday|today|tonight|tomorrow"
        r"|tommorow|tommorrow|tomorow|tomorro|tmrw|2moro|yesterday)\b",
        _same_day,
    ),
    (
        rf"\b(?:in|within)\s(?P<count>{COUNT})\s(?P<unit>day|week|fortnight|month)s?\b(?:'?\stime\b)?",
        _counted,
    ),
    (
        rf"\b(?P<count>{COUNT})\s(?P<unit>day|week|fortnight|month)s?'?\s"
        r"(?:from\s(?:now|today)\b|(?P<ago>ago)\b|time\b)",
        _counted,
    ),
    (rf"\b(?P<which>this|next|last|past|coming|following)\s(?P<day>{ANY_DAY})", _weekday),
    (rf"\b(?P<day>{FULL_DAY})", _weekday),
    (rf"{_INTRODUCED}(?P<day>{ANY_DAY})(?!\s(?:down|on|there|here|in)\b)", _weekday),
    (rf"\b{_PART}?(?:the\s)?(?P<unit>weekend|week|month)\s(?P<which>after\snext)\b", _period),
    (rf"\b{_PART}?{_WHICH}\s{_UNIT}", _period),
    (rf"\b{_PART}(?:the\s)?{_UNIT}", _period),
    (r"\b(?:the|at|on|over)\s(?:the\s)?(?P<unit>weekend)(?!\w)", _period),
    (
        rf"\b(?:{_PART}|(?P<early>early|mid|late)[\s-](?:in\s)?|(?:sometime\s)?in\s|next\s)"
        rf"(?P<month>{MONTH})(?!\s\d){_YEAR}",
        _month,
    ),
    (rf"\b(?P<feast>{'|'.join(_FEASTS)})\b(?:\sday\b)?", _feast),
)
RULES = tuple(Rule(re.compile(source), meaning) for source, meaning in _SOURCES)

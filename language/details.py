"""Details a person gives: numbers, amounts, dates, times, addresses and the things they name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.spans import TextSpan
from language.numbers import Number, find_numbers
from language.pipeline import Reading
from language.word_lists import load_words


class DetailKind(StrEnum):
    """What sort of thing a detail is."""

    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    TIME = "time"
    ADDRESS = "address"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail; `value` is the same however it was said ('8 am' for 'eight a.m.')."""

    kind: DetailKind
    value: str
    span: TextSpan


CURRENCY = frozenset({
    "dollar", "dollars", "pound", "pounds", "euro", "euros", "buck", "bucks", "quid", "cents",
    "pence",
})  # fmt: skip
SYMBOLS = frozenset("$£€")
DAYS = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow",
})  # fmt: skip
MONTHS = {
    "january": "jan", "february": "feb", "march": "mar", "april": "apr", "may": "may",
    "june": "jun", "july": "jul", "august": "aug", "september": "sep", "october": "oct",
    "november": "nov", "december": "dec", "jan": "jan", "feb": "feb", "mar": "mar", "apr": "apr",
    "jun": "jun", "jul": "jul", "aug": "aug", "sept": "sep", "sep": "sep", "oct": "oct",
    "nov": "nov", "dec": "dec",
}  # fmt: skip
LENGTHS = frozenset({"day", "days", "week", "weeks", "month", "months"})
_DAY_WORDS = DAYS | LENGTHS
STREETS = frozenset({
    "street", "st", "road", "rd", "avenue", "ave", "lane", "ln", "drive", "dr", "boulevard",
    "blvd", "close", "court", "ct", "way", "place", "square", "terrace", "crescent", "gardens",
    "parkway", "highway", "row", "walk", "grove", "mews", "hill", "circle", "trail", "plaza",
    "alley", "ridge",
})  # fmt: skip
LEADS = frozenset({
    "my", "your", "our", "the", "a", "an", "this", "that", "these", "those", "some", "new", "her",
    "his", "their",
})  # fmt: skip
HALVES = {"am": "am", "a.m.": "am", "a.m": "am", "pm": "pm", "p.m.": "pm", "p.m": "pm",
          "o'clock": "", "oclock": ""}  # fmt: skip
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(am|pm|a\.m\.?|p\.m\.?)?\Z")
_SHORT_CLOCK = re.compile(r"(\d{1,2})(am|pm|a\.m\.?|p\.m\.?)\Z")
_CODE = re.compile(r"(?=[a-z0-9-]*\d)(?=[a-z0-9-]*[a-z])[a-z0-9-]{3,}\Z")

_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(?:\d{2}|\d{4}))?\Z")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}\Z")
_OUTWARD, _INWARD = re.compile(r"[a-z]{1,2}\d[a-z\d]?\Z"), re.compile(r"\d[a-z]{2}\Z")
PLURALS = frozenset({"people", "children", "men", "women"})  # of those that end without an s

PART_OF_NUMBER = 3  # digits; people read back 'ending in 431'
COUNTED_WITHIN = 2  # 'three chairs', 'three blue chairs'
SPELLED_LEAST = 4  # signs in a row that are a code: 'l s six two'
ITEM_WORDS = 3  # after its article a thing is named within three words: 'the brown leather boots'


def find_details(reading: Reading) -> tuple[Detail, ...]:
    """The hard details of a text: all kinds but items."""
    numbers = find_numbers(reading.words)
    if not numbers and all(map(str.isalpha, reading.words)):
        return _day_words(reading)
    found = [_number_detail(reading, number) for number in numbers]
    found += [_address(reading, number) for number in numbers]
    found += [_word_detail(reading, at) for at in range(len(reading.words))]
    found += _spelled_codes(reading, numbers)
    return tuple(detail for detail in found if detail is not None)


def _day_words(reading: Reading) -> tuple[Detail, ...]:
    """The details of a text without any figure: 'monday', 'a week'."""
    if reading.vocabulary.isdisjoint(_DAY_WORDS):
        return ()
    found = (_word_detail(reading, at) for at in range(len(reading.words)))
    return tuple(detail for detail in found if detail is not None)


def find_items(reading: Reading) -> tuple[Detail, ...]:
    """Words that name a thing: content words within three of 'my', 'your', 'the' and the like."""
    places: dict[int, None] = {}
    if reading.vocabulary.isdisjoint(LEADS):
        return ()
    for at, lead in enumerate(reading.words):
        if lead not in LEADS:
            continue
        for place in range(at + 1, min(at + 1 + ITEM_WORDS, len(reading.words))):
            if reading.sentences[place] != reading.sentences[at] or reading.words[place] in LEADS:
                break
            places[place] = None
    return _items(reading, tuple(places))


def find_content(reading: Reading) -> tuple[Detail, ...]:
    """All words that could name a thing, wherever they stand."""
    return _items(reading, range(len(reading.words)))


def _items(reading: Reading, places: Iterable[int]) -> tuple[Detail, ...]:
    common, words, spans = load_words("common_words"), reading.words, reading.spans
    named = [place for place in places if words[place] not in common]
    return tuple(
        Detail(DetailKind.ITEM, singular(words[place]), spans[place])
        for place in named
        if len(words[place]) > 3 and words[place].isalpha()
    )


def singular(word: str) -> str:
    """'boots' and 'boot' are one thing."""
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def is_same(said: Detail, repeated: Detail) -> bool:
    """Whether a later detail repeats an earlier one; the first or last digits of a number count."""
    if said.value == repeated.value:
        return True
    if said.kind is DetailKind.NUMBER and repeated.kind is DetailKind.NUMBER:
        short, long = sorted((said.value, repeated.value), key=len)
        return len(short) >= PART_OF_NUMBER and (long.endswith(short) or long.startswith(short))
    if said.kind is DetailKind.TIME and repeated.kind is DetailKind.TIME:
        return said.value.split()[0] == repeated.value.split()[0]  # 'at 8', 'at 8 a.m.'
    return False


def _number_detail(reading: Reading, number: Number) -> Detail | None:
    words, end = reading.words, number.start + number.length
    before = words[number.start - 1] if number.start else ""
    after = words[end] if end < len(words) else ""
    span = reading.span(number.start, end)
    with_unit = reading.span(number.start, min(end + 1, len(words)))
    value = number.value.removesuffix(".00")
    if before in SYMBOLS or after in CURRENCY:
        return Detail(DetailKind.AMOUNT, value, span if before in SYMBOLS else with_unit)
    if after in HALVES or (after in ("a", "p") and _as_said(reading, end + 1) == "m"):
        half = HALVES.get(after, f"{after}m")
        return Detail(DetailKind.TIME, f"{_clock(value)} {half}".strip(), with_unit)
    month = MONTHS.get(before) or MONTHS.get(after)
    if month is None and after == "of" and end + 1 < len(words):
        month = MONTHS.get(words[end + 1])
    if month and len(value) <= 2:
        return Detail(DetailKind.DATE, f"{month} {value}", span)
    if after in LENGTHS:
        return Detail(DetailKind.DATE, f"{value} {singular(after)}", with_unit)
    return _plain_number(reading, number, value)


def _plain_number(reading: Reading, number: Number, value: str) -> Detail | None:
    """A count of things, or a number of two digits or more."""
    end = number.start + number.length
    counted = _counted(reading, end)
    if counted is not None:
        thing = singular(reading.words[counted])
        return Detail(
            DetailKind.NUMBER, f"{value} {thing}", reading.span(number.start, counted + 1)
        )
    if len(value) >= 2 or number.is_spelled:
        return Detail(DetailKind.NUMBER, value, reading.span(number.start, end))
    return None


def _counted(reading: Reading, end: int) -> int | None:
    """Where the things stand that a number before `end` counts: 'three blue chairs'."""
    for at in range(end, min(end + COUNTED_WITHIN, len(reading.words))):
        word = reading.words[at]
        if not word.isalpha() or word in load_words("common_words"):
            return None
        if word in PLURALS or (len(word) > 3 and singular(word) != word):
            return at
    return None


def _as_said(reading: Reading, at: int) -> str:
    """A word as it was written: a lone 's' or 'm' is read as 'is' or 'am' elsewhere."""
    if at >= len(reading.words):
        return ""
    return reading.spans[at].of(reading.text).lower()


def _sign_as_said(reading: Reading, at: int) -> str:
    """A lone letter or digit as it was written; nothing where a longer word stands."""
    span = reading.spans[at]
    if span.end - span.start > 1:
        return ""
    sign = span.of(reading.text).lower()
    return sign if len(sign) == 1 and sign.isalnum() else ""


def _spelled_codes(reading: Reading, numbers: tuple[Number, ...]) -> list[Detail | None]:
    """Codes said sign by sign ('l s six two a b'), and the two halves of a postcode as one."""
    digits = {number.start: number.value for number in numbers}
    inner = {at for one in numbers for at in range(one.start + 1, one.start + one.length)}
    found: list[Detail | None] = []
    start, signs = 0, ""
    single = [_sign_as_said(reading, at) or digits.get(at, "") for at in range(len(reading.words))]
    is_long = sum(map(len, single)) >= SPELLED_LEAST
    for at, sign in enumerate([*single, ""] if is_long else ()):
        if at in inner:
            continue
        if sign.isalnum():
            start, signs = (start, signs + sign) if signs else (at, sign)
            continue
        if len(signs) >= SPELLED_LEAST and not signs.isdigit() and not signs.isalpha():
            found.append(Detail(DetailKind.NUMBER, signs, reading.span(start, at)))
        signs = ""
    for at, (first, second) in enumerate(zip(reading.words, reading.words[1:], strict=False)):
        if not first.isalpha() and _OUTWARD.match(first) and _INWARD.match(second):
            found.append(Detail(DetailKind.NUMBER, first + second, reading.span(at, at + 2)))
    return found


def _clock(value: str) -> str:
    """'830' and '8:30' are one time; so are '8' and '8:00'."""
    digits = value.replace(".", "")
    return f"{digits[:-2]}:{digits[-2:]}" if len(digits) in (3, 4) else f"{digits}:00"


def _address(reading: Reading, number: Number) -> Detail | None:
    end = number.start + number.length
    for place in range(end + 1, min(end + 4, len(reading.words))):
        if reading.words[place] in STREETS:
            value = f"{number.value} {' '.join(reading.words[end:place])}"
            return Detail(DetailKind.ADDRESS, value, reading.span(number.start, place + 1))
    return None


def _word_detail(reading: Reading, at: int) -> Detail | None:
    word, span = reading.words[at], reading.spans[at]
    if word in DAYS:
        return Detail(DetailKind.DATE, word, span)
    if word in LENGTHS and at and reading.words[at - 1] in ("a", "an"):
        return Detail(DetailKind.DATE, f"1 {word}", reading.span(at - 1, at + 1))
    if word.isalpha():
        return None
    clock = _CLOCK.match(word) or _SHORT_CLOCK.match(word)
    if clock:
        parts = clock.groups()
        minutes = parts[1] if len(parts) == 3 else "00"
        half = HALVES.get(parts[-1] or "", "")
        return Detail(DetailKind.TIME, f"{int(parts[0])}:{minutes} {half}".strip(), span)
    return _coded(word, span)


def _coded(word: str, span: TextSpan) -> Detail | None:
    """A word that is an e-mail address, a date in figures or a code."""
    if _EMAIL.match(word):
        return Detail(DetailKind.ADDRESS, word, span)
    slashed = _SLASHED.match(word)
    if slashed:
        return Detail(DetailKind.DATE, f"{int(slashed[1])}/{int(slashed[2])}", span)
    if _CODE.match(word):
        return Detail(DetailKind.NUMBER, word.replace("-", ""), span)
    return None

"""A British street address as it is typed or said, good enough to be read back."""

import re
from dataclasses import dataclass
from itertools import islice

from core.spans import TextSpan
from language.numbers import find_numbers
from language.values.found import Found, level
from language.values.postcodes import find_postcodes

MOST_NUMBERS = 12  # of a text that may be a house's
MOST_WORDS = 16  # of an address, before its postcode
_STREET = (
    r"(?:street|str|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|way|place|pl|square|sq"
    r"|terrace|crescent|cres|gardens|gdns|grove|hill|row|mews|park|view|rise|walk|wharf|quay|green"
    r"|parade|yard|mount|end|gate|broadway|embankment|esplanade|boulevard)"
)
_UNIT = r"(?:flat|apartment|apt|unit|suite|room|floor|no\.?|number|studio)"
# What leads up to an address: 'my new address is', 'please send it to', 'I live at'
_LEAD = re.compile(
    r"\b(?:address(?: now)? (?:is|to|as)|address|live (?:at|in|on)|(?:deliver(?:ed)?|send|sent|ship"
    r"|go|goes|bring|moved|move|moving|it|is) (?:it |them |everything )?(?:to|at)|(?:it'?s|its"
    r"|it is"
    r"|that'?s|we'?re at|i'?m at|now|no|actually|sorry|yes|yeah|please|to|at))\b[\s:,-]{0,3}"
)
_NUMBERED = re.compile(
    rf"(?:{_UNIT}\s?\d{{1,4}}[a-z]?\b,?\s?)?(?<![\w-])\d{{1,4}}[a-z]?(?:\s?[-/]\s?\d{{1,4}}[a-z]?)?,?"
    rf"\s{{1,24}}(?!(?:of|x|chairs?|weeks?|days?|pounds?|am|pm|people)\b)[a-z][a-z'.-]*"
)
_HOUSE = re.compile(
    r"(?<![\w'-])(?:the\s)?(?:[a-z'-]{1,20}\s){0,2}[a-z'-]{0,20}(?:cottage|house|farm|lodge|barn|mill|villa|hall|manor"
    r"|vicarage|rectory)\b"
)
_STREET_END = re.compile(rf"\b[a-z][a-z'.-]*\s{_STREET}\b\.?")
_POSTCODE_WORD = re.compile(r"[\s,]{1,3}(?:and\s)?(?:(?:the|my)\s)?post ?code(?:\sis)?[\s,:]*\Z")
_VERBAL = frozenset({
    "to", "for", "is", "and", "my", "please", "going", "orders", "order", "chairs", "with", "from",
    "are", "was", "it", "i", "delivered", "at", "not", "parcels", "items", "but",
})  # fmt: skip
_KEEP_SMALL = frozenset({"on", "upon", "the", "of", "in", "by", "le", "under"})


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """The lines of an address in capitals where they belong, and its postcode if it was said."""

    lines: tuple[str, ...]
    postcode: str | None
    span: TextSpan


def find_address(text: str) -> FoundAddress | None:
    """The address in a text: a numbered street or a named house, with or without a postcode."""
    plain = _with_figures(level(text))
    postcodes = find_postcodes(text)
    end = postcodes[0].span.start if postcodes else len(plain)
    start = _start(plain, end)
    if start is None:
        return None
    stop = end if postcodes else _end(plain, start)
    lines = _lines(text, plain, start, stop)
    if not lines or len(" ".join(lines).split()) > MOST_WORDS:
        return None
    return FoundAddress(
        lines, *_postcode(postcodes, start, start + len(text[start:stop].rstrip(" ,")))
    )


def _postcode(postcodes: tuple[Found, ...], start: int, stop: int) -> tuple[str | None, TextSpan]:
    if not postcodes:
        return None, TextSpan(start, stop)
    return postcodes[0].value, TextSpan(start, postcodes[0].span.end)


def _with_figures(plain: str) -> str:
    """Spoken house numbers in figures, of the same length: 'forty two pine road'."""
    matches = list(re.finditer(r"[a-z]+", plain))
    words = [one[0] for one in matches]
    for number in find_numbers(words):
        first, last = matches[number.start], matches[number.start + number.length - 1]
        if number.value.isdecimal() and len(number.value) <= 4:
            figures = number.value.ljust(last.end() - first.start())
            if len(figures) == last.end() - first.start():
                plain = plain[: first.start()] + figures + plain[last.end() :]
    return plain


def _start(plain: str, end: int) -> int | None:
    """Where the address begins: at its number, or at the name of its house."""
    likely = islice(_NUMBERED.finditer(plain, 0, end), MOST_NUMBERS)
    numbered = [one for one in likely if _is_street(plain, one, end)]
    house = _HOUSE.search(plain, 0, end)
    if numbered and not (house and house.start() < numbered[0].start() and end < len(plain)):
        return numbered[0].start()
    is_placed = house and (end < len(plain) or _STREET_END.search(plain, house.end()))
    return _behind_lead(plain, house.start(), house.end()) if house and is_placed else None


def _is_street(plain: str, match: re.Match[str], end: int) -> bool:
    """A number is a house's when a street follows it, or the postcode does."""
    street = _STREET_END.search(plain, match.start(), min(end, match.start() + 60))
    between = set(plain[match.start() : end].split())
    return street is not None or (end < len(plain) and len(between) <= 6 and not between & _VERBAL)


def _behind_lead(plain: str, start: int, end: int) -> int:
    leads = [one.end() for one in _LEAD.finditer(plain, 0, end) if one.end() < end]
    return max([start, *leads])


def _end(plain: str, start: int) -> int:
    """Behind the street and, after commas, the town."""
    street = _STREET_END.search(plain, start)
    if street is None:
        return start
    town = re.compile(
        r"(?:,\s?(?!(?:please|thanks|thank|and|but|not|can|could|is)\b)[a-z][a-z' -]{1,30}){1,3}"
    )
    more = town.match(plain, street.end())
    return more.end() if more else street.end()


def _lines(text: str, plain: str, start: int, stop: int) -> tuple[str, ...]:
    lines: list[str] = []
    stop = start + len(_POSTCODE_WORD.sub("", plain[start:stop]))
    for piece in re.finditer(r"[^,\n;]+", plain[start:stop]):
        said = text[start + piece.start() : start + piece.end()]
        shown = said if not _has_spoken_number(said, piece[0]) else piece[0]
        lines += [_capitals(line) for line in _split(re.sub(r"\s+", " ", shown).strip(" .-:"))]
    return tuple(line for line in lines if re.search(r"\w", line))


def _has_spoken_number(said: str, figured: str) -> bool:
    return level(said) != figured


def _split(line: str) -> list[str]:
    """The street and what follows it without a comma: '12 harbour street brighton'."""
    streets = list(_STREET_END.finditer(level(line)))
    if not streets or streets[0].end() >= len(line):
        return [line]
    return [line[: streets[0].end()], line[streets[0].end() :].strip()]


def _capitals(line: str) -> str:
    """'12a harbour street' → '12a Harbour Street'; what has capitals keeps them."""
    if not line.islower():
        return line
    words = [word if word in _KEEP_SMALL else word[:1].upper() + word[1:] for word in line.split()]
    return " ".join(words)

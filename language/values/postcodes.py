"""British postcodes, typed ('bn14gh') and said ('b for bravo n one four g h')."""

import re
from collections.abc import Iterator

from core.spans import TextSpan
from language.values.found import Found, level
from language.values.spoken import Run, find_runs

# Postcode areas of Royal Mail, with the Crown dependencies
AREAS = frozenset({
    "AB", "AL", "B", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "BT", "CA", "CB", "CF", "CH",
    "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E",
    "EC", "EH", "EN", "EX", "FK", "FY", "G", "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR", "HS",
    "HU", "HX", "IG", "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD", "LE", "LL",
    "LN", "LS", "LU", "M", "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX",
    "PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL", "SM",
    "SN", "SO", "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW",
    "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE",
})  # fmt: skip
# Area, district, space or none, sector and unit (BS 7666)
_TYPED = re.compile(r"(?<![a-z0-9])([a-z]{1,2})(\d[a-z\d]?)[ \t-]{0,3}(\d)([a-z]{2})(?![a-z0-9])")
# Said ones are found among other letters, so the unit keeps to the letters Royal Mail uses
_UNIT = r"[ABD-HJLNP-UW-Z]{2}"
_SAID = re.compile(rf"([A-Zo]{{1,2}})([0-9o][0-9oA-Z]?|t)([0-9o])({_UNIT})(?![A-Zo])")
_ORDINAL_ENDS = frozenset({"th", "nd", "rd", "st"})
_COUNTED_AFTER = re.compile(r"\s(?:floor|of|time|one|[a-z]{3,9}uary|march|april|may|june|july)\b")


def find_postcodes(text: str) -> tuple[Found, ...]:
    """Postcodes in one spelling, such as 'BN1 4GH', from left to right."""
    plain = level(text)
    found = list(_typed(plain))
    for one in _said(text):
        if not any(one.span.overlaps(other.span) for other in found):
            found.append(one)
    found = [one for one in found if not _is_counted(plain, one)]
    return tuple(sorted(found, key=lambda one: one.span))


def _typed(plain: str) -> Iterator[Found]:
    for match in _TYPED.finditer(plain):
        area, district, sector, unit = match.groups()
        if area.upper() not in AREAS or unit in ("am", "pm"):
            continue
        span = TextSpan(match.start(), match.end())
        yield Found(f"{area}{district} {sector}{unit}".upper(), span)


def _is_counted(plain: str, one: Found) -> bool:
    """'flat b4 2nd floor' is no postcode."""
    is_ordinal = one.value[-2:].lower() in _ORDINAL_ENDS
    return is_ordinal and _COUNTED_AFTER.match(plain, one.span.end) is not None


def _said(text: str) -> Iterator[Found]:
    for run in find_runs(text):
        at = 0
        while match := _first(run, at):
            area, district, sector, unit = match.groups()
            value = f"{_letters(area)}{_district(district)} {_digits(sector)}{_letters(unit)}"
            yield Found(value, run.span(match.start(), match.end()))
            at = match.end()


def _first(run: Run, at: int) -> re.Match[str] | None:
    """The first postcode at or after `at`; a lone 'a' or 'i' before it is a word."""
    for start in range(at, len(run.signs)):
        match = _SAID.match(run.signs, start)
        before = run.signs[max(at, start - 2) : start]
        is_free = not before or not before[-1].isupper() or before in ("A", "I")
        if match and is_free and _letters(match[1]) in AREAS:
            return match
    return None


def _district(signs: str) -> str:
    """A digit, then a digit or, in the middle of London, a letter; 't' is ten."""
    if signs == "t":
        return "10"
    return _digits(signs) if signs[-1] in "0123456789o" else _digits(signs[0]) + signs[1]


def _letters(signs: str) -> str:
    return signs.replace("o", "O")


def _digits(signs: str) -> str:
    return signs.replace("o", "0")

"""A British street address as it is typed or said, good enough to be read back."""

import re
from dataclasses import dataclass
from itertools import islice

from core.spans import TextSpan
from language.numbers import ORDINALS, find_numbers
from language.values.address_words import ANYBODYS, DESCRIBES, PLAIN_HOUSES, SENTENCE
from language.values.found import Found, level
from language.values.postcodes import find_postcodes

MOST_NUMBERS = 12  # of a text that may be a house's
MOST_WORDS = 16  # of an address, before its postcode
MOST_POSTCODES = 3  # of a text: that of the order, and that of the address
_STREET = (
    r"(?:street|str|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|way|place|pl|square|sq"
    r"|terrace|crescent|cres|gardens|gdns|grove|hill|row|mews|park|view|rise|walk|wharf|quay|green"
    r"|parade|yard|mount|end|gate|broadway|embankment|esplanade|boulevard)"
)
_UNIT = r"(?:flat|apartment|apt|unit|suite|room|floor|no\.?|number|studio)"
# What stands before number or name: 'Flat 2,' Rose Cottage, 'top floor flat,' 12 Rose Road
_DWELLING = r"(?:flat|apartment|apt|unit|suite|room|studio)"
_UNIT_BEFORE = re.compile(
    rf"(?<![\w-])(?:{_DWELLING}\s?(?:\d{{1,4}}[a-z]?(?:[/-]\d{{1,3}}[a-z]?)?|[a-h])"
    r"|(?:(?:top|ground|first|second|third|\d(?:st|nd|rd|th))\sfloor(?:\sflat)?|basement\sflat)"
    rf"|c/o\s[a-z][a-z .'-]{{1,30}},|{_DWELLING}(?=\s\Z)),?\s{{0,2}}\Z"
)
# What leads up to an address: 'my new address is', 'please send it to', 'I live at'
_LEAD = re.compile(
    r"\b(?:address(?: now)? (?:is|to|as)|address|live (?:at|in|on)|(?:deliver(?:ed)?|send|sent|ship"
    r"|go|goes|bring|moved|move|moving|it|is) (?:it |them |everything )?(?:to|at)|(?:it'?s|its"
    r"|it is"
    r"|that'?s|we'?re at|i'?m at|now|no|actually|sorry|yes|yeah|please|to|at))\b[\s:,-]{0,3}"
)
_NO_COUNT = (
    r"(?!(?:of|x|chairs?|lamps?|sofas?|tables?|beds?|desks?|rugs?|shelves|mattress(?:es)?|box(?:es)?"
    r"|pieces?|items?|orders?|parcels?|packages?|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?"
    r"|nights?|weeks?|months?|years?|times?|miles?(?!\send)|km|metres?|pounds?|quid|am|pm|people|men|kids"
    r"|children|bed(?:room)?s?|star|stars)\b)"
)
_NUMBERED = re.compile(
    rf"(?:{_UNIT}\s?\d{{1,4}}[a-z]?(?:[/-]\d{{1,3}}[a-z]?)?\b,?\s?)?(?<![\w/-])\d{{1,4}}[a-z]?(?:\s?[-/]\s?\d{{1,4}}[a-z]?)?,?"
    rf"\s{{1,24}}{_NO_COUNT}[a-z][a-z'.-]*"
)
_HOUSE = re.compile(
    r"(?<![\w'-])(?:[a-z'-]{1,20}\s){0,3}(?:[a-z'-]{3,20})?(?:cottage|house|farm|lodge|barn|mill"
    r"|villa|hall|manor|vicarage|rectory)(?:\s(?:house|cottage|farm|barn|lodge))?\b"
)
_STREET_END = re.compile(
    rf"\b[a-z][a-z'.-]*\s{_STREET}(?:\s(?:street|st|road|rd|lane|avenue))?\b\.?"
)
_POSTCODE_WORD = re.compile(r"[\s,]{1,3}(?:and\s)?(?:(?:the|my)\s)?post ?code(?:\sis)?[\s,:]*\Z")
_ONLY_NUMBER = re.compile(r"(?:(?:house )?number |no\.? )?(\d{1,4}\s?[a-z]?)\s*(?:please)?")
_HOUSE_NUMBER = re.compile(r"\d{1,4}[A-Za-z]?(?=\s(?!.*\b\d{1,4}[A-Za-z]?\b))")  # and no other
_ODD = re.compile(r"[()\[\]{}?!@£$€]|\d{5}")  # a bracket, a price, an order number
# 'in the way', 'by the road', 'a long way'
_THE_WAY = re.compile(rf"\b(?:(?:the|in|on|by)\s{_STREET}|(?:long|other|wrong|right)\sway)\b")
_OPENS = re.compile(  # of a correction: 'sorry, its', 'oh wait, it should be'
    r"\A(?:(?:oh|no|nope|sorry|oops|actually|wait|hang on|hold on|um+|er+m?|ah|well|but|and|i mean"
    r"|i meant|my mistake|my bad|(?:it|that)(?:'?s| is)|(?:it |that )?should (?:be|have been)"
    r"|make it|in|at|the|a)\b[\s,.:;!-]*)+"
)
_NUMBER = r"(?:number |no\.? |flat )?"
_NOT_THAT = re.compile(
    rf"(?<![\w-])(?P<new>\d{{1,4}}[a-z]?),? (?:and )?not {_NUMBER}(?P<old>\d{{1,4}}[a-z]?)(?![\w-])"
    rf"|\bnot {_NUMBER}(?P<old2>\d{{1,4}}[a-z]?),? (?:but )?(?:it'?s )?{_NUMBER}"
    r"(?P<new2>\d{1,4}[a-z]?)(?![\w-])"
)
_ONLY_UNIT = re.compile(
    rf"({_DWELLING})\s?(\d{{1,4}}[a-z]?|[a-h])(?: (?:by the way|btw|too|as well|please|actually))*"
)
_OWN_UNIT = re.compile(rf"{_DWELLING}\s?\w{{1,5}},\s", re.IGNORECASE)
_TOWN_LEAD = re.compile(
    r"\A\W*(?:(?:it'?s|it is|its|that'?s|in|the|um+|er+m?|oh|ok|sorry|yes|town|is)\b[\s,:]*)+"
)
MOST_TOWN_NAME = 4  # words: Newcastle upon Tyne, St Leonards on Sea
MOST_TOWN = 8  # words between a street or a house and its postcode
_KEEP_SMALL = frozenset({"on", "upon", "the", "of", "in", "by", "le", "under"})


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """The lines of an address in capitals where they belong, and its postcode if it was said."""

    lines: tuple[str, ...]
    postcode: str | None
    span: TextSpan


def find_address(text: str) -> FoundAddress | None:
    """The address in a text: a numbered street or a named house, with or without a postcode.

    What has no street is one only where it looks like one: 'Rose Cottage, Ditchling BN6 8TU'.
    """
    plain = _with_figures(level(text))
    begin = 0
    for postcode in find_postcodes(text)[:MOST_POSTCODES]:
        end = postcode.span.start
        found = _find(text, plain, begin, end, postcode)
        if found is not None:
            return found
        begin = postcode.span.end
    return _find(text, plain, begin, len(plain), None)


def correct_street(address: str, correction: str) -> str | None:
    """An address with its street put right: '41 Rose Street' of '14 Rose Street, Leeds'.

    Both are lines with commas between. None when the correction names its own town.
    """
    said, known = correction.split(", "), address.split(", ")
    if not _is_street(said[-1]):
        return None
    at = max((at for at, line in enumerate(known) if _is_street(line)), default=0)
    is_same = _street_name(known[at]) == _street_name(said[-1])
    flat = known[:at] if is_same and len(said) == 1 else []
    return ", ".join([*flat, *said, *known[at + 1 :]])


def correct_number(address: str, correction: str) -> str | None:
    """An address with its house number put right: 'number 43' of '34 Rose Street, Leeds'.

    None where the correction is more than a number, or the address begins with none, or two.
    """
    number = _ONLY_NUMBER.fullmatch(_with_figures(level(correction)).strip(" .!"))
    house = _HOUSE_NUMBER.match(address)
    return None if number is None or house is None else number[1] + address[house.end() :]


def correct_part(address: str, correction: str) -> str | None:
    """An address with a number in it put right: by '41 not 14', by 'its flat 3', by 'sorry, 41'.

    None where the correction says nothing of the kind, or what it replaces stands there twice.
    """
    plain = re.sub(r"\s+(?=[\s,])", "", _with_figures(level(correction))).strip(" .,!")
    pair = _NOT_THAT.search(plain)
    if pair is not None:
        old, new = (pair["old"], pair["new"]) if pair["new"] else (pair["old2"], pair["new2"])
        standing = re.compile(rf"(?<![\w-]){old}(?![\w-])", re.IGNORECASE)
        return standing.sub(new, address) if len(standing.findall(address)) == 1 else None
    rest = _OPENS.sub("", plain)
    unit = _ONLY_UNIT.fullmatch(rest)
    if unit is not None:
        named, own = unit[1].capitalize(), _OWN_UNIT.match(address)
        return f"{named} {unit[2]}, {address[own.end() :] if own else address}"
    return correct_number(address, rest) if rest != plain else None


def with_town(address: str, town: str) -> str | None:
    """An address that ends with its street, and its town behind it; None for any other."""
    if not _is_street(address.rpartition(", ")[2]):
        return None
    return f"{address}, {_capitals(town)}"


def town_before(text: str, postcode_starts: int) -> str | None:
    """What stands before a postcode and reads as a town: 'Edinburgh, EH10 4AX'."""
    before = _TOWN_LEAD.sub("", _POSTCODE_WORD.sub("", level(text[:postcode_starts])))
    before = before.strip(" ,.-")
    is_town = re.fullmatch(r"[a-z][a-z' -]{2,40}", before) and _is_lines(before, MOST_TOWN_NAME)
    start = level(text).find(before)
    return text[start : start + len(before)] if is_town else None


def _is_street(line: str) -> bool:
    match = _STREET_END.search(level(line))
    return match is not None and match.end() == len(line)


def _street_name(line: str) -> str:
    return re.sub(r"\A[^a-z]*\d+[a-z]?\s", "", level(line))


def _find(
    text: str, plain: str, begin: int, end: int, postcode: Found | None
) -> FoundAddress | None:
    start = _start(text, plain, begin, end, is_placed=postcode is not None)
    if start is None:
        return None
    stop = end if postcode and _is_to_postcode(plain, start, end) else _end(plain, start, end)
    start = _with_unit(plain, begin, start)
    stop = start + len(plain[start:stop].rstrip(" ,(["))
    lines = _lines(text, plain, start, stop)
    if not lines or len(" ".join(lines).split()) > MOST_WORDS:
        return None
    span = TextSpan(start, postcode.span.end if postcode else stop)
    return FoundAddress(lines, postcode.value if postcode else None, span)


def _with_unit(plain: str, begin: int, start: int) -> int:
    """Where the address begins when its flat, unit or floor is counted in."""
    unit = _UNIT_BEFORE.search(plain[begin:start])
    return start if unit is None else begin + unit.start()


def _with_figures(plain: str) -> str:
    """Spoken house numbers in figures, of the same length: 'forty two pine road'."""
    matches = list(re.finditer(r"[a-z]+", plain))
    words = [one[0] for one in matches]
    for number in find_numbers(words):
        first, last = matches[number.start], matches[number.start + number.length - 1]
        if words[number.start] in ORDINALS:
            continue  # 'the second floor'
        if number.value.isdecimal() and len(number.value) <= 4:
            figures = number.value.ljust(last.end() - first.start())
            if len(figures) == last.end() - first.start():
                plain = plain[: first.start()] + figures + plain[last.end() :]
    return plain


def _start(text: str, plain: str, begin: int, end: int, *, is_placed: bool) -> int | None:
    """Where the address begins: at its number, or at the name of its house."""
    likely = islice(_NUMBERED.finditer(plain, begin, end), MOST_NUMBERS)
    numbers = [one.start() for one in likely if _is_numbered(text, plain, one, end, is_placed)]
    house = _house(text, plain, begin, end, is_placed=is_placed)
    if numbers and not (house is not None and house < numbers[0] and is_placed):
        return numbers[0]
    return house


def _is_numbered(text: str, plain: str, match: re.Match[str], end: int, is_placed: bool) -> bool:
    """A number is a house's when a street follows it, or a name and the postcode do."""
    street = _STREET_END.search(plain, match.start(), min(end, match.start() + 60))
    if street is not None and _is_named(plain[match.start() : street.end()]):
        return True
    between = plain[match.start() : end]
    if not is_placed or not _is_lines(between, 6):
        return False
    name = re.search(r"\s([^\W\d])", text[match.start() : end])
    return name is not None and (name[1].isupper() or _is_led(plain, match.start()))


def _is_named(numbered: str) -> bool:
    """'8 stratford upon avon road', '9 the green'; not '2 of them are in the way'."""
    words = re.findall(r"(?<!\w)[a-z][a-z'-]*", numbered)
    is_by_way = _THE_WAY.search(numbered) and not re.match(r"\d+[a-z]?,?\sthe\s", numbered)
    return not (is_by_way or _ODD.search(numbered) or (SENTENCE - DESCRIBES) & set(words[:-1]))


def _house(text: str, plain: str, begin: int, end: int, *, is_placed: bool) -> int | None:
    """Where the name of a house begins, when a street or the postcode follows it."""
    for match in islice(_HOUSE.finditer(plain, begin, end), MOST_NUMBERS):
        start = _name_of(text, plain, match)
        if start is None:
            continue
        street = _STREET_END.search(plain, match.end(), end)
        rest = plain[match.end() : street.end() if street else end]
        if (street or is_placed) and _is_lines(rest, MOST_TOWN) and not _THE_WAY.search(rest):
            return start
    return None


def _name_of(text: str, plain: str, match: re.Match[str]) -> int | None:
    """Where the house's own name begins; None for anybody's: 'moving house', 'a nice house'."""
    words = list(re.finditer(r"\S+", plain[match.start() : match.end()]))
    links = [at for at, word in enumerate(words) if _is_link(text, match.start(), word)]
    first = links[-1] + 1 if links else 0
    own = [word[0] for word in words[first:] if word[0] != "the"]
    if links and words[links[-1]][0] in ANYBODYS:
        return None
    if not own or (own[-1] in PLAIN_HOUSES and len(own) < 2):
        return None
    start = match.start() + words[first].start()
    is_capital = text[start].isupper()
    return start if is_capital or _is_led(plain, start) else None


def _is_led(plain: str, start: int) -> bool:
    """Whether the text begins here, or something that leads up to an address ends here."""
    before = plain[max(0, start - 40) : start]
    before = before[: _with_unit(before, 0, len(before))]
    return not before.strip() or any(one.end() == len(before) for one in _LEAD.finditer(before))


def _is_link(text: str, begin: int, word: re.Match[str]) -> bool:
    """Whether a word leads to the name and is none of it; 'Long' is of it in 'Long Barn'."""
    is_capital = text[begin + word.start()].isupper()
    return word[0] in SENTENCE and not (is_capital and word[0] in DESCRIBES)


def _is_lines(between: str, most: int) -> bool:
    """Whether this reads as the lines of an address, not as a sentence."""
    plain = _POSTCODE_WORD.sub("", between).rstrip(" ,([")
    words = re.findall(r"[\w'-]+", plain)
    return len(words) <= most and not _ODD.search(plain) and not SENTENCE & set(words)


def _is_to_postcode(plain: str, start: int, end: int) -> bool:
    street = _STREET_END.search(plain, start, end)
    return _is_lines(plain[street.end() if street else start : end], MOST_TOWN)


_TOWN = re.compile(
    r"(?:,\s?(?!(?:please|thanks|thank|and|but|not|can|could|is)\b)[a-z][a-z' -]{1,30}){1,3}"
)


def _end(plain: str, start: int, end: int) -> int:
    """Behind the street and, after commas, the town."""
    street = _STREET_END.search(plain, start, end)
    if street is None:
        return start
    more = _TOWN.match(plain, street.end(), end)
    return more.end() if more and _is_lines(more[0], MOST_TOWN) else street.end()


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

"""Numbers the house gives out: HP-10442 (orders), T-20017 (tickets), R-30021 and F-40006.

How they look is the house's own (PARLEY_ORDER_NUMBER and its like); these are the demo shop's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from core.number_shapes import OF_THE_DEMO, NumberShape, NumberShapes
from core.spans import TextSpan
from language.values.found import Found, level
from language.values.spoken import Run, find_runs

PHONE_LENGTH = 10  # digits in groups that begin with nought: a phone


@dataclass(frozen=True, slots=True)
class _Kind:
    """A sort of reference, and what people call it."""

    name: str  # of its shape in NumberShapes
    nouns: frozenset[str]

    @property
    def shape(self) -> NumberShape:
        """How its numbers look in this house."""
        shape: NumberShape = getattr(_house[0], self.name)
        return shape


@dataclass(frozen=True, slots=True)
class _Candidate:
    """As many digits as its kind has, and the letters said before them.

    `is_joined` when written in several groups.
    """

    digits: str
    letters: str
    span: TextSpan
    is_joined: bool


_ORDER = _Kind("order", frozenset({"order", "delivery", "parcel", "purchase"}))
_TICKET = _Kind("ticket", frozenset({"ticket", "case", "complaint", "report", "query", "enquiry"}))
_RETURN = _Kind("sent_back", frozenset({"return", "refund", "rma"}))
_FITTING = _Kind("visit", frozenset({"fitting", "appointment", "booking", "visit"}))
_OTHER_NOUNS = _TICKET.nouns | _FITTING.nouns  # 'return 10442' may well be an order to return
_BETWEEN = frozenset({"number", "no", "reference", "ref", "id", "is", "s", "now"})
_PARTED = re.compile(r"[\s,;]\Z")  # letters of something else: 'bn1 4gh, 10442'
_STARTS_BADLY = re.compile(r"[\w£$€]\Z|[£$€]\s\Z|\d[.,:/]\Z")
_GOES_ON = re.compile(
    r"\w|[.,:/]\d|[\s-]{0,2}(?:pounds?|quid|euros?|dollars?|pence|times|people|miles|km|%)"
)

# What numbers look like is a fact of the house, as its language is: a program's main says it once,
# and the readers of actions/fields.py stay plain functions of a text and a time.
_house = [OF_THE_DEMO]


def use_shapes(shapes: NumberShapes) -> None:
    """From now on read numbers of these shapes; for a program's start."""
    _house[0] = shapes


def shapes_in_use() -> NumberShapes:
    """What numbers look like in this house."""
    return _house[0]


def find_order_numbers(text: str) -> tuple[Found, ...]:
    """Order numbers, such as 'HP-10442'; its digits alone are one too."""
    return _find(text, _ORDER, is_asked=True)


def find_ticket_numbers(text: str, *, is_asked: bool = False) -> tuple[Found, ...]:
    """Ticket numbers, such as 'T-20017'; digits alone only when `is_asked` for one."""
    return _find(text, _TICKET, is_asked=is_asked)


def find_return_numbers(text: str, *, is_asked: bool = False) -> tuple[Found, ...]:
    """Numbers of returns, such as 'R-30021'; digits alone only when `is_asked` for one."""
    return _find(text, _RETURN, is_asked=is_asked)


def find_appointment_numbers(text: str, *, is_asked: bool = False) -> tuple[Found, ...]:
    """Numbers of fittings, such as 'F-40006'; digits alone only when `is_asked` for one."""
    return _find(text, _FITTING, is_asked=is_asked)


def find_codes(text: str, *, length: int = 6) -> tuple[Found, ...]:
    """One-time codes: so many digits in a row and no more, '482 913' or said one by one."""
    plain = level(text)
    found: list[Found] = []
    for run in find_runs(text):
        for match in re.finditer(rf"(?<![A-Z0-9ot])[0-9o]{{{length}}}(?![A-Z0-9ot])", run.signs):
            span = run.span(match.start(), match.end())
            is_plain = _is_number(plain, _Candidate(match[0], "", span, is_joined=False))
            if is_plain and match[0].strip("o"):
                found.append(Found(match[0].replace("o", "0"), span))
    return tuple(found)


def _find(text: str, kind: _Kind, *, is_asked: bool) -> tuple[Found, ...]:
    found: dict[str, Found] = {}
    plain, shape = level(text), kind.shape
    for run in find_runs(text):
        for one in _candidates(run, plain, shape.digits):
            if _is_number(plain, one) and _is_of(plain, one, kind, is_asked=is_asked):
                value = shape.of(one.digits)
                found.setdefault(value, Found(value, one.span))
    return tuple(found.values())


def _prefixes() -> tuple[str, ...]:
    return _prefixes_of(_house[0])


@cache
def _prefixes_of(shapes: NumberShapes) -> tuple[str, ...]:
    """The letters that numbers of a house begin with, the longest first."""
    letters = {shape.letters for shape in shapes.all if shape.letters}
    return tuple(sorted(letters, key=lambda each: (-len(each), each)))


def _candidates(run: Run, plain: str, length: int) -> Iterator[_Candidate]:
    """So many digits said in a row, and written groups of as many among others."""
    for match in re.finditer(r"([A-Z]{0,4})([0-9o]+)", run.signs):
        letters, (start, end) = match[1], match.span(2)
        if end - start == length + 1 and run.signs[start] == "o" and not letters:
            start += 1  # 'oh, one nought four four two'
        if end - start == length:
            yield _candidate(run, plain, letters, start, end)
            continue
        for first, last in _groups(run, start, end, length):
            yield _candidate(run, plain, letters if first == start else "", first, last)


def _candidate(run: Run, plain: str, letters: str, start: int, end: int) -> _Candidate:
    prefix = _prefix(run, letters, start)
    digits = run.signs[start:end].replace("o", "0")
    is_joined = len(set(run.groups[start:end])) > 1
    if prefix in _prefixes():
        span = run.span(start - len(prefix), end)
        return _Candidate(digits, prefix, span, is_joined)
    span = run.span(start, end)
    written = _written_before(plain, span) if not prefix else None
    if written is None:
        return _Candidate(digits, prefix, span, is_joined)
    return _Candidate(digits, written[0], TextSpan(written[1], span.end), is_joined)


def _prefix(run: Run, letters: str, start: int) -> str:
    """The letters of the reference itself: not the 'a' of 'a hp 10442', nor a postcode's end."""
    for prefix in _prefixes():
        first = start - len(prefix)
        if letters.endswith(prefix) and first and run.groups[first - 1] != run.groups[first]:
            return prefix
    return letters


def _written_before(plain: str, span: TextSpan) -> tuple[str, int] | None:
    """Letters of ours that are no signs of a run: three or four, or parted by a stroke."""
    ahead = plain[: span.start]
    for prefix in _prefixes():
        found = re.search(rf"(?<![^\W_]){prefix.lower()}\s?[-/ ]?\s?\Z", ahead)
        if found is not None:
            return prefix, found.start()
    return None


def _groups(run: Run, start: int, end: int, length: int) -> Iterator[tuple[int, int]]:
    """The groups of so many digits in a longer row, unless the row is a phone or a card number."""
    cuts = [
        start,
        *(at for at in range(start + 1, end) if run.groups[at] != run.groups[at - 1]),
        end,
    ]
    pieces = tuple(pairwise(cuts))
    is_phone = run.signs[start] == "0" and end - start >= PHONE_LENGTH
    is_card = any(last - first > 2 and last - first != length for first, last in pieces)
    if not (is_phone or is_card):
        yield from (piece for piece in pieces if piece[1] - piece[0] == length)


def _is_number(plain: str, one: _Candidate) -> bool:
    """Whether the digits stand for themselves: no money, measure, date or longer word."""
    start, end = one.span.start, one.span.end
    if _STARTS_BADLY.search(plain[max(0, start - 2) : start]) or _GOES_ON.match(plain, end):
        return False
    return not re.search(r"\d[.,:/]\d", one.span.of(plain))


def _is_of(plain: str, one: _Candidate, kind: _Kind, *, is_asked: bool) -> bool:
    if one.letters in _prefixes():
        return one.letters == kind.shape.letters
    if one.letters and not _PARTED.search(plain[: one.span.start]):
        return False
    noun = _noun_before(plain, one.span)
    if noun in kind.nouns:
        return True
    if noun in _OTHER_NOUNS | _ORDER.nouns or not is_asked or _may_be_phone(plain, one):
        return False
    said = one.span.of(plain)
    written_apart = one.is_joined and re.search(r"\d\d", said) is not None
    if not written_apart and "thousand" not in said:
        return True
    return "-" not in said and not re.search(r"\w", plain.replace(said, "", 1))


def _may_be_phone(plain: str, one: _Candidate) -> bool:
    if len(one.digits) < PHONE_LENGTH:
        return False
    return one.digits.startswith("0") or plain[: one.span.start].endswith("+")


def _noun_before(plain: str, span: TextSpan) -> str:
    """What the number is called, in words directly before it: 'ticket', in 'ticket no. 20017'."""
    words = re.findall(r"[a-z]+", plain[max(0, span.start - 40) : span.start])
    while words and words[-1] in _BETWEEN:
        words.pop()
    return str(words[-1]) if words else ""

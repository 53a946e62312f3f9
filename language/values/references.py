"""Numbers the shop gives out: HP-10442 (orders), T-20017 (tickets), R-30021 and F-40006."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from core.spans import TextSpan
from language.values.found import Found, level
from language.values.spoken import Run, find_runs

LENGTH = 5  # digits of a reference; the shop's numbers, store/shop
PHONE_LENGTH = 10  # digits in groups that begin with nought: a phone


@dataclass(frozen=True, slots=True)
class _Kind:
    """A sort of reference, and what people call it."""

    prefix: str
    nouns: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Five digits and the letters said before them; `is_joined` when written in several groups."""

    digits: str
    letters: str
    span: TextSpan
    is_joined: bool


_ORDER = _Kind("HP", frozenset({"order", "delivery", "parcel", "purchase"}))
_TICKET = _Kind("T", frozenset({"ticket", "case", "complaint", "report", "query", "enquiry"}))
_RETURN = _Kind("R", frozenset({"return", "refund", "rma"}))
_FITTING = _Kind("F", frozenset({"fitting", "appointment", "booking", "visit"}))
_OTHER_NOUNS = _TICKET.nouns | _FITTING.nouns  # 'return 10442' may well be an order to return
_BETWEEN = frozenset({"number", "no", "reference", "ref", "id", "is", "s", "now"})
_PREFIXES = ("HP", "T", "R", "F")
_PARTED = re.compile(r"[\s,;]\Z")  # letters of something else: 'bn1 4gh, 10442'
_STARTS_BADLY = re.compile(r"[\w£$€]\Z|[£$€]\s\Z|\d[.,:/]\Z")
_GOES_ON = re.compile(
    r"\w|[.,:/]\d|[\s-]{0,2}(?:pounds?|quid|euros?|dollars?|pence|times|people|miles|km|%)"
)


def find_order_numbers(text: str) -> tuple[Found, ...]:
    """Order numbers, such as 'HP-10442'; five digits alone are one too."""
    return _find(text, _ORDER, is_asked=True)


def find_ticket_numbers(text: str, *, is_asked: bool = False) -> tuple[Found, ...]:
    """Ticket numbers, such as 'T-20017'; five digits alone only when `is_asked` for one."""
    return _find(text, _TICKET, is_asked=is_asked)


def find_return_numbers(text: str, *, is_asked: bool = False) -> tuple[Found, ...]:
    """Numbers of returns, such as 'R-30021'; five digits alone only when `is_asked` for one."""
    return _find(text, _RETURN, is_asked=is_asked)


def find_appointment_numbers(text: str, *, is_asked: bool = False) -> tuple[Found, ...]:
    """Numbers of fittings, such as 'F-40006'; five digits alone only when `is_asked` for one."""
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
    plain = level(text)
    for run in find_runs(text):
        for one in _candidates(run):
            if _is_number(plain, one) and _is_of(plain, one, kind, is_asked=is_asked):
                value = f"{kind.prefix}-{one.digits}"
                found.setdefault(value, Found(value, one.span))
    return tuple(found.values())


def _candidates(run: Run) -> Iterator[_Candidate]:
    """Five digits said in a row, and written groups of five among others."""
    for match in re.finditer(r"([A-Z]{0,4})([0-9o]+)", run.signs):
        letters, (start, end) = match[1], match.span(2)
        if end - start == LENGTH + 1 and run.signs[start] == "o" and not letters:
            start += 1  # 'oh, one nought four four two'
        if end - start == LENGTH:
            yield _candidate(run, letters, start, end)
            continue
        for first, last in _groups(run, start, end):
            yield _candidate(run, letters if first == start else "", first, last)


def _candidate(run: Run, letters: str, start: int, end: int) -> _Candidate:
    prefix = _prefix(run, letters, start)
    first = start - len(prefix) if prefix in _PREFIXES else start
    digits = run.signs[start:end].replace("o", "0")
    is_joined = len(set(run.groups[start:end])) > 1
    return _Candidate(digits, prefix, run.span(first, end), is_joined)


def _prefix(run: Run, letters: str, start: int) -> str:
    """The letters of the reference itself: not the 'a' of 'a hp 10442', nor a postcode's end."""
    for prefix in _PREFIXES:
        first = start - len(prefix)
        if letters.endswith(prefix) and first and run.groups[first - 1] != run.groups[first]:
            return prefix
    return letters


def _groups(run: Run, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The groups of five digits in a longer row, unless the row is a phone or a card number."""
    cuts = [
        start,
        *(at for at in range(start + 1, end) if run.groups[at] != run.groups[at - 1]),
        end,
    ]
    pieces = tuple(pairwise(cuts))
    is_phone = run.signs[start] == "0" and end - start >= PHONE_LENGTH
    is_card = any(last - first > 2 and last - first != LENGTH for first, last in pieces)
    if not (is_phone or is_card):
        yield from (piece for piece in pieces if piece[1] - piece[0] == LENGTH)


def _is_number(plain: str, one: _Candidate) -> bool:
    """Whether the digits stand for themselves: no money, measure, date or longer word."""
    start, end = one.span.start, one.span.end
    if _STARTS_BADLY.search(plain[max(0, start - 2) : start]) or _GOES_ON.match(plain, end):
        return False
    return not re.search(r"\d[.,:/]\d", one.span.of(plain))


def _is_of(plain: str, one: _Candidate, kind: _Kind, *, is_asked: bool) -> bool:
    if one.letters in _PREFIXES:
        return one.letters == kind.prefix
    if one.letters and not _PARTED.search(plain[: one.span.start]):
        return False
    noun = _noun_before(plain, one.span)
    if noun in kind.nouns:
        return True
    if noun in _OTHER_NOUNS | _ORDER.nouns or not is_asked:
        return False
    said = one.span.of(plain)
    written_apart = one.is_joined and re.search(r"\d\d", said) is not None
    if not written_apart and "thousand" not in said:
        return True
    return "-" not in said and not re.search(r"\w", plain.replace(said, "", 1))


def _noun_before(plain: str, span: TextSpan) -> str:
    """What the number is called, in words directly before it: 'ticket', in 'ticket no. 20017'."""
    words = re.findall(r"[a-z]+", plain[max(0, span.start - 40) : span.start])
    while words and words[-1] in _BETWEEN:
        words.pop()
    return str(words[-1]) if words else ""

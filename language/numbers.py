"""Numbers as people say and write them: '42', 'forty-two' and 'four two' read alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

DIGITS = {
    "zero": 0, "oh": 0, "nought": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9,
}  # fmt: skip
TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
MULTIPLIERS = {"hundred": 100, "thousand": 1000}
REPEATS = {"double": 2, "triple": 3, "treble": 3}

# 'and' begins what is left of 'hundred and five', whose 'hundred' is no number by itself
_BEGIN = frozenset({*DIGITS, *TEENS, *TENS, *ORDINALS, *REPEATS, "and"})
_WRITTEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th)?")
_SUFFIX = re.compile(r"(?:st|nd|rd|th)\Z")


@dataclass(frozen=True, slots=True)
class Number:
    """A number found at `start`, `length` words long; `value` is plain digits ('1200', '3.50').

    `is_spelled` marks a run of single digits, which may be a number to dial or to look up.
    """

    value: str
    start: int
    length: int
    is_spelled: bool = False


def find_numbers(words: Sequence[str]) -> tuple[Number, ...]:
    """All numbers in lower-case `words`, from left to right, none overlapping."""
    found: list[Number] = []
    if _BEGIN.isdisjoint(words) and "".join(words).isalpha():
        return ()
    at = 0
    while at < len(words):
        if words[at] not in _BEGIN and not words[at][:1].isdecimal():
            at += 1
            continue
        number = _spelled(words, at) or _written(words, at) or _said(words, at)
        if number is None:
            at += 1
            continue
        found.append(number)
        at += number.length
    return tuple(found)


def _written(words: Sequence[str], at: int) -> Number | None:
    if not _WRITTEN.fullmatch(words[at]):
        return None
    return Number(_SUFFIX.sub("", words[at]).replace(",", ""), at, 1)


def _spelled(words: Sequence[str], at: int) -> Number | None:
    """Digits said one by one: 'four two', '4 2 1', 'double four', at least two of them."""
    digits, here = "", at
    while here < len(words):
        times = REPEATS.get(words[here], 1)
        place = here + 1 if times > 1 else here
        digit = _digit(words[place]) if place < len(words) else None
        if digit is None:
            break
        digits += digit * times
        here = place + 1
    return Number(digits, at, here - at, True) if len(digits) > 1 else None


def _digit(word: str) -> str | None:
    if word in DIGITS:
        return str(DIGITS[word])
    return word if len(word) == 1 and word.isdecimal() else None


def _said(words: Sequence[str], at: int) -> Number | None:
    """A number in words: 'one hundred and five', 'twenty first', 'twenty eighteen'."""
    total, part, here = 0, 0, at
    while here < len(words):
        word = words[here]
        if word in MULTIPLIERS and here > at:
            factor = MULTIPLIERS[word]
            total, part = (total, part * factor) if factor == 100 else (total + part * factor, 0)
        elif word in TENS or word in TEENS:
            value = TENS.get(word) or TEENS[word]
            part = part * 100 + value if 0 < part < 100 else part + value  # twenty eighteen
        elif word in DIGITS and word != "oh" and (here == at or _takes_unit(part, DIGITS[word])):
            part += DIGITS[word]
        elif word in ORDINALS and (here == at or (part in TENS.values() and ORDINALS[word] < 10)):
            return Number(str(total + part + ORDINALS[word]), at, here + 1 - at)
        elif not (word == "and" and _goes_on(words, here)):
            break
        here += 1
    return Number(str(total + part), at, here - at) if here > at else None


def _takes_unit(part: int, unit: int) -> bool:
    """Whether a unit goes on a number: 'forty four', 'one hundred four', never 'ten four'."""
    return unit > 0 and (part % 100 == 0 or part % 100 in TENS.values())


def _goes_on(words: Sequence[str], at: int) -> bool:
    """Whether 'and' stands inside a number: after a multiplier, before a small number."""
    if at == 0 or at + 1 >= len(words) or words[at - 1] not in MULTIPLIERS:
        return False
    return words[at + 1] in DIGITS or words[at + 1] in TEENS or words[at + 1] in TENS

"""How words are said: the CMU dictionary, and rules for what it lacks (numbers, letters, names).

The dictionary comes inside the package pocketsphinx (126,000 words, BSD); phones are ARPAbet
without stress, 39 of them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import TypeAlias

import pocketsphinx  # type: ignore[import-untyped]  # no stubs

from speech.letters import sound_out

Phones: TypeAlias = tuple[str, ...]

MODEL = Path(pocketsphinx.__file__).parent / "model" / "en-us"
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_CURRENCIES = {"$": "dollars", "£": "pounds", "€": "euros"}
_SIGNS = {"%": "percent", "&": "and", "@": "at"}
_PARTS = re.compile(r"\d+|[a-z']+|[$£€%&@]")
_SPELLED = re.compile(r"(?:[a-z]\.)+[a-z]?")  # 'a.m.'
_MOST_WAYS = 3  # of one reading; 'a' and 'the' have two, a long number would have dozens


class Lexicon:
    """A dictionary of pronunciations, asked by word."""

    def __init__(self, entries: Mapping[str, tuple[str, ...]]) -> None:
        self._entries = entries

    def __contains__(self, word: str) -> bool:
        return word in self._entries

    def ways(self, word: str) -> tuple[Phones, ...]:
        """How the word may be said, the usual way first; none for a word without sounds.

        Args:
            word: as a recogniser writes it, marks and capitals included: '$45.50', 'a.m.'.
        """
        said: dict[Phones, None] = {}
        for read in (_number, _digits):  # '4117' as 'forty-one seventeen' and digit by digit
            parts = [self._ways_of_part(part) for part in _spoken(word, read)]
            joined = (tuple(phone for part in way for phone in part) for way in product(*parts))
            said |= dict.fromkeys(way for way in islice(joined, _MOST_WAYS) if way)
        return tuple(said)

    def _ways_of_part(self, part: str) -> tuple[Phones, ...]:
        known = self._entries.get(part)
        if known is None:
            known = self._entries.get(part.replace("'", ""))
        if known is None:
            return (sound_out(part),)
        return tuple(tuple(way.split()) for way in known)


@cache
def load_lexicon() -> Lexicon:
    """The CMU dictionary; 0.1 s and 33 MB, kept for the life of the process."""
    entries: dict[str, tuple[str, ...]] = {}
    with (MODEL / "cmudict-en-us.dict").open(encoding="utf-8") as lines:
        for line in lines:
            word, phones = line.rstrip().split(maxsplit=1)
            word = word.split("(")[0]  # 'read(2)' is another way to say 'read'
            entries[word] = (*entries.get(word, ()), phones)
    return Lexicon(entries)


def _spoken(word: str, read: Callable[[str], Iterator[str]]) -> Iterator[str]:
    """The words in which a written word is said: '8' as 'eight', '$45' as 'forty five dollars'."""
    plain = word.lower().replace("’", "'")
    if _SPELLED.fullmatch(plain.rstrip(",;:?!")):
        yield from (letter for letter in plain if letter.isalpha())
        return
    late: list[str] = []  # a currency's sign stands before its number and is said after it
    for part in _PARTS.findall(plain):
        if part.isdigit():
            yield from read(part)
        elif part in _CURRENCIES:
            late.append(_CURRENCIES[part])
        elif part in _SIGNS:
            yield _SIGNS[part]
        elif part.strip("'"):
            yield part.strip("'") if part not in _CONTRACTED else part
    yield from late


_CONTRACTED = frozenset(["'cause", "'em", "'til", "'tis", "'twas"])


def _number(digits: str) -> Iterator[str]:
    """Up to 99 as one number, round hundreds as such, four digits in pairs, others by digit."""
    value = int(digits)
    if len(digits) <= 2 and not digits.startswith("0"):
        yield from _below_hundred(value)
    elif len(digits) in (3, 4) and value % 100 == 0 and value:
        yield from _below_hundred(value // 100)
        yield "hundred"
    elif len(digits) == 4 and digits[2] != "0" and digits[0] != "0":
        yield from _below_hundred(value // 100)
        yield from _below_hundred(value % 100)
    else:
        yield from _digits(digits)


def _digits(digits: str) -> Iterator[str]:
    return (_ONES[int(digit)] for digit in digits)


def _below_hundred(value: int) -> Iterator[str]:
    if value < 20:
        yield _ONES[value]
        return
    yield _TENS[value // 10]
    if value % 10:
        yield _ONES[value % 10]

"""The words dates are made of, as patterns over levelled text, and their values."""

import re

from language.numbers import DIGITS, ORDINALS, TEENS, TENS

_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # the first three letters tell the day
_TYPOS = {
    "wensday": 2, "wednsday": 2, "wendesday": 2, "tuseday": 1, "teusday": 1, "thrusday": 3,
    "thirsday": 3, "firday": 4, "saterday": 5, "satuday": 5,
}  # fmt: skip
_NUMBERS = {**DIGITS, **TEENS, **TENS, **ORDINALS}
_UNIT_ORDINALS = "|".join(word for word, value in ORDINALS.items() if value < 10)
_UNITS = "|".join(word for word, value in DIGITS.items() if value)

FULL_DAY = (
    r"(?:monday|tuesday|tues|wednesday|weds|thursday|thurs|thur|thurday|friday|saturday|sunday|"
    rf"{'|'.join(_TYPOS)})(?!\w)"
)
ANY_DAY = rf"(?:{FULL_DAY}|(?:{'|'.join(_NAMES)})(?!\w))"
MONTH = (
    r"(?:january|jan|february|feburary|febuary|feb|march|mar|april|apr|may|june|jun|july|jul"
    r"|august|aug|september|sept|sep|october|oct|november|nov|december|dec)(?!\w)"
)
ORDINAL = rf"(?:(?:twenty|thirty)[\s-]?(?:{_UNIT_ORDINALS})|{'|'.join(ORDINALS)})"
CARDINAL = rf"(?:(?:twenty|thirty)(?:[\s-](?:{_UNITS}))?|{'|'.join(TEENS)}|{_UNITS})"
FIGURE = r"\d{1,2}(?:\s?(?:st|nd|rd|th))?"
ORDINAL_FIGURE = r"\d{1,2}\s?(?:st|nd|rd|th)"
COUNT = rf"(?:\d{{1,3}}|(?:a )?couple of|an?|{CARDINAL})"


def number_of(text: str) -> int:
    """The number in '14th', 'fourteenth', 'twenty first', 'a', 'a couple of'."""
    figure = re.match(r"\d+", text)
    if figure:
        return int(figure[0])
    if "couple" in text:
        return 2
    if text in ("a", "an"):
        return 1
    joined = re.sub(r"^(twenty|thirty)(?=[a-z])", r"\1 ", text)
    return sum(_NUMBERS[word] for word in re.split(r"[\s-]+", joined))


def weekday_of(text: str) -> int:
    """The number of a weekday; Monday is 0."""
    return _TYPOS[text] if text in _TYPOS else _NAMES.index(text[:3])

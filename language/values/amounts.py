"""Sums of money, typed and spoken: '£45', 'forty five pounds fifty', '1,200 euros'."""

import re
from dataclasses import dataclass

from core.spans import TextSpan
from language.numbers import find_numbers
from language.values.found import level

MOST = 8  # of one text
MOST_PENCE = 10**9  # ten million pounds; more is no shop's sum
_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD"}
_NAMES = {
    "pound": "GBP", "pounds": "GBP", "quid": "GBP", "gbp": "GBP", "euro": "EUR", "euros": "EUR",
    "eur": "EUR", "dollar": "USD", "dollars": "USD", "usd": "USD", "grand": "GBP",
}  # fmt: skip
_NOTES = {"fiver": 500, "tenner": 1000}
_FIGURES = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,7}(?:\.\d{1,2})?"
_SIGNED = re.compile(rf"(?<![\w.])([£€$])\s?({_FIGURES})(k)?(?![\w%]|[.,]\d)")
_TOKEN = re.compile(rf"(?:{_FIGURES})|[a-z]+")
_WORDS_MOST = 12  # words before a currency that may be its number


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """A sum in the hundredth part of its currency, and where it stands."""

    pence: int
    currency: str
    span: TextSpan


def find_amounts(text: str) -> tuple[FoundAmount, ...]:
    """The sums of money in a text; a number without a currency is none."""
    plain = level(text)
    found = [
        FoundAmount(
            _pence(one[2]) * (1000 if one[3] else 1), _SIGNS[one[1]],
            TextSpan(one.start(), one.end()),
        )
        for one in _SIGNED.finditer(plain)
    ]  # fmt: skip
    named = [
        one for one in _named(plain) if not any(one.span.overlaps(have.span) for have in found)
    ]
    likely = [one for one in found + named if one.pence <= MOST_PENCE]
    return tuple(sorted(likely, key=lambda one: one.span)[:MOST])


def _named(plain: str) -> list[FoundAmount]:
    """Numbers before 'pounds', 'p', 'quid' and the like, with the pence behind them."""
    matches = list(_TOKEN.finditer(plain))
    words = [one[0] for one in matches]
    found: list[FoundAmount] = []
    free = 0
    for at, word in enumerate(words):
        if word in _NOTES and words[at - 1 : at] == ["a"]:
            found.append(FoundAmount(_NOTES[word], "GBP", _span(matches, at - 1, at + 1)))
            free = at + 1
        if word not in _NAMES and word not in ("p", "pence"):
            continue
        number = _number_before(words, at, free)
        if number is None:
            continue
        start, pence = number
        end = at + 1
        if word in _NAMES:
            more, end = _pence_behind(words, at + 1) if word != "grand" else (0, end)
            pence = pence * (1000 if word == "grand" else 1) + more
        else:
            pence = pence // 100
        found.append(FoundAmount(pence, _NAMES.get(word, "GBP"), _span(matches, start, end)))
        free = end
    return found


def _span(matches: list[re.Match[str]], start: int, end: int) -> TextSpan:
    return TextSpan(matches[start].start(), matches[end - 1].end())


def _number_before(words: list[str], at: int, free: int) -> tuple[int, int] | None:
    """Where the number that ends before `at` begins, and its value times a hundred."""
    if at and words[at - 1] == "a" and at - 1 >= free:
        return None if words[at] in ("p", "pence") else (at - 1, 100)
    first = max(free, at - _WORDS_MOST)
    window = words[first:at]
    for number in find_numbers(window):
        if number.start + number.length == len(window) and not number.is_spelled:
            return first + number.start, _pence(number.value)
    return None


def _pence_behind(words: list[str], at: int) -> tuple[int, int]:
    """'fifty', in 'forty five pounds fifty', 'and ninety nine pence'."""
    start = at + 1 if words[at : at + 1] == ["and"] else at
    numbers = find_numbers(words[start : start + 2])
    if not numbers or numbers[0].start or not numbers[0].value.isdecimal():
        return 0, at
    value, end = int(numbers[0].value), start + numbers[0].length
    is_marked = words[end : end + 1] in (["p"], ["pence"])
    if not is_marked and (start > at or value < 10 or end < len(words)):
        return 0, at  # 'forty pounds and two chairs'
    return (value, end + 1 if is_marked else end) if value < 100 else (0, at)


def _pence(figures: str) -> int:
    whole, _, part = figures.replace(",", "").partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0")[:2] or 0)

"""A card's expiry and security code, beside its number or named as what they are.

Source: PCI DSS 4.0, requirement 3.3: the security code is kept nowhere, not even enciphered.
"""

import re
from collections.abc import Iterator, Sequence

from core.spans import TextSpan

_WORD = (
    r"(?:(?:double|triple|treble)\s)?"
    r"(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine)"
)
_SAID = rf"{_WORD}(?:[\s,-]{{1,2}}{_WORD}){{1,3}}(?![\s,-]{{1,2}}{_WORD})\b"
# Three or four digits; six are a one-time code
_CODE = rf"(?:\d{{3,4}}(?![\w-]|[ ]\d{{2,}}(?![\d/]))|\d(?:[ -]\d){{2,3}}(?![ -]?\d)|{_SAID})"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_EXPIRY = rf"{_MONTH}\s?[/.-]\s?(?:20)?\d{{2}}(?![\d/.-]*\d)"
_IS = r"[\s:.=#-]{0,3}(?:(?:is|was|it'?s|on|date|number|no|of)\b[\s:.=#-]{0,3}){0,2}"
_NAMED_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|cvn|csc|(?:card )?(?:security|verification) (?:code|number|digits|value)"
    r"|(?:code|number|digits) (?:on|from) the (?:back|reverse)(?: of (?:it|(?:the|my) card))?)"
    rf"{_IS}(?P<value>{_CODE})",
    re.IGNORECASE,
)
_NAMED_EXPIRY = re.compile(
    rf"\b(?:exp|expir(?:y|es?|ing|ation)|valid (?:thru|through))\b{_IS}(?P<value>{_EXPIRY})",
    re.IGNORECASE,
)
_GAP = r"[\s,;|/-]{1,3}"
_NO_PRICE = r"(?!\s?(?:pounds?|quid|gbp|p\b))"
_BEHIND = re.compile(
    rf"{_GAP}(?:(?P<expiry>{_EXPIRY}|(?:0[1-9]|1[0-2])(?:20)?\d{{2}}(?!\d){_NO_PRICE})"
    rf"(?:{_GAP}(?P<last>\d{{3,4}}(?![\w/-])){_NO_PRICE})?|(?P<code>\d{{3,4}}(?![\w/-])){_NO_PRICE})"
)
_AHEAD = re.compile(rf"(?<![\d/.-])(?P<value>{_MONTH}/(?:20)?\d{{2}}){_GAP}\Z")
_REACH = 16  # characters before a card number


def find_card_details(text: str, cards: Sequence[TextSpan]) -> Iterator[TextSpan]:
    """Where expiries and security codes stand, given where the card numbers do."""
    for pattern in (_NAMED_CODE, _NAMED_EXPIRY):
        for match in pattern.finditer(text):
            yield TextSpan(*match.span("value"))
    for card in cards:
        behind = _BEHIND.match(text, card.end)
        ahead = _AHEAD.search(text[max(0, card.start - _REACH) : card.start])
        if behind:
            yield from _groups(behind)
        if ahead:
            start = max(0, card.start - _REACH) + ahead.start("value")
            yield TextSpan(start, start + len(ahead["value"]))


def _groups(match: re.Match[str]) -> Iterator[TextSpan]:
    for name in ("expiry", "last", "code"):
        if match[name]:
            yield TextSpan(*match.span(name))

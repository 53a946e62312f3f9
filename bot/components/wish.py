"""A message without the numbers, postcodes and addresses in it: what is wished for, in words.

The encoder reads 'book a fitter for 10538, postcode EH3 9QQ' as near to an answer that is only
number and postcode, and so would the bot. What a value is, the actions read; here a long number is
read as the word for what it stands for, and the rest of the values is not read at all. A message
that is hardly more than its values is left as it is.
"""

from __future__ import annotations

import functools
import re

# Outward and inward code (BS 7666), with the word that says so.
_POSTCODE = re.compile(
    r"(?:(?:\b(?:my|the|and|with|delivery)\s+)*\bpost\s?code(?:\s+is\b|[’']s\b|:)?\s*)?"
    r"(?<![\w-])[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}(?![\w-])",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w-])\+?\d(?:[\s-]?\d){8,13}(?![\w-])")
# 'HP-10442', 'HP 10442', '#10442', '10442'; not a price, a year or a share. One letter before the
# digits stays, since it says what is asked about: 'cancel F-40001' is a fitting.
_REFERENCE = re.compile(
    r"(?<![\w£$€.,/-])(?:[A-Za-z]{2,3}-?(?=\d{4})|[A-Z]{2,3}\s(?=\d{5})|#\s?|(?=\d{5}))\d{4,12}"
    r"(?![\w%]|[.,:/]\d)"
)
SHORTEST = 3  # letters of a word that says something; 'hp' in 'hp 10442' does not
_OTHERS = (_EMAIL, _POSTCODE, _PHONE)
_FILLERS = frozenset(
    word
    for line in (
        "a actually afternoon an and at but cheers correction delivery er evening good hello here",
        "hey hi i i'd i'm id in is it it's its mean meant morning my no not number numbers of ok",
        "okay oh one or order orders our please post postcode ref reference sorry sure ta thank",
        "thanks that that's the then there think this thx uh um was well with would yeah yes",
        "be code live lives we we're you your address e-mail email mail mobile phone telephone",
        "rather said say try use wait",
    )
    for word in line.split()
)
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")
_LOOSE = re.compile(r"\s*[,;:/|-]+(?=\s*(?:[,;:/|.!?-]|$))|\s+(?=[,.;!?])")


def wish_of(text: str, stands_for: str = "") -> str:
    """The words of a message that say what is wished for; the text itself when there are none.

    Args:
        stands_for: what a long number is the number of: 'order'.
    """
    words = text
    for value in _OTHERS:
        words = value.sub(" ", words)
    bare = _REFERENCE.sub(" ", words)
    if bare == text or not _says_something(bare):
        return text
    words = _numbered(stands_for).sub(f" {stands_for} ", words)
    whole = " ".join(_EMPTY.sub(" ", words).split())
    return _LOOSE.sub("", whole).strip(" ,;:/|-")


@functools.lru_cache(maxsize=8)
def _numbered(name: str) -> re.Pattern[str]:
    """A long number with its own name in front: 'my order number 10442' is 'order', once."""
    named = rf"(?:\b(?:(?:my|the|an|our)\s+)?{re.escape(name)}s?(?:\s+(?:number|no\.?|nr))?\s*)?"
    return re.compile((named if name else "") + _REFERENCE.pattern)


def _says_something(words: str) -> bool:
    return any(
        word.lower().replace("’", "'") not in _FILLERS and len(word) >= SHORTEST
        for word in _WORD.findall(words)
    )

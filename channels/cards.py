"""Card numbers leave a text before it is stored or shown to the bot.

Source: DOMAIN "Starter compliance packs" (PCI DSS: no card number left in text); the checksum is
ISO/IEC 7812-1 annex B.
"""

import re
from itertools import accumulate, takewhile

from core.spans import TextSpan

MASK = "█"
SHORTEST, LONGEST = 13, 19  # digits of a payment card, ISO/IEC 7812-1

# Groups of digits, at most two signs apart, as people write them: spaces, dashes, dots.
_RUN = re.compile(r"\d+(?:[ \u00a0\u202f.\-\u2010-\u2015]{1,2}\d+)*")
_GROUP = re.compile(r"\d+")
_DOUBLED = str.maketrans("0123456789", "0246813579")  # twice a digit, its own digits added up


def mask_cards(text: str) -> str:
    """The text with one █ for each character of a card number, so that offsets stay."""
    for span in find_cards(text):
        text = text[: span.start] + MASK * len(span) + text[span.end :]
    return text


def has_mask(text: str) -> bool:
    """Whether a card number was taken out of this text."""
    return MASK * SHORTEST in text


def is_only_mask(text: str) -> bool:
    """Whether nothing worth an answer is left beside the mask."""
    return has_mask(text) and not re.sub(rf"{MASK}|\W", "", text)


def find_cards(text: str) -> tuple[TextSpan, ...]:
    """Where card numbers stand: 13 to 19 digits in whole groups whose checksum holds."""
    return tuple(span for run in _RUN.finditer(text) for span in _cards_in(run))


def passes_checksum(digits: str) -> bool:
    """Luhn: every second digit from the right doubled, the sum a multiple of ten."""
    doubled = digits[-2::-2].translate(_DOUBLED)
    return sum(map(int, digits[-1::-2] + doubled)) % 10 == 0


def _cards_in(run: re.Match[str]) -> list[TextSpan]:
    """Cards in one run of groups, from the left, each as long as it can be."""
    groups = list(_GROUP.finditer(run.group()))
    digits = [_plain_digits(group.group()) for group in groups]
    found: list[TextSpan] = []
    first = 0
    while first < len(groups):
        count = _card_length(digits[first : first + LONGEST])
        if count:
            end = groups[first + count - 1].end()
            found.append(TextSpan(run.start() + groups[first].start(), run.start() + end))
        first += count or 1
    return found


def _plain_digits(digits: str) -> str:
    """The digits of any script as 0 to 9."""
    return digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)


def _card_length(groups: list[str]) -> int:
    """How many leading groups make a card number; 0 when none do."""
    short = takewhile(lambda digits: len(digits) <= LONGEST, accumulate(groups))
    for count, digits in reversed(list(enumerate(short, start=1))):
        if len(digits) >= SHORTEST and passes_checksum(digits):
            return count
    return 0

"""Card numbers and what belongs to them leave a text before it is stored or shown to the bot.

Source: DOMAIN "Starter compliance packs" (PCI DSS: no card number left in text); the checksum is
ISO/IEC 7812-1 annex B.
"""

import re
from collections.abc import Iterator
from itertools import accumulate, takewhile

from core.spans import TextSpan
from language.card_details import find_card_details
from language.values.spoken import Run, find_digits

MASK = "█"
SHORTEST, LONGEST = 13, 19  # digits of a payment card, ISO/IEC 7812-1

# Groups of digits, at most two signs apart, as people write them: spaces, dashes, dots.
_RUN = re.compile(r"\d+(?:[ \u00a0\u202f.\-\u2010-\u2015]{1,2}\d+)*")
ISSUERS = "23456"  # first digits of payment cards, ISO/IEC 7812-1; a phone begins with nought
_LETTER = re.compile(r"[^\W\d_]")
_GROUP = re.compile(r"\d+")
_DOUBLED = str.maketrans("0123456789", "0246813579")  # twice a digit, its own digits added up


def mask_cards(text: str) -> str:
    """The text with one █ for each character of a card number, so that offsets stay.

    The expiry and the security code go with it, and where they are named so without it.
    """
    cards = find_cards(text)
    for span in (*cards, *find_card_details(text, cards)):
        text = text[: span.start] + MASK * len(span) + text[span.end :]
    return text


def has_mask(text: str) -> bool:
    """Whether a card number was taken out of this text."""
    return MASK * SHORTEST in text


def is_only_mask(text: str) -> bool:
    """Whether nothing worth an answer is left beside the mask."""
    return has_mask(text) and not re.sub(rf"{MASK}|\W", "", text)


def find_cards(text: str) -> tuple[TextSpan, ...]:
    """Where card numbers stand: 13 to 19 digits in whole groups whose checksum holds.

    Typed, or said: 'four one double one ...'.
    """
    typed = [span for run in _RUN.finditer(text) for span in _cards_in(run)]
    said = [span for run in find_digits(text) for span in _said_cards(text, run)]
    said = [span for span in said if not any(span.overlaps(other) for other in typed)]
    return tuple(sorted(typed + said))


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


def _said_cards(text: str, run: Run) -> Iterator[TextSpan]:
    """Cards said in words, in whole words; figures with commas between are other numbers."""
    starts = [at for at in range(len(run.signs)) if not at or run.groups[at] != run.groups[at - 1]]
    ends = [*starts[1:], len(run.signs)]
    groups = [run.signs[start:end] for start, end in zip(starts, ends, strict=True)]
    first = 0
    while first < len(groups):
        count = _card_length(groups[first : first + LONGEST]) if groups[first][0] in ISSUERS else 0
        if count:
            span = run.span(starts[first], ends[first + count - 1])
            if _LETTER.search(span.of(text)):
                yield span
        first += count or 1


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

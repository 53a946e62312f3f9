"""What a caller keys for a payment, field by field; digits live here and nowhere that is stored.

Pure but for the vault, which is a process's memory: what is in it is gone with the process, and the
caller is then asked anew.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from time import monotonic

from core.payment import Card
from language.cards import LONGEST, SHORTEST, passes_checksum

KEPT_SECONDS = 180.0  # from one key to the next; nobody looks longer for their card's back
CODES = (3, 4)  # digits of a security code; four on American Express cards
THIS_CENTURY = 2000


class CardField(StrEnum):
    """What is asked for, in this order."""

    NUMBER = "number"
    EXPIRY = "expiry"
    CODE = "code"


ORDER = tuple(CardField)


@dataclass(frozen=True, slots=True, repr=False)
class Keyed:
    """What was keyed so far; it never shows its digits."""

    number: str = ""
    expiry: str = ""
    code: str = ""

    def __repr__(self) -> str:
        return "Keyed(…)"

    @property
    def missing(self) -> CardField | None:
        """What to ask for next; None when the card is whole."""
        return next((one for one in ORDER if not getattr(self, one.value)), None)

    def with_field(self, name: CardField, digits: str) -> "Keyed":
        """With one field more."""
        return replace(self, **{name.value: digits})

    @property
    def card(self) -> Card:
        """The whole card."""
        month, year = int(self.expiry[:2]), THIS_CENTURY + int(self.expiry[2:])
        return Card(self.number, month, year, self.code)


def is_readable(name: CardField, digits: str, *, today: date) -> bool:
    """Whether digits can be this field of a card: the number by its checksum, not yet expired."""
    if not (digits.isascii() and digits.isdecimal()):
        return False
    match name:
        case CardField.NUMBER:
            return SHORTEST <= len(digits) <= LONGEST and passes_checksum(digits)
        case CardField.EXPIRY:
            return len(digits) == 4 and _is_ahead(int(digits[:2]), int(digits[2:]), today)
        case CardField.CODE:
            return len(digits) in CODES


def _is_ahead(month: int, year: int, today: date) -> bool:
    """A card counts to the end of its month."""
    return 1 <= month <= 12 and (THIS_CENTURY + year, month) >= (today.year, today.month)


@dataclass(slots=True)
class Vault:
    """What the callers of this process have keyed, by call; forgotten when they do not go on."""

    clock: Callable[[], float] = monotonic
    _kept: dict[str, tuple[float, Keyed]] = field(default_factory=dict, repr=False)

    def keep(self, sid: str, keyed: Keyed) -> None:
        """Until the next key."""
        self._sweep()
        self._kept[sid] = (self.clock(), keyed)

    def find(self, sid: str) -> Keyed:
        """What this caller has keyed; nothing when it is too long ago."""
        self._sweep()
        return self._kept.get(sid, (0.0, Keyed()))[1]

    def forget(self, sid: str) -> None:
        """At the end, whichever it is."""
        self._kept.pop(sid, None)

    def __len__(self) -> int:
        return len(self._kept)

    def _sweep(self) -> None:
        old = self.clock() - KEPT_SECONDS
        self._kept = {sid: kept for sid, kept in self._kept.items() if kept[0] > old}

"""What Twilio posts about a call, read once at the edge."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from core.errors import BadInput
from core.people import Address, AddressKind

_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}\Z")
_E164 = re.compile(r"\+[1-9]\d{6,14}\Z")
_KEYS = re.compile(r"[0-9*#]{1,64}\Z")
# Numbers that stand for a withheld one. Source: Twilio, "Why am I getting calls from these strange
# numbers?": anonymous, restricted, unavailable and others as letters on a keypad.
WITHHELD = frozenset({"+266696687", "+7378742833", "+86282452253", "+2562533", "+8656696"})
MOST_WORDS = 1000  # characters; a minute of speech has about as many


@dataclass(frozen=True, slots=True)
class Heard:
    """What a caller said or keyed; `confidence` None where the recogniser gave none."""

    keys: str
    text: str
    confidence: float | None = None

    @property
    def is_silence(self) -> bool:
        """Whether nothing came."""
        return not self.keys and not self.text


def need_sid(fields: Mapping[str, str], name: str) -> str:
    """An id of Twilio's.

    Raises:
        BadInput: the field is missing, or is none.
    """
    value = fields.get(name, "")
    if not _SID.match(value):
        raise BadInput(f"{name}: an id of Twilio was expected")
    return value


def caller_of(fields: Mapping[str, str], sid: str) -> Address:
    """Who rings; one who withholds their number is known for this call alone."""
    number = fields.get("From", "")
    if _E164.match(number) and number not in WITHHELD:
        return Address(AddressKind.PHONE, number)
    return Address(AddressKind.CALL, sid)


def number_in(fields: Mapping[str, str], name: str) -> str | None:
    """A telephone number as E.164; None for anything else."""
    value = fields.get(name, "")
    return value if _E164.match(value) else None


def heard_of(fields: Mapping[str, str]) -> Heard:
    """What was keyed or said; what is neither is silence."""
    keys = fields.get("Digits", "").strip().rstrip("#")
    text = " ".join(fields.get("SpeechResult", "").split())[:MOST_WORDS]
    return Heard(keys if _KEYS.match(keys) else "", text, share_of(fields.get("Confidence", "")))


def share_of(value: str) -> float | None:
    """A number from 0 to 1; None for anything else."""
    try:
        share = float(value)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def seconds_of(value: str) -> float | None:
    """A whole number of seconds; None for anything else, and for the -1 of 'not yet known'."""
    return float(value) if value.isascii() and value.isdecimal() and len(value) < 7 else None


def moment_of(value: str) -> datetime | None:
    """A date of RFC 2822, as Twilio writes them; None for anything else."""
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

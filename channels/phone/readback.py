"""Numbers and postcodes that were heard are read back before anything is done with them.

What is keyed is certain and goes on at once; what a recogniser wrote is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from channels.phone.aloud import aloud
from language.values.contacts import find_phones
from language.values.found import Found
from language.values.postcodes import find_postcodes
from language.values.references import (
    find_appointment_numbers,
    find_codes,
    find_order_numbers,
    find_return_numbers,
    find_ticket_numbers,
)
from language.values.yes_no import read_yes_no

CODE_DIGITS = 6
NOT_RIGHT = "Sorry. Please say it once more, digit by digit, or key it in."


@dataclass(frozen=True, slots=True)
class Values:
    """Numbers and postcodes in a caller's words; `said` is the words with these in one spelling."""

    said: str
    values: tuple[str, ...]

    @property
    def question(self) -> str:
        """What is read back."""
        listed = ", and ".join(aloud(value) for value in self.values)
        return f"I heard {listed}. Is that right? Say yes or press 1. Say no or press 2."


def hear_values(text: str, *, digits: int | None) -> Values | None:
    """What of a text is read back; None when there is nothing that could be misheard so.

    Args:
        digits: how many were asked for; six are a code.
    """
    found = _values(text, is_code=digits == CODE_DIGITS)
    if not found:
        return None
    said = text
    for one in sorted(found, key=lambda value: value.span, reverse=True):
        said = f"{said[: one.span.start]}{one.value}{said[one.span.end :]}"
    ordered = sorted(found, key=lambda value: value.span)
    return Values(said, tuple(dict.fromkeys(one.value for one in ordered)))


def answer_of(keys: str, text: str) -> bool | None:
    """Yes or no to what was read back, by key or by voice; None for anything else."""
    if keys in ("1", "2"):
        return keys == "1"
    return read_yes_no(text) if text else None


def _values(text: str, *, is_code: bool) -> list[Found]:
    readers = (find_phones,) if not is_code else (find_codes,)
    kept: list[Found] = []
    numbered = (
        find_postcodes, find_ticket_numbers, find_return_numbers, find_appointment_numbers,
        find_order_numbers,
    )  # fmt: skip
    for read in (*readers, *numbered):
        _keep(kept, read(text))
    return kept


def _keep(kept: list[Found], found: Sequence[Found]) -> None:
    """What does not overlap what an earlier reader took."""
    kept += [one for one in found if not any(one.span.overlaps(other.span) for other in kept)]

"""Which postcode of a message is the order's, and which is that of the new address."""

import re
from collections.abc import Mapping

from actions.fields import ADDRESS, NEW_POSTCODE, POSTCODE
from language.values.addresses import find_address
from language.values.found import Found
from language.values.postcodes import find_postcodes

# What stands before a postcode, since the one before it: 'the new one is', 'please send it to'
_NEW = re.compile(
    r"\b(?:new|now|to|into|moved|moving|instead|correct|should\s+be)\b", re.IGNORECASE
)
_OF_ORDER = re.compile(
    r"\b(?:old|was|from|current\w*|previous|original|order\w*|hp|wrong|instead\s+of)\b|\d{5}",
    re.IGNORECASE,
)


def tell_apart(text: str, told: Mapping[str, str]) -> dict[str, str]:
    """The values with each postcode where it belongs.

    One alone is that of the address it stands behind. Of two the address has its own; without an
    address 'new' and 'old' tell, and else the order's is said first.
    """
    told = dict(told)
    found = _distinct(find_postcodes(text))
    if NEW_POSTCODE in told and len(found) > 1:
        new = _new_of(text, found)
        others = [one.value for one in found if one.value != new]
        told |= {NEW_POSTCODE: new} | ({POSTCODE: others[0]} if POSTCODE in told else {})
    elif POSTCODE in told and NEW_POSTCODE in told:
        told.pop(POSTCODE if ADDRESS in told else NEW_POSTCODE)
    return told


def _distinct(found: tuple[Found, ...]) -> list[Found]:
    return list({one.value: one for one in reversed(found)}.values())[::-1]


def _new_of(text: str, found: list[Found]) -> str:
    address = find_address(text)
    if address is not None and address.postcode is not None:
        return address.postcode
    before = [*_ahead(text, found)]
    new = [one for one, words in zip(found, before, strict=True) if _NEW.search(words)]
    if len(new) == 1:
        return new[0].value
    rest = [one for one, words in zip(found, before, strict=True) if not _OF_ORDER.search(words)]
    return (rest[-1] if rest else found[-1]).value


def _ahead(text: str, found: list[Found]) -> list[str]:
    """The words before each postcode, behind the one before it."""
    starts = (0, *(one.span.end for one in found))
    return [text[start : one.span.start] for start, one in zip(starts, found, strict=False)]

"""Every row of docs/values.md is true."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from language.values.addresses import find_address
from language.values.amounts import find_amounts
from language.values.choices import choose
from language.values.contacts import find_emails, find_phones
from language.values.corrections import is_correction
from language.values.dates import find_dates
from language.values.moments import find_moment
from language.values.postcodes import find_postcodes
from language.values.references import (
    find_appointment_numbers,
    find_codes,
    find_order_numbers,
    find_return_numbers,
    find_ticket_numbers,
)
from language.values.times import find_times
from language.values.towns import find_town
from language.values.yes_no import read_yes_no

PAGE = Path(__file__).parents[3] / "docs" / "values.md"
ROWS = re.findall(r"^\| (?!reader|-)(.+?) \| (.+?) \| (.+?) \|$", PAGE.read_text("utf-8"), re.M)
NOW = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)


def hours(earliest: time | None, latest: time | None) -> str:
    return " to ".join(f"{one:%H:%M}" if one else "open" for one in (earliest, latest))


def day(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def moment(text: str) -> list[str]:
    found = find_moment(text, now=NOW)
    if found is None or found.first is None or found.last is None:
        return []
    return [f"{day(found.first, found.last)}, {hours(found.earliest, found.latest)}"]


def address(text: str) -> list[str]:
    found = find_address(text)
    return [", ".join((*found.lines, found.postcode or ""))] if found else []


def choice(text: str) -> list[str]:
    options = ("red lamp", "blue lamp")
    place = choose(text, options)
    return [] if place is None else [options[place]]


READERS: dict[str, Callable[[str], list[str]]] = {
    "town": lambda text: [found.value] if (found := find_town(text)) else [],
    "order number": lambda text: [one.value for one in find_order_numbers(text)],
    "ticket number": lambda text: [one.value for one in find_ticket_numbers(text)],
    "return number": lambda text: [one.value for one in find_return_numbers(text)],
    "appointment number": lambda text: [one.value for one in find_appointment_numbers(text)],
    "one-time code": lambda text: [one.value for one in find_codes(text)],
    "postcode": lambda text: [one.value for one in find_postcodes(text)],
    "e-mail": lambda text: [one.value for one in find_emails(text)],
    "phone": lambda text: [one.value for one in find_phones(text)],
    "amount": lambda text: [f"{one.pence} {one.currency}" for one in find_amounts(text)],
    "date": lambda text: [day(one.first, one.last) for one in find_dates(text, today=NOW.date())],
    "time": lambda text: [hours(one.earliest, one.latest) for one in find_times(text)],
    "moment": moment,
    "yes or no": lambda text: (
        [{True: "yes", False: "no"}[said]] if (said := read_yes_no(text)) is not None else []
    ),
    "choice of red lamp, blue lamp": choice,
    "correction": lambda text: ["yes"] if is_correction(text) else [],
    "address": address,
}


@pytest.mark.parametrize(("reader", "text", "gives"), ROWS)
def test_the_page_is_true(reader: str, text: str, gives: str) -> None:
    assert "; ".join(READERS[reader](text)) == ("" if gives == "nothing" else gives)


def test_the_page_shows_every_reader() -> None:
    assert {row[0] for row in ROWS} == set(READERS)

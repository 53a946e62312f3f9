"""Days on which a shop is closed all the same."""

from datetime import date

import pytest

from core.closed_days import bank_holidays, easter_sunday, parse_closed_days
from core.errors import BadInput


@pytest.mark.parametrize(
    "day",
    [
        # gov.uk/bank-holidays, England and Wales
        "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31",
        "2026-12-25", "2026-12-28", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31",
        "2027-08-30", "2027-12-27", "2027-12-28", "2023-01-02",
        "2026-12-26", "2027-12-25", "2022-01-01",  # the days themselves, at a weekend
    ],
)  # fmt: skip
def test_a_bank_holiday_is_found(day: str) -> None:
    assert date.fromisoformat(day) in parse_closed_days("bank-holidays")


@pytest.mark.parametrize(
    "day", ["2026-01-02", "2026-04-04", "2026-04-05", "2026-05-11", "2026-12-24", "2026-12-29"]
)
def test_other_days_are_none(day: str) -> None:
    assert date.fromisoformat(day) not in parse_closed_days("bank-holidays")


@pytest.mark.parametrize(
    ("year", "day"), [(2000, "04-23"), (2008, "03-23"), (2024, "03-31"), (2038, "04-25")]
)
def test_easter(year: int, day: str) -> None:
    assert easter_sunday(year) == date.fromisoformat(f"{year}-{day}")


@pytest.mark.parametrize("year", range(2020, 2040))
def test_eight_holidays_a_year_and_what_they_stand_in_for(year: int) -> None:
    working = {day for day in bank_holidays(year) if day.weekday() < 5}
    assert len(working) == 8


def test_days_are_named_besides() -> None:
    closed = parse_closed_days(" 2027-01-04 ,2027-02-01")
    assert date(2027, 1, 4) in closed
    assert date(2026, 12, 25) not in closed


@pytest.mark.parametrize("text", ["christmas", "2027-13-01", "bank holidays", "4.1.2027"])
def test_what_is_no_day_is_named(text: str) -> None:
    with pytest.raises(BadInput, match=text):
        parse_closed_days(text)

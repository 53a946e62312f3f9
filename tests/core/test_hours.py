"""When people are at work."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadInput
from core.hours import parse_hours

ZONE = ZoneInfo("Europe/London")
SHOP = parse_hours("mon-fri 09:00-18:00, sat 10:00-16:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T09:00", True),  # a Monday
        ("2026-11-23T08:59", False),
        ("2026-11-23T18:00", False),
        ("2026-11-28T15:59", True),  # Saturday
        ("2026-11-28T09:30", False),
        ("2026-11-29T12:00", False),  # Sunday
    ],
)
def test_hours_say_whether_somebody_is_at_work(moment: str, is_open: bool) -> None:
    assert SHOP.is_open(at(moment)) is is_open


def test_no_hours_are_always() -> None:
    assert parse_hours(" ").is_open(at("2026-11-29T03:00"))
    assert parse_hours("").next_opening(at("2026-11-29T03:00")) is None


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T07:00", "2026-11-23T09:00"),
        ("2026-11-23T19:00", "2026-11-24T09:00"),
        ("2026-11-28T16:00", "2026-11-30T09:00"),
        ("2026-11-23T09:00", "2026-11-24T09:00"),
    ],
)
def test_the_next_opening_is_the_first_to_come(moment: str, opening: str) -> None:
    assert SHOP.next_opening(at(moment)) == at(opening)


def test_one_day_a_week_opens_again_in_a_week() -> None:
    assert parse_hours("mon 09:00-10:00").next_opening(at("2026-11-23T09:30")) == at(
        "2026-11-30T09:00"
    )


@pytest.mark.parametrize(
    "text",
    ["weekdays", "mon-fri", "mon 9-18", "mon 18:00-09:00", "fri-mon 09:00-10:00",
     "mon 09:00-25:00", "day 09:00-10:00"],
)  # fmt: skip
def test_wrong_hours_are_named(text: str) -> None:
    with pytest.raises(BadInput, match=r"[a-z0-9]"):
        parse_hours(text)


@pytest.mark.parametrize(
    ("moment", "closing"),
    [
        ("2026-11-23T09:00", "2026-11-23T18:00"),
        ("2026-11-28T15:59", "2026-11-28T16:00"),
        ("2026-11-28T16:00", None),
        ("2026-11-29T12:00", None),
    ],
)
def test_work_ends_with_the_stretch_that_is_on(moment: str, closing: str | None) -> None:
    assert SHOP.next_close(at(moment)) == (None if closing is None else at(closing))
    assert parse_hours("").next_close(at(moment)) is None

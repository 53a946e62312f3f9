"""How pages say times and lengths."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.pages import Pages, day, signed
from tests.console.conftest import START

PAGES = Pages(Path(), ZoneInfo("Europe/London"), lambda: START, "Acme")
DAY, HOUR, MINUTE = 86_400, 3600, 60


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (7 * DAY, "in 7 days"),
        (7 * DAY - 30, "in 7 days"),
        (3 * DAY - 1, "in 3 days"),
        (2 * DAY + 11 * HOUR, "in 2 days"),
        (2 * DAY - 30, "in 2 days"),
        (36 * HOUR, "in 36 h"),
        (HOUR - 10, "in 1 h"),
        (89 * MINUTE, "in 1 h"),
        (3 * HOUR - 1, "in 3 h"),
        (2 * MINUTE - 1, "in 2 min"),
        (MINUTE - 1, "in 59 s"),
        (0, "in 0 s"),
        (-1, "overdue by 1 s"),
        (-2 * DAY + 1, "overdue by 47 h"),
    ],
)
def test_a_deadline_is_told_to_the_nearest(seconds: int, told: str) -> None:
    assert PAGES.due(START + timedelta(seconds=seconds)) == told


def test_what_is_over_is_counted_whole() -> None:
    assert PAGES.ago(START - timedelta(seconds=2 * DAY - 1)) == "47 h"
    assert PAGES.ago(START - timedelta(seconds=119)) == "1 min"


def test_a_minus_is_a_minus_and_a_day_has_no_nought() -> None:
    assert [signed(value) for value in (-0.28, 0.4, 0.0)] == ["−0.28", "+0.40", "+0.00"]
    assert day(date(2026, 12, 1)) == "1 Dec 2026"
    assert ">3 Nov, 09:05<" in PAGES.hour(START.replace(day=3, hour=9, minute=5))

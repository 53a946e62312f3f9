"""'As soon as possible' is when people are next at work."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.hours import Hours, parse_hours
from language.values.windows import find_window

NOW = datetime(2025, 6, 5, 10, 0, 30, tzinfo=ZoneInfo("Europe/London"))  # a Thursday
SHOP = parse_hours("mon-fri 12:00-17:00")


@pytest.mark.parametrize(
    ("text", "hours", "start", "end"),
    [
        ("as soon as possible", SHOP, "12:00", None),
        ("any time", SHOP, "12:00", None),
        ("as soon as possible", parse_hours("mon-fri 09:00-17:00"), "10:00", None),
        ("as soon as possible", Hours(), "10:00", None),  # always
        ("at 11", SHOP, "11:00", "12:00"),  # their own wish stands
        ("in 20 minutes", SHOP, "10:20", None),
    ],
)
def test_as_soon_as_possible_is_when_people_are_at_work(
    text: str, hours: Hours, start: str, end: str | None
) -> None:
    window = find_window(text, now=NOW, is_asked=True, hours=hours)
    assert window is not None
    assert [f"{at:%H:%M}" if at else None for at in (window.start, window.end)] == [start, end]

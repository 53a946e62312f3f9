"""Days, times and stretches, as they are written in Britain."""

from datetime import UTC, datetime, timedelta

import pytest

from language.saying import say_moment, say_time, say_window

FRIDAY = datetime(2025, 6, 6, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [(9, 0, "9 am"), (12, 0, "12 noon"), (0, 30, "12.30 am"), (16, 5, "4.05 pm"), (0, 0, "12 am")],
)
def test_times_are_said_as_in_britain(hour: int, minute: int, said: str) -> None:
    assert say_time(FRIDAY.replace(hour=hour, minute=minute)) == said


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (None, "on Friday 6 June from 2 pm"),
        (2, "on Friday 6 June from 2 pm to 4 pm"),
        (24, "on Friday 6 June from 2 pm to Saturday 7 June, 2 pm"),
    ],
)
def test_a_stretch_names_its_day_once(hours: int | None, said: str) -> None:
    end = None if hours is None else FRIDAY + timedelta(hours=hours)
    assert say_window(FRIDAY, end) == said
    assert say_moment(FRIDAY) == "Friday 6 June, 2 pm"

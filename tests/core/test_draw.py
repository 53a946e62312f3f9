"""Periods begin at midnight in the house's zone, also when its clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.draw import Period, bounds

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("period", "at", "begins", "hours"),
    [
        (Period.DAY, "2026-05-06 12:00", "2026-05-06", 24),
        (Period.DAY, "2026-05-06 23:30", "2026-05-07", 24),  # half past midnight in London
        (Period.DAY, "2026-03-29 12:00", "2026-03-29", 23),  # clocks go forward
        (Period.DAY, "2026-10-25 12:00", "2026-10-25", 25),
        (Period.WEEK, "2026-05-06 12:00", "2026-05-04", 168),
        (Period.WEEK, "2026-05-10 22:59", "2026-05-04", 168),  # Sunday, a minute before midnight
        (Period.WEEK, "2026-05-10 23:00", "2026-05-11", 168),
        (Period.MONTH, "2026-02-14 12:00", "2026-02-01", 28 * 24),
        (Period.MONTH, "2026-12-31 23:59", "2026-12-01", 31 * 24),
    ],
)
def test_bounds(period: Period, at: str, begins: str, hours: int) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    start, end = bounds(period, moment, LONDON)
    assert start == datetime.fromisoformat(begins).replace(tzinfo=LONDON)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)
    assert start <= moment < end
    assert bounds(period, end, LONDON)[0] == end, "the end belongs to the next one"

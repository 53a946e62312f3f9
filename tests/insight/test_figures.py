"""Values with what they are made of; nothing is told of nothing."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadInput
from insight.definitions import DEFINITIONS, PASSED, SCORE
from insight.figures import Figure, Interval, no_data
from insight.tally import Tally, joined
from insight.windows import Window

LONDON = ZoneInfo("Europe/London")
NOVEMBER = Window(date(2026, 11, 1), date(2026, 11, 30), LONDON)


def test_no_data_is_not_zero() -> None:
    assert no_data(SCORE, NOVEMBER).value is None
    assert Tally().figure(PASSED, NOVEMBER).value is None
    assert Figure(SCORE, NOVEMBER, 0.0, 3.0, 3).value == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: Figure(SCORE, NOVEMBER, 1.0, 1.0, -1),
        lambda: Figure(SCORE, NOVEMBER, 1.0, -1.0, 1),
        lambda: Interval(0.5, 0.4),
        lambda: Window(date(2026, 2, 1), date(2026, 1, 31), LONDON),
        lambda: Window(date(2020, 1, 1), date(2026, 1, 31), LONDON),
    ],
)
def test_what_cannot_be_is_refused(make) -> None:  # type: ignore[no-untyped-def] # any maker
    with pytest.raises(BadInput):
        make()


def test_a_share_has_wilsons_interval() -> None:
    tally = Tally()
    tally.add(1.0, times=8)
    tally.add(0.0, times=2)
    found = tally.figure(PASSED, NOVEMBER)
    assert (found.numerator, found.denominator, found.n) == (8.0, 10.0, 10)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(0.4902, abs=1e-4)  # Newcombe (1998), table I
    assert found.interval.high == pytest.approx(0.9433, abs=1e-4)


def test_weights_undo_an_uneven_draw() -> None:
    """One agent's ten of a hundred and another's ten of ten: the whole is of a hundred and ten."""
    tally = Tally()
    tally.add(90.0, weight=10.0, times=10)
    tally.add(50.0, weight=1.0, times=10)
    found = tally.figure(SCORE, NOVEMBER)
    assert found.value == pytest.approx((90 * 100 + 50 * 10) / 110)
    assert found.n == 20
    assert found.denominator == 110


def test_joining_is_counting_together() -> None:
    one, other, both = Tally(), Tally(), Tally()
    for value in (70.0, 80.0):
        one.add(value)
        both.add(value)
    other.add(80.0)
    both.add(80.0)
    assert joined((one, other)).figure(SCORE, NOVEMBER) == both.figure(SCORE, NOVEMBER)
    assert one.n == 2, "what is joined stays as it was"


def test_every_definition_is_a_scale_of_its_own() -> None:
    assert len({definition.key for definition in DEFINITIONS}) == len(DEFINITIONS)
    assert all(definition.lowest < definition.highest for definition in DEFINITIONS)


@pytest.mark.parametrize(
    "first, last, weeks",
    [
        ((2026, 11, 2), (2026, 11, 15), ["02-08", "09-15"]),
        ((2026, 11, 4), (2026, 11, 10), ["04-08", "09-10"]),  # cut at both ends
        ((2026, 11, 7), (2026, 11, 7), ["07-07"]),
        ((2026, 12, 28), (2027, 1, 4), ["28-03", "04-04"]),
    ],
)
def test_weeks_begin_on_monday(
    first: tuple[int, int, int], last: tuple[int, int, int], weeks: list[str]
) -> None:
    window = Window(date(*first), date(*last), LONDON)
    assert [f"{week.first:%d}-{week.last:%d}" for week in window.weeks()] == weeks
    assert sum(week.days for week in window.weeks()) == window.days


def test_days_are_those_of_the_companys_clocks() -> None:
    """The clocks go back on 25 October: that day has 25 hours, and no moment is lost."""
    week = Window(date(2026, 10, 19), date(2026, 10, 25), LONDON)
    assert (week.end.astimezone(UTC) - week.start.astimezone(UTC)).total_seconds() == 169 * 3600
    assert week.contains(datetime(2026, 10, 25, 23, 59, tzinfo=UTC))
    assert not week.contains(datetime(2026, 10, 26, 0, 0, tzinfo=UTC))
    assert week.day_of(datetime(2026, 10, 24, 23, 30, tzinfo=UTC)) == date(2026, 10, 25)


def test_the_window_before_is_as_long_and_ends_where_this_begins() -> None:
    before = NOVEMBER.before
    assert (before.first, before.last) == (date(2026, 10, 2), date(2026, 10, 31))
    assert before.end == NOVEMBER.start

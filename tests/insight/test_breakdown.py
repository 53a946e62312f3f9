"""Scores by agent, team, queue and week: what is counted where, and what is not counted."""

from collections.abc import Iterable

import pytest

from core.judged import Judged
from insight.breakdown import Breakdown, everything
from insight.periods import BEFORE, Periods
from insight.windows import Window
from tests.insight.build import TWO_WEEKS, on, row


def counted(rows: Iterable[Judged], window: Window = TWO_WEEKS) -> Breakdown:
    found = Breakdown(window, lambda one: (one.agent,))
    for one in rows:
        found.add(one)
    return found


@pytest.mark.parametrize(
    "day, month, hour, place",
    [
        (9, 11, 0, 0), (15, 11, 23, 0), (16, 11, 0, 1), (22, 11, 23, 1), (23, 11, 0, None),
        (8, 11, 23, BEFORE), (26, 10, 0, BEFORE), (25, 10, 23, None),
    ],
)  # fmt: skip
def test_every_moment_has_its_place(day: int, month: int, hour: int, place: int | None) -> None:
    assert Periods.of(TWO_WEEKS).place(on(day, month, hour)) == place


def test_a_window_that_begins_on_a_thursday_counts_its_weeks_from_there() -> None:
    window = Window(on(12).date(), on(18).date(), TWO_WEEKS.zone)
    places = [Periods.of(window).place(on(day)) for day in (11, 12, 15, 16, 18, 19)]
    assert places == [BEFORE, 0, 0, 1, 1, None]


def test_each_key_has_its_mean_its_change_and_its_weeks() -> None:
    lines = counted([
        row(80, 9), row(90, 10), row(60, 17, failed=True), row(40, 1), row(50, 26, month=10),
        row(70, agent="ben"), row(99, 23),
    ]).lines()  # fmt: skip
    assert [line.key for line in lines] == ["ben", "ann"], "the lowest first"
    ann = lines[1]
    assert ann.score.value == pytest.approx((80 + 90 + 60) / 3)
    assert (ann.score.n, ann.score.window) == (3, TWO_WEEKS)
    assert (ann.passed.numerator, ann.passed.denominator) == (2, 3)
    assert ann.change.before.value == 45
    assert ann.change.before.window == TWO_WEEKS.before
    assert ann.change.value == pytest.approx(230 / 3 - 45)
    assert list(ann.trend) == [85, 60]
    ben = lines[0]
    assert ben.change.value is None
    assert list(ben.trend) == [70, None], "a week without data is no 0"


def test_what_has_no_score_is_counted_apart() -> None:
    (line,) = counted([row(None), row(None), row(80)]).lines()
    assert (line.score.n, line.score.value, line.unscored) == (1, 80, 2)
    (line,) = counted([row(None)]).lines()
    assert (line.score.value, line.passed.value, line.unscored) == (None, None, 1)


def test_who_has_only_the_days_before_has_no_line() -> None:
    assert counted([row(80, 1)]).lines() == ()


def test_a_conversation_counts_for_each_of_its_teams() -> None:
    found = Breakdown(TWO_WEEKS, lambda one: ("sofas", "beds") if one.agent == "ann" else ())
    found.add(row(80))
    found.add(row(20, agent="ben"))
    assert {line.key: line.score.value for line in found.lines()} == {"sofas": 80, "beds": 80}


def test_weeks_have_their_intervals_and_those_without_data_say_so() -> None:
    found = Breakdown(TWO_WEEKS, everything)
    for score in (60, 70, 80):
        found.add(row(score, 17))
    first, second = found.points("")
    assert (first.score.value, first.score.interval) == (None, None)
    assert second.score.value == 70
    assert second.score.interval is not None
    assert second.score.interval.low < 70 < second.score.interval.high
    assert second.window.first == on(16).date()
    assert [point.score.value for point in found.points("nobody")] == [None, None]


def test_weights_count_what_was_not_drawn() -> None:
    (line,) = counted([row(90, weight=9.0), row(40, weight=1.0, failed=True)]).lines()
    assert line.score.value == pytest.approx(85)
    assert line.passed.value == pytest.approx(0.9)
    assert (line.score.n, line.score.denominator) == (2, 10)


def test_the_order_of_the_rows_changes_nothing() -> None:
    rows = [row(score, day) for score in (61.5, 70, 82.25, 90) for day in (9, 10, 17)]
    assert counted(rows).lines() == counted(reversed(rows)).lines()

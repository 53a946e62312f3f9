"""Drawings and words of values: gaps stay gaps, scales are round, signs are real."""

import pytest

from console.charts import HEIGHT, SPARK_HEIGHT, SPARK_WIDTH, WIDTH, chart, spark
from console.report_cells import shown
from insight.change import change
from insight.definitions import EARNED, LENIENT, PASSED, SCORE, SPEARMAN
from insight.figures import Definition, Figure, Interval, no_data
from insight.tally import Tally
from tests.insight.build import TWO_WEEKS


def figure(value: float, low: float, high: float, definition: Definition = SCORE) -> Figure:
    return Figure(definition, TWO_WEEKS, value * 10, 10, 10, Interval(low, high))


NONE = no_data(SCORE, TWO_WEEKS)


def test_a_line_breaks_where_there_is_no_data() -> None:
    found = chart([
        ("a", figure(70, 60, 80)), ("b", figure(72, 61, 83)), ("c", NONE),
        ("d", figure(75, 70, 80)),
    ])  # fmt: skip
    assert found is not None
    assert len(found.lines) == len(found.bands) == 1
    assert len(found.dots) == 3
    assert found.dots[2].told == "d: 75.0, 70.0 to 80.0, n 10"
    assert found.told == "Score from a: 70.0 to d: 75.0"


def test_the_scale_holds_every_interval_in_round_numbers() -> None:
    found = chart([("a", figure(70, 43, 80)), ("b", figure(72, 61, 99.5))])
    assert found is not None
    assert [words for _, words in found.across] == ["40", "60", "80", "100"]
    assert all(
        0 <= y <= HEIGHT for dot in found.dots for y in (dot.y, dot.low, dot.high) if y is not None
    )
    assert all(0 <= dot.x <= WIDTH for dot in found.dots)


def test_words_below_do_not_run_into_each_other() -> None:
    found = chart([(str(place), figure(70, 60, 80)) for place in range(30)])
    assert found is not None
    assert len(found.below) <= 9
    assert len(found.dots) == 30


@pytest.mark.parametrize("points", [[], [("a", NONE)], [("a", NONE), ("b", NONE)]])
def test_nothing_is_not_drawn(points: list[tuple[str, Figure]]) -> None:
    assert chart(points) is None


def test_values_that_are_all_alike_have_a_scale() -> None:
    flat = Figure(SCORE, TWO_WEEKS, 1000, 10, 10)
    found = chart([("a", flat), ("b", flat)])
    assert found is not None
    assert len(found.across) > 1


def test_small_lines_stay_in_their_box_and_show_a_week_alone() -> None:
    lines = spark((0.2, None, 0.9, 0.4, None, 0.5), 0.2, 0.9)
    assert len(lines) == 3
    for line in lines:
        for pair in line.split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= SPARK_WIDTH
            assert 0 <= y <= SPARK_HEIGHT
    assert spark((None, None), 0, 1) == ()
    assert len(spark((0.5,), 0.5, 0.5)) == 1


def share(part: int, whole: int) -> Figure:
    tally = Tally()
    tally.add(1.0, times=part)
    tally.add(0.0, times=whole - part)
    return tally.figure(PASSED, TWO_WEEKS)


def test_values_are_read_in_their_own_unit() -> None:
    assert shown(share(8, 10)).text == "80 %"
    assert (shown(share(8, 10)).interval, shown(share(8, 10)).made_of) == ("49 to 94 %", "8 of 10")
    assert shown(figure(76.32, 70, 80)).text == "76.3"
    assert shown(figure(76.32, 70, 80)).made_of == "n 10"
    assert shown(figure(-0.31, -0.5, 0.1, SPEARMAN)).text == "−0.31"
    assert shown(figure(-0.31, -0.5, 0.1, SPEARMAN)).interval == "−0.50 to +0.10"
    assert shown(figure(0.021, -0.01, 0.05, LENIENT)).text == "+2.1 %"


def test_a_weighted_share_shows_n_and_no_weights() -> None:
    tally = Tally()
    tally.add(1.0, weight=4.0)
    tally.add(0.0, weight=1.5)
    assert shown(tally.figure(EARNED, TWO_WEEKS)).made_of == "n 2"


def test_no_data_is_said() -> None:
    assert (shown(NONE).text, shown(NONE).interval) == ("no data", "")
    assert shown(change(NONE, figure(70, 60, 80))).text == "no data"


@pytest.mark.parametrize(
    "before, after, text, tone",
    [
        ((30, 100), (60, 100), "+30 points", "better"),
        ((60, 100), (30, 100), "−30 points", "worse"),
        ((5, 10), (6, 10), "+10 points", ""),
    ],
)
def test_a_change_is_one_of_points_and_is_marked_where_it_is_clear(
    before: tuple[int, int], after: tuple[int, int], text: str, tone: str
) -> None:
    found = shown(change(share(*before), share(*after)))
    assert (found.text, found.tone) == (text, tone)
    assert found.made_of == f"from {100 * before[0] // before[1]} %, n {before[1]}"

"""The difference of two periods, beside published ones."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadInput
from insight.change import change
from insight.definitions import PASSED, SCORE
from insight.figures import Figure, no_data
from insight.tally import Tally
from insight.windows import Window

AFTER = Window(date(2026, 11, 1), date(2026, 11, 30), ZoneInfo("Europe/London"))


def share(part: int, whole: int) -> Figure:
    tally = Tally()
    tally.add(1.0, times=part)
    tally.add(0.0, times=whole - part)
    return tally.figure(PASSED, AFTER)


@pytest.mark.parametrize(
    "second, first, low, high",  # Newcombe (1998), table II, method 10
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_two_shares_differ_as_newcombe_has_it(
    second: tuple[int, int], first: tuple[int, int], low: float, high: float
) -> None:
    found = change(share(*first), share(*second))
    assert found.value == pytest.approx(second[0] / second[1] - first[0] / first[1])
    assert found.interval is not None
    assert found.interval.low == pytest.approx(low, abs=1e-4)
    assert found.interval.high == pytest.approx(high, abs=1e-4)
    assert found.is_clear == (low > 0 or high < 0)


def test_nothing_before_is_no_change() -> None:
    found = change(no_data(PASSED, AFTER.before), share(3, 4))
    assert found.value is None
    assert found.interval is None
    assert not found.is_clear


def test_two_definitions_are_not_compared() -> None:
    with pytest.raises(BadInput, match="score version 1"):
        change(no_data(SCORE, AFTER.before), share(3, 4))

"""Rank correlations from a table are those of the pairs one by one, ties and all."""

import math
from collections import Counter
from datetime import date
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.definitions import KENDALL, SPEARMAN
from insight.ranks import LEAST, kendall, spearman
from insight.windows import Window

WINDOW = Window(date(2026, 11, 1), date(2026, 11, 30), ZoneInfo("Europe/London"))
Pair = tuple[float, float]


def sign(number: float) -> int:
    return (number > 0) - (number < 0)


def slow_kendall(pairs: list[Pair]) -> float:
    """By the definition, pair by pair."""
    order = ones = others = 0
    for (a, b), (c, d) in combinations(pairs, 2):
        order += sign(a - c) * sign(b - d)
        ones += a != c
        others += b != d
    return order / math.sqrt(ones * others)


def slow_spearman(pairs: list[Pair]) -> float:
    one, other = (ranks([pair[side] for pair in pairs]) for side in (0, 1))
    middle = (len(pairs) + 1) / 2
    top = sum((a - middle) * (b - middle) for a, b in zip(one, other, strict=True))
    spread = sum((a - middle) ** 2 for a in one) * sum((b - middle) ** 2 for b in other)
    return top / math.sqrt(spread)


def ranks(values: list[float]) -> list[float]:
    return [
        sum(other < value for other in values) + (values.count(value) + 1) / 2 for value in values
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 6).map(float), st.integers(1, 5).map(float)),
        min_size=LEAST,
        max_size=40,
    ).filter(lambda pairs: all(len({pair[side] for pair in pairs}) > 1 for side in (0, 1)))
)
def test_a_table_gives_what_the_pairs_give(pairs: list[Pair]) -> None:
    counted = Counter(pairs)
    tau, rho = kendall(counted, KENDALL, WINDOW), spearman(counted, SPEARMAN, WINDOW)
    assert tau.value == pytest.approx(slow_kendall(pairs), abs=1e-9)
    assert rho.value == pytest.approx(slow_spearman(pairs), abs=1e-9)
    assert tau.n == rho.n == len(pairs)
    assert tau.interval is not None
    assert -1 <= tau.interval.low <= tau.interval.high <= 1


def test_the_interval_holds_the_value_and_narrows() -> None:
    few = Counter({(60.0, 1.0): 3, (70.0, 3.0): 4, (80.0, 3.0): 3, (90.0, 5.0): 3, (50.0, 4.0): 2})
    many = Counter({pair: 20 * count for pair, count in few.items()})
    widths = []
    for counted in (few, many):
        found = spearman(counted, SPEARMAN, WINDOW)
        assert found.interval is not None
        assert found.value is not None
        assert found.interval.low < found.value < found.interval.high
        widths.append(found.interval.high - found.interval.low)
    assert widths[1] < widths[0] / 3


@pytest.mark.parametrize(
    "pairs",
    [
        {},
        {(70.0, 4.0): LEAST - 2, (60.0, 1.0): 1},  # too few
        {(70.0, 5.0): 50, (60.0, 5.0): 50},  # every customer says the same
        {(70.0, 5.0): 50, (70.0, 1.0): 50},  # every score is the same
    ],
)
def test_no_correlation_is_no_data(pairs: dict[Pair, int]) -> None:
    for found in (kendall(pairs, KENDALL, WINDOW), spearman(pairs, SPEARMAN, WINDOW)):
        assert found.value is None
        assert found.interval is None
        assert found.n == sum(pairs.values())


def test_as_many_as_a_year_of_a_large_team() -> None:
    """Ten thousand different scores by five answers: what memory has to hold at most."""
    pairs = Counter({(score / 100, 1.0 + score % 5): 2 for score in range(10_000)})
    assert kendall(pairs, KENDALL, WINDOW).value == pytest.approx(0.0, abs=0.01)

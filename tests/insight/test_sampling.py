"""Intervals hold what they promise: the true mean lies in 95 of 100, of few rows as of many."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from insight.figures import Interval
from insight.sampling import CHUNK, RESAMPLES, chunks, mean_interval, weighted_share_interval

Floats = npt.NDArray[np.float64]
TIMES = 200


def well_but_for_fatals(random: np.random.Generator, n: int) -> Floats:
    """Scores around 85, and one of twelve fails fatally: 0."""
    scores = np.clip(random.normal(85, 10, n), 0, 100).round(2)
    return np.where(random.random(n) < 0.08, 0.0, scores)


def mostly_full(random: np.random.Generator, n: int) -> Floats:
    """Three of five scores are 100."""
    scores: Floats = np.where(random.random(n) < 0.6, 100.0, random.uniform(40, 95, n).round(2))
    return scores


def interval_of(values: Floats) -> Interval:
    found = mean_interval(
        Counter((float(value), 1.0) for value in values), lowest=0.0, highest=100.0
    )
    assert found is not None
    return found


def ordinary(values: Floats) -> Interval:
    """The percentile bootstrap, to compare with."""
    drawn = np.random.default_rng(1).integers(0, len(values), size=(RESAMPLES, len(values)))
    low, high = np.quantile(values[drawn].mean(axis=1), (0.025, 0.975))
    return Interval(float(low), float(high))


def covered(
    draw: Callable[[np.random.Generator, int], Floats],
    n: int,
    interval: Callable[[Floats], Interval],
) -> float:
    truth = float(draw(np.random.default_rng(9), 1_000_000).mean())
    random = np.random.default_rng(n)
    found = [interval(draw(random, n)) for _ in range(TIMES)]
    return sum(one.low <= truth <= one.high for one in found) / TIMES


@pytest.mark.parametrize("n", [3, 8, 40])
@pytest.mark.parametrize("draw", [well_but_for_fatals, mostly_full])
def test_the_truth_lies_in_the_interval(
    draw: Callable[[np.random.Generator, int], Floats], n: int
) -> None:
    assert covered(draw, n, interval_of) >= 0.95


def test_the_ordinary_bootstrap_would_promise_too_much() -> None:
    assert covered(well_but_for_fatals, 8, ordinary) < 0.85


def test_many_rows_make_it_as_narrow_as_the_ordinary_one() -> None:
    values = well_but_for_fatals(np.random.default_rng(3), 3000)
    ours, theirs = interval_of(values), ordinary(values)
    assert (ours.high - ours.low) / (theirs.high - theirs.low) == pytest.approx(1.0, abs=0.12)


def test_weights_of_an_uneven_draw_are_covered() -> None:
    """Of a thousand, all the bad were drawn and a tenth of the others."""
    random, hits = np.random.default_rng(5), 0
    for _ in range(TIMES):
        scores = well_but_for_fatals(random, 600)
        chance = np.where(scores < 70, 1.0, 0.1)
        drawn = random.random(600) < chance
        rows = Counter(zip(scores[drawn].tolist(), (1 / chance[drawn]).tolist(), strict=True))
        found = mean_interval(rows, lowest=0.0, highest=100.0)
        assert found is not None
        hits += found.low <= scores.mean() <= found.high
    assert hits / TIMES >= 0.95


def test_alike_values_are_no_certainty() -> None:
    five = interval_of(np.full(5, 100.0))
    assert five.low < 60
    assert five.high == 100
    fifty = interval_of(np.full(50, 100.0))
    assert five.low < fifty.low < 100


def test_the_same_rows_give_the_same_interval_in_any_order() -> None:
    rows = [(70.0, 1.0), (80.0, 2.0), (90.5, 1.0)] * 5
    first = mean_interval(Counter(rows), lowest=0, highest=100)
    assert first == mean_interval(Counter(reversed(rows)), lowest=0, highest=100)


def test_nothing_has_no_interval() -> None:
    assert mean_interval({}, lowest=0.0, highest=100.0) is None
    assert weighted_share_interval(0.0, 0.0, 0.0) is None


def test_uneven_weights_widen_a_share() -> None:
    even = weighted_share_interval(8.0, 10.0, 10.0)
    uneven = weighted_share_interval(8.0, 10.0, 34.0)  # the same sum, a few weigh most of it
    assert even is not None
    assert uneven is not None
    assert uneven.low < even.low < even.high < uneven.high


@pytest.mark.parametrize("width", [1, 7, CHUNK // 3, CHUNK * 5])
def test_no_resample_is_left_out(width: int) -> None:
    sizes = list(chunks(width))
    assert sum(sizes) == RESAMPLES
    assert all(size == 1 or size * width <= CHUNK for size in sizes)

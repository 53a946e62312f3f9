"""Areas, rank correlations and limits, by hand."""

import numpy as np
import pytest

from benchmarks.qa.curves import area, bootstrap, rank_correlation, ranks
from benchmarks.train.figures import NEVER, settle_limits
from benchmarks.train.fitting import fit_logistic


def test_area_counts_pairs_in_the_right_order_and_ties_half() -> None:
    labels = np.array([1.0, 1.0, 0.0, 0.0])
    assert area(np.array([0.9, 0.4, 0.5, 0.1]), labels) == 0.75
    assert area(np.array([0.5, 0.5, 0.5, 0.5]), labels) == 0.5
    assert area(np.array([0.1, 0.2, 0.8, 0.9]), labels) == 0.0
    assert area(np.array([0.1, 0.2]), np.array([1.0, 1.0])) == 0.5


def test_equal_values_share_their_rank() -> None:
    assert ranks(np.array([3.0, 1.0, 3.0])).tolist() == [2.5, 1.0, 2.5]


def test_rank_correlation_sees_order_alone() -> None:
    assert rank_correlation(np.array([1.0, 2, 3]), np.array([1.0, 20, 300])) == pytest.approx(1)
    assert rank_correlation(np.array([1.0, 2, 3]), np.array([3.0, 2, 1])) == pytest.approx(-1)
    assert rank_correlation(np.array([1.0, 1, 1]), np.array([3.0, 2, 1])) == 0


def test_a_bootstrap_keeps_groups_together() -> None:
    values = np.array([0.0, 0.0, 1.0, 1.0])
    alone = bootstrap(lambda at: float(values[at].mean()), np.array(["a", "b", "c", "d"]))
    paired = bootstrap(lambda at: float(values[at].mean()), np.array(["a", "a", "b", "b"]))
    assert paired == (0.0, 1.0)
    assert alone[0] <= alone[1]


def test_limits_reach_the_precision_or_nothing_is_said() -> None:
    chances = np.linspace(0, 1, 200)
    clear = (chances > 0.5).astype(float)
    limits = settle_limits(chances, clear, 0.95)
    said = chances >= limits.yes_from
    assert clear[said].mean() >= 0.95
    assert said.sum() > 90
    assert 0.3 < limits.no_up_to < 0.6
    coin = np.tile([1.0, 0.0], 100)
    assert settle_limits(chances, coin, 0.95) == NEVER


def test_logistic_regression_finds_the_slope() -> None:
    rows = np.array([[-2.0], [-1.0], [1.0], [2.0]] * 50)
    wanted = np.array([0.0, 0.0, 1.0, 1.0] * 50)
    weights, bias = fit_logistic(rows, wanted, 1.0)
    assert weights[0] > 1
    assert abs(bias) < 0.01

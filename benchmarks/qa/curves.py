"""Area under the ROC curve, rank correlation, and intervals by bootstrap over groups."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
DRAWS = 1000  # the interval's ends then move by less than 0.005 from seed to seed
SEED = 1


def area(chances: Doubles, labels: Doubles) -> float:
    """Area under the ROC curve; ties count half; 0.5 where only one label occurs.

    Source: Hanley and McNeil (1982): the share of pairs in the right order, by ranks.
    """
    good = labels > 0
    pairs = good.sum() * (~good).sum()
    if not pairs:
        return 0.5
    wins = ranks(chances)[good].sum() - good.sum() * (good.sum() + 1) / 2
    return float(wins / pairs)


def rank_correlation(one: Doubles, other: Doubles) -> float:
    """Spearman's: Pearson's correlation of the ranks; 0 where one of both never changes."""
    a, b = ranks(one), ranks(other)
    spread = a.std() * b.std()
    return float(((a - a.mean()) * (b - b.mean())).mean() / spread) if spread else 0.0


def bootstrap(
    figure: Callable[[npt.NDArray[np.int_]], float], groups: npt.NDArray[np.str_]
) -> tuple[float, float]:
    """95 % of `figure(rows)` when whole groups are drawn again."""
    _, place = np.unique(groups, return_inverse=True)
    members = [np.flatnonzero(place == number) for number in range(place.max() + 1)]
    dice = np.random.default_rng(SEED)
    drawn = [
        figure(np.concatenate([members[n] for n in dice.integers(0, len(members), len(members))]))
        for _ in range(DRAWS)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def ranks(values: Doubles) -> Doubles:
    """From 1, equal values sharing their mean."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place], dtype=np.float64)

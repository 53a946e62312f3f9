"""An agent's mean when not every conversation was reviewed.

What people look at is no fair picture: risks are drawn on purpose. So the mean is of the uniform
draw alone, or of everything drawn with each score weighted by one over its chance to be drawn.

Source: DOMAIN "Scorecard", sampling; Särndal, Swensson, Wretman, Model Assisted Survey Sampling
(1992), 5.7, the weighted sample mean (Hájek's), whose bias vanishes as scores become more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.float64]

RESAMPLES = 1000  # of the bootstrap; the ends of its interval move by less than a point with more
TAIL = 2.5  # percent below, and above, a 95 % interval


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A score that a person answers for: the chance by which each way drew it, None if it did not.

    `uniform` is None for what the uniform draw left out, `by_risk` whether a risk drew it.
    """

    score: float
    uniform: float | None
    by_risk: bool

    @property
    def inclusion(self) -> float:
        """The chance that it was drawn by either way; a risk draws without fail."""
        return 1.0 if self.by_risk else self.uniform or 0.0


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of `n` scores with its 95 % interval; no interval for one score drawn by chance."""

    value: float
    low: float | None
    high: float | None
    n: int


def uniform_mean(reviewed: Iterable[Reviewed]) -> Mean | None:
    """The mean of the uniform draw alone; None without any."""
    scores = [(one.score, one.uniform) for one in reviewed if one.uniform]
    return _mean([score for score, _ in scores], [chance or 1.0 for _, chance in scores])


def weighted_mean(reviewed: Iterable[Reviewed]) -> Mean | None:
    """The mean of everything drawn, each weighted by one over its chance; None without any."""
    drawn = [one for one in reviewed if one.inclusion > 0]
    return _mean([one.score for one in drawn], [one.inclusion for one in drawn])


def _mean(scores: Sequence[float], chances: Sequence[float]) -> Mean | None:
    if not scores:
        return None
    values, weights = np.array(scores), 1 / np.array(chances)  # (n,), (n,)
    value = float(np.average(values, weights=weights))
    by_chance = np.array(chances) < 1
    if by_chance.sum() == 1:
        return Mean(value, None, None, len(scores))
    low, high = _interval(values, weights, by_chance)
    return Mean(value, low, high, len(scores))


def _interval(
    values: Numbers, weights: Numbers, by_chance: npt.NDArray[np.bool_]
) -> tuple[float, float]:
    """Bootstrap of what chance drew; what was drawn for certain would be there in every sample."""
    fixed, free = np.flatnonzero(~by_chance), np.flatnonzero(by_chance)
    picks = np.random.default_rng(0).choice(free, (RESAMPLES, len(free))) if len(free) else free
    rows = np.hstack([np.tile(fixed, (RESAMPLES, 1)), picks.reshape(RESAMPLES, -1)]).astype(int)
    means = (values[rows] * weights[rows]).sum(1) / weights[rows].sum(1)  # (RESAMPLES,)
    low, high = np.percentile(means, [TAIL, 100 - TAIL])
    return float(low), float(high)

"""The interval of a coefficient that is corrected for chance: bootstrap, bias-corrected (BCa).

Sources: Efron, "Better Bootstrap Confidence Intervals" (1987); DiCiccio and Efron, "Bootstrap
Confidence Intervals" (1996). BCa and not the plain percentile interval, because the gate asks how
often the lower bound lies above the truth: `python -m benchmarks.agreement` prints it for both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from core.intervals import share_interval

Matrix: TypeAlias = npt.NDArray[np.float64]
ObservedAndChance: TypeAlias = Callable[[Matrix], tuple[Matrix, Matrix]]

RESAMPLES = 2000  # 1,000 to 2,000 are advised for BCa: Efron and Tibshirani (1993), section 14.3
SEED = 20_080_501  # any; the same double scores give the same interval on every machine
TAIL = 0.025  # of a 95 % interval, on each side
CERTAIN = 1e-9  # chance agreement nearer to 1 than this leaves nothing to correct
NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient at most 1 with its 95 % interval.

    `value` None: it is undefined, and `why` says so. A bound None: it cannot be told, because in
    more than one resample of forty everybody gave one answer.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    why: str = ""


def coefficient(
    statistic: ObservedAndChance, counts: Matrix, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Coefficient:
    """A coefficient (observed − chance) / (1 − chance), and its interval.

    Args:
        statistic: takes how often each kind of item counts, shape (n_resamples, n_kinds), and
            gives observed and chance agreement, shape (n_resamples,) each, nan where there is none.
        counts: how often each kind of item occurs, shape (n_kinds,).

    Where all agree, no resample can disagree; there the lower bound is that of the Wilson
    interval of the agreement, with the chance agreement that was found.
    """
    total = int(counts.sum())
    if total == 0:
        return Coefficient(None, why="nothing was scored twice")
    observed, chance = (float(part[0]) for part in statistic(counts[np.newaxis]))
    if np.isnan(observed):
        return Coefficient(None, why="nothing was scored twice")
    if chance > 1 - CERTAIN:
        return Coefficient(None, why="everybody gave one and the same answer throughout")
    value = (observed - chance) / (1 - chance)
    if observed > 1 - CERTAIN:
        low, _ = share_interval(total, total) or (0.0, 1.0)
        return Coefficient(1.0, (low - chance) / (1 - chance), 1.0)
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(total, counts / total, size=resamples).astype(np.float64)
    found = _corrected(*statistic(drawn))  # (n_resamples,)
    low_at, high_at = _bca_tails(statistic, counts, value, found)
    return Coefficient(value, _quantile(found, low_at), _quantile(found, high_at))


def _corrected(observed: Matrix, chance: Matrix) -> Matrix:
    """The coefficient of each resample; −inf, below everything, where it is undefined."""
    is_defined = (chance <= 1 - CERTAIN) & ~np.isnan(observed)
    room = np.where(is_defined, 1 - chance, 1.0)
    return np.where(is_defined, (observed - chance) / room, -np.inf)


def _bca_tails(
    statistic: ObservedAndChance, counts: Matrix, value: float, found: Matrix
) -> tuple[float, float]:
    """Which quantiles of the resamples the ends are, by bias and by acceleration."""
    below = np.mean(found < value) + np.mean(np.isclose(found, value)) / 2
    edge = 0.5 / len(found)
    bias = NORMAL.inv_cdf(float(np.clip(below, edge, 1 - edge)))
    speed = _acceleration(statistic, counts, value)
    low, high = (_shifted(bias, speed, NORMAL.inv_cdf(tail)) for tail in (TAIL, 1 - TAIL))
    return low, high


def _shifted(bias: float, speed: float, normal: float) -> float:
    moved = bias + normal
    return NORMAL.cdf(bias + moved / (1 - speed * moved))


def _acceleration(statistic: ObservedAndChance, counts: Matrix, value: float) -> float:
    """From leaving out one item at a time; items of one kind leave the same behind."""
    kinds = np.flatnonzero(counts)
    left = np.repeat(counts[np.newaxis], len(kinds), axis=0)  # (n_kinds_met, n_kinds)
    left[np.arange(len(kinds)), kinds] -= 1
    without = _corrected(*statistic(left))
    without = np.where(np.isinf(without), value, without)
    often = counts[kinds]
    off = np.average(without, weights=often) - without
    spread = float((often * off**2).sum())
    return float((often * off**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0


def _quantile(found: Matrix, place: float) -> float | None:
    ordered = np.sort(found)
    value = float(ordered[min(int(place * len(ordered)), len(ordered) - 1)])
    return None if np.isinf(value) else value

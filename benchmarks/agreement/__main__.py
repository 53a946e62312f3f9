"""`python -m benchmarks.agreement [--runs 1000] [--seed 1] [--json]`.

Draws tables of two raters of whom kappa is known, makes the 95 % interval of each, and counts how
often its lower bound lies above the truth (promised: 0.025) and how often the truth lies within
(0.95): the interval of qa/chance.py, and the plain percentile interval beside it.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from qa.agreement import Table, kappa
from qa.chance import RESAMPLES, TAIL, Matrix

NUMBERS = (50, 100, 200)  # double-scored conversations; the gate asks for 50
RARE = (0.5, 0.2, 0.1)  # share of the rarer answer
KAPPAS = (0.5, 0.6, 0.8, 0.9)  # the gate asks for a lower bound of 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of table: shares of runs whose lower bound was too high, and that held kappa."""

    n: int
    rarer: float
    kappa: float
    too_high: float
    holds: float
    percentile_too_high: float
    percentile_holds: float


def shares(rarer: float, wanted: float) -> Matrix:
    """Cells of two raters with the same marginals whose kappa is `wanted`, shape (2, 2)."""
    chance = rarer**2 + (1 - rarer) ** 2
    apart = (1 - chance - wanted * (1 - chance)) / 2
    return np.array([[rarer - apart, apart], [apart, 1 - rarer - apart]])


def measure(n: int, rarer: float, wanted: float, *, runs: int, seed: int) -> Line:
    """Draw `runs` tables of `n` and look where each interval lies."""
    generator = np.random.default_rng([seed, n, round(100 * rarer), round(100 * wanted)])
    cells = shares(rarer, wanted)
    found = np.array([_one(generator, cells, n) for _ in range(runs)])  # (runs, 4): two intervals
    high, holds = _counted(found[:, :2], wanted)
    plain_high, plain_holds = _counted(found[:, 2:], wanted)
    return Line(n, rarer, wanted, high, holds, plain_high, plain_holds)


def _one(generator: np.random.Generator, cells: Matrix, n: int) -> tuple[float, ...]:
    counts = generator.multinomial(n, cells.reshape(-1)).reshape(2, 2)
    found = kappa(Table(("yes", "no"), tuple(tuple(map(int, row)) for row in counts)))
    ends = tuple(-np.inf if end is None else end for end in (found.low, found.high))
    return (*ends, *_percentile(generator, counts.astype(np.float64), n))


def _percentile(generator: np.random.Generator, counts: Matrix, n: int) -> tuple[float, float]:
    drawn = generator.multinomial(n, counts.reshape(-1) / n, size=RESAMPLES) / n
    tables = drawn.reshape(-1, 2, 2)
    chance = (tables.sum(1) * tables.sum(2)).sum(1)
    room = np.where(chance < 1, 1 - chance, 1.0)
    same = np.trace(tables, axis1=1, axis2=2)
    values = np.sort(np.where(chance < 1, (same - chance) / room, -np.inf))
    return float(values[int(TAIL * RESAMPLES)]), float(values[int((1 - TAIL) * RESAMPLES) - 1])


def _counted(intervals: Matrix, wanted: float) -> tuple[float, float]:
    low, high = intervals[:, 0], intervals[:, 1]
    too_high = low > wanted + 1e-9
    holds = ~too_high & ((wanted <= high + 1e-9) | np.isinf(high))
    return round(float(too_high.mean()), 4), round(float(holds.mean()), 4)


def lines(*, runs: int, seed: int) -> Iterator[Line]:
    """Every kind of table."""
    for n in NUMBERS:
        for rarer in RARE:
            for wanted in KAPPAS:
                yield measure(n, rarer, wanted, runs=runs, seed=seed)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = list(lines(runs=asked.runs, seed=asked.seed))
    if asked.json:
        sys.stdout.write(json.dumps([asdict(line) for line in found]) + "\n")
        return
    sys.stdout.write("  n  rarer  kappa   lower bound too high   holds kappa   (percentile)\n")
    for line in found:
        sys.stdout.write(
            f"{line.n:>3}  {line.rarer:>5.2f}  {line.kappa:>5.2f}   {line.too_high:>20.3f}"
            f"   {line.holds:>11.3f}   ({line.percentile_too_high:.3f}, "
            f"{line.percentile_holds:.3f})\n"
        )


if __name__ == "__main__":
    main()

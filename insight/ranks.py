"""How far two things rise and fall together, from a table of how often each pair was seen.

Rows are values of the one, columns of the other, both sorted: ties, of which scores and survey
answers are full, cost nothing and are told exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.figures import Definition, Figure, Interval
from insight.sampling import RESAMPLES, chunks, generator
from insight.windows import Window

Floats = npt.NDArray[np.float64]
# A pair of values → how often both were seen together.
Pairs = Mapping[tuple[float, float], int]

LEAST = 10  # pairs; a correlation of fewer has an interval of more than half its whole scale


@dataclass(frozen=True, slots=True)
class Quotients:
    """Correlations as numerators and denominators, one of each table: float64 (n_tables,)."""

    numerators: Floats
    denominators: Floats


def spearman(pairs: Pairs, definition: Definition, window: Window) -> Figure:
    """Pearson's correlation of the mid-ranks.

    Source: Spearman (1904); Kendall and Gibbons, "Rank Correlation Methods" (1990), chapter 3.
    """
    return _figure(pairs, definition, window, kind="spearman")


def kendall(pairs: Pairs, definition: Definition, window: Window) -> Figure:
    """Tau-b: pairs in order minus pairs out of order, of those that are tied in neither.

    Source: Kendall and Gibbons, "Rank Correlation Methods" (1990), section 3.4.
    """
    return _figure(pairs, definition, window, kind="kendall")


def _figure(pairs: Pairs, definition: Definition, window: Window, *, kind: str) -> Figure:
    """No data where there are too few pairs, or one of the two never varies."""
    n = sum(pairs.values())
    table = table_of(pairs)
    found = _MEASURES[kind](table[np.newaxis])
    if n < LEAST or not found.denominators[0] > 0:
        return Figure(definition, window, 0.0, 0.0, n)
    return Figure(
        definition,
        window,
        float(found.numerators[0]),
        float(found.denominators[0]),
        n,
        _interval(table, n, kind),
    )


def table_of(pairs: Pairs) -> Floats:
    """The pairs as counts: float64 (n_values_of_one, n_values_of_other), both rising."""
    ones = {value: place for place, value in enumerate(sorted({one for one, _ in pairs}))}
    others = {value: place for place, value in enumerate(sorted({other for _, other in pairs}))}
    table = np.zeros((max(1, len(ones)), max(1, len(others))))
    for (one, other), count in pairs.items():
        table[ones[one], others[other]] = count
    return table


def _interval(table: Floats, n: int, kind: str) -> Interval:
    """Percentiles of resampled tables; one in which nothing varies tells no correlation."""
    measure = _MEASURES[kind]
    random, made = generator(), []
    for size in chunks(table.size):
        drawn = random.multinomial(n, table.ravel() / n, size=size)
        found = measure(drawn.reshape(size, *table.shape).astype(np.float64))
        varies = found.denominators > 0
        made.append(found.numerators[varies] / found.denominators[varies])
    values = np.concatenate(made)
    if len(values) < RESAMPLES / 2:
        return Interval(-1.0, 1.0)
    return Interval(float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975)))


def _spearman(tables: Floats) -> Quotients:
    """(n_tables, rows, columns) → the covariance of the ranks over the root of both variances."""
    n = tables.sum(axis=(1, 2))
    row_ranks, rows = _mid_ranks(tables.sum(axis=2))
    column_ranks, columns = _mid_ranks(tables.sum(axis=1))
    middle = ((n + 1) / 2)[:, np.newaxis]
    one, other = row_ranks - middle, column_ranks - middle
    together = np.einsum("ti,tij,tj->t", one, tables, other)
    spread = (rows * one**2).sum(axis=1) * (columns * other**2).sum(axis=1)
    return Quotients(together, np.sqrt(spread))


def _mid_ranks(counts: Floats) -> tuple[Floats, Floats]:
    """The mean rank of each value, (n_tables, n_values), and the counts themselves."""
    behind = counts.cumsum(axis=1)
    return behind - (counts - 1) / 2, counts


def _kendall(tables: Floats) -> Quotients:
    """(n_tables, rows, columns) → order minus disorder over the pairs that are not tied."""
    n = tables.sum(axis=(1, 2))
    below = _beyond(tables)  # of each cell: how many lie behind it in both
    across = _beyond(tables[:, :, ::-1])[:, :, ::-1]  # behind it in rows, before it in columns
    together = (tables * (below - across)).sum(axis=(1, 2))
    pairs = n * (n - 1) / 2
    rows, columns = tables.sum(axis=2), tables.sum(axis=1)
    free = (pairs - _tied(rows)) * (pairs - _tied(columns))
    return Quotients(together, np.sqrt(np.maximum(free, 0.0)))


def _tied(counts: Floats) -> Floats:
    return np.asarray((counts * (counts - 1) / 2).sum(axis=1))


def _beyond(tables: Floats) -> Floats:
    """The sum of all cells in later rows and later columns."""
    sums = tables[:, ::-1, ::-1].cumsum(axis=1).cumsum(axis=2)[:, ::-1, ::-1]
    out = np.zeros_like(tables)
    out[:, :-1, :-1] = sums[:, 1:, 1:]
    return out


_MEASURES = {"spearman": _spearman, "kendall": _kendall}

"""How well two raters agree: raw, corrected for chance, and how well one finds what the other saw.

Sources: Cohen (1960), kappa; Cohen (1968), weighted kappa; Gwet, "Computing inter-rater
reliability and its variance in the presence of high agreement" (2008), AC1, and his Handbook of
Inter-Rater Reliability (2014), AC2. docs/calibration.md defines each in words.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from core.errors import BadInput
from core.intervals import share_interval
from core.measures import Share
from qa.chance import CERTAIN, Coefficient, Matrix, coefficient


class Weighting(StrEnum):
    """How much of an agreement a near miss is."""

    NONE = "none"  # nothing: different is different
    LINEAR = "linear"  # less by the distance (Cicchetti and Allison, 1971)
    QUADRATIC = "quadratic"  # less by the distance squared (Fleiss and Cohen, 1973)


@dataclass(frozen=True, slots=True)
class Table:
    """How often the first rater's answer (row) met the second's (column)."""

    categories: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        size = len(self.categories)
        if len(set(self.categories)) != size:
            raise BadInput("two categories have one name")
        if len(self.counts) != size or any(len(row) != size for row in self.counts):
            raise BadInput(f"a table of {size} categories has {size} rows and {size} columns")
        if any(count < 0 for row in self.counts for count in row):
            raise BadInput("nothing happens less than no time")

    @property
    def n(self) -> int:
        """How many items both rated."""
        return sum(map(sum, self.counts))


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of items with its 95 % Wilson interval; None where there are none."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share."""
        return Share(self.part, self.whole).value

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which shares the true one lies."""
        return share_interval(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class Prevalence:
    """How often each rater gave one answer."""

    category: str
    first: Rate
    second: Rate


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two raters on one question; `kappa` and `gwet` are weighted for a scale (AC2), else AC1."""

    table: Table
    raw: Rate
    kappa: Coefficient
    gwet: Coefficient
    weighting: Weighting
    prevalence: tuple[Prevalence, ...]


@dataclass(frozen=True, slots=True)
class Detection:
    """How well the first rater finds what the second saw: recall and precision of one answer."""

    positive: str
    recall: Rate
    precision: Rate


def table_of(pairs: Iterable[tuple[str, str]], categories: Sequence[str]) -> Table:
    """Count pairs of answers, first rater's first.

    Raises:
        BadInput: an answer is none of the categories.
    """
    met = Counter(pairs)
    if strange := {answer for pair in met for answer in pair} - set(categories):
        raise BadInput(f"{sorted(strange)} are no categories; there are {', '.join(categories)}")
    counts = tuple(tuple(met[row, column] for column in categories) for row in categories)
    return Table(tuple(categories), counts)


@lru_cache(maxsize=1024)  # the gate asks for the same tables on every page
def agreement(
    table: Table,
    *,
    weighting: Weighting = Weighting.NONE,
    scale: tuple[float | None, ...] | None = None,
) -> Agreement:
    """Everything about two raters and one question.

    Args:
        scale: each category's place on the scale; None for one outside it (not applicable).
            Needed for a weighting.
    """
    weights = weights_of(len(table.categories), weighting, scale)
    return Agreement(
        table=table,
        raw=Rate(sum(table.counts[i][i] for i in range(len(table.categories))), table.n),
        kappa=kappa(table, weights),
        gwet=gwet(table, weights),
        weighting=weighting,
        prevalence=_prevalence(table),
    )


def weights_of(
    size: int, weighting: Weighting, scale: Sequence[float | None] | None = None
) -> Matrix:
    """How much of an agreement each pair of categories is, shape (size, size), 0..1.

    Raises:
        BadInput: a weighting needs a place for each category.
    """
    if weighting is Weighting.NONE:
        return np.eye(size)
    if scale is None or len(scale) != size:
        raise BadInput(f"{weighting} weights need each category's place on the scale")
    places = np.array([np.nan if place is None else place for place in scale], dtype=np.float64)
    length = np.nanmax(places) - np.nanmin(places) if not np.isnan(places).all() else 0.0
    if length <= 0:
        return np.eye(size)
    off = np.abs(places[:, np.newaxis] - places) / length  # (size, size)
    near = 1 - (off if weighting is Weighting.LINEAR else off**2)
    return np.where(np.eye(size, dtype=bool), 1.0, np.nan_to_num(near, nan=0.0))


def kappa(table: Table, weights: Matrix | None = None) -> Coefficient:
    """Cohen's kappa, weighted where weights are given; undefined with one answer throughout."""
    given, size = _weights(table, weights), len(table.categories)

    def statistic(counts: Matrix) -> tuple[Matrix, Matrix]:
        shares = _shares(counts, size)  # (n, size, size)
        chance = shares.sum(2)[:, :, np.newaxis] * shares.sum(1)[:, np.newaxis, :]
        return (shares * given).sum((1, 2)), (chance * given).sum((1, 2))

    return coefficient(statistic, _flat(table))


def gwet(table: Table, weights: Matrix | None = None) -> Coefficient:
    """Gwet's AC1, or AC2 where weights are given: chance as the share of what is hard to rate.

    Its categories are those of the table; one that nobody used raises it a little.
    """
    given, size = _weights(table, weights), len(table.categories)
    if size < 2:
        return Coefficient(None, why="there is only one answer to give")

    def statistic(counts: Matrix) -> tuple[Matrix, Matrix]:
        shares = _shares(counts, size)
        share = (shares.sum(1) + shares.sum(2)) / 2  # (n, size)
        hard = (share * (1 - share)).sum(1)
        return (shares * given).sum((1, 2)), given.sum() * hard / (size * (size - 1))

    return coefficient(statistic, _flat(table))


def detection(table: Table, positive: str) -> Detection:
    """Of what the second rater called `positive`, how much the first found; and the reverse.

    Raises:
        BadInput: the table has no such category.
    """
    if positive not in table.categories:
        raise BadInput(f"{positive!r} is no category of {', '.join(table.categories)}")
    place = table.categories.index(positive)
    both = table.counts[place][place]
    return Detection(
        positive,
        recall=Rate(both, sum(row[place] for row in table.counts)),
        precision=Rate(both, sum(table.counts[place])),
    )


def _prevalence(table: Table) -> tuple[Prevalence, ...]:
    return tuple(
        Prevalence(
            category,
            Rate(sum(table.counts[place]), table.n),
            Rate(sum(row[place] for row in table.counts), table.n),
        )
        for place, category in enumerate(table.categories)
    )


def _weights(table: Table, weights: Matrix | None) -> Matrix:
    size = len(table.categories)
    given = np.eye(size) if weights is None else weights
    if given.shape != (size, size):
        raise BadInput(f"weights of {size} categories have the shape {size} by {size}")
    return given


def _flat(table: Table) -> Matrix:
    return np.array(table.counts, dtype=np.float64).reshape(-1)


def _shares(counts: Matrix, size: int) -> Matrix:
    """Counts of cells, shape (n, size²), as shares of their sum, shape (n, size, size)."""
    sums = counts.sum(1, keepdims=True)
    shares = np.full_like(counts, np.nan)
    np.divide(counts, sums, out=shares, where=sums > CERTAIN)
    return shares.reshape(-1, size, size)

"""How well several raters agree, some of whom may have left items out.

Sources: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011); Gwet, Handbook of
Inter-Rater Reliability (2014), AC1 and AC2 for several raters with missing ratings.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import BadInput
from qa.agreement import Rate, Weighting, weights_of
from qa.chance import Coefficient, Matrix, coefficient


@dataclass(frozen=True, slots=True)
class SeveralAgreement:
    """Several raters on one question; `n` counts the items that two or more of them rated.

    `pairs` is the share of agreeing pairs of answers, each pair of raters on each item; it has no
    interval, as pairs of one item hang together.
    """

    n: int
    raters: int
    pairs: Rate
    alpha: Coefficient
    gwet: Coefficient
    prevalence: tuple[tuple[str, Rate], ...]


def several_agreement(
    ratings: Sequence[Sequence[str]],
    categories: Sequence[str],
    *,
    weighting: Weighting = Weighting.NONE,
    scale: Sequence[float | None] | None = None,
) -> SeveralAgreement:
    """Everything about several raters and one question.

    Args:
        ratings: for each item the answers that were given, in any order; missing ones left out.
        categories, scale: as in `qa.agreement`.

    Raises:
        BadInput: an answer is none of the categories.
    """
    counts = _counts(ratings, categories)  # (n_items, n_categories)
    weights = weights_of(len(categories), weighting, scale)
    sums = counts.sum(1)
    given = Counter(answer for answers in ratings for answer in answers)
    agreeing, of_all = _pairs(counts)
    return SeveralAgreement(
        n=int((sums >= 2).sum()),
        raters=int(sums.max(initial=0)),
        pairs=Rate(agreeing, of_all),
        alpha=alpha(counts, weights),
        gwet=gwet(counts, weights),
        prevalence=tuple((name, Rate(given[name], given.total())) for name in categories),
    )


def alpha(counts: Matrix, weights: Matrix) -> Coefficient:
    """Krippendorff's alpha; items that one rater alone rated do not count.

    Args:
        counts: how many raters gave each answer to each item, shape (n_items, n_categories).
        weights: shape (n_categories, n_categories), 1 on the diagonal; identity for names, 1 − d²
            for an interval scale.
    """
    paired = counts[counts.sum(1) >= 2]
    sums = paired.sum(1, keepdims=True)
    met = paired[:, :, np.newaxis] * paired[:, np.newaxis, :]  # (n_items, size, size)
    for item, row in zip(met, paired, strict=True):
        item[np.diag_indices(len(row))] -= row  # a rating does not meet itself
    agreeing = (met * weights).sum((1, 2)) / (sums[:, 0] - 1)  # (n_items,)

    def statistic(drawn: Matrix) -> tuple[Matrix, Matrix]:
        values = drawn @ paired  # (n, size): how often each answer was given
        total = values.sum(1)
        pairs = values[:, :, np.newaxis] * values[:, np.newaxis, :]
        same = np.einsum("ncc->nc", pairs)
        same -= values
        with np.errstate(invalid="ignore", divide="ignore"):
            chance = (pairs * weights).sum((1, 2)) / (total * (total - 1))
            return drawn @ agreeing / total, np.where(np.isnan(chance), 1.0, chance)

    return coefficient(statistic, np.ones(len(paired)))


def gwet(counts: Matrix, weights: Matrix) -> Coefficient:
    """Gwet's AC1 (AC2 with weights) for several raters.

    Args:
        counts, weights: as for `alpha`; an item with one rating counts in the chance agreement.
    """
    size = counts.shape[1]
    if size < 2:
        return Coefficient(None, why="there is only one answer to give")
    rated = counts[counts.sum(1) >= 1]
    sums = rated.sum(1)
    share = rated / sums[:, np.newaxis]  # (n_items, size)
    is_paired = sums >= 2
    near = (rated * (rated @ weights - 1)).sum(1)
    agreeing = np.divide(near, sums * (sums - 1), out=np.zeros_like(sums), where=is_paired)

    def statistic(drawn: Matrix) -> tuple[Matrix, Matrix]:
        with np.errstate(invalid="ignore", divide="ignore"):
            observed = drawn @ agreeing / (drawn @ is_paired)
            answers = drawn @ share / drawn.sum(1, keepdims=True)  # (n, size)
        hard = (answers * (1 - answers)).sum(1)
        return observed, weights.sum() * hard / (size * (size - 1))

    return coefficient(statistic, np.ones(len(rated)))


def _counts(ratings: Sequence[Sequence[str]], categories: Sequence[str]) -> Matrix:
    place = {name: index for index, name in enumerate(categories)}
    counts = np.zeros((len(ratings), len(categories)))
    for item, answers in enumerate(ratings):
        for answer in answers:
            if answer not in place:
                raise BadInput(f"{answer!r} is no category of {', '.join(categories)}")
            counts[item, place[answer]] += 1
    return counts


def _pairs(counts: Matrix) -> tuple[int, int]:
    sums = counts.sum(1)
    return int((counts * (counts - 1)).sum() / 2), int((sums * (sums - 1)).sum() / 2)

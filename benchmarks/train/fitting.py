"""Fits the parts of a judge: a ridge logistic regression, and a forest as flat arrays."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import ExtraTreesClassifier

from qa.judges.forest import LEAF, Forest, halved

Doubles = npt.NDArray[np.float64]
STEPS = 12  # of Newton; seven settle it on all data seen
TREES = 60
PART_OF_FEATURES = 0.2  # tried at each split
SEED = 1


def fit_logistic(rows: Doubles, wanted: Doubles, penalty: float) -> tuple[Doubles, float]:
    """Weights (features,) and bias, by Newton's method; the bias is not penalised.

    Source: Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 4.4.
    """
    design = np.column_stack([rows, np.ones(len(rows))])
    ridge = np.full(design.shape[1], penalty)
    ridge[-1] = 1e-6
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (wanted - chances) - ridge * weights
        curve = (design * np.maximum(chances * (1 - chances), 1e-6)[:, None]).T @ design
        step = np.linalg.solve(curve + np.diag(ridge), slope)
        weights = weights + step
        if np.abs(step).max() < 1e-6:
            break
    return weights[:-1], float(weights[-1])


def fit_signed(
    rows: Doubles, wanted: Doubles, penalty: float, signs: Sequence[int]
) -> tuple[Doubles, float]:
    """As `fit_logistic`, but a weight against its sign (1, -1; 0: either) is nothing.

    Features that came out against their sign are left out and the rest fitted again, until none is.
    """
    kept, way = np.ones(rows.shape[1], dtype=bool), np.asarray(signs)
    while True:
        weights, bias = fit_logistic(rows[:, kept], wanted, penalty)
        wrong = weights * way[kept] < 0
        if not wrong.any():
            break
        kept[np.flatnonzero(kept)[wrong]] = False
    whole = np.zeros(rows.shape[1])
    whole[kept] = weights
    return whole, bias


def grow_forest(
    rows: npt.NDArray[np.float32], wanted: npt.NDArray[np.bool_], *, leaf: int
) -> Forest:
    """Trees whose leaves hold at least `leaf` conversations; both classes weigh the same."""
    model = ExtraTreesClassifier(
        TREES, min_samples_leaf=leaf, max_features=PART_OF_FEATURES, class_weight="balanced",
        random_state=SEED,
    )  # fmt: skip
    model.fit(rows, wanted)
    feature, number, right, roots, start = [], [], [], [], 0
    for grown in model.estimators_:
        tree = grown.tree_
        is_leaf = tree.children_left < 0
        shares = tree.value[:, 0, :]  # (nodes, 2)
        feature.append(np.where(is_leaf, LEAF, tree.feature).astype(np.int16))
        number.append(np.where(is_leaf, shares[:, 1] / shares.sum(axis=1), tree.threshold))
        right.append(np.where(is_leaf, 0, tree.children_right + start).astype(np.int32))
        roots.append(start)
        start += tree.node_count
    return Forest(
        np.concatenate(feature),
        halved(np.concatenate(number)),
        np.concatenate(right),
        np.array(roots, dtype=np.int32),
    )

"""Agglomerative clustering: begin with each vector alone, join the two nearest groups, go on.

Source: Sokal and Michener (1958), average linkage; the update is Lance and Williams (1967).
"""

import numpy as np
import numpy.typing as npt

from speech.voices.segmentation import Array

Numbers = npt.NDArray[np.int64]


def merges(vectors: Array) -> Numbers:
    """Which two vectors' groups are joined, step by step, shape (vectors - 1, 2).

    Args:
        vectors: unit length, shape (vectors, n); a thousand take a second.
    """
    distances = 1 - vectors @ vectors.T  # of cosine
    np.fill_diagonal(distances, np.inf)
    sizes = np.ones(len(vectors))
    steps = np.zeros((max(0, len(vectors) - 1), 2), dtype=np.int64)
    for step in range(len(steps)):
        steps[step] = sorted(divmod(int(distances.argmin()), len(vectors)))
        _join(distances, sizes, *steps[step])
    return steps


def groups_of(steps: Numbers, groups: int) -> Numbers:
    """The group of each vector when so many are left, shape (vectors,), numbered from 0."""
    labels = np.arange(len(steps) + 1)
    for one, other in steps[: max(0, len(labels) - groups)]:
        labels[labels == other] = one
    numbers: Numbers = np.unique(labels, return_inverse=True)[1]
    return numbers


def _join(distances: Array, sizes: npt.NDArray[np.float64], one: int, other: int) -> None:
    """Let `one` stand for both: its distance to each group is the mean over its members."""
    total = sizes[one] + sizes[other]
    row = (sizes[one] * distances[one] + sizes[other] * distances[other]) / total
    row[one] = np.inf
    distances[one], distances[:, one] = row, row
    distances[other], distances[:, other] = np.inf, np.inf
    sizes[one] = total

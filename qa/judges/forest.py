"""A forest of decision trees as flat arrays, read without the library that grew it.

Source of the trees: Geurts, Ernst and Wehenkel, "Extremely randomized trees" (2006).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import ModelUnavailable
from qa.vectors import Floats

LEAF = -1  # in `feature`: the node decides


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees one after another, each in preorder: the node after a split is its left branch.

    `feature` int16 (nodes,): which number is looked at, or `LEAF`; `number` float32 (nodes,): go
    left when the number looked at is no more than this, or the chance that a leaf gives;
    `right` int32 (nodes,): where the right branch begins; `roots` int32 (trees,).
    """

    feature: npt.NDArray[np.int16]
    number: Floats
    right: npt.NDArray[np.int32]
    roots: npt.NDArray[np.int32]

    def __post_init__(self) -> None:
        shapes = {self.feature.shape, self.number.shape, self.right.shape}
        if len(shapes) != 1 or not len(self.roots):
            raise ModelUnavailable("a forest's arrays do not fit each other")

    def packed(self) -> dict[str, npt.NDArray[Any]]:
        """As a file keeps it, a third smaller: halves, and how far a right branch is from its node.

        Exact for numbers that half precision holds (`halved`) and branches below 65,536 nodes.
        """
        here = np.arange(len(self.right))
        far = np.where(self.feature == LEAF, 0, self.right - here).astype(np.uint16)
        number = self.number.astype(np.float16)
        return {"feature": self.feature, "number": number, "right": far, "roots": self.roots}

    def chances(self, rows: Floats) -> Floats:
        """The mean of the trees' leaves: (n, features) → (n,), 0..1."""
        nodes = np.tile(self.roots, len(rows))  # (n * trees,), a row's trees together
        place = np.arange(len(nodes))  # in `nodes`, of those that are not leaves yet
        row = np.repeat(np.arange(len(rows)), len(self.roots))
        node = nodes
        while len(place):
            is_open = self.feature[node] != LEAF
            place, row, node = place[is_open], row[is_open], node[is_open]
            is_left = rows[row, self.feature[node]] <= self.number[node]
            node = np.where(is_left, node + 1, self.right[node])
            nodes[place] = node
        leaves = self.number[nodes].reshape(len(rows), -1)  # (n, trees)
        return np.asarray(leaves.mean(axis=1), dtype=np.float32)


def halved(numbers: npt.NDArray[Any]) -> Floats:
    """The nearest numbers that half precision holds, as float32."""
    return np.asarray(numbers, dtype=np.float16).astype(np.float32)


def unpack_forest(parts: Mapping[str, npt.NDArray[Any]]) -> Forest:
    """The forest that `Forest.packed` gave."""
    feature = parts["feature"]
    far = parts["right"].astype(np.int32) + np.arange(len(feature), dtype=np.int32)
    right = np.where(feature == LEAF, 0, far).astype(np.int32)
    return Forest(feature, parts["number"].astype(np.float32), right, parts["roots"])

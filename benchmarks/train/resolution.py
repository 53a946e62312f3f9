"""Trains whether the customer's matter was settled."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.train.judges import Recipe, train_judge
from qa.judges.judge import Judge
from qa.judges.sides import HOUSE

LAST = 8  # turns; all of them are hardly better, 6 are worse: benchmarks/qa/README.md
RECIPE = Recipe(
    "resolution", "resolved", HOUSE, with_signs=True, penalty=0.5, leaf=5, precision=0.96,
    last=LAST,
)  # fmt: skip


def train_resolution(
    data: Path, encode: Callable[[Sequence[str]], npt.NDArray[np.float32]]
) -> Judge:
    """Labels are the customer's own answers."""
    return train_judge(data, encode, RECIPE)

"""Trains whether the customer was annoyed."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.train.judges import Recipe, train_judge
from qa.judges.judge import Judge
from qa.judges.sides import HOUSE

RECIPE = Recipe(
    "annoyed", "customer_annoyed", HOUSE, with_signs=False, penalty=1.0, leaf=10, precision=0.98
)


def train_annoyed(data: Path, encode: Callable[[Sequence[str]], npt.NDArray[np.float32]]) -> Judge:
    """Labels are the customer's own answers."""
    return train_judge(data, encode, RECIPE)

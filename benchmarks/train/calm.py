"""Trains whether the agent stayed calm and helpful."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.train.judges import Recipe, train_judge
from qa.judges.judge import Judge
from qa.judges.sides import PERSON

RECIPE = Recipe(
    "calm", "calm_and_helpful", PERSON, with_signs=False, penalty=1.0, leaf=15, precision=0.98
)


def train_calm(data: Path, encode: Callable[[Sequence[str]], npt.NDArray[np.float32]]) -> Judge:
    """Labels are the customer's answers about the agent; 3 % are no."""
    return train_judge(data, encode, RECIPE)

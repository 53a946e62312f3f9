"""The heads that can be trained, by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.train.sentiment import train_sentiment
from language.heads import Head

ROOT = Path(__file__).resolve().parents[2]
Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Trainer:
    """How one head is made from a folder of data, and the file that Parley ships of it."""

    train: Callable[[Path, Encode], Head]
    file: Path


TRAINERS: Mapping[str, Trainer] = {
    "sentiment": Trainer(train_sentiment, ROOT / "language/heads/sentiment.safetensors"),
}

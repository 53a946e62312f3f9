"""The heads that can be trained, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.train.sentiment import train_sentiment
from language.encoder import Encoder
from language.heads import Head
from language.token_head import TokenHead

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Trainer:
    """How one head is made from a folder of data, and the file that Parley ships of it."""

    train: Callable[[Path, Encoder], Head | TokenHead]
    file: Path


TRAINERS: Mapping[str, Trainer] = {
    "sentiment": Trainer(train_sentiment, ROOT / "language/heads/sentiment.safetensors"),
}

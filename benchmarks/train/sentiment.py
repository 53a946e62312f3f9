"""Trains the mood of a customer's turn: negative, neutral, positive."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from core.errors import BadInput
from language.heads import Head

LABELS = ("negative", "neutral", "positive")
SETS = ("goemotions_train.csv", "xed.csv")
STRENGTH = 0.3  # inverse of the penalty


def read_labelled(path: Path) -> tuple[list[str], list[str]]:
    """Texts and labels of a CSV with the columns text and label.

    Raises:
        BadInput: there is no such file, or a column is missing.
    """
    if not path.is_file():
        raise BadInput(f"there is no file {path}; give the folder of the data with --data")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if not {"text", "label"} <= set(rows.fieldnames or ()):
            raise BadInput(f"{path} needs the columns text and label; it has {rows.fieldnames}")
        pairs = [(row["text"], row["label"]) for row in rows]
    return [text for text, _ in pairs], [label for _, label in pairs]


def train_sentiment(data: Path, encode: Callable[[Sequence[str]], npt.NDArray[np.float32]]) -> Head:
    """A linear head on sentence vectors, every class weighing the same."""
    texts: list[str] = []
    labels: list[str] = []
    for name in SETS:
        more, told = read_labelled(data / "sentiment" / name)
        texts += more
        labels += told
    vectors = encode(texts)  # (n, 384)
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    model.fit(vectors, np.array([LABELS.index(label) for label in labels]))
    card = {
        "trained_on": "GoEmotions (Apache-2.0), XED (CC-BY-4.0)",
        "date": "2026-11-29",
        "texts": str(len(texts)),
    }
    weights = model.coef_.T.astype(np.float32)  # (384, 3)
    return Head("sentiment", "1", LABELS, weights, model.intercept_.astype(np.float32), card)

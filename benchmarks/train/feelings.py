"""Trains how a turn feels, finer than its mood: anger, confusion, gratitude."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from core.errors import BadInput
from language.heads import Head

SET = "sentiment/goemotions_train.csv"
STRENGTH = 1.0  # inverse of the penalty
# GoEmotions' names by what they tell in a service conversation; what is not here is left out.
FEELINGS: Mapping[str, str] = {
    "anger": "anger annoyance disgust",
    "approval": "approval optimism caring relief desire",
    "confusion": "confusion curiosity",
    "disapproval": "disapproval",
    "fear": "fear nervousness",
    "gratitude": "gratitude",
    "joy": "joy amusement excitement love",
    "neutral": "neutral",
    "praise": "admiration pride",
    "regret": "remorse embarrassment",
    "sadness": "disappointment sadness grief",
    "surprise": "surprise realization",
}
_OF = {name: feeling for feeling, names in FEELINGS.items() for name in names.split()}


def train_feelings(data: Path, encode: Callable[[Sequence[str]], npt.NDArray[np.float32]]) -> Head:
    """A linear head; a comment with several feelings counts for each in equal parts."""
    texts, feelings = read_feelings(data / SET)
    labels = tuple(FEELINGS)
    vectors = encode(texts)  # (n, 384)
    rows = [
        (row, labels.index(one), 1 / len(own)) for row, own in enumerate(feelings) for one in own
    ]
    places, wanted, weights = (np.array(column) for column in zip(*rows, strict=True))
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(vectors[places], wanted, sample_weight=weights)
    card = {
        "trained_on": "GoEmotions (google-research, Apache-2.0), its emotions in "
        f"{len(labels)} groups",
        "date": "2026-11-29",
        "texts": str(len(texts)),
        "limits": "written comments in English; how feelings show in speech was not seen",
    }
    return Head(
        "feelings", "1", labels,
        model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32), card,
    )  # fmt: skip


def read_feelings(path: Path) -> tuple[list[str], list[list[str]]]:
    """Texts with their groups; texts of no group are left out.

    Raises:
        BadInput: there is no such file, or a column is missing.
    """
    if not path.is_file():
        raise BadInput(f"there is no file {path}; give the folder of the data with --data")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if not {"text", "emotions"} <= set(rows.fieldnames or ()):
            raise BadInput(f"{path} needs the columns text and emotions; it has {rows.fieldnames}")
        read = [(row["text"], _groups(row["emotions"])) for row in rows]
    kept = [(text, groups) for text, groups in read if groups]
    return [text for text, _ in kept], [groups for _, groups in kept]


def _groups(emotions: str) -> list[str]:
    return [_OF[name] for name in emotions.split() if name in _OF]

"""Trains what a turn does, for each side: asks, refuses, thanks, gives up.

The sentences of `acts.tsv` were written for this purpose and for no data set.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from language.heads import Head

SENTENCES = Path(__file__).with_name("acts.tsv")
STRENGTH = 10.0  # inverse of the penalty
FOLDS = 5
Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]


def train_agent_acts(data: Path, encode: Encode) -> Head:  # noqa: ARG001 -- a trainer's shape
    """What a turn of the side that serves does."""
    return _train("agent", encode)


def train_customer_acts(data: Path, encode: Encode) -> Head:  # noqa: ARG001 -- as above
    """What a customer's turn does."""
    return _train("customer", encode)


def read_acts(side: str) -> tuple[list[str], list[str]]:
    """The sentences of a side, and what each does."""
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [text for who, _, text in rows if who == side], [
        act for who, act, _ in rows if who == side
    ]


def _train(side: str, encode: Encode) -> Head:
    texts, acts = read_acts(side)
    labels = tuple(sorted(set(acts)))
    vectors, wanted = encode(texts), np.array([labels.index(act) for act in acts])
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    right = float((cross_val_predict(model, vectors, wanted, cv=FOLDS) == wanted).mean())
    model.fit(vectors, wanted)
    card = {
        "trained_on": f"{len(texts)} sentences of benchmarks/train/acts.tsv (Apache-2.0)",
        "date": "2026-11-29",
        "right": f"{right:.3f} of sentences left out, {FOLDS} folds, {len(labels)} acts",
        "limits": "single sentences in English; a long turn that does several things is blurred",
    }
    weights = model.coef_.T.astype(np.float32)  # (384, acts)
    return Head(f"{side}_acts", "1", labels, weights, model.intercept_.astype(np.float32), card)

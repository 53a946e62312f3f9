"""Small classifiers on sentence vectors: a linear map and a softmax, kept as safetensors.

Each file carries its card: what it was trained on, when, its figures and its limits.
`python -m benchmarks.train NAME` makes them; nothing is trained where Parley runs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from core.errors import ModelUnavailable

Floats = npt.NDArray[np.float32]
_WEIGHTS, _BIAS = "weights", "bias"
_CARD = "card"  # JSON in one entry of the file's own metadata, whose order is not kept


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A linear classifier: `weights` float32 (features, labels), `bias` float32 (labels,)."""

    name: str
    version: str
    labels: tuple[str, ...]
    weights: Floats
    bias: Floats
    card: Mapping[str, str]

    def __post_init__(self) -> None:
        expected = (len(self.labels),)
        if self.bias.shape != expected or self.weights.shape[1:] != expected:
            raise ModelUnavailable(f"head {self.name}: its labels and its weights do not fit")

    def save(self, path: Path) -> None:
        """Write it; see `save_head`."""
        save_head(self, path)

    def logits(self, features: Floats) -> Floats:
        """Scores before the softmax: (n, features) → (n, labels)."""
        return np.asarray(features @ self.weights + self.bias, dtype=np.float32)

    def probabilities(self, features: Floats) -> Floats:
        """Chances that sum to 1 in each row: (n, features) → (n, labels)."""
        logits = self.logits(features)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)


def load_head(path: Path) -> Head:
    """Read a head with its card.

    Raises:
        ModelUnavailable: the file is missing, damaged, or no head.
    """
    try:
        with safe_open(path, framework="np") as file:
            card = json.loads((file.metadata() or {})[_CARD])
            weights, bias = file.get_tensor(_WEIGHTS), file.get_tensor(_BIAS)
        labels = tuple(card.pop("labels"))
        return Head(card.pop("name"), card.pop("version"), labels, weights, bias, card)
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise ModelUnavailable(f"the head in {path} cannot be read: {error}") from error


def save_head(head: Head, path: Path) -> None:
    """Write a head; the same head gives the same bytes."""
    about = {"name": head.name, "version": head.version, "labels": list(head.labels)}
    card = json.dumps({**head.card, **about}, sort_keys=True)
    tensors = {_WEIGHTS: np.ascontiguousarray(head.weights), _BIAS: head.bias}
    save_file(tensors, path, metadata={_CARD: card})

"""A small classifier on the states of a text's tokens, kept as safetensors with its card.

A sentence vector is the mean of its tokens' states, in which one "not" or "late" counts for little.
This head looks at each token first. A state is brought to mean 0 and variance 1, as layers in the
model are; then come units of `max(0, state @ units + unit_bias)`, gathered once by their mean and
once for each gaze by a softmax over the text's tokens, and at last a linear map.

Source: attention pooling as in Lin et al., "A Structured Self-Attentive Sentence Embedding" (2017).
`python -m benchmarks.train NAME` makes them.
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
Counts = npt.NDArray[np.int64]
_CARD = "card"  # JSON in one entry of the file's own metadata, as in language/heads.py
_LEAST_SPREAD = 1e-6  # no state of a token is so flat; it keeps a row of zeros from dividing
_TENSORS = ("units", "unit_bias", "gaze", "weights", "bias")


@dataclass(frozen=True, slots=True, eq=False)
class TokenHead:
    """`units` (states, units), `unit_bias` (units,), `gaze` (states, gazes),
    `weights` ((gazes + 1) * units, labels), `bias` (labels,); all float32, in the file float16.
    """

    name: str
    version: str
    labels: tuple[str, ...]
    units: Floats
    unit_bias: Floats
    gaze: Floats
    weights: Floats
    bias: Floats
    card: Mapping[str, str]

    def __post_init__(self) -> None:
        (states, units), gazes = self.units.shape, self.gaze.shape[1]
        expected = [(units,), (states, gazes), ((gazes + 1) * units, len(self.labels))]
        if [self.unit_bias.shape, self.gaze.shape, self.weights.shape] != expected:
            raise ModelUnavailable(f"head {self.name}: its weights do not fit each other")
        if self.bias.shape != (len(self.labels),):
            raise ModelUnavailable(f"head {self.name}: its labels and its weights do not fit")

    def save(self, path: Path) -> None:
        """Write it; see `save_token_head`."""
        save_token_head(self, path)

    def logits(self, states: Floats, lengths: Counts) -> Floats:
        """Scores before the softmax, (texts, labels).

        Args:
            states, lengths: as in `language.encoder.Reading`; every length is at least 1.
        """
        if not len(lengths):
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        level = levelled(states)  # (tokens, states)
        units = np.maximum(level @ self.units + self.unit_bias, 0)  # (tokens, units)
        means = np.add.reduceat(units, starts) / lengths[:, None]
        looks = _softmax_within(level @ self.gaze, starts, lengths)  # (tokens, gazes)
        seen = [np.add.reduceat(look[:, None] * units, starts) for look in looks.T]
        return np.asarray(np.hstack([*seen, means]) @ self.weights + self.bias, dtype=np.float32)

    def probabilities(self, states: Floats, lengths: Counts) -> Floats:
        """Chances that sum to 1 for each text, (texts, labels)."""
        logits = self.logits(states, lengths)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)


def load_token_head(path: Path) -> TokenHead:
    """Read a head with its card.

    Raises:
        ModelUnavailable: the file is missing, damaged, or no such head.
    """
    try:
        with safe_open(path, framework="np") as file:
            card = json.loads((file.metadata() or {})[_CARD])
            read = {name: file.get_tensor(name).astype(np.float32) for name in _TENSORS}
        labels = tuple(card.pop("labels"))
        return TokenHead(card.pop("name"), card.pop("version"), labels, **read, card=card)
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise ModelUnavailable(f"the head in {path} cannot be read: {error}") from error


def save_token_head(head: TokenHead, path: Path) -> None:
    """Write a head; the same head gives the same bytes."""
    about = {"name": head.name, "version": head.version, "labels": list(head.labels)}
    card = json.dumps({**head.card, **about}, sort_keys=True)
    tensors = {name: getattr(head, name).astype(np.float16) for name in _TENSORS}
    save_file(tensors, path, metadata={_CARD: card})


def levelled(states: Floats) -> Floats:
    """Each state with mean 0 and variance 1 over its values: (tokens, states)."""
    centred = states - states.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.square(centred).mean(axis=1, keepdims=True))
    centred /= np.maximum(spread, _LEAST_SPREAD)  # in place: a conversation's states are 0.5 MB
    return np.asarray(centred, dtype=np.float32)


def _softmax_within(scores: Floats, starts: Counts, lengths: Counts) -> Floats:
    """Each column's softmax over the tokens of each text: (tokens, gazes)."""
    highest = np.maximum.reduceat(scores, starts)
    odds = np.exp(scores - np.repeat(highest, lengths, axis=0))
    sums = np.add.reduceat(odds, starts)
    return np.asarray(odds / np.repeat(sums, lengths, axis=0), dtype=np.float32)

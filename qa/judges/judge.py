"""A trained judge of one question: a linear part and a forest, mixed into one chance of yes.

The linear part weighs what both sides mean (and, where the question has signs, how far the signs
already tell), the forest weighs the measures. Both are small: `qa/heads`, with their cards.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from core.errors import ModelUnavailable
from qa.judges.digest import Digest
from qa.judges.forest import Forest, unpack_forest
from qa.vectors import Floats

SIGNS_UNIT = 5.0  # log-odds; a conversation full of signs comes to about this
MOST_SIGMAS = 4.0  # a measure farther out than this counts as this far
LEAST_CHANCE, WHOLE = 0.01, 1.01  # of the forest, so that its logarithm stays finite
_CARD = "card"  # JSON in one entry of the file's own metadata, whose order is not kept


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """float32: `meaning` and `meaning_by_signs` (1536,), the rest over the measures (m,)."""

    meaning: Floats
    meaning_by_signs: Floats
    measures: Floats
    centre: Floats
    spread: Floats
    signs: Floats  # (1,)
    bias: Floats  # (1,)

    def logits(self, meaning: Floats, measures: Floats, signs: Floats) -> Floats:
        """(n, 1536), (n, m), (n,) → (n,)."""
        far = np.clip((measures - self.centre) / self.spread, -MOST_SIGMAS, MOST_SIGMAS)
        told = signs / SIGNS_UNIT
        by_meaning = meaning @ self.meaning + told * (meaning @ self.meaning_by_signs)
        total = by_meaning + far @ self.measures + told * self.signs[0] + self.bias[0]
        return np.asarray(total, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Mix:
    """Log-odds = `linear` · linear part + `forest` · log-odds of the forest + `bias`."""

    linear: float
    forest: float
    bias: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The chance of yes from which yes is said, and up to which no; 2 and -1: it never is."""

    yes_from: float
    no_up_to: float


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """One question's model with its card."""

    name: str
    version: str
    linear: Linear
    forest: Forest
    mix: Mix
    limits: Limits
    card: Mapping[str, str]
    last: int | None = None  # turns that it reads, from the end; all when None

    @property
    def model(self) -> str:
        """As findings name it."""
        return f"{self.name}-{self.version}"

    def chances(self, digests: Sequence[Digest], signs: Sequence[float]) -> Floats:
        """The chance of yes of each: (n,). `signs` are the log-odds of the phrases' signs."""
        meaning = np.stack([each.meaning for each in digests])
        measures = np.stack([each.measures for each in digests])
        told = np.asarray(signs, dtype=np.float32)
        linear = self.linear.logits(meaning, measures, told)
        forest = self.forest.chances(forest_rows(measures, told))
        logits = self.mix.linear * linear + self.mix.forest * log_odds(forest) + self.mix.bias
        return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the file; the same judge gives the same bytes."""
        tensors = {f"linear.{f.name}": getattr(self.linear, f.name) for f in fields(Linear)}
        tensors |= {f"forest.{name}": value for name, value in self.forest.packed().items()}
        about = {
            "name": self.name,
            "version": self.version,
            "mix": [self.mix.linear, self.mix.forest, self.mix.bias],
            "limits": [self.limits.yes_from, self.limits.no_up_to],
            "last": self.last,
        }
        card = json.dumps({**self.card, **about}, sort_keys=True)
        whole = {name: np.ascontiguousarray(value) for name, value in tensors.items()}
        save_file(whole, path, metadata={_CARD: card})


def forest_rows(measures: Floats, signs: Floats) -> Floats:
    """What the forest looks at: the measures, then the signs: (n, m), (n,) → (n, m + 1)."""
    return np.column_stack([measures, signs / SIGNS_UNIT]).astype(np.float32)


def log_odds(chances: Floats) -> Floats:
    """Of a forest's chances, kept finite."""
    odds = (chances + LEAST_CHANCE) / (WHOLE - chances)
    return np.asarray(np.log(odds), dtype=np.float32)


def load_judge(path: Path) -> Judge:
    """Read a judge with its card.

    Raises:
        ModelUnavailable: the file is missing, damaged, or no judge.
    """
    try:
        with safe_open(path, framework="np") as file:
            card = json.loads((file.metadata() or {})[_CARD])
            parts = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 -- no dict
        linear = Linear(**{f.name: parts[f"linear.{f.name}"] for f in fields(Linear)})
        forest = unpack_forest({f.name: parts[f"forest.{f.name}"] for f in fields(Forest)})
        mix, limits = Mix(*card.pop("mix")), Limits(*card.pop("limits"))
        name, version, last = (card.pop(key) for key in ("name", "version", "last"))
        return Judge(name, version, linear, forest, mix, limits, card, last)
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"the judge in {path} cannot be read: {error}") from error

"""A judge of few examples: it weighs the measures of `manner` and nothing else.

Where only some dozens of conversations say no, weights over the meaning of every turn learn those
conversations by heart; some fifty measures whose direction is fixed beforehand do not.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from core.errors import ModelUnavailable
from qa.judges.digest import Talk
from qa.judges.judge import Limits
from qa.judges.manner import SIGNS, manner
from qa.vectors import Floats

MOST_SIGMAS = 3.0  # a measure farther out than this counts as this far
_CARD = "card"
_PARTS = ("weights", "centre", "spread", "bias")


@dataclass(frozen=True, slots=True, eq=False)
class MannerJudge:
    """float32: `weights`, `centre`, `spread` over the measures (m,), `bias` (1,); with its card."""

    name: str
    version: str
    weights: Floats
    centre: Floats
    spread: Floats
    bias: Floats
    limits: Limits
    card: Mapping[str, str]

    @property
    def model(self) -> str:
        """As findings name it."""
        return f"{self.name}-{self.version}"

    def chances(self, talks: Sequence[Talk]) -> Floats:
        """The chance of yes of each: (n,)."""
        rows = np.stack([manner(talk) for talk in talks])  # (n, m)
        far = np.clip((rows - self.centre) / self.spread, -MOST_SIGMAS, MOST_SIGMAS)
        return np.asarray(1 / (1 + np.exp(-(far @ self.weights + self.bias[0]))), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the file; the same judge gives the same bytes."""
        tensors = {name: np.ascontiguousarray(getattr(self, name)) for name in _PARTS}
        about = {
            "name": self.name,
            "version": self.version,
            "limits": [self.limits.yes_from, self.limits.no_up_to],
            "measures": list(SIGNS),
        }
        card = json.dumps({**self.card, **about}, sort_keys=True)
        save_file(tensors, path, metadata={_CARD: card})


def load_manner_judge(path: Path) -> MannerJudge:
    """Read a judge with its card.

    Raises:
        ModelUnavailable: the file is missing, damaged, no such judge, or made for other measures.
    """
    try:
        with safe_open(path, framework="np") as file:
            card = json.loads((file.metadata() or {})[_CARD])
            parts = {name: file.get_tensor(name) for name in _PARTS}
        name, version, measures = (card.pop(key) for key in ("name", "version", "measures"))
        limits = Limits(*card.pop("limits"))
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"the judge in {path} cannot be read: {error}") from error
    if measures != list(SIGNS):
        raise ModelUnavailable(
            f"the judge in {path} was made for other measures than there are; "
            f"run `python -m benchmarks.train {name}`"
        )
    return MannerJudge(name, version, **parts, limits=limits, card=card)

"""How far the parts of satisfaction spread over conversations, so that they can be added up.

Made of conversations whose satisfaction nobody was asked for; see `benchmarks/train/satisfaction`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import ModelUnavailable
from qa.judges.sides import HEADS

FARTHEST = 3.0  # spreads; what is farther out counts as this far
FILE = HEADS / "satisfaction.json"


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some numbers and their standard deviation."""

    middle: float
    width: float

    def far(self, value: float) -> float:
        """How many widths from the middle, no more than `FARTHEST`."""
        return max(-FARTHEST, min(FARTHEST, (value - self.middle) / self.width))


@dataclass(frozen=True, slots=True)
class Scale:
    """Of the judges' log-odds, of each part, and of the parts' mean; with its card."""

    judges: Mapping[str, Spread]
    parts: Mapping[str, Spread]
    index: Spread
    card: Mapping[str, str]

    def save(self, path: Path) -> None:
        """Write the file; the same scale gives the same bytes."""
        whole = {
            "card": dict(self.card),
            "index": _pair(self.index),
            "judges": {name: _pair(one) for name, one in self.judges.items()},
            "parts": {name: _pair(one) for name, one in self.parts.items()},
        }
        path.write_text(json.dumps(whole, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def load_scale(path: Path) -> Scale:
    """Read a scale with its card.

    Raises:
        ModelUnavailable: the file is missing, damaged, or no scale.
    """
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return Scale(
            {name: Spread(*pair) for name, pair in read["judges"].items()},
            {name: Spread(*pair) for name, pair in read["parts"].items()},
            Spread(*read["index"]),
            read["card"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelUnavailable(f"the scale in {path} cannot be read: {error}") from error


@cache
def shipped_scale() -> Scale:
    """The one that Parley ships.

    Raises:
        ModelUnavailable: the file is missing or damaged.
    """
    return load_scale(FILE)


def _pair(one: Spread) -> list[float]:
    return [one.middle, one.width]

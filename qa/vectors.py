"""Vectors of what was said, each text encoded once however many questions ask about it."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.errors import ModelUnavailable
from language.encoder import DIMENSIONS, load_encoder

Floats = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]  # texts → (n, 384), unit length
KEPT = 16_384  # texts, 25 MB; agents say the same in one call after another


class Vectors:
    """An encoder with a memory, for one process and one thread at a time."""

    def __init__(self, encode: Encode, *, kept: int = KEPT) -> None:
        self._encode = encode
        self._kept = kept
        self._known: OrderedDict[str, Floats] = OrderedDict()
        self.encoded = 0  # texts that the encoder has read so far

    def of(self, texts: Sequence[str]) -> Floats:
        """The vectors of some texts: float32, (len(texts), 384), unit length.

        Ask for many at once: those that are not known yet are encoded together.
        """
        missing = list(dict.fromkeys(text for text in texts if text not in self._known))
        fresh = dict(zip(missing, self._encode(missing), strict=True)) if missing else {}
        self.encoded += len(missing)
        made = [fresh[text] if text in fresh else self._recalled(text) for text in texts]
        for text, vector in fresh.items():
            self._known[text] = vector
        while len(self._known) > self._kept:
            self._known.popitem(last=False)
        return np.stack(made) if made else np.zeros((0, DIMENSIONS), dtype=np.float32)

    def _recalled(self, text: str) -> Floats:
        self._known.move_to_end(text)
        return self._known[text]


def load_vectors(folder: Path) -> Vectors | None:
    """With the encoder in `folder`, on one core; None where it is not, and meanings wait then."""
    try:
        return Vectors(load_encoder(folder))
    except ModelUnavailable:
        return None

"""The vectors of the articles' texts, kept between starts by what they were made from."""

import hashlib
import logging
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from language.retrieval import Encode, Vectors

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptVectors:
    """Encodes texts, and looks in `path` first; `model` names the weights that made them."""

    path: Path
    encode: Encode
    model: str

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors: (n_texts, dimensions)."""
        keys = [hashlib.sha256(f"{self.model}\n{text}".encode()).hexdigest() for text in texts]
        kept = self._load()
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
        if missing:
            made = self.encode(list(missing.values()))
            kept |= dict(zip(missing, made, strict=True))
        if missing or len(kept) > len(set(keys)):
            self._save({key: kept[key] for key in keys})
        return np.stack([kept[key] for key in keys])

    def _load(self) -> dict[str, Vectors]:
        if not self.path.is_file():
            return {}
        try:
            with self.path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                return dict(zip(file["keys"].tolist(), file["vectors"], strict=True))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            logger.warning("%s cannot be read and is made anew", self.path)
            return {}

    def _save(self, kept: dict[str, Vectors]) -> None:
        """Whole or not at all: another process may be reading."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with draft.open("wb") as file:
            np.savez(file, keys=np.array(list(kept)), vectors=np.stack(list(kept.values())))
        draft.replace(self.path)


def name_weights(folder: Path) -> str:
    """A hash of the encoder's weights, so that others make their own vectors."""
    digest = hashlib.sha256((folder / "model.bin").read_bytes())
    digest.update((folder / "tokenizer.json").read_bytes())
    return digest.hexdigest()

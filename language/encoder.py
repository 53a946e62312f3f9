"""Sentences as vectors: all-MiniLM-L6-v2, int8, on the CPU.

Runs in both Pythons (3.10 beside Rasa, 3.11), so it needs only numpy, ctranslate2 and tokenizers.
`parley models pull encoder` puts the weights where `load_encoder` looks.

Source: Reimers and Gurevych, Sentence-BERT (2019); the model was trained by the
sentence-transformers project on a billion pairs of sentences.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from core.errors import ModelUnavailable

NAME = "all-MiniLM-L6-v2"
FOLDER = "encoder"  # under the models folder
FILES = ("model.bin", "config.json", "tokenizer.json")
DIMENSIONS = 384
MAX_TOKENS = 256  # as the model was trained; the rest of a longer text is not read
BATCH = 32  # texts; more is no faster on two cores, benchmarks/nlu
_MEND = "run `parley models pull encoder`"
_MODELS_VARIABLE = "PARLEY_MODELS"
_ENCODER_VARIABLE = "PARLEY_ENCODER_MODEL"


class Encoder:
    """Texts to unit vectors; the same text gives the same vector, whatever comes with it."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Load the converted model.

        Args:
            folder: with model.bin, config.json and tokenizer.json.
            threads: cores that one call may use.

        Raises:
            ModelUnavailable: a file is missing or damaged; the message says what to run.
        """
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            raise ModelUnavailable(f"no encoder in {folder.resolve()} ({missing[0]}); {_MEND}")
        try:
            self._model = ctranslate2.Encoder(
                str(folder), device="cpu", compute_type="int8", intra_threads=threads
            )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except (RuntimeError, ValueError) as error:
            raise ModelUnavailable(f"the encoder in {folder} is damaged; {_MEND}") from error
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """The sentences' vectors, float32, shape (len(texts), 384), each of length 1."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        if not texts:
            return vectors
        ids = [each.ids for each in self._tokenizer.encode_batch(list(texts))]
        by_length = sorted(range(len(ids)), key=lambda index: len(ids[index]))
        for start in range(0, len(ids), BATCH):
            chosen = by_length[start : start + BATCH]
            vectors[chosen] = self._mean([ids[index] for index in chosen])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / lengths, dtype=np.float32)

    def _mean(self, ids: list[list[int]]) -> npt.NDArray[np.float32]:
        """The mean of each sentence's own tokens, padding left out: (len(ids), 384)."""
        output = self._model.forward_batch(ids).last_hidden_state
        states = np.asarray(output)  # (sentences, longest, 384)
        lengths = np.array([len(each) for each in ids])
        own = np.arange(states.shape[1]) < lengths[:, None]  # (sentences, longest)
        sums = np.einsum("sld,sl->sd", states, own.astype(np.float32))
        return np.asarray(sums / lengths[:, None], dtype=np.float32)


def known_words(folder: Path) -> frozenset[str]:
    """The words that the encoder reads whole, in lower case.

    Raises:
        ModelUnavailable: there is no tokenizer in the folder, or a damaged one.
    """
    try:
        stored = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        return frozenset(word for word in stored["model"]["vocab"] if word.isalpha())
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailable(f"no encoder in {folder.resolve()}; {_MEND}") from error


def find_folder(models: Path, named: str = "") -> Path:
    """Where the encoder is: the folder that the settings name, else its place under `models`."""
    return Path(named) if named else models / FOLDER


def find_folder_by_environment() -> Path:
    """The same, for programs without our settings: Rasa's."""
    models = Path(os.environ.get(_MODELS_VARIABLE) or "models")
    return find_folder(models, os.environ.get(_ENCODER_VARIABLE, ""))

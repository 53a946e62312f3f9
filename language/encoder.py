"""Sentences as vectors: all-MiniLM-L6-v2, int8, on the CPU.

Runs in both Pythons (3.10 beside Rasa, 3.11), so it needs only numpy, ctranslate2 and tokenizers.
`parley models pull encoder` puts the weights where `load_encoder` looks.

Source: Reimers and Gurevych, Sentence-BERT (2019); the model was trained by the
sentence-transformers project on a billion pairs of sentences.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ctranslate2
import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from core.errors import ModelUnavailable
from language.first_layers import first_layers

NAME = "all-MiniLM-L6-v2"
FOLDER = "encoder"  # under the models folder
FILES = ("model.bin", "config.json", "tokenizer.json")
DIMENSIONS = 384
LAYERS = 6
MAX_TOKENS = 256  # as the model was trained; the rest of a longer text is not read
BATCH = 16  # texts; a conversation's 30 cost a quarter less in two of these than in one of 32
_BESIDE = ("config.json", "vocabulary.json")  # what the model's file needs to be loaded
_MEND = "run `parley models pull encoder`"
_MODELS_VARIABLE = "PARLEY_MODELS"
_ENCODER_VARIABLE = "PARLEY_ENCODER_MODEL"


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Texts as the model reads them, token by token.

    `states`: float32, (tokens, 384), what the model made of each token, one text's after the
    other's; `lengths`: int64, (texts,), how many tokens each text has, at least two.
    """

    states: npt.NDArray[np.float32]
    lengths: npt.NDArray[np.int64]


class Encoder:
    """Texts to unit vectors; the same text gives the same vector, whatever comes with it."""

    def __init__(
        self, folder: Path, *, threads: int = 1, batch: int | None = None, layers: int = LAYERS
    ) -> None:
        """Load the converted model.

        Args:
            folder: with model.bin, config.json and tokenizer.json.
            threads: cores that one call may use.
            batch: texts read at once, `BATCH` if not given; it changes vectors' last digits.
            layers: how many of the model's layers read, from the first; fewer cost less, and their
                states suit a head that was trained on them, not sentence vectors.

        Raises:
            ModelUnavailable: a file is missing or damaged; the message says what to run.
        """
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            raise ModelUnavailable(f"no encoder in {folder.resolve()} ({missing[0]}); {_MEND}")
        try:
            self._model = _load_model(folder, threads, layers)
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except (RuntimeError, ValueError) as error:
            raise ModelUnavailable(f"the encoder in {folder} is damaged; {_MEND}") from error
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._batch = batch

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """The sentences' vectors, float32, shape (len(texts), 384), each of length 1."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for chosen, states, lengths in self._batches(texts):
            vectors[chosen] = _means(states, lengths)
        return vectors

    def read(self, texts: Sequence[str]) -> Reading:
        """The states of all tokens: 1.5 KB each, so not for whole libraries."""
        lengths = np.zeros(len(texts), dtype=np.int64)
        states = [np.zeros((0, DIMENSIONS), dtype=np.float32)] * len(texts)
        for chosen, found, sizes in self._batches(texts):
            lengths[chosen] = sizes
            for index, own, size in zip(chosen, found, sizes, strict=True):
                states[index] = own[:size]
        none = np.zeros((0, DIMENSIONS), dtype=np.float32)
        return Reading(np.concatenate(states) if states else none, lengths)

    def _batches(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[list[int], npt.NDArray[np.float32], npt.NDArray[np.int64]]]:
        """Places of texts, their tokens' states (sentences, longest, 384), their lengths."""
        ids = [each.ids for each in self._tokenizer.encode_batch(list(texts))] if texts else []
        by_length = sorted(range(len(ids)), key=lambda index: len(ids[index]))
        size = self._batch or BATCH
        for start in range(0, len(ids), size):
            chosen = by_length[start : start + size]
            output = self._model.forward_batch([ids[index] for index in chosen])
            states = np.asarray(output.last_hidden_state)  # (sentences, longest, 384)
            yield chosen, states, np.array([len(ids[index]) for index in chosen])


def _load_model(folder: Path, threads: int, layers: int) -> ctranslate2.Encoder:
    if layers == LAYERS:
        return ctranslate2.Encoder(
            str(folder), device="cpu", compute_type="int8", intra_threads=threads
        )
    files = {name: (folder / name).read_bytes() for name in _BESIDE if (folder / name).is_file()}
    files["model.bin"] = first_layers((folder / "model.bin").read_bytes(), layers)
    return ctranslate2.Encoder(
        NAME, device="cpu", compute_type="int8", intra_threads=threads, files=files
    )


def _means(
    states: npt.NDArray[np.float32], lengths: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """The mean of each sentence's own tokens, padding left out, made length 1: (sentences, 384)."""
    own = np.arange(states.shape[1]) < lengths[:, None]  # (sentences, longest)
    sums = np.einsum("sld,sl->sd", states, own.astype(np.float32))
    means = sums / lengths[:, None]
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)


def load_encoder(folder: Path, *, layers: int = LAYERS) -> Encoder:
    """The encoder of this process, on one core, for all that read and judge; loaded once.

    After a fork it is loaded anew, since its threads do not survive one.

    Raises:
        ModelUnavailable: a file is missing or damaged; the message says what to run.
    """
    return _loaded(folder, layers, os.getpid())


@cache
def _loaded(folder: Path, layers: int, process: int) -> Encoder:  # noqa: ARG001  # a key of the cache
    return Encoder(folder, layers=layers)


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

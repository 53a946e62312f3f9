"""What the encoder makes of the tokens of many texts, kept in `var/` for the next training."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from language.encoder import DIMENSIONS, Encoder

KEPT = Path("var/train")
AT_ONCE = 512  # texts; their states are 15 MB
LONGEST = 64  # tokens of a text; nearly all of the sets' are shorter
_PROBE = "where is my order"

States = npt.NDArray[np.float16]
Counts = npt.NDArray[np.int64]


def token_states(
    texts: Sequence[str], encoder: Encoder, *, kept: Path = KEPT
) -> tuple[States, Counts]:
    """States float16 (tokens, 384), one text's after the other's, and each text's tokens.

    They are read from the file that an earlier call with the same texts and weights left.
    """
    weights = encoder([_PROBE]).tobytes()  # other weights give another vector
    key = hashlib.sha256(weights + "\0".join(texts).encode()).hexdigest()[:16]
    states_file, lengths_file = kept / f"{key}.states", kept / f"{key}.npy"
    if not lengths_file.is_file():
        kept.mkdir(parents=True, exist_ok=True)
        lengths = _write(texts, encoder, states_file)
        np.save(lengths_file, lengths)
    states = np.memmap(states_file, dtype=np.float16, mode="r").reshape(-1, DIMENSIONS)
    return states, np.load(lengths_file)


def _write(texts: Sequence[str], encoder: Encoder, path: Path) -> Counts:
    counts = []
    with path.open("wb") as file:
        for start in range(0, len(texts), AT_ONCE):
            reading = encoder.read(texts[start : start + AT_ONCE])
            begin = 0
            for length in reading.lengths:
                end = begin + min(int(length), LONGEST)
                file.write(reading.states[begin:end].astype(np.float16).tobytes())
                counts.append(end - begin)
                begin += int(length)
    return np.array(counts, dtype=np.int64)

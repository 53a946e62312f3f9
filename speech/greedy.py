"""Moonshine's network: samples in, tokens with their probabilities out.

Two ONNX graphs run by onnxruntime: the encoder turns sound into states, the decoder writes one
token after another, greedily, and keeps the keys and values of what it has written.
Source: Jeffries et al., Moonshine (2024), arXiv:2410.15608, section 3.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from speech.audio import SAMPLE_RATE_HZ, Samples
from speech.memory import give_back
from speech.room import Room
from speech.sessions import empty_pool, emptying, load_session

BEGIN, END = 1, 2  # <s> and </s>
TOKENS_PER_SECOND = 6.5  # the authors' own bound on how much can be said, against loops
SPARE_TOKENS = 6  # for very short sounds
TINY = 1e-9  # keeps the logarithm of a rounded-off zero finite
SHORTEST_SAMPLES = 1_600  # 0.1 s; the encoder's convolutions need 1,023 samples
# Samples squared, of one sound of 21 s: each moment is held against every other, so the encoder
# needs 77 MB for it, a quarter for half the length. More than that are not encoded at once: with
# three times the room ten minutes take 3 % less time, and the peak of an hour is 4 % higher.
ROOM = (21 * SAMPLE_RATE_HZ) ** 2
_GROUP = "past_key_values."

Arrays: TypeAlias = dict[str, npt.NDArray[np.generic]]


@dataclass(frozen=True, slots=True)
class Token:
    """One written token and the probability it had."""

    id: int
    probability: float


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was written for one sound; the end mark counts into its likelihood, not its tokens."""

    tokens: tuple[Token, ...]
    mean_log_probability: float


class GreedyDecoder:
    """The two graphs, loaded; safe to call from several threads."""

    def __init__(self, encoder: Path, decoder: Path) -> None:
        self._encoder = load_session(encoder)
        self._decoder = load_session(decoder)
        self._room = Room(ROOM)
        self._cache = {
            each.name: (each.shape[1], each.shape[3])  # heads, width
            for each in self._decoder.get_inputs()
            if each.name.startswith(_GROUP)
        }
        outputs = [each.name for each in self._decoder.get_outputs()]
        self._first_outputs = outputs
        self._later_outputs = [name for name in outputs if ".encoder." not in name]

    def decode(self, sounds: Sequence[Samples]) -> tuple[Hearing, ...]:
        """What is heard in each sound, decoded side by side.

        Args:
            sounds: shape (time,) each, 16 kHz.
        """
        fixed = self._encoded(sounds)
        limits = np.array([_most_tokens(sound) for sound in sounds])
        written: list[list[Token]] = [[] for _ in sounds]
        is_open = np.ones(len(sounds), dtype=bool)
        last = np.full((len(sounds), 1), BEGIN, dtype=np.int64)
        cache = self._empty_cache(len(sounds))
        for step in range(limits.max()):
            logits, cache = self._step({**fixed, **cache, "input_ids": last}, cache, step)
            chosen = logits.argmax(axis=1)  # (sounds,)
            probabilities = _probabilities(logits, chosen)
            for number in np.flatnonzero(is_open):
                written[number].append(Token(int(chosen[number]), float(probabilities[number])))
            is_open &= (chosen != END) & (limits > step + 1)
            if not is_open.any():
                break
            last = chosen.reshape(-1, 1).astype(np.int64)
        return tuple(_hearing(tokens) for tokens in written)

    def rest(self) -> None:
        """Hand the memory of past work back to the system; 10 ms, so not after every sound."""
        empty_pool(self._encoder, _alone(np.zeros(0, dtype=np.float32)))

    def _encoded(self, sounds: Sequence[Samples]) -> Arrays:
        """What the decoder is given at every step: the sounds' states, and which of them count."""
        states = [self._states(sound) for sound in sounds]  # (moments, width) each
        longest = max(len(each) for each in states)
        padded = [np.pad(each, ((0, longest - len(each)), (0, 0))) for each in states]
        return {"encoder_attention_mask": _mask(sounds), "encoder_hidden_states": np.stack(padded)}

    def _states(self, sound: Samples) -> npt.NDArray[np.float32]:
        """One sound, encoded by itself: three at once need three times as much and are no faster.

        The pool is emptied and its memory handed back behind each: another thread's small tensors
        would lie in the large gaps, so that the next encoding needs as much anew, by chance.
        """
        with self._room.taken(len(sound) ** 2):
            found = self._encoder.run(None, _alone(sound), emptying())
            give_back()
        states: npt.NDArray[np.float32] = found[0][0]
        return states

    def _step(
        self, inputs: Arrays, cache: Arrays, step: int
    ) -> tuple[npt.NDArray[np.float32], Arrays]:
        """One token further: logits, shape (sounds, vocabulary), and the cache grown by one."""
        inputs["use_cache_branch"] = np.array([step > 0])
        names = self._later_outputs if step else self._first_outputs
        found = dict(zip(names, self._decoder.run(names, inputs), strict=True))
        # The sound's own keys and values are made in the first step and stay as they are.
        grown = {name: found.get(name.replace(_GROUP, "present."), cache[name]) for name in cache}
        return found["logits"][:, -1], grown

    def _empty_cache(self, sounds: int) -> Arrays:
        return {
            name: np.zeros((sounds, heads, 0, width), dtype=np.float32)
            for name, (heads, width) in self._cache.items()
        }


def _hearing(tokens: Sequence[Token]) -> Hearing:
    mean = sum(math.log(max(token.probability, TINY)) for token in tokens) / len(tokens)
    return Hearing(tuple(token for token in tokens if token.id != END), mean)


def _alone(sound: Samples) -> Arrays:
    """What the encoder is given for one sound."""
    mask = _mask([sound])
    samples = np.zeros(mask.shape, dtype=np.float32)
    samples[0, : len(sound)] = sound
    return {"input_values": samples, "attention_mask": mask}


def _mask(sounds: Sequence[Samples]) -> npt.NDArray[np.int64]:
    """Which samples are sound and not what was laid behind it, shape (sounds, longest)."""
    lengths = [max(SHORTEST_SAMPLES, len(sound)) for sound in sounds]
    return (np.arange(max(lengths)) < np.array(lengths)[:, None]).astype(np.int64)


def _most_tokens(sound: Samples) -> int:
    return int(len(sound) / SAMPLE_RATE_HZ * TOKENS_PER_SECOND) + SPARE_TOKENS


def _probabilities(
    logits: npt.NDArray[np.float32], chosen: npt.NDArray[np.intp]
) -> npt.NDArray[np.float32]:
    """Softmax of the chosen tokens, shape (sounds,)."""
    top = logits[np.arange(len(chosen)), chosen]
    shifted: npt.NDArray[np.float32] = 1 / np.exp(logits - top[:, None]).sum(axis=1)
    return shifted

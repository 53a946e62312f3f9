"""Which voice each stretch is: what it sounds like, and what the windows say of its neighbours.

A stretch's vector says how near it is to each voice; links say which stretches are one voice and
which are not. Both are weighed in a field over the stretches, the voices are taken anew from what
came out, and so on until nothing moves. Several beginnings are tried, the likeliest end is kept.

Source: mean field for a Potts model, Zhang (1992); the beginnings are agglomerative clustering.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from speech.voices.clustering import groups_of, merges
from speech.voices.encoder import Embeddings
from speech.voices.segmentation import Array
from speech.voices.stretches import Links

# All by benchmarks/speech "Voices".
SURE = 0.6  # seconds from which a stretch helps to say what a voice sounds like
LIKENESS = 40.0  # log odds per second and cosine; 0.6 s of voice measured 68 per cosine, so half
LINK = 1.0  # log odds per second that a link says same or different; 0.75 to 1.5 do the same
LONGEST_LINK = 1.0  # seconds; a longer stretch is no better linked
CLUSTERED = 700  # stretches at most; spread over the recording when it has more
# Groups left over when clustering ends, for what is no voice, or a voice seen from afar: two pairs
# of readers who sound alike were told apart from 5 on, a call with babble behind it from 1 on.
SPARE = (0, 1, 2, 3, 5, 8, 12, 20)
ROUNDS = 12  # of taking the voices anew; more than 8 were never needed
SWEEPS = 15  # through the field in each round


@dataclass(frozen=True, slots=True, eq=False)
class Labelling:
    """`shares` are each stretch's probabilities of each voice, shape (stretches, voices), and
    `voices` the unit vectors they were taken for, shape (voices, 256).
    """

    shares: Array
    voices: Array

    @property
    def labels(self) -> npt.NDArray[np.int64]:
        """The likeliest voice of each stretch."""
        found: npt.NDArray[np.int64] = self.shares.argmax(axis=1)
        return found


def label(embeddings: Embeddings, links: Links, weights: Array, count: int) -> Labelling:
    """Give every stretch the probabilities of `count` voices.

    Args:
        weights: seconds of each stretch, overlap included, shape (stretches,).
        count: how many voices; with fewer stretches that can be told apart, some stay empty.
    """
    field = _Field(embeddings, links, weights)
    ends = [field.settled(voices) for voices in _beginnings(embeddings, count)]
    return max(ends, key=field.goodness)


class _Field:
    """The stretches with all that is known of them."""

    def __init__(self, embeddings: Embeddings, links: Links, weights: Array) -> None:
        self._vectors = embeddings.vectors
        self._trust = np.where(embeddings.known, np.minimum(embeddings.seconds, 2.0), 0.0)
        self._heavy = np.where(embeddings.seconds >= _least(embeddings), self._trust, 0.0)
        self._first, self._second = links.first, links.second
        shorter = np.minimum(weights[links.first], weights[links.second])
        self._links = LINK * links.sameness * np.minimum(shorter, LONGEST_LINK)

    def settled(self, voices: Array) -> Labelling:
        """Label, take the voices anew, label again, until they stay."""
        shares = self._shares(voices)
        for _ in range(ROUNDS):
            before, voices = voices, self._voices(shares, voices)
            shares = self._shares(voices)
            if np.allclose(before, voices, atol=1e-4):
                break
        return Labelling(shares, voices)

    def goodness(self, labelling: Labelling) -> float:
        """How well the labels explain vectors and links, in log odds."""
        labels = labelling.labels
        near = (self._vectors @ labelling.voices.T)[np.arange(len(labels)), labels]
        agree = np.where(labels[self._first] == labels[self._second], 0.5, -0.5)
        return float(LIKENESS * (self._trust @ near) + self._links @ agree)

    def _shares(self, voices: Array) -> Array:
        near = self._vectors @ voices.T  # (stretches, voices)
        own = LIKENESS * self._trust[:, None] * (near - near.mean(axis=1, keepdims=True))
        shares = _softmax(own)
        for _ in range(SWEEPS):
            pull = own.copy()
            np.add.at(pull, self._first, self._links[:, None] * shares[self._second])
            np.add.at(pull, self._second, self._links[:, None] * shares[self._first])
            shares = 0.5 * shares + 0.5 * _softmax(pull)  # damped, so that it does not swing
        return shares

    def _voices(self, shares: Array, before: Array) -> Array:
        """The mean vector of each voice; one that nothing sounds like stays what it was."""
        sure = np.where(shares > 0.5, shares, 0.0) * self._heavy[:, None]
        sums = sure.T @ self._vectors  # (voices, 256)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        found: Array = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), before)
        return found.astype(np.float32)


def _beginnings(embeddings: Embeddings, count: int) -> Iterator[Array]:
    """Voices to begin with: clusters, where the smallest may be noise and are left out."""
    chosen = np.flatnonzero(embeddings.seconds >= _least(embeddings))
    spread = np.linspace(0, len(chosen) - 1, min(len(chosen), CLUSTERED)).round().astype(int)
    chosen = chosen[spread]
    vectors, seconds = embeddings.vectors[chosen], embeddings.seconds[chosen]
    steps = merges(vectors) if len(vectors) else np.zeros((0, 2), dtype=np.int64)
    for spare in SPARE:
        if spare and count + spare > len(chosen):
            return
        labels = groups_of(steps, count + spare)[: len(chosen)]
        sums = np.zeros((max(count + spare, 1), embeddings.vectors.shape[1]), dtype=np.float32)
        np.add.at(sums, labels, vectors * seconds[:, None])
        heaviest = np.argsort(-np.bincount(labels, seconds, len(sums)), kind="stable")[:count]
        lengths = np.linalg.norm(sums[heaviest], axis=1, keepdims=True)
        yield sums[heaviest] / np.maximum(lengths, 1e-9)


def _least(embeddings: Embeddings) -> float:
    """Seconds from which a stretch counts for a voice: less where there are hardly any."""
    return SURE if np.count_nonzero(embeddings.seconds >= SURE) > 2 else 0.0


def _softmax(odds: Array) -> Array:
    exps = np.exp(odds - odds.max(axis=1, keepdims=True))
    found: Array = exps / exps.sum(axis=1, keepdims=True)
    return found

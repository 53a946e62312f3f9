"""From scores to probabilities: which intent, and whether any.

Both are fitted to the bot's own sentences, each scored by a model that never saw it, so that they
mean the same with 30 intents and with 150, with ten examples each and with a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]

# A message is taken for in scope by the scores of its two best intents, less that of what is
# foreign: area under the curve on CLINC150's validation part 0.990, with the best alone 0.989; the
# likeness to the nearest sentence added to it changes nothing (within 0.1).
BEST = 2
# Of the training sentences, each scored without itself, so many get less than an even chance of
# being in scope: 0.5 % rejects 80 to 85 % of what is foreign there, 1 % rejects 0.8 % more of ours.
STRANGE = 0.005
TYPICAL_LOGIT = 3.0  # a sentence of middling likeness is in scope with probability 0.95
_LEAST_SPREAD = 1e-3  # when all sentences of an intent are the same


@dataclass(frozen=True)
class Columns:
    """What the columns of scores stand for: the intents, then perhaps the background."""

    intents: int
    rejecting: int  # of the intents, the one for "none of these"; -1 for none


@dataclass(frozen=True)
class Calibration:
    """From scores to probabilities."""

    sharpness: float  # of the choice between intents
    edge: float  # the likeness at which in and out of scope are as likely
    slope: float  # logits for each unit of likeness

    def chances(self, scores: Floats) -> Floats:
        """Of each intent, were the message ours: (messages, intents), each row's sum is 1."""
        return softmax(self.sharpness * scores)

    def in_scope(self, scores: Floats, columns: Columns) -> Floats:
        """How likely each message is ours: (messages,)."""
        logit = self.slope * (likeness(scores, columns) - self.edge)
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -30.0, 30.0))))


def calibrate(left_out: Floats, labels: Indices, columns: Columns) -> Calibration:
    """Fit both on the sentences' scores.

    Args:
        left_out: (sentences, columns), each by a model that never saw it.
        labels: each sentence's own column.
        columns: what they stand for.
    """
    ours = labels != columns.rejecting
    if not ours.any():
        return Calibration(1.0, 0.0, 1.0)
    sharpness = _sharpness(left_out[ours, : columns.intents], labels[ours])
    edge, middle = np.quantile(likeness(left_out[ours], columns), [STRANGE, 0.5])
    slope = TYPICAL_LOGIT / max(float(middle - edge), _LEAST_SPREAD)
    return Calibration(sharpness, float(edge), slope)


def resembles_ours(
    scores: Floats, left_out: Floats, labels: Indices, columns: Columns
) -> npt.NDArray[np.bool_]:
    """Whether each message, by its scores, is no stranger than the strangest of our sentences."""
    ours = left_out[labels != columns.rejecting]
    if not len(ours):
        return np.ones(len(scores), dtype=np.bool_)
    edge = np.quantile(likeness(ours, columns), STRANGE)
    return np.asarray(likeness(scores, columns) >= edge)


def likeness(scores: Floats, columns: Columns) -> Floats:
    """How much a message is like anything that is ours: (messages,)."""
    ours, foreign = scores[:, : columns.intents], scores[:, columns.intents :].sum(axis=1)
    if columns.rejecting >= 0:
        foreign = foreign + ours[:, columns.rejecting]
        ours = np.delete(ours, columns.rejecting, axis=1)
    return np.asarray(-np.sort(-ours, axis=1)[:, :BEST].sum(axis=1) - foreign)


def softmax(logits: Floats) -> Floats:
    """Each row as probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _sharpness(scores: Floats, labels: Indices) -> float:
    """The one under which the left-out sentences' own intents are the most likely."""

    from scipy.optimize import minimize_scalar  # for training only

    def surprise(log_sharpness: float) -> float:
        chosen = softmax(np.exp(log_sharpness) * scores)[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    best = minimize_scalar(surprise, bounds=(0.0, 4.0), method="bounded")  # 1 to 55
    return float(np.exp(best.x))

"""Kernel ridge regression on sentence vectors: the arithmetic of the intent classifier.

Every training sentence has a say in every answer, in the measure of its likeness to the message.
One matrix inversion gives the model and, in closed form, how it would have scored each training
sentence had that one not been there; and also the model without any of them, so that names and
background sentences that do not help are taken out again.

Source: Saunders et al., Ridge regression learning algorithm in dual variables (1998); leaving out
in closed form: Cawley and Talbot, Preventing over-fitting during model selection (2007), section 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.components.calibration import (
    Calibration,
    Columns,
    Floats,
    Indices,
    calibrate,
    resembles_ours,
)
from bot.components.lesson import Lesson, gather

# How fast likeness falls with distance: chosen as lesson.RIDGE was, 1.8 to 2.15 within 0.3 points.
STEEPNESS = 2.0


@dataclass(frozen=True)
class Reading:
    """One message, understood."""

    probabilities: Floats  # of each intent, were the message ours; their sum is 1
    in_scope: float  # how likely it is ours at all


@dataclass(frozen=True)
class Ridge:
    """A trained model: `weights` has a column for each intent, and may have one more."""

    anchors: Floats  # (sentences, 768), unit length
    weights: Floats  # (sentences, columns)
    columns: Columns
    calibration: Calibration

    def read(self, vectors: Floats) -> list[Reading]:
        """How each message, given by its vector, is understood."""
        scores = kernel(vectors, self.anchors) @ self.weights
        ours = self.calibration.in_scope(scores, self.columns)
        chosen = self.calibration.chances(scores[:, : self.columns.intents])
        return [Reading(row, float(each)) for row, each in zip(chosen, ours, strict=True)]


@dataclass(frozen=True)
class Fit:
    """What training gives, before it is calibrated."""

    anchors: Floats  # (anchors, 768)
    weights: Floats  # (anchors, columns)
    left_out: Floats  # (sentences, columns): each of the bot's by a model that never saw it


def kernel(left: Floats, right: Floats) -> Floats:
    """The likeness of unit vectors, 0 to 1: (left, right)."""
    likeness = left @ right.T
    likeness -= 1.0
    likeness *= 2.0 * STEEPNESS  # for unit vectors the squared distance is 2 - 2 cos
    return np.asarray(np.exp(likeness, out=likeness))


def fit_ridge(
    vectors: Floats,
    labels: Indices,
    names: Floats,
    *,
    rejecting: int = -1,
    background: Floats | None = None,
) -> Ridge:
    """Train on sentences, with the intents' names as one sentence more for each.

    Args:
        vectors: (sentences, 768), unit length.
        labels: each sentence's intent, as a row of `names`.
        names: (intents, 768), the vectors of the names as words; they stay only when the sentences,
            each scored without itself, are better understood with them.
        rejecting: the intent that stands for "none of these"; its name says nothing.
        background: (sentences, 768), what is foreign to most bots; those that the model without
            them takes for ours are left out.
    """
    strangers = vectors[:0] if background is None else background
    lesson = gather(vectors, labels, names, rejecting, strangers)
    fit = _choose(lesson)
    calibration = calibrate(fit.left_out, labels, lesson.columns)
    return Ridge(fit.anchors, fit.weights, lesson.columns, calibration)


def _choose(lesson: Lesson) -> Fit:
    """Take out what of the background is like us, and the names if they are of no help."""
    inverse = invert(kernel(lesson.vectors, lesson.vectors), lesson.ridges)
    weights = inverse @ lesson.targets
    strangers = np.arange(lesson.known, len(lesson.vectors))
    bare = fit_without(lesson, inverse, weights, strangers)
    scores = kernel(lesson.vectors[strangers], bare.anchors) @ bare.weights
    own = lesson.labels[: lesson.sentences]
    like = strangers[resembles_ours(scores, bare.left_out, own, lesson.columns)]
    names = np.arange(lesson.sentences, lesson.known)
    named = fit_without(lesson, inverse, weights, like)
    nameless = fit_without(lesson, inverse, weights, np.concatenate([names, like]))
    return named if _accuracy(named, own) >= _accuracy(nameless, own) else nameless


def fit_without(lesson: Lesson, inverse: Floats, weights: Floats, gone: Indices) -> Fit:
    """The model without these rows (none of them the bot's own), from that of all rows.

    Args:
        lesson: all rows.
        inverse: of the kernel of all rows plus their ridges.
        weights: inverse @ targets.
        gone: rows after the bot's own sentences.
    """
    rest = np.delete(np.arange(len(inverse)), gone)
    across = inverse[np.ix_(rest, gone)]
    bridge = across @ np.linalg.inv(inverse[np.ix_(gone, gone)])  # (rest, gone)
    left = weights[rest] - bridge @ weights[gone]
    own = slice(0, lesson.sentences)
    diagonal = np.diag(inverse)[own] - np.einsum("ij,ij->i", bridge[own], across[own])
    left_out = lesson.targets[own] - left[own] / diagonal[:, None]
    return Fit(lesson.vectors[rest], np.asarray(left, dtype=np.float32), left_out)


def invert(matrix: Floats, ridges: Floats) -> Floats:
    """The inverse of matrix plus ridges, in place, by Cholesky: symmetric and positive."""
    from scipy.linalg import lapack  # for training only; serving starts sooner without

    matrix[np.diag_indices_from(matrix)] += ridges
    # The matrix is symmetric, so its transpose is itself in the order that LAPACK works in.
    factor, failed = lapack.spotrf(matrix.T, lower=1, overwrite_a=1)
    inverse, failed_too = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise ValueError("the sentences' vectors are not numbers")
    for start in range(0, len(inverse), 1024):  # the lower half is done; mirror it by strips
        strip = slice(start, start + 1024)
        square = np.tril(inverse[strip, strip])
        inverse[strip, strip] = square + np.tril(square, -1).T
        inverse[strip, start + 1024 :] = inverse[start + 1024 :, strip].T
    return np.asarray(inverse, dtype=np.float32)


def _accuracy(fit: Fit, own: Indices) -> float:
    return float((fit.left_out.argmax(axis=1) == own).mean())

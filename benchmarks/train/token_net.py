"""Training of a `language.token_head.TokenHead`: its gradients by hand, Adam, dropout.

numpy alone, so that nothing but the shipped head's own arithmetic has to be trusted; on one thread,
seeded, in a fixed order, so that it gives the same numbers again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from language.token_head import levelled

Floats = npt.NDArray[np.float32]
Counts = npt.NDArray[np.int64]

BATCH = 128  # texts
WARM_UP = 100  # steps in which the pace rises
FADING = (0.9, 0.999)  # Adam's, of the mean and of the square
DECAYED = ("units", "gaze", "weights")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a net is trained. The values were picked on the choosing halves of the development sets
    (benchmarks/qa/sentiment.py): neighbours of each moved macro F1 by less than 0.01.
    """

    units: int = 48
    gazes: int = 4
    rounds: int = 3
    pace: float = 1e-3
    decay: float = 0.02
    smoothing: float = 0.1  # of the label, spread over all labels
    dropped_states: float = 0.2
    dropped_units: float = 0.2
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Texts as states of tokens, one after the other (tokens, 384), with what they are."""

    states: npt.NDArray[np.float16]
    lengths: Counts
    labels: Counts
    weights: Floats  # of each text in the loss; mean 1

    def pick(self, chosen: Counts) -> tuple[Floats, Counts, Counts]:
        """States, starts and lengths of some texts."""
        lengths = self.lengths[chosen]
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        first = (np.cumsum(self.lengths) - self.lengths)[chosen]
        places = np.repeat(first - starts, lengths) + np.arange(lengths.sum())
        return levelled(self.states[places].astype(np.float32)), starts, lengths


Parameters = dict[str, Floats]


def train_net(examples: Examples, labels: int, recipe: Recipe) -> Parameters:
    """The arrays of a TokenHead, by their names there."""
    with threadpool_limits(1):
        return _train(examples, labels, recipe)


def _train(examples: Examples, labels: int, recipe: Recipe) -> Parameters:
    draw = np.random.default_rng(recipe.seed)
    made = _begin(draw, examples.states.shape[1], labels, recipe)
    adam = _Adam(made, recipe)
    count = len(examples.lengths)
    adam.steps = recipe.rounds * -(-count // BATCH)
    for _ in range(recipe.rounds):
        order = draw.permutation(count)
        for start in range(0, count, BATCH):
            chosen = order[start : start + BATCH]
            adam.step(made, _gradients(made, examples, chosen, draw, recipe))
    return made


def _begin(draw: np.random.Generator, states: int, labels: int, recipe: Recipe) -> Parameters:
    gathered = recipe.units * (recipe.gazes + 1)
    sizes = {
        "units": (states, recipe.units),
        "gaze": (states, recipe.gazes),
        "weights": (gathered, labels),
    }
    made = {
        name: (draw.standard_normal(size) / np.sqrt(size[0])).astype(np.float32)
        for name, size in sizes.items()
    }
    made["gaze"] *= np.float32(0.5)  # to begin with, all tokens are looked at nearly alike
    made["unit_bias"] = np.zeros(recipe.units, np.float32)
    made["bias"] = np.zeros(labels, np.float32)
    return made


def _gradients(
    made: Parameters, examples: Examples, chosen: Counts, draw: np.random.Generator, recipe: Recipe
) -> Parameters:
    """Of the weighted cross-entropy of some texts, with dropout."""
    states, starts, lengths = examples.pick(chosen)
    states *= _kept(draw, states.shape, recipe.dropped_states)
    before = states @ made["units"] + made["unit_bias"]  # (tokens, units)
    units = np.maximum(before, 0)
    place = np.repeat(np.arange(len(lengths)), lengths)  # the text of each token
    looks = _looks(states @ made["gaze"], starts, place)  # (tokens, gazes)
    seen = [np.add.reduceat(look[:, None] * units, starts) for look in looks.T]
    means = np.add.reduceat(units, starts) / lengths[:, None]
    kept = _kept(draw, (len(chosen), units.shape[1] * (len(seen) + 1)), recipe.dropped_units)
    gathered = np.hstack([*seen, means]).astype(np.float32) * kept  # (texts, gathered)
    logits = np.asarray(gathered @ made["weights"] + made["bias"], dtype=np.float32)
    wrong = _wrong(logits, examples, chosen, recipe)

    back = (wrong @ made["weights"].T) * kept  # (texts, gathered)
    *of_seen, of_means = np.split(back, len(seen) + 1, axis=1)
    of_units = (of_means / lengths[:, None])[place]
    of_looks = np.empty_like(looks)
    for gaze, one in enumerate(of_seen):
        spread = one[place]  # (tokens, units)
        of_units = of_units + looks[:, gaze, None] * spread
        of_looks[:, gaze] = (units * spread).sum(axis=1)
    of_scores = looks * (of_looks - np.add.reduceat(looks * of_looks, starts)[place])
    of_before = of_units * (before > 0)
    return {
        "units": states.T @ of_before,
        "unit_bias": of_before.sum(axis=0),
        "gaze": states.T @ of_scores,
        "weights": gathered.T @ wrong,
        "bias": wrong.sum(axis=0),
    }


def _kept(draw: np.random.Generator, size: tuple[int, ...], dropped: float) -> Floats:
    """Dropout: 0 at the dropped places, elsewhere what keeps the mean."""
    kept = draw.random(size, dtype=np.float32) >= dropped
    return np.asarray(kept / np.float32(1 - dropped), dtype=np.float32)


def _looks(scores: Floats, starts: Counts, place: Counts) -> Floats:
    odds = np.exp(scores - np.maximum.reduceat(scores, starts)[place])
    return np.asarray(odds / np.add.reduceat(odds, starts)[place], dtype=np.float32)


def _wrong(logits: Floats, examples: Examples, chosen: Counts, recipe: Recipe) -> Floats:
    """Of the loss by the logits: what was told minus what is, weighted, over the batch."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    told = odds / odds.sum(axis=1, keepdims=True)
    size = told.shape[1]
    wanted = np.eye(size)[examples.labels[chosen]] * (1 - recipe.smoothing)
    wanted += recipe.smoothing / size
    weights = examples.weights[chosen][:, None]
    return np.asarray((told - wanted) * weights / len(chosen), dtype=np.float32)


class _Adam:
    """Adam with decoupled decay (Loshchilov & Hutter, 2019); the pace falls to nothing."""

    def __init__(self, made: Mapping[str, Floats], recipe: Recipe) -> None:
        self.recipe = recipe
        self.steps = 1
        self.done = 0
        self.means = {name: np.zeros_like(one) for name, one in made.items()}
        self.squares = {name: np.zeros_like(one) for name, one in made.items()}

    def step(self, made: Parameters, gradients: Mapping[str, Floats]) -> None:
        """Change the parameters in place."""
        self.done += 1
        left = max(0.01, 1 - self.done / self.steps)
        pace = self.recipe.pace * min(1, self.done / WARM_UP) * left
        slow, slower = FADING
        for name in sorted(made):
            mean, square, new = self.means[name], self.squares[name], gradients[name]
            mean += (1 - slow) * (new - mean)
            square += (1 - slower) * (new * new - square)
            size = np.sqrt(square / (1 - slower**self.done)) + 1e-8
            change = mean / (1 - slow**self.done) / size
            if name in DECAYED:
                change = change + self.recipe.decay * made[name]
            made[name] -= np.asarray(pace * change, dtype=np.float32)

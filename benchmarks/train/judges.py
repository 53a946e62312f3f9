"""Trains a judge of whole conversations, and measures it on scenarios and domains left out.

Nothing is chosen on what is reported: calibration and limits that a figure is told with come from
other folds than the conversations it is told of.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.qa.curves import area
from benchmarks.train.figures import area_interval, figures, settle_limits
from benchmarks.train.fitting import Doubles, fit_logistic, grow_forest
from benchmarks.train.talks import Told, read_told
from core.conversation import Role
from qa.judges.forest import Forest
from qa.judges.judge import SIGNS_UNIT, Judge, Linear, Mix, forest_rows, log_odds

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]
AXES = 160  # of the vectors' variance; 0.95 of it
SIGNS_WEIGHT = 3.0  # how much more a meaning may matter where signs were said
MEASURES_WEIGHT = 0.08  # of a measure beside a vector's axis in the linear part
FOLDS, SEEDS = 10, 2


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a judge is trained on, and how strictly."""

    name: str
    label: str
    roles: frozenset[Role]
    with_signs: bool
    penalty: float
    leaf: int
    precision: float  # that yes and no must each reach on conversations left out
    last: int | None = None  # turns read, from the end


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Both parts of a judge, before they are mixed."""

    linear: Linear
    forest: Forest

    def scores(self, told: Told) -> tuple[Doubles, Doubles]:
        """The log-odds of each part: (n,), (n,)."""
        linear = self.linear.logits(told.meaning, told.measures, told.signs)
        forest = log_odds(self.forest.chances(forest_rows(told.measures, told.signs)))
        return linear.astype(np.float64), forest.astype(np.float64)


def train_judge(data: Path, encode: Encode, recipe: Recipe) -> Judge:
    """The judge, mixed and calibrated on conversations left out, with its figures."""
    told = read_told(
        data, encode, recipe.label, recipe.roles, recipe.last, with_signs=recipe.with_signs
    )
    axes, known = _axes(told.meaning), told.known
    rounds = [_left_out(known, axes, recipe, folds) for folds in rounds_of(known.groups)]
    mix = _mix(rounds, known.labels)
    chances = [_chances(mix, scores) for scores in rounds]
    limits = settle_limits(np.mean(chances, axis=0), known.labels, recipe.precision)
    parts = _fit(known, axes, recipe)
    card = {
        "trained_on": f"STAR (RasaHQ/STAR, MIT), label {recipe.label}: {len(known.labels)} "
        f"dialogues, yes {known.labels.mean():.3f}",
        "date": "2026-11-29",
        **_report(rounds, known, recipe),
        **_domains(known, axes, recipe),
        "limits_of_use": "written English task dialogues between volunteers; calls, other trades "
        "and angrier customers were not seen, and the share of yes is that of this set",
    }
    return Judge(recipe.name, "1", parts.linear, parts.forest, mix, limits, card, recipe.last)


def _axes(meaning: npt.NDArray[np.float32]) -> tuple[Doubles, Doubles]:
    """The mean of all conversations, labelled or not, and their main axes: (d,), (d, axes)."""
    centre = meaning.mean(axis=0, dtype=np.float64)
    _, vectors = np.linalg.eigh(np.cov((meaning - centre).T))
    return centre, vectors[:, ::-1][:, :AXES]


def _fit(told: Told, axes: tuple[Doubles, Doubles], recipe: Recipe) -> Parts:
    forest = grow_forest(forest_rows(told.measures, told.signs), told.labels > 0, leaf=recipe.leaf)
    return Parts(_fit_linear(told, axes, recipe), forest)


def _fit_linear(told: Told, axes: tuple[Doubles, Doubles], recipe: Recipe) -> Linear:
    """Ridge on the axes; with signs, on axes times signs too, else on the measures."""
    centre, main = axes
    along = (told.meaning - centre) @ main  # (n, axes)
    signs = told.signs[:, None].astype(np.float64) / SIGNS_UNIT
    middle = told.measures.mean(axis=0, dtype=np.float64)
    spread = told.measures.std(axis=0, dtype=np.float64) + 1e-6
    far = np.clip((told.measures - middle) / spread, -4, 4) * MEASURES_WEIGHT
    pull = np.sqrt(SIGNS_WEIGHT)
    rows = [along, pull * along * signs, signs] if recipe.with_signs else [along, far]
    weights, bias = fit_logistic(np.hstack(rows), told.labels, recipe.penalty)
    by_meaning, rest = main @ weights[:AXES], weights[AXES:]
    none, nothing = np.zeros_like(by_meaning), np.zeros(told.measures.shape[1])
    by_signs = main @ (pull * rest[:AXES]) if recipe.with_signs else none
    alone = rest[-1] - centre @ by_signs if recipe.with_signs else 0.0
    return Linear(
        *(
            np.asarray(part, dtype=np.float32)
            for part in (
                by_meaning, by_signs,
                nothing if recipe.with_signs else rest * MEASURES_WEIGHT,
                middle, spread, [alone], [bias - centre @ by_meaning],
            )
        )
    )  # fmt: skip


def rounds_of(groups: npt.NDArray[np.str_]) -> Iterator[list[npt.NDArray[np.bool_]]]:
    """For each seed, which rows each fold leaves out; a scenario is never divided."""
    names = np.unique(groups)
    for seed in range(SEEDS):
        fold = np.random.default_rng(seed).integers(0, FOLDS, len(names))
        of_row = fold[np.searchsorted(names, groups)]
        yield [of_row == number for number in range(FOLDS)]


def _left_out(
    told: Told,
    axes: tuple[Doubles, Doubles],
    recipe: Recipe,
    folds: Collection[npt.NDArray[np.bool_]],
) -> Doubles:
    """Both parts' scores of every conversation by parts that did not see it: (n, 2)."""
    made = np.zeros((len(told.labels), 2))
    for out in folds:
        made[out] = np.column_stack(_fit(told.where(~out), axes, recipe).scores(told.where(out)))
    return made


def _mix(rounds: Sequence[Doubles], labels: Doubles) -> Mix:
    """Each part counts by its spread alike; slope and bias by Platt's scaling on rows left out.

    Source: Platt, "Probabilistic outputs for support vector machines" (1999).
    """
    whole = np.concatenate(list(rounds))
    spread = whole.std(axis=0)
    slope, bias = fit_logistic(
        (whole / spread).sum(axis=1, keepdims=True), np.tile(labels, len(rounds)), 1e-3
    )
    return Mix(float(slope[0] / spread[0]), float(slope[0] / spread[1]), bias)


def _chances(mix: Mix, scores: Doubles) -> Doubles:
    logits = mix.linear * scores[:, 0] + mix.forest * scores[:, 1] + mix.bias
    return np.asarray(1 / (1 + np.exp(-logits)))


def _report(rounds: Sequence[Doubles], told: Told, recipe: Recipe) -> dict[str, str]:
    """Areas with intervals, and what yes and no are worth, by limits from other folds."""
    return figures(
        [_chances(_mix([scores], told.labels), scores) for scores in rounds],
        told.labels,
        told.groups,
        recipe.precision,
    )


def _domains(told: Told, axes: tuple[Doubles, Doubles], recipe: Recipe) -> dict[str, str]:
    """The area over all domains, each judged by parts that saw none of its conversations."""
    folds = [told.domains == name for name in np.unique(told.domains)]
    scores = _left_out(told, axes, recipe, folds)
    chances = _chances(_mix([scores], told.labels), scores)
    low, high = area_interval(chances, told.labels, told.groups)
    return {
        "area_on_other_domains": f"{area(chances, told.labels):.3f} ({low:.3f} to {high:.3f}), "
        f"{len(folds)} domains left out one by one"
    }

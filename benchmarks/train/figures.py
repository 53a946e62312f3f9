"""What a judge's chances are worth: areas with intervals, and limits for saying yes and no."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.qa.curves import Doubles, area, bootstrap
from qa.judges.judge import Limits

NEVER = Limits(2.0, -1.0)
LEAST_SAID = 20  # answers on a side; fewer say nothing about how often they are right
PARTS = 5  # in which limits are settled on the others and counted on this one


def area_interval(
    chances: Doubles, labels: Doubles, groups: npt.NDArray[np.str_]
) -> tuple[float, float]:
    """95 % by bootstrap over whole groups."""
    return bootstrap(lambda rows: area(chances[rows], labels[rows]), groups)


def settle_limits(chances: Doubles, labels: Doubles, precision: float) -> Limits:
    """The widest limits at which yes and no are each right in `precision` of what is said."""
    order = np.argsort(-chances, kind="stable")
    yes = _reach(labels[order] > 0, precision)
    no = _reach(labels[order[::-1]] <= 0, precision)
    return Limits(
        round(float(chances[order[yes - 1]]), 4) if yes else NEVER.yes_from,
        round(float(chances[order[-no]]), 4) if no else NEVER.no_up_to,
    )


def figures(
    rounds: Sequence[Doubles], labels: Doubles, groups: npt.NDArray[np.str_], precision: float
) -> dict[str, str]:
    """Of chances on rows left out, over several rounds: as lines of a card."""
    areas = [area(chances, labels) for chances in rounds]
    spans = [area_interval(chances, labels, groups) for chances in rounds]
    said = np.array([_said(chances, labels, groups, precision) for chances in rounds])
    yes, right_yes, no, right_no = said.sum(axis=0)
    n = len(labels) * len(rounds)
    return {
        "area": f"{np.mean(areas):.3f} ({np.mean([a for a, _ in spans]):.3f} to "
        f"{np.mean([b for _, b in spans]):.3f}), scenarios left out, {len(rounds)} rounds",
        "yes": f"{yes / n:.3f} of all, right {right_yes / max(1, yes):.3f}",
        "no": f"{no / n:.3f} of all, right {right_no / max(1, no):.3f}",
        "unsure": f"{1 - (yes + no) / n:.3f} of all",
    }


def _said(
    chances: Doubles, labels: Doubles, groups: npt.NDArray[np.str_], precision: float
) -> tuple[int, int, int, int]:
    """How often yes, how often rightly, and the same of no; limits from the other parts."""
    names = np.unique(groups)
    part = np.random.default_rng(7).integers(0, PARTS, len(names))
    of_row = part[np.searchsorted(names, groups)]
    total = np.zeros(4, dtype=int)
    for number in range(PARTS):
        here = of_row == number
        limits = settle_limits(chances[~here], labels[~here], precision)
        yes = here & (chances >= limits.yes_from)
        no = here & ~yes & (chances <= limits.no_up_to)
        right = labels[yes] > 0, labels[no] <= 0
        total += [yes.sum(), right[0].sum(), no.sum(), right[1].sum()]
    return int(total[0]), int(total[1]), int(total[2]), int(total[3])


def _reach(is_right: npt.NDArray[np.bool_], precision: float) -> int:
    """How many of the first rows may be said so that `precision` of them are right."""
    counts = np.arange(1, len(is_right) + 1)
    good = np.flatnonzero((np.cumsum(is_right) >= precision * counts) & (counts >= LEAST_SAID))
    return int(good[-1] + 1) if len(good) else 0

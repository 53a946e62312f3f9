"""Does the score say what customers say? Their CSAT beside it, conversation by conversation."""

from collections import Counter
from dataclasses import dataclass

from core.judged import Surveyed
from insight.definitions import CSAT, KENDALL, SCORE, SPEARMAN
from insight.figures import Figure
from insight.ranks import kendall, spearman
from insight.tally import Tally
from insight.windows import Window

SATISFIED = 4  # and 5: DOMAIN "Metrics", CSAT


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Both correlations, the CSAT of those counted, and the score at each answer from 1 to 5."""

    spearman: Figure
    kendall: Figure
    csat: Figure
    scores: tuple[tuple[int, Figure], ...]


class Satisfactions:
    """Counts pairs as they go by."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._pairs: Counter[tuple[float, float]] = Counter()

    def add(self, row: Surveyed) -> None:
        """Count one conversation that has both; those outside the window are left out."""
        if self._window.contains(row.at):
            self._pairs[round(row.score, 2), float(row.csat)] += 1

    def result(self) -> Satisfaction:
        """What was counted. It says how far both go together, not that one makes the other."""
        share, levels = Tally(), {level: Tally() for level in range(1, 6)}
        for (score, csat), times in self._pairs.items():
            share.add(float(csat >= SATISFIED), times=times)
            levels[int(csat)].add(score, times=times)
        return Satisfaction(
            spearman=spearman(self._pairs, SPEARMAN, self._window),
            kendall=kendall(self._pairs, KENDALL, self._window),
            csat=share.figure(CSAT, self._window),
            scores=tuple(
                (level, tally.figure(SCORE, self._window)) for level, tally in levels.items()
            ),
        )

"""The customer's mood in words, and as the points of a small line drawn on the server."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.evaluation import SentimentTrace
from qa.rules.trend import FALL

GOOD, BAD = (
    0.05,
    -0.05,
)  # VADER's own borders of positive and negative, its README "About the Scoring"
WIDTH, HEIGHT, MARGIN = 320.0, 64.0, 6.0  # units of the drawing


@dataclass(frozen=True, slots=True)
class Mood:
    """How it was overall and where it went: words, and a symbol for the direction."""

    overall: str
    direction: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One customer turn in the drawing."""

    x: float
    y: float
    position: int
    value: float


def mood_of(overall: float | None, shift: float | None) -> Mood | None:
    """The mood in words; None when the customer said nothing. It falls as the scorecard says."""
    if overall is None:
        return None
    name = "positive" if overall >= GOOD else "negative" if overall <= BAD else "neutral"
    if shift is None:
        return Mood(name, "", "")
    if shift <= FALL:
        return Mood(name, "falling", "↘")
    return Mood(name, "rising", "↗") if shift >= -FALL else Mood(name, "steady", "→")


def line(trace: SentimentTrace, positions: Mapping[str, int]) -> tuple[Dot, ...]:
    """The turns from left to right, −1 at the bottom and 1 on top."""
    known = [(positions[turn], value) for turn, value in trace.turns if turn in positions]
    step = (WIDTH - 2 * MARGIN) / max(1, len(known) - 1)
    return tuple(
        Dot(
            x=round(MARGIN + step * index, 1),
            y=round(HEIGHT / 2 - value * (HEIGHT / 2 - MARGIN), 1),
            position=position,
            value=value,
        )
        for index, (position, value) in enumerate(known)
    )

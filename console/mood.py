"""The customer's mood in words, and as the points of a small line drawn on the server."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.evaluation import SentimentTrace
from language.mood_scale import scale_of

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


def mood_of(overall: float | None, shift: float | None, model: str) -> Mood | None:
    """The mood in words; None when the customer said nothing. It falls as the scorecard says."""
    if overall is None:
        return None
    scale = scale_of(model)
    name = "neutral" if scale.bad < overall < scale.good else "negative"
    name = "positive" if overall >= scale.good else name
    if shift is None:
        return Mood(name, "", "")
    if shift <= -scale.turned:
        return Mood(name, "falling", "↘")
    return Mood(name, "rising", "↗") if shift >= scale.turned else Mood(name, "steady", "→")


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

"""Drawings made on the server: a line over time with its intervals, and small lines in tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor

from console.report_cells import number
from insight.figures import Definition, Figure, Unit

WIDTH, HEIGHT = 720.0, 220.0  # units of the drawing
LEFT, RIGHT, TOP, BOTTOM = 52.0, 34.0, 10.0, 26.0  # what axes and their words need
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 110.0, 26.0, 3.0
TICKS = 4  # lines across, about
MOST_LABELS = 9  # words below; more run into each other


@dataclass(frozen=True, slots=True)
class Dot:
    """One value; `low` and `high` are the ends of its interval, `told` says it all in words."""

    x: float
    y: float
    low: float | None
    high: float | None
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing; lines and bands break where there is no data."""

    lines: tuple[str, ...]
    bands: tuple[str, ...]
    dots: tuple[Dot, ...]
    across: tuple[tuple[float, str], ...]
    below: tuple[tuple[float, str], ...]
    told: str


def chart(points: Sequence[tuple[str, Figure]]) -> Chart | None:
    """Values over time, or over a few kinds, with their intervals; None without any data."""
    known = [(place, name, figure) for place, (name, figure) in enumerate(points)]
    dots = [(p, n, f, v) for p, n, f in known if (v := f.value) is not None]
    if not dots:
        return None
    scale = _Scale([figure for _, _, figure, _ in dots])
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points) - 1)
    drawn = {
        place: _dot(LEFT + step * place if len(points) > 1 else WIDTH / 2, name, figure, scale)
        for place, name, figure, _ in dots
    }
    runs = _runs(sorted(drawn))
    first, last, definition = dots[0], dots[-1], dots[0][2].definition
    return Chart(
        lines=tuple(_line([drawn[place] for place in run]) for run in runs if len(run) > 1),
        bands=tuple(_band([drawn[place] for place in run]) for run in runs if len(run) > 1),
        dots=tuple(drawn[place] for place in sorted(drawn)),
        across=tuple((scale.place(tick), _tick(tick, definition)) for tick in scale.ticks),
        below=_labels([name for name, _ in points], step),
        told=f"{definition.title} from {first[1]}: {number(first[3], definition)} to {last[1]}: "
        f"{number(last[3], definition)}",
    )


def spark(values: Sequence[float | None], low: float, high: float) -> tuple[str, ...]:
    """A row's weeks as small lines, on the one scale that all rows share; gaps stay gaps."""
    room = (high - low) or 1.0
    step = (SPARK_WIDTH - 2 * SPARK_MARGIN) / max(1, len(values) - 1)
    known = {
        place: (
            SPARK_MARGIN + step * place,
            SPARK_HEIGHT - SPARK_MARGIN
            - (value - low) / room * (SPARK_HEIGHT - 2 * SPARK_MARGIN),
        )
        for place, value in enumerate(values)
        if value is not None
    }  # fmt: skip
    return tuple(
        " ".join(f"{x:.1f},{y:.1f}" for x, y in _widened([known[place] for place in run]))
        for run in _runs(sorted(known))
    )


def _widened(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """A week alone is a dash, as a line of one point is not drawn."""
    if len(points) > 1:
        return points
    x, y = points[0]
    return ((max(0.0, x - 2), y), (min(SPARK_WIDTH, x + 2), y))


class _Scale:
    """From values to heights; the ends are round numbers around all intervals."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        lows = [f.interval.low if f.interval else f.value or 0.0 for f in figures]
        highs = [f.interval.high if f.interval else f.value or 0.0 for f in figures]
        size = _round_step(max(highs) - min(lows), figures[0].definition.unit)
        self.low, self.high = floor(min(lows) / size) * size, ceil(max(highs) / size) * size
        if self.high <= self.low:
            self.high = self.low + size
        count = round((self.high - self.low) / size)
        self.ticks = [self.low + size * place for place in range(count + 1)]

    def place(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _round_step(room: float, unit: Unit) -> float:
    """1, 2 or 5 times a power of ten, so that about TICKS of them fill the room."""
    smallest = 1.0 if unit is Unit.POINTS else 0.01
    for size in (1, 2, 5, 10, 20, 50):
        if room <= TICKS * size * smallest:
            return size * smallest
    return 50 * smallest


def _tick(value: float, definition: Definition) -> str:
    return f"{value:.0f}" if definition.unit is Unit.POINTS else number(value, definition)


def _dot(x: float, name: str, figure: Figure, scale: _Scale) -> Dot:
    value, interval = figure.value or 0.0, figure.interval
    between = ""
    if interval:
        low, high = (number(end, figure.definition) for end in (interval.low, interval.high))
        between = f", {low} to {high}"
    return Dot(
        x=round(x, 1),
        y=scale.place(value),
        low=scale.place(interval.low) if interval else None,
        high=scale.place(interval.high) if interval else None,
        told=f"{name}: {number(value, figure.definition)}{between}, n {figure.n}",
    )


def _line(dots: Sequence[Dot]) -> str:
    return " ".join(f"{dot.x},{dot.y}" for dot in dots)


def _band(dots: Sequence[Dot]) -> str:
    """Along the upper ends, and back along the lower ones."""
    upper = [f"{dot.x},{dot.y if dot.high is None else dot.high}" for dot in dots]
    lower = [f"{dot.x},{dot.y if dot.low is None else dot.low}" for dot in reversed(dots)]
    return " ".join([*upper, *lower])


def _runs(places: Sequence[int]) -> list[list[int]]:
    """Places that follow each other without a gap."""
    groups = groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])
    return [[place for _, place in group] for _, group in groups]


def _labels(names: Sequence[str], step: float) -> tuple[tuple[float, str], ...]:
    every = max(1, ceil(len(names) / MOST_LABELS))
    return tuple(
        (round(LEFT + step * place if len(names) > 1 else WIDTH / 2, 1), name)
        for place, name in enumerate(names)
        if place % every == 0
    )

"""A report's values in words: the value, its interval, and what it was made of."""

from dataclasses import dataclass

from insight.change import Change
from insight.figures import Definition, Figure, Unit
from insight.table import Value

NO_DATA = "no data"
SHARES = ("part", "cumulative")  # columns of the Pareto, told in per cent


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell. `kind` is text, number, figure, change, share or trend; `trend` are its values."""

    kind: str
    text: str
    interval: str = ""
    made_of: str = ""
    tone: str = ""
    trend: tuple[float | None, ...] = ()
    share: float = 0.0


def shown(value: Value, *, is_share: bool = False) -> Shown:
    """How people read a value."""
    if isinstance(value, Figure):
        return _figure(value)
    if isinstance(value, Change):
        return _change(value)
    if isinstance(value, tuple):
        return Shown("trend", "", trend=value)
    if is_share and isinstance(value, int | float):
        return Shown("share", f"{100 * value:.0f} %", share=float(value))
    if isinstance(value, int | float):
        return Shown("number", f"{value:g}")
    return Shown("text", value or "")


def number(value: float, definition: Definition, *, signed: bool = False) -> str:
    """A value in its own unit; a difference of shares is one of percentage points."""
    sign = "+" if signed or definition.lowest < 0 else ""
    if definition.unit is Unit.CORRELATION:
        text = f"{value:{sign}.2f}"
    elif definition.unit is Unit.POINTS:
        text = f"{value:{sign}.1f}"
    else:
        digits = 1 if definition.lowest < 0 else 0
        text = f"{100 * value:{sign}.{digits}f}" + ("" if signed else " %")
    return text.replace("-", "−")


def _figure(figure: Figure) -> Shown:
    if figure.value is None:
        return Shown("figure", NO_DATA, made_of=f"n {figure.n}" if figure.n else "")
    interval = figure.interval
    return Shown(
        "figure",
        number(figure.value, figure.definition),
        interval=_range(interval.low, interval.high, figure.definition) if interval else "",
        made_of=_made_of(figure),
    )


def _change(change: Change) -> Shown:
    if change.value is None:
        return Shown("change", NO_DATA)
    definition, interval = change.after.definition, change.interval
    unit = " points" if definition.unit is Unit.SHARE else ""
    tone = "" if not change.is_clear else "better" if change.value > 0 else "worse"
    return Shown(
        "change",
        number(change.value, definition, signed=True) + unit,
        interval=_range(interval.low, interval.high, definition, signed=True) if interval else "",
        made_of=f"from {number(change.before.value or 0.0, definition)}, n {change.before.n}",
        tone=tone,
    )


def _range(low: float, high: float, definition: Definition, *, signed: bool = False) -> str:
    first, last = (number(end, definition, signed=signed) for end in (low, high))
    return f"{first.removesuffix(' %')} to {last}"


def _made_of(figure: Figure) -> str:
    """Counts where each counts once, else n: a weighted sum says nothing to people."""
    is_counted = figure.denominator == figure.n and figure.numerator == int(figure.numerator)
    if figure.definition.unit is Unit.SHARE and is_counted:
        return f"{figure.numerator:.0f} of {figure.denominator:.0f}"
    return f"n {figure.n}"

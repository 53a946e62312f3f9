"""Figures of agreement in words: a share with what it is made of, a coefficient with its bounds."""

from dataclasses import dataclass

from core.calibration import AskedQuestion
from qa.agreement import Agreement, Rate, Weighting
from qa.chance import Coefficient


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure and, small under it, what it rests on."""

    value: str
    under: str


@dataclass(frozen=True, slots=True)
class ShownShare:
    """How often the machine and people gave one answer, per cent; None of nothing."""

    answer: str
    first: int | None
    second: int | None


def shown_rate(rate: Rate) -> ShownFigure:
    """'90 %' with '9 of 10, 60 to 98 %'."""
    if rate.value is None or rate.interval is None:
        return ShownFigure("no data", "")
    low, high = (f"{100 * end:.0f}" for end in rate.interval)
    return ShownFigure(
        f"{100 * rate.value:.0f}\u00a0%", f"{rate.part} of {rate.whole}, {low} to {high}\u00a0%"
    )


def shown_pairs(rate: Rate) -> ShownFigure:
    """A share of pairs, which has no interval."""
    if rate.value is None:
        return ShownFigure("no data", "")
    return ShownFigure(f"{100 * rate.value:.0f}\u00a0%", f"{rate.part} of {rate.whole} pairs")


def shown_coefficient(found: Coefficient) -> ShownFigure:
    """'0.78' with '0.31 to 1.00', or why there is none."""
    if found.value is None:
        return ShownFigure("undefined", found.why)
    if found.low is None or found.high is None:
        high = "?" if found.high is None else _two(found.high)
        return ShownFigure(_two(found.value), f"? to {high}: too few of the rarer answer")
    return ShownFigure(_two(found.value), f"{_two(found.low)} to {_two(found.high)}")


def kappa_name(found: Agreement) -> str:
    """What the kappa of a question is called."""
    return "Kappa" if found.weighting is Weighting.NONE else "Kappa, linear weights"


def gwet_name(found: Agreement) -> str:
    """What Gwet's coefficient of a question is called."""
    return "AC1" if found.weighting is Weighting.NONE else "AC2"


def shown_prevalence(asked: AskedQuestion, found: Agreement) -> tuple[ShownShare, ...]:
    """Each answer that was given, and how often by whom."""
    return tuple(
        ShownShare(told(asked, each.category), _percent(each.first), _percent(each.second))
        for each in found.prevalence
    )


def told(asked: AskedQuestion, answer: str) -> str:
    """An answer as people read it."""
    return asked.texts.get(answer, answer.replace("_", " ")) if answer else "no answer"


def _percent(rate: Rate) -> int | None:
    return None if rate.value is None else round(100 * rate.value)


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")

"""The interval that belongs to a share of few things."""

import math

NORMAL_95 = 1.959964  # the standard normal's 97.5 % point


def share_interval(part: float, whole: float) -> tuple[float, float] | None:
    """The 95 % Wilson interval of `part` of `whole`; None of nothing.

    Neither has to be a whole number: of weighted things, `whole` is their effective number.
    Source: Wilson (1927); Brown, Cai and DasGupta, "Interval Estimation for a Binomial
    Proportion" (2001), which recommends it for small numbers.
    """
    if whole <= 0:
        return None
    share, square = part / whole, NORMAL_95**2
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = math.sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    half = NORMAL_95 * spread / (1 + square / whole)
    return max(0.0, middle - half), min(1.0, middle + half)

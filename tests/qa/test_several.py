"""Several raters: Krippendorff's and Gwet's own example, with answers left out."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from qa.agreement import Weighting, kappa, table_of
from qa.several import several_agreement

# Four observers, twelve units, five values, a dot for what was left out: Krippendorff,
# "Computing Krippendorff's Alpha-Reliability" (2011), section C; irrCAC calls it cac.raw4raters.
UNITS = "11.1 2232 3333 3333 2222 1234 4444 1121 2222 .555 ..11 .3.."
RATINGS = [tuple(unit.replace(".", "")) for unit in UNITS.split()]
VALUES = ("1", "2", "3", "4", "5")


@pytest.mark.parametrize(
    ("weighting", "alpha", "gwet"),
    [
        (Weighting.NONE, 0.743, 0.77544),  # Krippendorff, nominal; irrCAC, AC1
        (Weighting.QUADRATIC, 0.849, 0.91400),  # Krippendorff, interval; irrCAC, AC2
    ],
)
def test_coefficients_are_as_published(weighting: Weighting, alpha: float, gwet: float) -> None:
    found = several_agreement(RATINGS, VALUES, weighting=weighting, scale=range(5))
    assert found.alpha.value == pytest.approx(alpha, abs=5e-4)
    assert found.gwet.value == pytest.approx(gwet, abs=5e-6)
    assert (found.n, found.raters) == (11, 4)
    assert found.alpha.low is not None
    assert found.alpha.high is not None
    assert found.alpha.low < alpha < found.alpha.high


def test_pairs_and_prevalence_count_every_answer() -> None:
    found = several_agreement([("yes", "yes", "no"), ("no",)], ("yes", "no"))
    assert (found.pairs.part, found.pairs.whole) == (1, 3)
    assert [(name, rate.part, rate.whole) for name, rate in found.prevalence] == [
        ("yes", 2, 4),
        ("no", 2, 4),
    ]


@pytest.mark.parametrize("ratings", [[], [("yes",)], [("yes",), ()]])
def test_one_rater_alone_agrees_with_nobody(ratings: list[tuple[str, ...]]) -> None:
    found = several_agreement(ratings, ("yes", "no"))
    assert found.n == 0
    assert found.pairs.value is None
    assert found.alpha.value is None
    assert found.gwet.value is None
    assert "nothing" in found.gwet.why


def test_one_answer_throughout_leaves_alpha_undefined() -> None:
    found = several_agreement([("yes", "yes", "yes")] * 9, ("yes", "no"))
    assert found.alpha.value is None
    assert "one and the same" in found.alpha.why
    assert found.gwet.value == 1.0


def test_a_strange_answer_is_refused() -> None:
    with pytest.raises(BadInput, match="'x' is no category"):
        several_agreement([("x", "yes")], ("yes", "no"))


items = st.lists(st.lists(st.sampled_from("abc"), min_size=0, max_size=4), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(items, st.integers(0, 99), st.sampled_from(Weighting))
def test_neither_the_order_of_items_nor_of_raters_counts(
    ratings: list[list[str]], seed: int, weighting: Weighting
) -> None:
    dice = random.Random(seed)
    mixed = [dice.sample(answers, len(answers)) for answers in ratings]
    dice.shuffle(mixed)
    assert figures(mixed, weighting) == pytest.approx(figures(ratings, weighting))


def figures(ratings: list[list[str]], weighting: Weighting) -> tuple[float | None, float | None]:
    found = several_agreement(ratings, "abc", weighting=weighting, scale=(1, 2, 4))
    return found.alpha.value, found.gwet.value


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=12), st.integers(2, 4))
def test_full_agreement_is_one_or_undefined(answers: list[str], raters: int) -> None:
    found = several_agreement([(answer,) * raters for answer in answers], "abc")
    assert found.alpha.value == (1.0 if len(set(answers)) > 1 else None)
    assert found.gwet.value == 1.0


def test_two_raters_are_near_kappa_when_many() -> None:
    pairs = [("a", "a")] * 300 + [("b", "b")] * 150 + [("a", "b")] * 30 + [("b", "a")] * 20
    alpha = several_agreement(pairs, "ab").alpha.value
    cohen = kappa(table_of(pairs, "ab")).value
    assert alpha == pytest.approx(cohen, abs=2e-3)

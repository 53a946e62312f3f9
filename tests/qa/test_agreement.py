"""Two raters: published examples, and what holds of every table."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from qa.agreement import (
    Agreement,
    Table,
    Weighting,
    agreement,
    detection,
    gwet,
    kappa,
    table_of,
    weights_of,
)
from qa.chance import Coefficient

Rows = Sequence[Sequence[int]]
# Gwet's own example, three kinds of pregnancy told by two abstractors (his package irrCAC).
ABSTRACTORS = ((13, 0, 0), (0, 20, 7), (0, 4, 56))
# Two dermatologists, terrible to clear (SAS/STAT User's Guide, "The FREQ Procedure").
SKIN = ((10, 4, 1, 0), (5, 10, 12, 2), (2, 4, 12, 5), (0, 2, 6, 13))
DIALOGUE = ((20, 20), (10, 50))  # Artstein and Poesio (2008), table 1
DIAGNOSES = ((44, 7, 9), (5, 20, 5), (1, 3, 6))  # Cohen (1968), table 1, in hundredths
HARM = ((0, 1, 3), (1, 0, 6), (3, 6, 0))  # its weights of disagreement


def table(rows: Rows) -> Table:
    return Table(tuple(f"c{i}" for i in range(len(rows))), tuple(map(tuple, rows)))


def value(found: Coefficient) -> float:
    assert found.value is not None, found.why
    return found.value


@pytest.mark.parametrize(
    ("rows", "weighting", "published"),
    [
        (ABSTRACTORS, Weighting.NONE, 0.7964094),  # irrCAC, overview
        (ABSTRACTORS, Weighting.QUADRATIC, 0.8921569),  # irrCAC, weighting
        (SKIN, Weighting.NONE, 0.3449),  # SAS/STAT
        (SKIN, Weighting.LINEAR, 0.5082),  # SAS/STAT, Cicchetti-Allison weights
        (DIALOGUE, Weighting.NONE, 0.348),  # Artstein and Poesio
        (DIAGNOSES, Weighting.NONE, 0.492),  # Cohen
    ],
)
def test_kappa_is_as_published(rows: Rows, weighting: Weighting, published: float) -> None:
    weights = weights_of(len(rows), weighting, range(len(rows)))
    digits = len(str(published)) - 2
    assert value(kappa(table(rows), weights)) == pytest.approx(published, abs=0.5 * 10**-digits)


def test_kappa_takes_weights_of_harm() -> None:
    weights = 1 - np.array(HARM) / 6
    assert value(kappa(table(DIAGNOSES), weights)) == pytest.approx(0.348, abs=5e-4)  # Cohen (1968)


@pytest.mark.parametrize(
    ("weighting", "published"), [(Weighting.NONE, 0.8493305), (Weighting.QUADRATIC, 0.9402369)]
)
def test_gwets_coefficients_are_as_published(weighting: Weighting, published: float) -> None:
    weights = weights_of(3, weighting, (1, 2, 3))
    assert value(gwet(table(ABSTRACTORS), weights)) == pytest.approx(published, abs=5e-7)


def test_a_rare_answer_sinks_kappa_and_not_gwets() -> None:
    found = agreement(table(((118, 5), (2, 0))))  # Gwet (2002): 94 % agree, kappa below 0
    assert value(found.kappa) == pytest.approx(-0.0234, abs=5e-5)
    assert value(found.gwet) == pytest.approx(0.9408, abs=5e-5)


@pytest.mark.parametrize("rows", [((50, 0), (0, 0)), ((0, 0), (0, 7))])
def test_one_answer_throughout_leaves_kappa_undefined(rows: Rows) -> None:
    found = agreement(table(rows))
    assert found.kappa == Coefficient(None, why="everybody gave one and the same answer throughout")
    assert value(found.gwet) == 1.0
    assert found.raw.value == 1.0


def test_a_rater_with_one_answer_beside_one_with_two_is_no_better_than_chance() -> None:
    assert value(kappa(table(((40, 0), (10, 0))))) == pytest.approx(0.0)


def test_nothing_scored_twice_has_no_figures() -> None:
    found = agreement(table(((0, 0), (0, 0))))
    assert found.kappa.value is None
    assert "nothing" in found.kappa.why
    assert found.gwet.value is None
    assert found.raw.value is None
    assert found.raw.interval is None


def test_where_all_agree_the_lower_bound_is_wilsons() -> None:
    found = kappa(table(((25, 0), (0, 25))))
    assert (found.value, found.high) == (1.0, 1.0)
    agreed = 50 / (50 + 1.959964**2)  # Wilson's lower bound of 50 out of 50
    assert found.low == pytest.approx((agreed - 0.5) / 0.5)


def test_too_few_of_the_other_answer_leave_the_lower_bound_open() -> None:
    assert kappa(table(((58, 1), (0, 1)))).low is None
    assert kappa(table(((52, 1), (1, 6)))).low is not None


@pytest.mark.parametrize(
    ("weighting", "expected"),
    [
        (Weighting.NONE, ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))),
        (Weighting.LINEAR, ((1, 0.5, 0, 0), (0.5, 1, 0.5, 0), (0, 0.5, 1, 0), (0, 0, 0, 1))),
        (Weighting.QUADRATIC, ((1, 0.75, 0, 0), (0.75, 1, 0.75, 0), (0, 0.75, 1, 0), (0, 0, 0, 1))),
    ],
)
def test_what_lies_outside_a_scale_is_near_nothing(
    weighting: Weighting, expected: Sequence[Sequence[float]]
) -> None:
    assert weights_of(4, weighting, (1, 2, 3, None)).tolist() == [list(row) for row in expected]


def test_weights_need_a_scale() -> None:
    with pytest.raises(BadInput, match="place on the scale"):
        weights_of(3, Weighting.LINEAR)


def test_recall_and_precision_are_of_the_answer_asked_for() -> None:
    found = detection(table(((8, 2), (4, 86))), "c0")
    assert (found.recall.part, found.recall.whole) == (8, 12)
    assert (found.precision.part, found.precision.whole) == (8, 10)
    assert found.recall.interval == pytest.approx((0.3906, 0.8619), abs=5e-4)
    assert detection(table(((0, 0), (0, 5))), "c0").recall.value is None
    with pytest.raises(BadInput, match="'x' is no category"):
        detection(table(((1, 0), (0, 1))), "x")


def test_pairs_are_counted_and_strange_answers_refused() -> None:
    found = table_of([("yes", "no"), ("yes", "yes"), ("yes", "no")], ("yes", "no"))
    assert found.counts == ((1, 2), (0, 0))
    assert [p.second.part for p in agreement(found).prevalence] == [1, 2]
    with pytest.raises(BadInput, match="perhaps"):
        table_of([("yes", "perhaps")], ("yes", "no"))


tables = st.integers(2, 4).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 40), min_size=size, max_size=size), min_size=size, max_size=size
    )
)


def same(one: Coefficient, other: Coefficient) -> bool:
    if one.value is None or other.value is None:
        return one.value is other.value
    return math.isclose(one.value, other.value, abs_tol=1e-9)


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(Weighting))
def test_it_does_not_matter_who_is_first(rows: Rows, weighting: Weighting) -> None:
    one, other = (_of(each, weighting) for each in (rows, list(zip(*rows, strict=True))))
    assert same(one.kappa, other.kappa)
    assert same(one.gwet, other.gwet)


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(Weighting))
def test_bounds_hold_the_value_and_nothing_is_above_one(rows: Rows, weighting: Weighting) -> None:
    for found in (_of(rows, weighting).kappa, _of(rows, weighting).gwet):
        if found.value is None:
            assert found.why
            continue
        assert found.value <= 1 + 1e-9
        assert found.low is None or found.low <= found.value + 1e-9
        assert found.high is None or found.value <= found.high + 1e-9 or found.value < 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=4), st.sampled_from(Weighting))
def test_full_agreement_is_one_or_undefined(diagonal: list[int], weighting: Weighting) -> None:
    rows = np.diag(diagonal).tolist()
    found = _of(rows, weighting)
    if sum(count > 0 for count in diagonal) < 2:
        assert found.kappa.value is None
    else:
        assert found.kappa.value == 1.0
    assert found.gwet.value == (1.0 if sum(diagonal) else None)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=4), st.sampled_from(Weighting))
def test_chance_is_nought(marginal: list[int], weighting: Weighting) -> None:
    rows = np.outer(marginal, marginal[::-1]).tolist()  # independent raters
    assert value(_of(rows, weighting).kappa) == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(tables)
def test_the_same_table_has_the_same_interval(rows: Rows) -> None:
    assert kappa(table(rows)) == kappa(table(rows))


def _of(rows: Rows, weighting: Weighting) -> Agreement:
    return agreement(table(rows), weighting=weighting, scale=tuple(range(len(rows))))

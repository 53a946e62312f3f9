"""Questions: what was earned, what is unsure, and which of them cost the most."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.evaluation import Finding, Verdict
from core.judged import Judged
from core.packed import pack
from core.score import score
from core.scorecard import Scorecard
from insight.questions import Questions
from tests.insight.build import CARD, TWO_WEEKS, row

WELL = '{"greeting":"y","name":"y","tone":"y:4","rude":"y"}'
BADLY = '{"greeting":"n","name":"y","tone":"y:2","rude":"y"}'
OPEN = '{"greeting":"?","name":"-","tone":"y:4","rude":"y"}'


def counted(rows: Iterable[Judged], card: Scorecard | None = CARD) -> Questions:
    found = Questions(TWO_WEEKS, card)
    for one in rows:
        found.add(one)
    return found


def test_each_question_tells_what_was_earned_unsure_and_not_asked() -> None:
    lines = counted([row(90, answers=line) for line in (WELL, BADLY, OPEN, OPEN)]).lines()
    assert [line.question for line in lines] == ["greeting", "name", "tone", "rude"]
    greeting, name, tone, _ = lines
    assert (greeting.earned.numerator, greeting.earned.denominator) == (1, 2)
    assert (greeting.unsure.numerator, greeting.unsure.denominator) == (2, 4)
    assert (name.does_not_apply, name.unsure.n, name.earned.n) == (2, 2, 2)
    assert tone.earned.value == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    assert tone.earned.interval is not None


def test_a_question_changes_and_has_its_weeks() -> None:
    days = ((1, WELL), (9, BADLY), (10, BADLY), (17, WELL))
    (greeting, *_) = counted([row(90, day, answers=line) for day, line in days]).lines()
    assert greeting.earned.value == pytest.approx(1 / 3)
    assert greeting.change.value == pytest.approx(1 / 3 - 1)
    assert [figure.value for figure in greeting.trend] == [0, 1]
    assert not greeting.change.is_clear, "of one conversation before nothing is clear"


def test_what_costs_most_comes_first_and_sums_to_all() -> None:
    losses = counted([row(90, answers=line) for line in (WELL, BADLY, BADLY, BADLY)]).losses()
    told = {loss.question: loss.lost.value for loss in losses}
    assert told == {"greeting": pytest.approx(22.5), "tone": pytest.approx(22.5), "name": 0}
    assert [loss.fails for loss in losses] == [3, 0, 0]
    assert [loss.part for loss in losses] == [pytest.approx(0.5), pytest.approx(0.5), 0]
    assert losses[-1].cumulative == pytest.approx(1)


def test_what_drops_out_leaves_its_weight_to_the_others() -> None:
    """Unsure greeting, no name: the whole opening drops out, and the tone is the whole form."""
    (first, *_) = counted([row(50, answers='{"greeting":"?","name":"-","tone":"y:2"}')]).losses()
    assert (first.question, first.lost.value) == ("tone", 50)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("yn-?"), st.sampled_from("yn-?"), st.integers(0, 4)),
        min_size=1,
        max_size=6,
    )
)
def test_points_lost_are_those_that_the_score_lacks(
    given_answers: list[tuple[str, str, int]],
) -> None:
    lacking, rows = [], []
    for greeting, name, tone in given_answers:
        findings = (
            Finding("greeting", _verdict(greeting), 1, ""), Finding("name", _verdict(name), 1, ""),
            Finding("tone", Verdict.NO if tone == 0 else Verdict.YES, 1, "", value=float(tone)),
        )  # fmt: skip
        points = score(CARD, findings).points
        assert points is not None
        lacking.append(100 - points)
        rows.append(row(points, answers=pack(findings, CARD)))
    losses = counted(rows).losses()
    assert sum(loss.lost.value or 0 for loss in losses) == pytest.approx(
        sum(lacking) / len(lacking), abs=0.05
    )


def _verdict(letter: str) -> Verdict:
    return {
        "y": Verdict.YES, "n": Verdict.NO, "-": Verdict.NOT_APPLICABLE, "?": Verdict.UNSURE,
    }[letter]  # fmt: skip


def test_without_the_form_there_is_no_pareto_and_yes_counts_as_one() -> None:
    found = counted([row(90, answers=BADLY)], card=None)
    assert found.losses() == ()
    assert {line.question: line.earned.value for line in found.lines()} == {
        "greeting": 0, "name": 1, "rude": 1, "tone": 1,
    }  # fmt: skip


def test_nothing_is_lost_where_nothing_was_counted() -> None:
    assert counted([]).losses() == ()
    assert counted([]).lines() == ()
    assert counted([row(90, 1, answers=WELL)]).lines() == (), "only the days before have any"


def test_weights_count_here_too() -> None:
    rows = [row(90, answers=WELL, weight=9.0), row(40, answers=BADLY, weight=1.0)]
    greeting = counted(rows).lines()[0]
    assert greeting.earned.value == pytest.approx(0.9)
    assert counted(rows).losses()[0].lost.value == pytest.approx(3.0)

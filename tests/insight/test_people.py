"""Disputes, evaluators beside the others, and scores beside what customers say."""

import pytest

from core.judged import Answered, Blindly, Contested, Surveyed
from insight.blind import BlindAnswers
from insight.disputes import Disputes
from insight.evaluators import Evaluators
from insight.ranks import LEAST
from insight.satisfaction import Satisfactions
from tests.insight.build import CARD, TWO_WEEKS, on


def dispute(
    question: str, overturned: bool | None, day: int = 9, *, evaluator: str = "sam"
) -> Contested:
    return Contested("c", on(day), "ann", None, question, evaluator, overturned)


def test_what_waits_is_in_no_share() -> None:
    found = Disputes(TWO_WEEKS, lambda one: one.question)
    for one in (
        dispute("name", True), dispute("name", False, 17), dispute("name", None),
        dispute("name", True, 1), dispute("tone", None), dispute("old", True, 1),
        dispute("old", None, 1),
    ):  # fmt: skip
        found.add(one)
    name, tone = found.lines()
    assert (name.key, name.overturned.numerator, name.overturned.denominator) == ("name", 1, 2)
    assert (name.waiting, name.change.value) == (1, -0.5)
    assert [figure.value for figure in name.trend] == [1, 0]
    assert (tone.key, tone.overturned.value, tone.waiting) == ("tone", None, 1)


def test_disputes_are_grouped_by_whatever_is_asked() -> None:
    found = Disputes(TWO_WEEKS, lambda one: one.queue)
    found.add(dispute("name", True))
    assert found.lines() == (), "a conversation of no queue is in no queue's line"


MACHINE = '{"greeting":"n","name":"y","tone":"y:2","rude":"?"}'
SAME = '{"greeting":"n","name":"y","tone":"y:2","rude":"y"}'
KINDER = '{"greeting":"y","name":"y","tone":"y:4","rude":"y"}'


def answered(evaluator: str, person: str, day: int = 9) -> Answered:
    return Answered("c", on(day), evaluator, MACHINE, person)


def test_an_evaluator_is_compared_with_the_others_and_with_before() -> None:
    found = Evaluators(TWO_WEEKS, CARD)
    for one in (
        answered("sam", KINDER), answered("sam", SAME), answered("sam", SAME, 1),
        answered("sue", SAME), answered("sue", SAME, 17), answered("tom", KINDER, 1),
    ):  # fmt: skip
        found.add(one)
    sam, sue = found.lines()
    assert [sam.evaluator, sue.evaluator] == ["sam", "sue"], "Tom did nothing in these days"
    assert sam.changed.value == pytest.approx(2 / 6), "two of three answers, once of twice"
    assert (sam.changed.n, sam.changed.denominator) == (2, 6)
    assert sam.others.value == pytest.approx(2 / 6)
    assert sam.drift.value == pytest.approx(2 / 6)
    assert sam.leaning.value == pytest.approx((1 + 0.5) / 6)
    assert [figure.value for figure in sam.trend] == [pytest.approx(2 / 6), None]
    assert sue.changed.value == 0
    assert sue.leaning_others.value == pytest.approx(-1.5 / 6)


def test_what_the_machine_left_open_is_no_change() -> None:
    found = Evaluators(TWO_WEEKS, CARD)
    found.add(answered("sam", SAME))
    (sam,) = found.lines()
    assert (sam.changed.value, sam.leaning.value) == (0, 0)
    assert sam.others.value is None, "nobody else is there"
    assert sam.leaning.interval is not None
    assert sam.leaning.interval.low < 0 < sam.leaning.interval.high


def test_what_a_person_takes_away_counts_as_changed() -> None:
    found = Evaluators(TWO_WEEKS, CARD)
    found.add(answered("sam", '{"greeting":"-","name":"?","tone":"y:2"}'))
    (sam,) = found.lines()
    assert sam.changed.value == pytest.approx(2 / 3)
    assert sam.leaning.value == 0, "both answered the tone alone"


def blind(unit: str, who: str, answers: str, day: int = 9, *, machine: str = "yn") -> list[Blindly]:
    """A person's answers to the questions q0, q1, one letter each."""
    return [
        Blindly(unit, on(day), who, f"q{place}", machine[place], letter)
        for place, letter in enumerate(answers)
    ]


def test_blind_answers_stand_beside_the_machine_and_the_others() -> None:
    found = BlindAnswers(TWO_WEEKS)
    for one in (
        *blind("a", "sam", "yn"), *blind("a", "sue", "yy"), *blind("a", "tom", "nn"),
        *blind("b", "sam", "ny", 17), *blind("c", "sam", "yn", 1), *blind("c", "sue", "yn", 1),
        *blind("d", "tom", "yn", 30),
    ):  # fmt: skip
        found.add(one)
    sam, sue, tom = found.lines()
    assert [sam.evaluator, sue.evaluator, tom.evaluator] == ["sam", "sue", "tom"]
    assert (sam.as_machine.numerator, sam.as_machine.denominator) == (2, 4)
    assert sam.as_machine.n == 2, "conversations, not answers"
    assert sam.machine_drift.value == pytest.approx(-0.5)
    assert (sam.as_others.numerator, sam.as_others.denominator) == (2, 4)
    assert sam.others_drift.value == pytest.approx(-0.5)
    assert [figure.value for figure in sam.trend] == [1, 0]
    assert sue.as_others.value == pytest.approx(0.25)
    assert tom.machine_drift.value is None
    assert BlindAnswers(TWO_WEEKS).lines() == ()


def test_scores_go_with_csat_or_not() -> None:
    found = Satisfactions(TWO_WEEKS)
    for number in range(LEAST):
        found.add(Surveyed("c", on(9), 50.0 + number, 1 + number // 2))
    found.add(Surveyed("c", on(1), 99.0, 1))
    result = found.result()
    assert result.spearman.n == LEAST, "the days before are not in it"
    assert result.spearman.value == pytest.approx(0.985, abs=0.001)
    assert result.kendall.value == pytest.approx(0.943, abs=0.001)
    assert (result.csat.numerator, result.csat.denominator) == (4, 10)
    assert [(level, figure.value, figure.n) for level, figure in result.scores] == [
        (1, 50.5, 2), (2, 52.5, 2), (3, 54.5, 2), (4, 56.5, 2), (5, 58.5, 2),
    ]  # fmt: skip


def test_nobody_answered_is_no_data() -> None:
    result = Satisfactions(TWO_WEEKS).result()
    assert {result.spearman.value, result.kendall.value, result.csat.value} == {None}
    assert [figure.value for _, figure in result.scores] == [None] * 5

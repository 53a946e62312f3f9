"""The score follows DOMAIN "Scorecard": N/A drops out, weights renormalise, fatal is zero."""

import pytest

from core.answers import AnswerForm, AnswerKind, Choice
from core.errors import BadInput
from core.evaluation import Finding, Verdict
from core.score import (
    SectionScore,
    answer_of,
    effective_weights,
    score,
    shares_of,
    verdict_of,
)
from core.scorecard import Criticality, Question, Scorecard, Section

CARD = Scorecard(
    "card",
    1,
    "Card",
    (
        Section("a", "A", 60, (Question("q1", "?", 75, "r"), Question("q2", "?", 25, "r"))),
        Section("b", "B", 40, (Question("q3", "?", 100, "r", criticality=Criticality.FATAL),)),
    ),
    pass_mark=50,
)
CHOICE = AnswerForm(
    AnswerKind.CHOICE, (Choice("none", "None", 0), Choice("half", "Half", 2), Choice("all", "", 4))
)
SCALE = AnswerForm(AnswerKind.SCALE, low=1, high=5)
DEEP = Scorecard(
    "deep",
    1,
    "Deep",
    (
        Section(
            "a",
            "A",
            50,
            sections=(
                Section(
                    "a1",
                    "A1",
                    80,
                    (
                        Question("q1", "?", 50, "r", answers=CHOICE),
                        Question("q2", "?", 50, "r", criticality=Criticality.FATAL_SECTION),
                    ),
                ),
                Section("a2", "A2", 20, (Question("q3", "?", 100, "r", answers=SCALE),)),
            ),
        ),
        Section("b", "B", 50, (Question("q4", "?", 100, "r", criticality=Criticality.CRITICAL),)),
    ),
)


def found(**answers: str) -> tuple[Finding, ...]:
    return tuple(_finding(question, answer) for question, answer in answers.items())


def _finding(question: str, answer: str) -> Finding:
    if answer in list(Verdict):
        return Finding(question, Verdict(answer), 0.9, "because")
    asked = DEEP.question(question)
    assert asked is not None
    return Finding(question, verdict_of(asked, answer), 0.9, "because", value=answer)


@pytest.mark.parametrize(
    ("q1", "q2", "q3", "points", "failed", "before"),
    [
        ("yes", "yes", "yes", 100.0, False, None),
        ("no", "yes", "yes", 55.0, False, None),  # 60 * .25 + 40
        ("yes", "no", "not_applicable", 75.0, False, None),
        ("not_applicable", "no", "yes", 40.0, True, None),
        ("unsure", "yes", "yes", 100.0, False, None),
        ("yes", "yes", "no", 0.0, True, 60.0),
        ("no", "no", "no", 0.0, True, 0.0),
        ("not_applicable", "not_applicable", "not_applicable", None, False, None),
    ],
)
def test_score_table(
    q1: str, q2: str, q3: str, *, points: float | None, failed: bool, before: float | None
) -> None:
    made = score(CARD, found(q1=q1, q2=q2, q3=q3))
    assert (made.points, made.failed, made.before_fatal) == (points, failed, before)


def test_sections_of_sections_are_weighed_level_by_level() -> None:
    made = score(DEEP, found(q1="half", q2="yes", q3="4", q4="no"))
    # a1 = (50 * 50 + 50 * 100) / 100 = 75; a2 = 100 * 4 / 5 = 80; a = .8 * 75 + .2 * 80 = 76
    assert made.points == 38.0
    assert made.sections == (
        SectionScore("a", 76.0),
        SectionScore("a1", 75.0),
        SectionScore("a2", 80.0),
        SectionScore("b", 0.0),
    )


def test_fatal_in_a_section_takes_that_section_alone() -> None:
    made = score(DEEP, found(q1="all", q2="no", q3="5", q4="yes"))
    assert made.points == 60.0  # a1 is 0, a = 20, and b is 100
    assert made.before_fatal == 80.0  # a1 would be 50, a = .8 * 50 + 20 = 60
    assert not made.failed
    assert SectionScore("a1", 0.0, failed=True) in made.sections


def test_critical_questions_have_a_score_of_their_own() -> None:
    assert score(DEEP, found(q1="all", q3="5", q4="no")).critical == 0.0
    assert score(DEEP, found(q2="yes", q4="yes")).critical == 100.0
    assert score(DEEP, found(q1="all")).critical is None


def test_effective_weights_sum_to_100_and_explain_the_score() -> None:
    for answers in ({"q1": "half", "q2": "yes", "q4": "no"}, {"q3": "2"}, {"q1": "none"}):
        shares = shares_of(DEEP, found(**answers))
        weights = effective_weights(DEEP, shares)
        assert sum(weights.values()) == pytest.approx(100)
        explained = sum(weight * shares[question] for question, weight in weights.items())
        assert score(DEEP, found(**answers)).points == pytest.approx(explained, abs=0.01)
    assert effective_weights(DEEP, {}) == {}


def test_an_answer_its_question_cannot_have_is_refused() -> None:
    wrong = Finding("q1", Verdict.YES, 0.9, "because", value="most")
    with pytest.raises(BadInput, match="q1: 'most' is not one of none, half, all"):
        score(DEEP, (wrong,))


def test_answers_are_read_as_their_form_writes_them() -> None:
    q3 = DEEP.question("q3")
    q4 = DEEP.question("q4")
    assert q3 and q4
    assert answer_of(q3, Finding("q3", Verdict.YES, 0.9, "because", value=4.0)) == "4"
    assert answer_of(q4, Finding("q4", Verdict.NO, 0.9, "because", value=-0.4)) == "no"
    assert [verdict_of(q3, mark).value for mark in q3.answers.values] == ["no"] + ["yes"] * 4

"""Which question it is: unchanged by version and weight, changed by words, rule and options."""

from dataclasses import replace

import pytest

from core.answers import AnswerForm, AnswerKind, Choice
from core.asked import answer_of, asked_of
from core.calibration import NOT_APPLICABLE, UNSURE, Consensus, digest_of
from core.conversation import Channel
from core.errors import BadInput
from core.evaluation import Finding, Verdict
from core.scorecard import Condition, Criticality, Question, Scorecard, Section
from qa.cards import load_scorecard
from tests.calibrating import NOW

QUESTION = Question(
    "greeting", "Greeted?", 50, "phrase", {"phrases": ("hello", "hi"), "seconds": 3.0}
)


@pytest.mark.parametrize(
    "other",
    [
        replace(QUESTION, weight=20),
        replace(QUESTION, criticality=Criticality.FATAL),
        replace(QUESTION, channels=frozenset({Channel.VOICE})),
        replace(QUESTION, options={"seconds": 3, "phrases": ["hello", "hi"]}),
    ],
)
def test_the_same_question_has_the_same_digest(other: Question) -> None:
    assert digest_of(other) == digest_of(QUESTION)


@pytest.mark.parametrize(
    "other",
    [
        replace(QUESTION, id="greets"),
        replace(QUESTION, text="Did they greet?"),
        replace(QUESTION, rule="absence"),
        replace(QUESTION, options={"phrases": ("hello", "hi"), "seconds": 4}),
        replace(QUESTION, options={"phrases": ("hi", "hello"), "seconds": 3.0}),
        replace(QUESTION, options={"phrases": ("hello hi",), "seconds": 3.0}),
        replace(QUESTION, options={}),
    ],
)
def test_another_question_has_another(other: Question) -> None:
    assert digest_of(other) != digest_of(QUESTION)


def test_the_digests_of_a_shipped_form_are_different_and_stay() -> None:
    digests = [asked.digest for asked in asked_of(load_scorecard("service"))]
    assert len(set(digests)) == len(digests)
    assert digests == [asked.digest for asked in asked_of(load_scorecard("service"))]


def test_a_form_is_asked_in_its_order_with_what_may_be_answered() -> None:
    card = load_scorecard("service")
    asked = asked_of(card)
    assert [each.id for each in asked] == [question.id for question in card.questions]
    by_id = {each.id: each for each in asked}
    assert by_id["no_prohibited"].is_fatal
    assert not by_id["greeting"].is_fatal
    assert by_id["greeting"].allowed == ("yes", "no", NOT_APPLICABLE, UNSURE)
    assert by_id["recording_notice"].is_asked_of(Channel.VOICE)
    assert not by_id["recording_notice"].is_asked_of(Channel.WEB)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.YES, "yes"),
        (Verdict.NO, "no"),
        (Verdict.NOT_APPLICABLE, NOT_APPLICABLE),
        (Verdict.UNSURE, UNSURE),
        (None, UNSURE),
    ],
)
def test_a_finding_is_an_answer(verdict: Verdict | None, expected: str) -> None:
    asked = asked_of(load_scorecard("service"))[0]
    finding = None if verdict is None else Finding(asked.id, verdict, 0.9, "")
    assert answer_of(asked, finding) == expected


def test_a_consensus_says_why() -> None:
    with pytest.raises(BadInput, match="why"):
        Consensus("c1", "greeting", "yes", "  ", "sam", NOW)


CHOICE = AnswerForm(
    AnswerKind.CHOICE,
    (Choice("full", "Fully", 2), Choice("part", "Partly", 1), Choice("none", "Not at all", 0)),
)
MARKS = AnswerForm(AnswerKind.SCALE, low=1, high=5)


def card_of(*questions: Question) -> Scorecard:
    inner = Section("inner", "Inner", 100, questions)
    return Scorecard("mine", 1, "Mine", (Section("outer", "Outer", 100, sections=(inner,)),))


def test_choices_marks_and_free_words() -> None:
    choice = replace(QUESTION, id="choice", answers=CHOICE, criticality=Criticality.FATAL_SECTION)
    marks = replace(QUESTION, id="marks", answers=MARKS, may_not_apply=False, rule="person")
    words = Question("words", "What else?", 0, "person", answers=AnswerForm(AnswerKind.TEXT))
    first, second = asked_of(card_of(choice, marks, words))
    assert first.answers == ("full", "part", "none")
    assert first.texts["part"] == "Partly"
    assert first.lowest == frozenset({"none"})
    assert (first.is_fatal, first.is_scale) == (True, False)
    assert first.section == "Outer: Inner"
    assert second.answers == ("1", "2", "3", "4", "5")
    assert second.lowest == frozenset({"1"})
    assert (second.is_scale, second.by_person) == (True, True)
    assert second.allowed == (*second.answers, UNSURE)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3.0, "3"), (3, "3"), ("4", "4"), (3.5, UNSURE), (None, UNSURE), ("full", UNSURE)],
)
def test_a_finding_with_a_mark_is_that_mark(value: float | str | None, expected: str) -> None:
    (asked,) = asked_of(card_of(replace(QUESTION, answers=MARKS, weight=100)))
    assert answer_of(asked, Finding("greeting", Verdict.YES, 0.9, "", value=value)) == expected


def test_other_possible_answers_make_another_question() -> None:
    assert digest_of(replace(QUESTION, answers=MARKS)) != digest_of(QUESTION)


def test_a_question_that_depends_on_another_may_always_not_apply() -> None:
    depends = replace(
        QUESTION, id="second", may_not_apply=False,
        when=(Condition("greeting", frozenset({"yes"})),),
    )  # fmt: skip
    _, asked = asked_of(card_of(QUESTION, depends))
    assert NOT_APPLICABLE in asked.allowed

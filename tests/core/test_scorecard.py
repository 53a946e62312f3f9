"""A form that contradicts itself is refused, with the reason."""

from collections.abc import Callable

import pytest

from core.answers import AnswerForm, AnswerKind, Choice
from core.errors import BadInput
from core.scorecard import Condition, Criticality, Question, Scorecard, Section

WORDS = AnswerForm(AnswerKind.TEXT)
SCALE = AnswerForm(AnswerKind.SCALE, low=0, high=3)


def question(name: str, weight: float = 100, **more: object) -> Question:
    return Question(name, "?", weight, "phrase", **more)  # type: ignore[arg-type]


def card(*sections: Section) -> Scorecard:
    return Scorecard("card", 1, "Card", sections)


def only(*questions: Question) -> Scorecard:
    return card(Section("s", "S", 100, questions))


def choices(*points: float) -> AnswerForm:
    made = tuple(Choice(f"c{place}", "", value) for place, value in enumerate(points))
    return AnswerForm(AnswerKind.CHOICE, made)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: only(question("a", 40), question("b", 50)), "weights sum to 90"),
        (lambda: only(question("a", 50), question("a", 50)), "two questions with one id, a"),
        (lambda: card(Section("s", "S", 50, (question("a"),)),
                      Section("s", "S", 50, (question("b"),))), "two sections with one id, s"),
        (lambda: Section("s", "S", 100, (question("a"),),
                         (Section("t", "T", 100, (question("b"),)),)), "not both"),
        (lambda: card(Section("1", "", 100, sections=(Section("2", "", 100, sections=(
            Section("3", "", 100, (question("a"),)),)),))), "2 deep at most"),
        (lambda: Section("s", "S", 100), "section s is empty"),
        (lambda: only(question("a"), question("b", 5, answers=WORDS)), "its weight is 0"),
        (lambda: question("a", 0, answers=WORDS, criticality=Criticality.FATAL), "be critical"),
        (lambda: Section("s", "S", 10, (question("a", 0, answers=WORDS),)), "so its weight is 0"),
        (lambda: only(question("a", 50, when=(Condition("b", frozenset({"yes"})),)),
                      question("b", 50)), "not a question before it"),
        (lambda: only(question("a", 100, when=(Condition("a", frozenset({"yes"})),))),
         "not a question before it"),
        (lambda: only(question("a", 50, answers=SCALE),
                      question("b", 50, when=(Condition("a", frozenset({"4"})),))),
         "being 4; it can be 0, 1, 2, 3"),
        (lambda: Condition("a", frozenset()), "names no answer"),
        (lambda: choices(1), "two answers or more"),
        (lambda: choices(1, 1), "cannot be scored"),
        (lambda: choices(0, -1), "points are 0 or more"),
        (lambda: AnswerForm(AnswerKind.SCALE, low=3, high=3), "goes up"),
        (lambda: AnswerForm(AnswerKind.YES_NO, (Choice("a", "", 1), Choice("b", "", 0))),
         "only there"),
        (lambda: Scorecard("c", 1, "C", (Section("s", "S", 100, (question("a"),)),), points=0),
         "more than 0"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(make: Callable[[], object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        make()


def test_free_words_stand_beside_what_counts() -> None:
    made = card(
        Section("s", "S", 100, (question("a"), question("note", 0, answers=WORDS))),
        Section("t", "T", 0, (question("other", 0, answers=WORDS),)),
    )
    assert [q.id for q in made.questions] == ["a", "note", "other"]
    assert made.question("note") is not None and made.question("nothing") is None


@pytest.mark.parametrize(
    ("form", "value", "share"),
    [
        (AnswerForm(), "yes", 1.0),
        (AnswerForm(), "no", 0.0),
        (choices(0, 3, 4), "c1", 0.75),
        (AnswerForm(AnswerKind.SCALE, low=1, high=5), "1", 0.2),
        (SCALE, "0", 0.0),
    ],
)
def test_an_answer_is_worth_its_points_over_the_most(
    form: AnswerForm, value: str, share: float
) -> None:
    assert form.share(value) == share

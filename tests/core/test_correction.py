"""Machine's and people's answers put together, as the form asks them."""

from datetime import UTC, datetime, timedelta

import pytest

from core.answers import AnswerForm, AnswerKind, Choice
from core.correction import answer_from, check_answer, corrected, counting, is_fatal
from core.errors import BadInput
from core.evaluation import Evidence, Finding, Source, Verdict
from core.review import Answer, Correction
from core.score import score
from core.scorecard import CommentRule, Condition, Criticality, Question, Scorecard, Section
from core.spans import TextSpan

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HERE = (Evidence("t0", TextSpan(0, 5)),)
TONE = AnswerForm(
    AnswerKind.CHOICE, (Choice("warm", "Warm", 2), Choice("flat", "Flat", 1), Choice("cold", "", 0))
)
CARD = Scorecard(
    "card", 1, "Card",
    (
        Section("talk", "Talk", 100, (
            Question("problem", "A problem?", 40, "phrase"),
            Question(
                "sorry", "Said sorry?", 30, "phrase",
                when=(Condition("problem", frozenset({"yes"})),),
            ),
            Question("tone", "Tone?", 20, "person", answers=TONE, may_not_apply=False),
            Question(
                "ease", "How easy?", 10, "person",
                answers=AnswerForm(AnswerKind.SCALE, low=1, high=5), comment=CommentRule.ON_NO,
            ),
            Question("note", "Anything else?", 0, "person", answers=AnswerForm(AnswerKind.TEXT)),
        )),
    ),
)  # fmt: skip
QUESTION = {question.id: question for question in CARD.questions}


def machine(problem: str, sorry: str) -> tuple[Finding, ...]:
    """What the machine says: the rest waits for a person."""
    given = {"problem": problem, "sorry": sorry, "tone": "unsure", "ease": "unsure"}
    return tuple(Finding(q, Verdict(v), 0.8, "heard", rule="phrase") for q, v in given.items())


def person(
    question: str, answer: Answer, *, minutes: int = 0, withdrawn: bool = False, by: str = "sam"
) -> Correction:
    at = NOW + timedelta(minutes=minutes)
    return Correction(
        f"{question}{minutes}", "v1", question, answer, "because", by, at,
        withdrawn_at=at if withdrawn else None,
    )  # fmt: skip


YES, NO = Answer(Verdict.YES), Answer(Verdict.NO)


def test_without_corrections_nothing_is_changed() -> None:
    findings = machine("yes", "no")
    assert corrected(CARD, findings, ()) == findings
    assert corrected(CARD, findings, [person("sorry", YES, withdrawn=True)]) == findings


def test_the_newest_that_is_not_withdrawn_counts() -> None:
    made = [
        person("sorry", YES, minutes=1),
        person("sorry", NO, minutes=3, withdrawn=True),
        person("sorry", Answer(Verdict.NOT_APPLICABLE), minutes=2),
    ]
    assert counting(made)["sorry"].id == "sorry2"
    found = corrected(CARD, machine("yes", "no"), made)[1]
    assert (found.verdict, found.source, found.confidence, found.reason) == (
        Verdict.NOT_APPLICABLE, Source.PERSON, 1.0, "because",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("problem", "sorry", "correction", "expected"),
    [
        # the machine saw no problem and never asked; a person saw one: now it waits for a person
        ("no", "not_applicable", person("problem", YES), "unsure"),
        # the machine saw a problem and no apology; there was no problem: it is not asked any more
        ("yes", "no", person("problem", NO), "not_applicable"),
        ("yes", "no", person("problem", Answer(Verdict.UNSURE)), "unsure"),
        ("yes", "no", person("tone", Answer(Verdict.YES, "warm")), "no"),
    ],
)
def test_a_correction_asks_or_drops_what_depends_on_it(
    problem: str, sorry: str, correction: Correction, expected: str
) -> None:
    found = corrected(CARD, machine(problem, sorry), [correction])
    assert [one.question for one in found] == ["problem", "sorry", "tone", "ease"]
    assert found[1].verdict == expected
    assert found[1].source is Source.MACHINE


def test_a_persons_answer_to_what_is_not_asked_any_more_does_not_count() -> None:
    made = [person("sorry", YES), person("problem", NO, minutes=1)]
    assert corrected(CARD, machine("yes", "no"), made)[1].verdict is Verdict.NOT_APPLICABLE
    made = [person("problem", YES), person("sorry", YES)]
    assert corrected(CARD, machine("no", "not_applicable"), made)[1].verdict is Verdict.YES


def test_choices_and_marks_count_by_their_points() -> None:
    made = [
        person("tone", Answer(Verdict.YES, "flat")),
        person("ease", Answer(Verdict.YES, 4.0)),
        person("note", Answer(Verdict.YES, "a long call")),
    ]
    found = corrected(CARD, machine("yes", "yes"), made)
    assert score(CARD, found).points == 40 + 30 + 20 * 0.5 + 10 * 0.8
    assert found[-1].value == "a long call", "what the machine never answered is added"


@pytest.mark.parametrize(
    ("question", "given", "expected"),
    [
        ("problem", "yes", Answer(Verdict.YES, None, HERE)),
        ("problem", "no", Answer(Verdict.NO, None, HERE)),
        ("problem", "not_applicable", Answer(Verdict.NOT_APPLICABLE, None, HERE)),
        ("problem", "unsure", Answer(Verdict.UNSURE, None, HERE)),
        ("tone", "flat", Answer(Verdict.YES, "flat", HERE)),
        ("tone", "cold", Answer(Verdict.NO, "cold", HERE)),  # the lowest is a no
        ("ease", "1", Answer(Verdict.NO, 1.0, HERE)),
        ("ease", "5", Answer(Verdict.YES, 5.0, HERE)),
        ("note", " a long call ", Answer(Verdict.YES, "a long call", HERE)),
        ("problem", "", "Choose one of the answers: yes, no"),
        ("problem", "maybe", "Choose one"),
        ("tone", "yes", "warm, flat, cold"),
        ("tone", "not_applicable", "always applies"),
        ("ease", "6", "Choose one"),
        ("ease", "4.5", "Choose one"),
        ("note", "  ", "own words"),
    ],
)
def test_answers_as_the_form_writes_them(question: str, given: str, expected: Answer | str) -> None:
    if isinstance(expected, Answer):
        assert answer_from(QUESTION[question], given, HERE) == expected
        return
    with pytest.raises(BadInput, match=expected):
        answer_from(QUESTION[question], given, HERE)


def found(verdict: str, source: Source = Source.MACHINE, value: str | None = None) -> Finding:
    return Finding("q", Verdict(verdict), 0.8, "heard", HERE, value=value, source=source)


@pytest.mark.parametrize(
    ("question", "answer", "comment", "counts", "message"),
    [
        ("problem", YES, "why", found("no"), None),
        ("problem", YES, "", found("no"), "few words"),  # a contradiction needs its reason
        ("problem", YES, "", found("unsure"), None),  # an answer that was missing does not
        ("problem", Answer(Verdict.UNSURE), "", found("unsure"), None),
        ("problem", Answer(Verdict.UNSURE), "x", found("unsure", Source.PERSON), "already"),
        ("problem", NO, "why", found("no"), "already"),
        ("problem", Answer(Verdict.NO, None, HERE), "why", found("no"), "already"),
        ("problem", Answer(Verdict.NO, None, (Evidence("t1", TextSpan(0, 1)),)), "why",
         found("no"), None),  # the same, seen elsewhere
        ("tone", Answer(Verdict.YES, "warm"), "why", found("yes", value="flat"), None),
        ("tone", Answer(Verdict.YES, "flat"), "why", found("yes", value="flat"), "already"),
        ("ease", Answer(Verdict.NO, 1.0), "", found("unsure"), "few words"),  # the form asks
        ("ease", Answer(Verdict.YES, 2.0), "", found("unsure"), None),
        ("note", Answer(Verdict.YES, "x"), "", None, None),
    ],
)  # fmt: skip
def test_what_an_answer_needs(
    question: str, answer: Answer, comment: str, counts: Finding | None, message: str | None
) -> None:
    if message is None:
        check_answer(QUESTION[question], answer, comment, counts)
        return
    with pytest.raises(BadInput, match=message):
        check_answer(QUESTION[question], answer, comment, counts)


@pytest.mark.parametrize("criticality", list(Criticality))
def test_both_kinds_of_fatal_need_two_people(criticality: Criticality) -> None:
    question = Question("q", "?", 10, "phrase", criticality=criticality)
    assert is_fatal(question) is criticality.value.startswith("fatal")
    assert not is_fatal(None)

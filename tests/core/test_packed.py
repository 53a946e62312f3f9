"""Answers as reports count them: everything that counts is in the line, and no words are."""

import pytest

from core.answers import AnswerForm, AnswerKind, Choice
from core.errors import BadInput
from core.evaluation import Finding, Source, Verdict
from core.packed import LineReader, Read, pack, piece_of, unpack
from core.scorecard import Question, Scorecard, Section

TONE = AnswerForm(AnswerKind.SCALE, low=1, high=5)
END = AnswerForm(
    AnswerKind.CHOICE, choices=(Choice("abrupt", "Abrupt", 0), Choice("kind", "Kind", 2))
)
CARD = Scorecard(
    "s", 1, "S",
    (Section("all", "All", 100, (
        Question("greeting", "Greeted?", 40, "phrase"),
        Question("tone", "How was the tone?", 30, "person", answers=TONE),
        Question("end", "How did it end?", 30, "person", answers=END),
        Question("words", "In your words?", 0, "person", answers=AnswerForm(AnswerKind.TEXT)),
    )),),
)  # fmt: skip
FINDINGS = (
    Finding("greeting", Verdict.YES, 0.9, "named the company", value=0.83),
    Finding("tone", Verdict.YES, 0.7, "calm", value=4.0),
    Finding("end", Verdict.NO, 0.7, "hung up", value="abrupt"),
    Finding("words", Verdict.YES, 1.0, "", value="Anna", source=Source.PERSON),
)


def test_the_line_earns_what_the_findings_earn() -> None:
    for line in (pack(FINDINGS, CARD), pack(FINDINGS)):
        assert LineReader(CARD).shares(line) == {"greeting": 1.0, "tone": 0.8, "end": 0.0}


def test_no_word_of_a_person_is_in_it() -> None:
    for line in (pack(FINDINGS, CARD), pack(FINDINGS)):
        assert "Anna" not in line
        assert "calm" not in line
    spoken = Finding("end", Verdict.YES, 0.9, "", value="She was called Anna Smith")
    assert pack([spoken]) == '{"end":"y"}'


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_comes_back(verdict: Verdict) -> None:
    line = pack([Finding('odd "id"', verdict, 0.5, "because")])
    (found,) = unpack(line)
    assert (found.question, found.verdict, found.reason) == ('odd "id"', verdict, "")
    assert piece_of('odd "id"', verdict) in line
    others = [other for other in Verdict if other is not verdict]
    assert not any(piece_of('odd "id"', other) in line for other in others)


def test_what_is_open_earns_nothing_and_costs_nothing() -> None:
    line = pack([
        Finding("greeting", Verdict.UNSURE, 0.5, ""),
        Finding("tone", Verdict.NOT_APPLICABLE, 0.5, "", value=3.0),
    ])  # fmt: skip
    assert line == '{"greeting":"?","tone":"-"}'
    assert LineReader(CARD).shares(line) == {}
    assert LineReader(None).shares(line) == {}


def test_without_its_form_a_yes_is_one() -> None:
    assert LineReader(None).shares(pack(FINDINGS[:3])) == {"greeting": 1.0, "tone": 1.0, "end": 0.0}


def test_an_answer_is_found_with_its_mark() -> None:
    line = pack(FINDINGS, CARD)
    assert piece_of("tone", Verdict.YES) in line
    assert piece_of("one", Verdict.YES) not in line, "another question's name ends so"


def test_each_answer_is_read_with_its_verdict_and_once_as_often_as_twice() -> None:
    reader = LineReader(CARD)
    line = pack([*FINDINGS[:2], Finding("end", Verdict.UNSURE, 0.5, "")], CARD)
    wanted = {
        "greeting": Read(Verdict.YES, 1.0), "tone": Read(Verdict.YES, 0.8),
        "end": Read(Verdict.UNSURE, None),
    }  # fmt: skip
    assert reader.read(line) == reader.read(line) == wanted
    assert reader.read('{"tone":"y:5"}')["tone"].share == 1.0, "another mark is another answer"


def test_a_mark_that_the_form_does_not_take_is_refused() -> None:
    with pytest.raises(BadInput, match="question tone"):
        LineReader(CARD).shares('{"tone":"y:9"}')

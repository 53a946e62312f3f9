"""Every pack is whole and right: its keys, its facts, and each of its examples."""

from functools import cache

import pytest

from core.errors import BadScorecard, NotFound
from core.evaluation import Verdict
from core.scorecard import Criticality, Question
from qa.cards import PACK_KEYS, list_packs, load_scorecard, parse_scorecard
from qa.packs import Pack, answer_example, failures, load_pack, parse_pack
from qa.rules.registry import PERSON
from tests.qa.judging import pipeline

NAMES = (
    "card_payments", "debt_collection", "health_privacy", "recording_and_identity",
    "recovery_calls", "sales_promises", "service", "vulnerable_customers",
)  # fmt: skip
SMALL = """\
name: small
version: 1
title: Small
jurisdiction: here
citations: [a law]
owner: somebody
note: not legal advice
sections:
  - id: only
    title: Only
    weight: 100
    questions:
      - id: close
        text: Closed?
        weight: 100
        rule: phrase
        options: {phrases: [good bye]}
        examples:
          "yes": [well goodbye]
          "no": [hello]
"""


@cache
def pack(name: str) -> Pack:
    return load_pack(name)


def test_the_packs_are_these() -> None:
    assert list_packs() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_example_of_a_pack_gets_its_answer(name: str) -> None:
    wrong = [
        f"{one.example.place}: {one.example.question}: {one.said}, not {one.example.verdict}"
        for one in failures(pack(name), pipeline())
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_says_where_it_holds_what_it_rests_on_and_that_it_is_no_advice(name: str) -> None:
    one = pack(name)
    assert one.name == name
    assert "not legal advice" in one.note
    assert "to be named here" in one.owner
    assert one.jurisdiction
    assert all(len(citation) > 20 for citation in one.citations)


QUESTIONS = [(name, question) for name in NAMES for question in load_pack(name).scorecard.questions]


@pytest.mark.parametrize(("name", "question"), QUESTIONS, ids=lambda one: getattr(one, "id", one))
def test_every_question_has_examples_that_match_and_that_do_not(
    name: str, question: Question
) -> None:
    verdicts = [one.verdict for one in pack(name).examples if one.question == question.id]
    if question.rule != PERSON:
        assert Verdict.YES in verdicts
        assert Verdict.NO in verdicts


def test_a_pack_is_a_scorecard_by_its_name() -> None:
    card = load_scorecard("debt_collection")
    assert card == pack("debt_collection").scorecard
    fatal = [q.id for q in card.questions if q.criticality is Criticality.FATAL]
    assert fatal == ["right_party", "mini_miranda", "no_threats", "third_parties"]
    with pytest.raises(NotFound, match="debt_collection"):
        load_scorecard("debt")


def test_sections_of_two_packs_make_one_scorecard() -> None:
    service, cards = load_scorecard("service"), load_scorecard("card_payments")
    ids = {question.id for question in service.questions}
    assert ids.isdisjoint(question.id for question in cards.questions)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "service"])
def test_no_two_questions_of_different_packs_share_an_id(name: str) -> None:
    others = [q.id for other in NAMES[:-1] if other not in (name, "service")
              for q in pack(other).scorecard.questions]  # fmt: skip
    shared = {q.id for q in pack(name).scorecard.questions} & set(others)
    assert shared == set()


def test_nobody_is_called_vulnerable_by_the_machine() -> None:
    one = pack("vulnerable_customers")
    told = [answer_example(one.scorecard, example, pipeline()) for example in one.examples]
    assert not [found for found in told if "vulnerable" in found.reason.lower()]
    assert all(found.value is None for found in told)


def test_a_pack_with_a_wrong_example_is_told_by_its_line() -> None:
    wrong = SMALL.replace('"no": [hello]', '"no": [well goodbye]')
    found = list(failures(parse_pack(wrong, "small.yml"), pipeline()))
    assert [(one.example.place, one.said) for one in found] == [("small.yml:20", Verdict.YES)]
    assert list(failures(parse_pack(SMALL, "small.yml"), pipeline())) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("owner: somebody\n", "", "small.yml:1: pack: the key 'owner' is missing"),
        ("citations: [a law]", "citations: a law", "small.yml:5: citations: a list was expected"),
        (
            '"no": [hello]',
            '"maybe": [hello]',
            "small.yml:20: sections[0].questions[0].examples.maybe: unknown key",
        ),
        ('"no": [hello]', '"no": [{say: hello}]', "examples.no[0].say: unknown key"),
        ('"no": [hello]', '"no": [{talk: hello, direction: up}]', "'up' is not a valid"),
        ('"no": [hello]', '"no": [{talk: hello, paused: 9-3}]', "ends before it has begun"),
        ('"no": [hello]', '"no": ["A: "]', "an example holds no words"),
        ("weight: 100\n        rule", "weight: 50\n        rule", "weights sum to 50, not 100"),
    ],
)
def test_a_broken_pack_is_refused_with_file_line_and_key(old: str, new: str, words: str) -> None:
    assert old in SMALL
    with pytest.raises(BadScorecard) as caught:
        parse_pack(SMALL.replace(old, new, 1), "small.yml")
    assert str(caught.value).startswith("small.yml:")
    assert words in str(caught.value)


def test_a_pack_that_borrows_names_questions_that_are_there() -> None:
    head = SMALL.split("sections:", maxsplit=1)[0] + "scorecard: service\nexamples:\n"
    right = parse_pack(f'{head}  greeting:\n    "yes": [hello northwind]\n', "own.yml")
    assert [one.question for one in right.examples] == ["greeting"]
    with pytest.raises(BadScorecard, match=r"own\.yml:10: examples\.greet: the scorecard service"):
        parse_pack(f'{head}  greet:\n    "yes": [hello]\n', "own.yml")


def test_keys_of_packs_may_stand_in_any_scorecard() -> None:
    assert {"jurisdiction", "citations", "owner", "note"} == PACK_KEYS
    assert parse_scorecard(SMALL, "small.yml").name == "small"

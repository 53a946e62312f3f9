"""A scorecard file is read whole, or refused with its file, line and key."""

from pathlib import Path

import pytest

from core.applicability import Side
from core.conversation import CallDirection
from core.errors import BadScorecard, NotFound
from core.scorecard import CommentRule, Condition, Criticality
from qa.card_questions import CHOICE_KEYS, QUESTION_KEYS, SCALE_KEYS
from qa.cards import (
    APPLIES_KEYS,
    CARD_KEYS,
    SECTION_KEYS,
    list_scorecards,
    load_scorecard,
    parse_scorecard,
)
from qa.rules.registry import RULES, SIGN_OPTIONS

IDS = (
    "greeting", "agent_name", "offer_help", "recording_notice", "identity_check",
    "restates_request", "hold", "empathy", "no_prohibited", "resolution", "further_help",
    "courteous_close", "sentiment",
)  # fmt: skip
GOOD = """\
name: small
version: 1
title: Small
variables: {company: ""}
sections:
  - id: only
    title: Only
    weight: 100
    questions:
      - id: close
        text: Closed?
        weight: 100
        rule: phrase
        options:
          window: closing
          phrases:
            - good bye
"""


def test_service_scorecard_has_the_fixed_questions() -> None:
    card = load_scorecard("service")
    assert tuple(question.id for question in card.questions) == IDS
    assert list_scorecards() == ("service",)
    fatal = [q.id for q in card.questions if q.criticality is Criticality.FATAL]
    assert fatal == ["no_prohibited"]
    assert dict(card.variables) == {"company": ""}


def test_load_scorecard_takes_a_path(tmp_path: Path) -> None:
    path = tmp_path / "small.yml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_scorecard(path).questions[0].options["phrases"] == ("good bye",)
    with pytest.raises(NotFound, match="service"):
        load_scorecard("nothing")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadScorecard, match=r"small\.yml"):
        load_scorecard(path)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("weight: 100\n    questions", "weight: 90\n    questions", 1, "sum to 90, not 100"),
        ("        weight: 100\n", "        weight: 50\n", 6, "sum to 50, not 100"),
        ("window: closing", "windows: closing", 15, "options.windows: unknown key"),
        ("window: closing", "window: middle", 15, "options.window: 'middle' is not opening"),
        ("rule: phrase", "rule: magic", 13, "no rule is called 'magic'"),
        ("title: Small", "titel: Small", 3, "titel: unknown key"),
        ("title: Small\n", "", 1, "'title' is missing"),
        ("version: 1", "version: one", 2, "version: a number was expected"),
        ("version: 1", "version: 1.5", 2, "version: a whole number"),
        ("        weight: 100\n", "        weight: yes\n", 12, "weight: a number was expected"),
        ("        weight: 100\n", "        weight: 120\n", 10, "a weight lies in 0..100"),
        ("            - good bye", "            - (good", 17, "neither a word nor a bracket"),
        ("            - good bye", "            - [a, b]", 17, "a text was expected"),
        ("phrases:\n            - good bye", "near: [x y]", 15, "'phrases' is missing"),
        ("text: Closed?", "text: Closed?\n        channels: [fax]", 12, "'fax' is not one of"),
        ("text: Closed?", "text: Closed?\n        person_only: maybe", 12, "true or false"),
        ("text: Closed?", "text: Closed?\n        text: Again?", 12, "given twice"),
        ("name: small", "name: ]", 1, "not YAML"),
        (GOOD, "", 1, "the file is empty"),
        (GOOD, "- a list", 1, "keys were expected"),
        ("sections:", "sections: []\nx:", 6, "x: unknown key"),
        ("title: Small", "title: Small\napplies_to: {queue: [a]}", 4, "applies_to.queue: unknown"),
        ("title: Small", "title: Small\napplies_to: {served_by: [robot]}", 4, "'robot' is not one"),
        ("title: Small", "title: Small\npoints: 0", 1, "points are more than 0"),
        ("title: Small", "title: Small\npass_mark: 160", 4, "pass_mark: a number from 0 to 100"),
        ("text: Closed?", "text: Closed?\n        criticality: deadly", 12, "'deadly' is not one"),
        ("text: Closed?", "text: Closed?\n        answer: choice", 12, "other answers need"),
        ("text: Closed?", "text: Closed?\n        when: {open: [yes]}", 12, "a question before it"),
        ("rule: phrase", "rule: person", 15, "options.window: unknown key"),
        ("weight: 100\n    questions:", "weight: 100\n    parts:", 9, "parts: unknown key"),
    ],
)  # fmt: skip
def test_parse_scorecard_names_file_line_and_key(old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(BadScorecard) as caught:
        parse_scorecard(GOOD.replace(old, new, 1), "small.yml")
    assert str(caught.value).startswith(f"small.yml:{line}: "), caught.value
    assert words in str(caught.value)


WHOLE = """\
name: whole
version: 3
title: Whole
description: Every key once.
pass_mark: 70
points: 50
variables: {company: ""}
dropped: [hold]
applies_to:
  queues: [billing]
  channels: [voice]
  directions: [inbound]
  languages: [en]
  served_by: [person]
  least_seconds: 30
  least_turns: 4
sections:
  - id: outer
    title: Outer
    weight: 100
    sections:
      - id: inner
        title: Inner
        weight: 100
        questions:
          - id: tone
            text: How was the tone?
            instructions: Listen to the end.
            weight: 50
            rule: person
            answer: choice
            choices:
              - {id: cold, text: Cold, points: 0}
              - {id: warm, text: Warm, points: 2}
            comment: on_no
            was: mood_of_agent
          - id: care
            text: How much care?
            weight: 50
            rule: person
            answer: scale
            scale: {low: 1, high: 5}
            may_not_apply: false
            criticality: critical
            when: {tone: [warm]}
          - id: note
            text: Anything else?
            weight: 0
            rule: person
            answer: text
"""


def test_every_key_of_a_form_is_read() -> None:
    card = parse_scorecard(WHOLE, "whole.yml")
    assert (card.points, card.pass_mark, card.dropped) == (50, 70, frozenset({"hold"}))
    applies = card.applies_to
    assert applies.queues == frozenset({"billing"})
    assert applies.served_by == frozenset({Side.PERSON})
    assert applies.directions == frozenset({CallDirection.INBOUND})
    assert (applies.least_seconds, applies.least_turns) == (30, 4)
    tone, care, note = card.questions
    assert tone.answers.values == ("cold", "warm")
    assert (tone.comment, tone.was) == (CommentRule.ON_NO, "mood_of_agent")
    assert tone.instructions == "Listen to the end."
    assert (care.answers.low, care.answers.high, care.may_not_apply) == (1, 5, False)
    assert care.when == (Condition("tone", frozenset({"warm"})),)
    assert care.criticality is Criticality.CRITICAL
    assert not note.answers.is_scored
    assert [section.id for section in card.all_sections] == ["outer", "inner"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("scale: {low: 1, high: 5}", "scale: {low: 1.5, high: 5}", 42, "scale.low: a whole number"),
        ("scale: {low: 1, high: 5}", "scale: {low: 5, high: 1}", 37, "goes up"),
        ("points: 2}", "points: 0}", 26, "cannot be scored"),
        ("points: 2}", "points: two}", 34, "choices[1].points: a number"),
        ("when: {tone: [warm]}", "when: {tone: [hot]}", 45, "being hot; it can be cold, warm"),
        ("weight: 0\n", "weight: 5\n", 46, "answered in free words"),
        ("answer: scale", "answer: text", 41, "a scale needs both"),
        ("    sections:\n", "    sections: []\n    x:\n", 22, "x: unknown key"),
    ],
)  # fmt: skip
def test_a_form_that_contradicts_itself_names_its_line(
    old: str, new: str, line: int, words: str
) -> None:
    assert old in WHOLE
    with pytest.raises(BadScorecard) as caught:
        parse_scorecard(WHOLE.replace(old, new, 1), "whole.yml")
    assert str(caught.value).startswith(f"whole.yml:{line}: "), caught.value
    assert words in str(caught.value)


def test_parse_scorecard_refuses_two_questions_with_one_id() -> None:
    head, question = GOOD.split("      - id: close", 1)
    halves = question.replace("weight: 100", "weight: 50")
    with pytest.raises(BadScorecard, match="two questions with one id"):
        parse_scorecard(f"{head}      - id: close{halves}      - id: close{halves}", "two.yml")


def test_every_key_question_and_option_is_documented() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "scorecards.md").read_text(encoding="utf-8")
    names = {*CARD_KEYS, *APPLIES_KEYS, *SECTION_KEYS, *QUESTION_KEYS, *CHOICE_KEYS, *SCALE_KEYS}
    names |= {*IDS, *RULES, *SIGN_OPTIONS}
    names |= {option for rule in RULES.values() for option in rule.options}
    assert [name for name in sorted(names) if f"`{name}`" not in docs] == []

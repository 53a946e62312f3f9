"""A scorecard file is read whole, or refused with its file, line and key."""

from pathlib import Path

import pytest

from core.errors import BadScorecard, NotFound
from core.scorecard import Criticality
from qa.cards import (
    CARD_KEYS,
    QUESTION_KEYS,
    SECTION_KEYS,
    list_scorecards,
    load_scorecard,
    parse_scorecard,
)
from qa.rules.registry import RULES, SIGN_OPTIONS

IDS = (
    "greeting", "agent_name", "offer_help", "recording_notice", "identity_check",
    "restates_request", "empathy", "no_prohibited", "resolution", "further_help",
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
    ],
)  # fmt: skip
def test_parse_scorecard_names_file_line_and_key(old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(BadScorecard) as caught:
        parse_scorecard(GOOD.replace(old, new, 1), "small.yml")
    assert str(caught.value).startswith(f"small.yml:{line}: "), caught.value
    assert words in str(caught.value)


def test_parse_scorecard_refuses_two_questions_with_one_id() -> None:
    head, question = GOOD.split("      - id: close", 1)
    halves = question.replace("weight: 100", "weight: 50")
    with pytest.raises(BadScorecard, match="two questions with one id"):
        parse_scorecard(f"{head}      - id: close{halves}      - id: close{halves}", "two.yml")


def test_every_key_question_and_option_is_documented() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "scorecards.md").read_text(encoding="utf-8")
    names = {*CARD_KEYS, *SECTION_KEYS, *QUESTION_KEYS, *IDS, *RULES, *SIGN_OPTIONS}
    names |= {option for rule in RULES.values() for option in rule.options}
    assert [name for name in sorted(names) if f"`{name}`" not in docs] == []

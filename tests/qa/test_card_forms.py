"""Scorecards out to YAML and CSV and in again without loss, and versions that follow each other."""

import csv
import io
from dataclasses import replace

import pytest

from core.errors import BadScorecard
from core.scorecard import Scorecard
from qa.card_csv import csv_to_yaml, to_csv
from qa.card_values import to_yaml
from qa.cards import list_scorecards, load_scorecard, parse_scorecard
from qa.versions import check_follows
from tests.qa.test_cards import GOOD, WHOLE


def cards() -> list[Scorecard]:
    written = [parse_scorecard(text, "a.yml") for text in (GOOD, WHOLE)]
    return written + [load_scorecard(name) for name in list_scorecards()]


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.name)
def test_a_form_comes_back_from_yaml_and_csv(card: Scorecard) -> None:
    assert parse_scorecard(to_yaml(card), "a.yml") == card
    assert parse_scorecard(csv_to_yaml(to_csv(card), "a.csv"), "a.csv") == card


def test_a_spreadsheet_gets_no_formula() -> None:
    text = GOOD.replace("text: Closed?", 'text: "=1+1"')
    written = to_csv(parse_scorecard(text, "a.yml"))
    cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
    assert "'=1+1" in cells and "=1+1" not in cells
    assert parse_scorecard(csv_to_yaml(written, "a.csv"), "a.csv").questions[0].text == "=1+1"


def lines() -> str:
    return to_csv(parse_scorecard(GOOD, "a.yml"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("section,", "part,", "a.csv:1: the columns are"),
        ("form,name,", "form,name,x", "a.csv:2: section_weight: 'x"),
        ("only,Only,100,", ",Only,100,", ": section: the section of this question is missing"),
        ("only,Only,100,", "only,Only,much,", ": section_weight: 'much' is not JSON"),
        ("phrase", '"phrase', "not CSV"),
    ],
)
def test_a_table_that_is_wrong_names_its_line(old: str, new: str, words: str) -> None:
    assert old in lines()
    with pytest.raises(BadScorecard) as caught:
        csv_to_yaml(lines().replace(old, new, 1), "a.csv")
    assert words in str(caught.value)
    with pytest.raises(BadScorecard, match="no question"):
        csv_to_yaml("section,id\n", "a.csv")


BEFORE = parse_scorecard(GOOD, "a.yml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD, "version 1 exists already"),
        (GOOD.replace("version: 1", "version: 2"), None),
        (GOOD.replace("version: 1", "version: 2").replace("id: close", "id: goodbye"),
         "question close of version 1 is gone; write `was: close`"),
        (GOOD.replace("version: 1", "version: 2")
         .replace("id: close", "id: goodbye\n        was: close"), None),
        (GOOD.replace("version: 1", "version: 2\ndropped: [close]")
         .replace("id: close", "id: goodbye"), None),
        (GOOD.replace("version: 1", "version: 2\ndropped: [open]"), "has no open"),
        (GOOD.replace("version: 1", "version: 2")
         .replace("id: close", "id: goodbye\n        was: end"), "has no end"),
        (GOOD.replace("version: 1", "version: 2")
         .replace("id: close", "id: close\n        was: close"), "still a question of its own"),
    ],
)  # fmt: skip
def test_a_renamed_question_says_what_it_was(text: str, words: str | None) -> None:
    new = parse_scorecard(text, "a.yml")
    if words is None:
        check_follows(new, BEFORE)
        return
    with pytest.raises(BadScorecard) as caught:
        check_follows(new, BEFORE)
    assert words in str(caught.value)


def test_versions_may_leave_numbers_out() -> None:
    check_follows(replace(BEFORE, version=7), BEFORE)

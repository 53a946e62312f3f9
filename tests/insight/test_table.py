"""A report as CSV fields and as JSON: everything a value is made of, and nothing for no data."""

import json

from core.csv_text import csv_text
from insight.breakdown import Breakdown, everything
from insight.definitions import SCORE
from insight.figures import no_data
from insight.report_tables import score_table, week_table
from insight.table import Column, Row, Table, definitions_in, flat, told
from tests.insight.build import TWO_WEEKS, row


def table() -> Table:
    found = Breakdown(TWO_WEEKS, lambda one: (one.agent,))
    for score, day in ((80, 9), (70.5, 10), (60, 1)):
        found.add(row(score, day))
    found.add(row(90, agent="ben"))
    return score_table("agents", "Agent", found.lines(), {"ann": "Ann A."})


def test_each_figure_has_a_field_for_all_it_is_made_of() -> None:
    fields, rows = flat(table())
    ann = dict(zip(fields, rows[0], strict=True))
    assert (ann["key"], ann["agent"]) == ("ann", "Ann A.")
    assert (ann["score"], ann["score_n"], ann["score_numerator"]) == ("75.25", "2", "150.5")
    assert (ann["score_from"], ann["score_to"]) == ("2026-11-09", "2026-11-22")
    assert ann["score_definition"] == "score 1"
    assert float(ann["score_low"]) < 75.25 < float(ann["score_high"])
    assert (ann["change"], ann["change_compared_with"]) == ("15.25", "60")
    assert (ann["change_compared_with_from"], ann["change_compared_with_n"]) == ("2026-10-26", "1")
    assert "trend" not in fields


def test_no_data_is_an_empty_field_and_null() -> None:
    fields, rows = flat(table())
    ben = dict(zip(fields, rows[1], strict=True))
    assert (ben["change"], ben["change_low"], ben["change_compared_with"]) == ("", "", "")
    assert ben["change_compared_with_n"] == "0"
    body = told(table())["rows"][1]
    assert (body["change"]["value"], body["change"]["low"]) == (None, None)
    assert json.loads(json.dumps(told(table())))["report"] == "agents"


def test_a_figure_tells_programs_its_definition() -> None:
    score = told(table())["rows"][0]["score"]
    assert (score["definition"], score["definition_version"], score["n"]) == ("score", 1, 2)
    assert (score["from"], score["to"]) == ("2026-11-09", "2026-11-22")


def test_definitions_are_those_of_the_table() -> None:
    assert [one.key for one in definitions_in(table())] == ["score", "passed"]


def test_a_table_without_rows_still_names_its_columns() -> None:
    assert flat(Table("weeks", "Week", (Column("week", "Week"),), ())) == (["key", "week"], [])


def test_csv_has_lines_of_rfc_4180_and_quotes_what_needs_it() -> None:
    made = Table(
        "x", "X", (Column("what", "What"),), (Row("a", ('a "b", c\nd',)), Row("b", ("=1+1",)))
    )
    assert csv_text(*flat(made)) == 'key,what\r\na,"a ""b"", c\nd"\r\nb,\'=1+1\r\n'


def test_weeks_come_in_their_order_with_their_days() -> None:
    found = Breakdown(TWO_WEEKS, everything)
    found.add(row(80, 17))
    first, second = week_table(found.points("")).rows
    assert first.values[:2] == ("2026-11-09 to 2026-11-15", 7)
    assert first.values[2] == no_data(SCORE, TWO_WEEKS.weeks()[0])
    assert second.key == "2026-11-16"

"""Reports in the console: right numbers, each leading to the conversations that it counts."""

import csv
import io
import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from console.report_filter import asked_of
from console.report_links import links
from console.reporting import DISPUTES_BY, MAKERS, losses, scope_of
from console.reports import _maker
from core.evaluation import Evaluation, Finding, Verdict
from insight.change import Change
from insight.figures import Figure
from store import audit, evaluations
from tests.console.conftest import House
from tests.console.judged import CARD, FIRST, store_talks

DAYS = "from=2026-11-02&to=2026-11-15"
ACCEPT = {"Accept": "application/json"}


@pytest.fixture
async def talks(house: House) -> House:
    await store_talks(house)
    return house


async def read(house: House, path: str, who: str = "sam") -> dict[str, Any]:
    client = await house.visitor(who)
    async with client.get(path, headers=ACCEPT) as response:
        assert response.status == 200, await response.text()
        found: dict[str, Any] = json.loads(await response.text())
        return found


async def rows(house: House, name: str, more: str = "") -> dict[str, dict[str, Any]]:
    report = await read(house, f"/reports/{name}?{DAYS}{more}")
    return {row["key"]: row for row in report["rows"]}


async def test_the_overview_counts_everything_once(talks: House) -> None:
    report = await read(talks, f"/reports?{DAYS}")
    (whole,) = report["rows"]
    assert (whole["score"]["n"], whole["unscored"]) == (6, 0)
    assert (whole["passed"]["numerator"], whole["passed"]["denominator"]) == (5, 6)
    assert whole["change"]["compared_with"]["n"] == 1
    assert (report["version"], report["timezone"]) == (CARD.version, "Europe/London")
    status, text = await talks.get("sam", f"/reports?{DAYS}")
    assert status == 200
    assert 'role="img"' in text
    assert "What costs most points" in text


async def test_agents_stand_by_name_the_lowest_first(talks: House) -> None:
    found = await rows(talks, "agents")
    assert [row["agent"] for row in found.values()] == ["Ben", "Ann", "Zoe"]
    ben = found[f"user:{talks.people['ben'].id}"]
    assert ben["score"]["n"] == 2
    assert ben["passed"]["value"] == 0.5
    zoe = next(key for key in found if key.startswith("name:"))
    assert found[zoe]["score"]["value"] == 100
    ann = found[f"user:{talks.people['ann'].id}"]
    assert ann["change"]["compared_with"]["n"] == 1, "the conversation of the days before"


async def test_teams_and_queues(talks: House) -> None:
    teams = await rows(talks, "teams")
    assert {key: row["score"]["n"] for key, row in teams.items()} == {"night": 5, "sofas": 3}
    queues = await rows(talks, "queues")
    assert {key: row["score"]["n"] for key, row in queues.items()} == {"": 2, "beds": 2, "sofas": 2}
    assert queues[""]["queue"] == "no queue"


async def test_weeks_are_those_of_the_companys_zone(talks: House) -> None:
    weeks = await rows(talks, "weeks")
    assert {key: row["score"]["n"] for key, row in weeks.items()} == {
        "2026-11-02": 2, "2026-11-09": 4,
    }  # fmt: skip
    assert (weeks["2026-11-02"]["days"], weeks["2026-11-02"]["week"]) == (
        7, "2026-11-02 to 2026-11-08",
    )  # fmt: skip


async def test_one_question_week_by_week(talks: House) -> None:
    weeks = await rows(talks, "weeks", "&question=greeting")
    assert {key: row["earned"]["value"] for key, row in weeks.items()} == {
        "2026-11-02": 0, "2026-11-09": 0.75,
    }  # fmt: skip
    assert weeks["2026-11-09"]["earned"]["low"] < 0.75
    assert await rows(talks, "weeks", "&question=nothing") == {}
    path = f"/reports/weeks?{DAYS}&question=greeting"
    _, text = await talks.get("sam", path)
    assert f"“{CARD.questions[0].text}”" in unescape(text)
    assert 'role="img"' in text
    _, text = await talks.get("sam", f"/reports/questions?{DAYS}")
    assert f'href="{path.replace("&", "&amp;")}"' in text
    assert "By week: 0 %, 75 %" in text


async def test_questions_and_what_they_cost(talks: House) -> None:
    questions = await rows(talks, "questions")
    greeting = questions["greeting"]
    assert (greeting["earned"]["numerator"], greeting["earned"]["denominator"]) == (3, 5)
    assert greeting["unsure"]["numerator"] == 1
    assert questions["hold"]["does_not_apply"] == 2
    assert greeting["question"] == CARD.questions[0].text
    losses = await rows(talks, "losses")
    dearest = next(iter(losses.values()))
    assert losses["greeting"]["fails"] == 2
    assert list(losses.values())[-1]["cumulative"] == 1
    assert dearest["part"] == max(row["part"] for row in losses.values())


async def test_corrected_answers_and_people_alone(talks: House) -> None:
    corrected = await rows(talks, "questions", "&answers=corrected")
    assert corrected["greeting"]["earned"]["numerator"] == 4, "Sam gave one"
    reviewed = await rows(talks, "questions", "&answers=reviewed")
    assert (reviewed["greeting"]["earned"]["n"], reviewed["greeting"]["earned"]["denominator"]) == (
        1, 2,
    ), "one was looked at, and stands for two"  # fmt: skip
    _, text = await talks.get("sam", f"/reports?{DAYS}&answers=reviewed")
    assert "drew 1 conversation of these days; 0 of them wait" in text


async def test_disputes_and_evaluators(talks: House) -> None:
    for by, key in (
        ("question", "empathy"), ("queue", "sofas"), ("agent", f"user:{talks.people['ann'].id}"),
        ("evaluator", talks.people["sam"].id),
    ):  # fmt: skip
        found = await rows(talks, "disputes", f"&by={by}")
        assert list(found) == [key]
        assert found[key]["overturned"]["value"] == 1
    evaluators = await rows(talks, "evaluators")
    (sam,) = evaluators.values()
    assert sam["evaluator"] == "Sam"
    assert sam["changed"]["numerator"] == 2, "the greeting, and the empathy that was overturned"
    assert sam["others"]["value"] is None


async def test_blind_answers(talks: House) -> None:
    found = await rows(talks, "blind")
    told = {row["evaluator"]: row["as_machine"]["value"] for row in found.values()}
    assert told == {"Sam": 0, "Olga": 1}
    assert all(row["as_others"]["value"] == 0 for row in found.values())


async def test_scores_beside_csat(talks: House) -> None:
    found = await rows(talks, "satisfaction")
    assert (found["spearman"]["value"]["value"], found["spearman"]["value"]["n"]) == (None, 5)
    assert found["csat"]["value"]["numerator"] == 3
    assert [found[f"csat_{level}"]["value"]["n"] for level in range(1, 6)] == [1, 1, 0, 1, 2]
    _, text = await talks.get("sam", f"/reports/satisfaction?{DAYS}")
    assert "no data" in text


@pytest.mark.parametrize("answers", ["machine", "corrected", "reviewed"])
@pytest.mark.parametrize("name", list(MAKERS))
async def test_each_number_leads_to_as_many_conversations(
    talks: House, name: str, answers: str
) -> None:
    followed = 0
    for by in DISPUTES_BY if name == "disputes" else DISPUTES_BY[:1]:
        given = {"from": "2026-11-02", "to": "2026-11-15", "answers": answers}
        asked = asked_of(given, talks.settings, now=talks.clock())
        async with talks.database.reading() as session:
            scope = await scope_of(session, asked)
            table = await _maker(name, by)(session, scope)
            fails = {row.key: row.values[2] for row in (await losses(session, scope)).rows}
        for row in table.rows:
            for column, value in table.pairs(row):
                for link in links(scope, table, row, column, by):
                    if column.key == "trend":
                        assert (await read(talks, link.url))["report"] == "weeks"
                        continue
                    behind = await read(talks, link.url)
                    expected = (
                        fails.get(row.key, 0)
                        if link.words == "lowest answer"
                        else wanted(column.key, value, link.words)
                    )
                    assert behind["total"] == expected, link.url
                    followed += 1
    assert followed > 0


def wanted(column: str, value: object, words: str) -> int:
    """How many conversations a number says that it counts."""
    figure = value.before if isinstance(value, Change) else value
    if not isinstance(figure, Figure):
        assert isinstance(value, int)
        return value
    share = figure.numerator / figure.denominator if figure.denominator else 0.0
    if words == "failed":
        return round(figure.n * (1 - share))
    if words == "overturned" or column in ("passed", "unsure"):
        return round(figure.n * share)
    return figure.n


@pytest.mark.parametrize(
    "values, message",
    [
        ("from=yesterday", "not a day"),
        ("from=2026-11-15&to=2026-11-01", "backwards"),
        ("from=1999-01-01", "in no year"),
        ("from=2010-01-01", "are more than"),
        ("version=two", "not a whole number"),
        ("answers=mine", "not one of machine"),
        ("channel=fax", "not one of voice"),
        (f"queue={'x' * 201}", "longer than"),
    ],
)
async def test_a_wrong_filter_says_what_is_wrong(house: House, values: str, message: str) -> None:
    for path in ("/reports", "/reports/agents", "/reports/agents.csv", "/reports/conversations"):
        status, text = await house.get("sam", f"{path}?{values}")
        assert (status, message in unescape(text)) == (400, True), path


@pytest.mark.parametrize("name", ["", "/disputes"])
async def test_a_wrong_filter_stays_as_it_was_typed(talks: House, name: str) -> None:
    values = {
        "from": "2026-11-15", "to": "2026-11-01", "channel": "voice", "queue": "sofas",
        "answers": "corrected", "scorecard": "other", "version": "3", "by": "agent",
        "agent": f"user:{talks.people['ann'].id}",
    }  # fmt: skip
    status, text = await talks.get("sam", f"/reports{name}?{urlencode(values)}")
    assert (status, "backwards" in text) == (400, True)
    for key in ("from", "to"):
        assert f'name="{key}" value="{values[key]}"' in text
    form = text.split('<form class="filters report"', 1)[1].split("</form>", 1)[0]
    chosen = re.findall(r'<option(?: value="[^"]*")? selected>([^<]*)<', form)
    assert chosen == ["other", "3", "as people corrected them", "voice", "sofas", "Ann"]
    assert ('name="by" value="agent"' in form) == (name == "/disputes")
    assert "<table" not in text, "no figure of other days stands below"


async def test_what_there_is_not_is_said(house: House) -> None:
    assert (await house.get("sam", "/reports/nothing"))[0] == 404
    assert (await house.get("sam", "/reports/nothing.csv"))[0] == 404
    assert (await house.get("sam", "/reports/disputes?by=weather"))[0] == 400
    for values in ("result=well", "csat=6", "disputed=perhaps", "verdict=no"):
        assert (await house.get("sam", f"/reports/conversations?{values}"))[0] == 400
    for name in ("", *MAKERS):
        status, text = await house.get("sam", f"/reports/{name}".rstrip("/"))
        assert (status, "No data" in text or "no data" in text) == (200, True), name


async def test_a_report_as_csv_holds_what_each_value_is_made_of(talks: House) -> None:
    client = await talks.visitor("sam")
    async with client.get(f"/reports/agents.csv?{DAYS}") as response:
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert "parley-agents-2026-11-02-2026-11-15.csv" in response.headers["Content-Disposition"]
        text = await response.text()
    assert text.count("\r\n") == 4
    found = list(csv.DictReader(io.StringIO(text)))
    assert [row["agent"] for row in found] == ["Ben", "Ann", "Zoe"]
    assert found[0]["score_n"] == "2"
    assert (found[0]["score_from"], found[0]["score_to"]) == ("2026-11-02", "2026-11-15")
    assert found[0]["score_definition"] == "score 1"
    assert found[0]["change"] == "", "no data is no 0"
    async with talks.database.reading() as session:
        actions = [row.action for row in await audit.rows_of(session, "agents")]
    assert actions == ["report.exported"]


async def test_no_cell_of_a_csv_runs_as_a_formula(talks: House) -> None:
    async with talks.database.writing() as session:
        from store import users  # noqa: PLC0415 -- only here

        await users.set_teams(session, talks.people["ann"].id, ["=cmd()|'x'!A0", "-night"])
    client = await talks.visitor("sam")
    async with client.get(f"/reports/teams.csv?{DAYS}") as response:
        found = list(csv.DictReader(io.StringIO(await response.text())))
    assert {row["team"] for row in found} == {"'=cmd()|'x'!A0", "'-night", "night"}


async def test_versions_are_never_mixed_and_the_other_one_is_told_of(talks: House) -> None:
    finding = (Finding("greeting", Verdict.NO, 0.9, "none"),)
    async with talks.database.writing() as session:
        await evaluations.save(
            session,
            Evaluation("old", "r6", CARD.name, CARD.version - 1, finding, FIRST, 0.0, failed=True),
        )
    report = await read(talks, f"/reports?{DAYS}")
    assert report["rows"][0]["score"]["n"] in (5, 6)
    assert report["other_versions"] == {str(CARD.version - 1): 1}
    _, text = await talks.get("sam", f"/reports?{DAYS}")
    assert f"Version {CARD.version - 1} judged 1 conversation" in text
    old = await read(talks, f"/reports?{DAYS}&version={CARD.version - 1}")
    assert (old["rows"][0]["score"]["n"], old["rows"][0]["score"]["value"]) == (1, 0)
    _, text = await talks.get("sam", f"/reports/questions?{DAYS}&version={CARD.version - 1}")
    assert "was never kept" in text


async def test_filters_narrow_every_report(talks: House) -> None:
    ann = f"user:{talks.people['ann'].id}"
    for more, n in (
        (f"&agent={ann}", 3), ("&team=night", 5), (f"&agent={ann}&team=sofas", 3),
        ("&queue=beds", 2), ("&channel=web", 0), ("&team=nobody", 0), ("&agent=bot", 0),
    ):  # fmt: skip
        report = await read(talks, f"/reports?{DAYS}{more}")
        assert sum(row["score"]["n"] for row in report["rows"]) == n, more


async def test_the_pages_keep_the_filter_and_offer_what_there_is(talks: House) -> None:
    _, text = await talks.get("sam", f"/reports/agents?{DAYS}&queue=beds")
    assert 'href="/reports/weeks?from=2026-11-02&amp;to=2026-11-15&amp;queue=beds"' in text
    assert "<option selected>beds</option>" in text
    assert "; queue beds. <a" in text
    assert re.search(r'<option value="user:[0-9a-f]+" >Ben</option>', text)


async def test_the_list_says_what_it_shows(talks: House) -> None:
    ann = f"user:{talks.people['ann'].id}"
    path = f"/reports/conversations?{DAYS}&question=greeting&verdict=no&agent={ann}"
    _, text = await talks.get("sam", path)
    assert "One conversation" in text
    assert "company's name?”; Ann; answered: no" in unescape(text)
    assert '/conversations/r1"' in text
    _, text = await talks.get("sam", f"/reports/conversations?{DAYS}&csat=3")
    assert "No conversations" in text


async def test_the_list_shows_the_score_that_is_counted(talks: House) -> None:
    async def shown(answers: str) -> list[str]:
        path = f"/reports/conversations?{DAYS}&answers={answers}&queue=sofas&result=scored"
        _, text = await talks.get("sam", path)
        row = text.split('/conversations/r1"', 1)[1].split("</tr>", 1)[0]
        return re.findall(r"<strong>(\d+)</strong>", row)

    by_machine, by_people = await shown("machine"), await shown("corrected")
    assert by_machine[0] != by_machine[1], "counted, and now"
    assert by_people == [by_machine[1], by_machine[1]]
    _, text = await talks.get("sam", f"/reports/conversations?{DAYS}&evaluator=x")
    assert "Counted" not in text


async def test_what_came_by_no_queue_has_its_list(talks: House) -> None:
    behind = await read(talks, f"/reports/conversations?{DAYS}&no_queue=yes")
    assert sorted(behind["conversations"]) == ["r5", "r6"]
    _, text = await talks.get("sam", f"/reports/queues?{DAYS}")
    row = text.split('scope="row"')[-3:]
    (none,) = [one for one in row if "no queue" in one]
    assert "no_queue=yes" in none and "/reports/weeks" not in none
    _, text = await talks.get("sam", f"/reports/conversations?{DAYS}&no_queue=yes")
    assert "; no queue" in text


async def test_a_count_and_what_can_be_shown_are_told_apart(talks: House) -> None:
    """“6 of 6, failed” was read as six that failed."""
    seen = {}
    for name in ("agents", "questions", "disputes"):
        _, text = await talks.get("sam", f"/reports/{name}?{DAYS}")
        seen[name] = re.sub(r"<[^>]+>", "", text)
    assert re.search(r"\d of \d · show failed", seen["agents"])
    assert re.search(r"\d · show lowest answer", seen["questions"])
    assert re.search(r"1 of 1 · show overturned", seen["disputes"])


async def test_reading_is_audited_once_in_half_an_hour(talks: House) -> None:
    for _ in range(2):
        await talks.get("sam", f"/reports/agents?{DAYS}")
    async with talks.database.reading() as session:
        actions = [row.action for row in await audit.rows_of(session, "agents")]
    assert actions == ["report.read"]

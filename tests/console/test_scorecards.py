"""Scorecards in the console: imported, edited beside a preview, used, retired, exported."""

import re

import pytest

from core.handoff import Holder
from core.scorecard import CardState
from qa.card_csv import to_csv
from qa.cards import FOLDER, parse_scorecard
from store import audit, scorecards
from tests.console import test_calibration as calibrating
from tests.console.conftest import House, store_call, store_chat

FORM = """\
name: small
version: 1
title: Small <b>
sections:
  - id: only
    title: Only
    weight: 100
    questions:
      - id: thanks
        text: Thanked?
        weight: 100
        rule: phrase
        options: {phrases: [thank you]}
"""
ONE = "/scorecards/small/1"


async def imported(house: House, text: str = FORM, kind: str = "yaml") -> tuple[int, str, str]:
    return await house.post("sam", "/scorecards/import", {"text": text, "kind": kind})


async def digest(house: House) -> str:
    async with house.database.reading() as session:
        return (await scorecards.get(session, "small", 1)).digest


async def test_the_form_that_comes_with_parley_is_shown(house: House) -> None:
    status, text = await house.get("sam", "/scorecards")
    assert status == 200
    assert "comes with Parley" in text
    link = re.search(r'href="(/scorecards/service/\d+)"', text)
    assert link
    status, text = await house.get("sam", link[1])
    assert status == 200
    assert "Did the agent greet" in text and "fatal: a no fails the form" in text
    assert f"{link[1]}/retire" not in text, "PARLEY_SCORECARD names it"
    status, text = await house.get("sam", f"{link[1]}/export.yml")
    assert text == (FOLDER / "service.yml").read_text(encoding="utf-8")


async def test_a_form_goes_from_import_to_use_and_out_again(house: House) -> None:
    status, _, where = await imported(house)
    assert (status, where) == (303, f"{ONE}/edit")
    changed = FORM.replace("Thanked?", "Thanked warmly?")
    form = {"text": changed, "digest": await digest(house), "do": "save"}
    assert (await house.post("sam", f"{ONE}/edit", form))[0] == 303
    status, text = await house.get("sam", ONE)
    assert "Small &lt;b&gt;" in text and "Thanked warmly?" in text
    assert (await house.post("sam", f"{ONE}/activate"))[0] == 303
    status, text = await house.get("sam", f"{ONE}/edit")
    assert (status, "<h1>This cannot be done</h1>" in text) == (409, True)
    status, text = await house.get("sam", ONE)
    assert f"{ONE}/edit" not in text and f"{ONE}/retire" in text
    status, csv = await house.get("sam", f"{ONE}/export.csv")
    assert "Thanked warmly?" in csv
    status, _, where = await imported(house, csv.replace('"1"', '"2"', 0), "csv")
    assert status == 409  # the same version, which is in use
    status, _, where = await house.post("sam", f"{ONE}/new")
    assert where == "/scorecards/small/2/edit"
    assert (await house.post("sam", "/scorecards/small/2/activate"))[0] == 303
    async with house.database.reading() as session:
        first = await scorecards.get(session, "small", 1)
        rows = await audit.rows_of(session, "small:1")
    assert first.state is CardState.RETIRED
    assert [row.action for row in rows] == [
        "scorecard.imported", "scorecard.changed", "scorecard.activated",
    ]  # fmt: skip
    assert (await house.post("sam", f"{ONE}/activate"))[0] == 303
    assert (await house.post("sam", f"{ONE}/retire"))[0] == 303


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (FORM.replace("rule: phrase", "rule: magic"), "yaml", "import.yml:12: "),
        (FORM.replace("weight: 100\n    questions", "weight: 90\n    questions"), "yaml", "sum to"),
        ("section,id\n", "csv", "no question"),
        ("x" * 200_001, "yaml", "200,001 characters"),
        ("", "yaml", "the file is empty"),
        ("PK\x03\x04\x1a", "yaml", "import.yml:1: this is no text file"),
    ],
)
async def test_a_wrong_form_is_refused_with_its_line_and_stays_in_the_page(
    house: House, text: str, kind: str, words: str
) -> None:
    status, page, _ = await imported(house, text, kind)
    assert status == 400
    assert words in page
    async with house.database.reading() as session:
        assert await scorecards.every(session) == []


async def test_an_error_shows_the_line_that_it_names(house: House) -> None:
    wrong = FORM.replace("rule: phrase", "rule: <magic>")
    _, page, _ = await imported(house, wrong)
    assert 'data-line="12"' in page and "<code>rule: &lt;magic&gt;</code>" in page
    _, page, _ = await imported(house, "section,id\n", "csv")
    assert 'data-line="1"' in page and "<code>section,id</code>" in page
    table = to_csv(parse_scorecard(FORM, "small.yml")).replace("phrase", "magic", 1)
    status, page, _ = await imported(house, table, "csv")
    assert status == 400 and "<code>rule: magic</code>" in page
    assert "data-line" not in page, "it is no line of the table"
    await imported(house)
    form = {"text": wrong.replace("\n", "\r\n"), "digest": await digest(house)}
    status, page, _ = await house.post("sam", f"{ONE}/edit", form)
    assert status == 400 and page.count("<code>rule: &lt;magic&gt;</code>") == 2, "also beside it"
    _, page, _ = await house.post("sam", "/scorecards/preview", {"text": "name: x"})
    assert "<code>name: x</code>" in page
    _, page, _ = await house.post(
        "sam", "/scorecards/preview", {"text": FORM, "conversation": "none"}
    )
    assert "<code>" not in page


async def test_a_draft_is_tried_on_a_conversation(house: House) -> None:
    await imported(house)
    await store_call(house)
    form = {"text": FORM, "conversation": "call-1"}
    status, text, _ = await house.post("sam", "/scorecards/preview", form)
    assert status == 200
    assert "Thanked?" in text and 'href="/conversations/call-1#turn-' in text
    status, text, _ = await house.post("sam", "/scorecards/preview", form | {"text": "name: x"})
    assert (status, "draft.yml:1" in text) == (200, True)
    status, text, _ = await house.post("sam", "/scorecards/preview", form | {"conversation": "no"})
    assert "no" in text and status == 200
    status, text, _ = await house.post("sam", f"{ONE}/edit", form | {"do": "preview"})
    assert status == 200 and "Thanked?" in text
    async with house.database.reading() as session:
        rows = await audit.rows_of(session, "call-1")
    assert [row.action for row in rows].count("conversation.read") == 1  # one reading in all


def offers(text: str) -> dict[str, str]:
    """What the editor offers to try a draft on: each label by the conversation's id."""
    choice = text.split('<select name="conversation"', 1)[1].split("</select>", 1)[0]
    found = re.findall(r'<option value="([^"]+)"[^>]*>(.*?)</option>', choice, re.DOTALL)
    return {key: re.sub(r"<[^>]+>", "", label) for key, label in found}


async def test_a_draft_is_tried_on_closed_conversations_that_are_told_apart(house: House) -> None:
    await imported(house)
    await store_call(house, external_id="CRM-7")
    await store_call(house, "call-2", agent=None)
    await store_chat(house, holder=Holder.BOT)
    _, text = await house.get("sam", f"{ONE}/edit")
    shown = offers(text)
    assert set(shown) == {"call-1", "call-2"}, "the chat is open"
    assert shown["call-1"].endswith("call, Ann, CRM-7, 62 of 100, 3 turns")
    assert shown["call-2"].endswith("call, call-2, 62 of 100, 3 turns")


@pytest.mark.parametrize(
    ("find", "found", "chosen"),
    [
        ("CRM-7", {"call-1"}, "call-1"),
        ("call-2", {"call-2"}, "call-2"),
        ("lamp", {"call-1", "call-2"}, ""),
        ("nothing like it", set(), ""),
    ],
)
async def test_any_closed_conversation_is_found_to_try_a_draft_on(
    house: House, find: str, found: set[str], chosen: str
) -> None:
    await imported(house)
    await store_call(house, external_id="CRM-7")
    await store_call(house, "call-2")
    form = {"text": FORM + "\n", "find": find, "do": "find", "digest": await digest(house)}
    status, text, _ = await house.post("sam", f"{ONE}/edit", form)
    assert (status, set(offers(text))) == (200, found)
    assert re.findall(r'value="([^"]+)" selected', text) == ([chosen] if chosen else [])
    assert ("is found by" in text) == (not found)
    assert "data-unsaved" in text
    async with house.database.reading() as session:
        assert (await scorecards.get(session, "small", 1)).yaml == FORM, "nothing is saved"


async def test_who_scores_a_conversation_blind_is_not_offered_it(house: House) -> None:
    await imported(house)
    await store_call(house)
    await calibrating.begin(house, "sam", conversations="call-1")
    assert offers((await house.get("sam", f"{ONE}/edit"))[1]) == {}


async def test_two_editors_do_not_overwrite_each_other(house: House) -> None:
    await imported(house)
    old = await digest(house)
    form = {"text": FORM.replace("Thanked?", "First?"), "digest": old, "do": "save"}
    assert (await house.post("sam", f"{ONE}/edit", form))[0] == 303
    form["text"] = FORM.replace("Thanked?", "Second?")
    assert (await house.post("olga", f"{ONE}/edit", {**form, "text": FORM}))[0] == 409
    preview = {**form, "do": "preview"}
    status, text, _ = await house.post("olga", f"{ONE}/edit", preview)
    assert (status, f'name="digest" value="{old}"' in text) == (200, True), "it saves nothing"
    status, text, _ = await house.post("olga", f"{ONE}/edit", form)
    assert status == 409 and "Somebody was first" in text and "As Sam saved it" in text
    own, theirs = text.split('id="theirs"', 1)
    assert "Second?" in own and "First?" not in own
    assert "<mark>        text: First?</mark>" in theirs
    assert theirs.count("<mark>") == 1, "the other lines are the same"
    async with house.database.reading() as session:
        assert "First?" in (await scorecards.get(session, "small", 1)).yaml
    form["digest"] = await digest(house)
    assert f'name="digest" value="{form["digest"]}"' in text, "saving again is meant"
    assert (await house.post("olga", f"{ONE}/edit", form))[0] == 303
    async with house.database.reading() as session:
        assert "Second?" in (await scorecards.get(session, "small", 1)).yaml
    assert "by Olga" in (await house.get("sam", f"{ONE}/edit"))[1]


@pytest.mark.parametrize("kind", ["yaml", "csv"])
async def test_an_import_asks_before_it_replaces_a_draft(house: House, kind: str) -> None:
    await imported(house)
    assert (await imported(house))[0] == 303, "the same text again replaces nothing"
    text = FORM.replace("Thanked?", "Praised?")
    if kind == "csv":
        text = to_csv(parse_scorecard(text, "small.yml"))

    async def again(**more: str) -> tuple[int, str]:
        form = {"text": text, "kind": kind, **more}
        status, page, _ = await house.post("olga", "/scorecards/import", form)
        return status, page

    before = await digest(house)
    for form in ({}, {"replaces": "another"}):
        status, page = await again(**form)
        assert status == 409 and "Sam changed it last" in page and "19:43" in page
        assert f'name="replaces" value="{before}"' in page
        assert "Praised?" in page and f'value="{kind}" selected' in page
        assert await digest(house) == before
    assert (await again(replaces=before))[0] == 303
    assert await digest(house) != before


async def test_a_draft_keeps_its_name_and_version(house: House) -> None:
    await imported(house)
    form = {"text": FORM.replace("version: 1", "version: 5"), "digest": await digest(house)}
    status, text, _ = await house.post("sam", f"{ONE}/edit", form)
    assert status == 400 and "import the text instead" in text
    assert "version: 5" in text


async def test_a_renamed_question_is_not_put_in_use_unsaid(house: House) -> None:
    await imported(house)
    await house.post("sam", f"{ONE}/activate")
    second = FORM.replace("version: 1", "version: 2").replace("id: thanks", "id: grateful")
    await imported(house, second)
    status, text, _ = await house.post("sam", "/scorecards/small/2/activate")
    assert status == 400 and "was: thanks" in text
    await house.post("sam", "/scorecards/small/2/delete")
    renamed = second.replace("id: grateful", "id: grateful\n        was: thanks")
    await imported(house, renamed)
    assert (await house.post("sam", "/scorecards/small/2/activate"))[0] == 303


async def test_the_main_form_is_not_retired(house: House) -> None:
    status, text, _ = await house.post("sam", "/scorecards/service/1/retire")
    assert status == 400 and "PARLEY_SCORECARD" in text
    for path in ("/scorecards/none/1", "/scorecards/service/x", "/scorecards/service/99"):
        assert (await house.get("sam", path))[0] == 404
    assert (await house.get("ann", "/scorecards"))[0] == 403

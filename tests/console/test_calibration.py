"""Calibration's pages: making a session, scoring blind, the comparison, and the gate."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from console.routes import ROUTES
from core.asked import asked_of
from core.calibration import DoubleScore, Picked
from core.draw import Drawn, Risk, Way
from core.evaluation import Evaluation, Evidence, Finding, Verdict
from core.spans import TextSpan
from qa.cards import load_scorecard, read_card
from store import (
    audit,
    blind,
    calibration,
    consensus,
    conversations,
    double_scores,
    draws,
    evaluations,
)
from tests.build import chat
from tests.console.conftest import START, House

CARD = load_scorecard("service")
QUESTIONS = [asked for asked in asked_of(CARD) if asked.id != "recording_notice"]  # asked of calls
CANARY = "canary reason of the machine"
WHISPER = "whispered to nobody"


async def store_talk(house: House, name: str, *, verdict: Verdict = Verdict.YES) -> str:
    """A closed chat that the service scorecard has scored."""
    made = chat(
        ("agent", "Good morning, Acme here, my name is Ann"),
        ("customer", "My lamp broke, my lamp <b>broke</b>"),
        ("agent", "I am sorry about your lamp"),
        id=name,
    )
    made = replace(made, opened_at=START - timedelta(hours=1), closed_at=START)
    findings = tuple(
        Finding(asked.id, verdict, 0.9, CANARY, (Evidence("t0", TextSpan(0, 12)),))
        for asked in asked_of(CARD)
    )
    async with house.database.writing() as session:
        await conversations.add(session, made, now=START)
        await evaluations.save(
            session,
            Evaluation(f"e-{name}", name, "service", CARD.version, findings, START, 87.0, False),
        )
        await evaluations.ask(session, name)
        await evaluations.claim(session, name, worker="w", now=START, seconds=1)
        await evaluations.finish(session, name, worker="w")
    return name


async def begin(house: House, *people: str, conversations: str = "c1", **more: str) -> str:
    """Make a session by the form, and give its id."""
    form = {"title": "November", "scorecard": "service", "conversations": conversations, **more}
    form |= {f"person_{house.people[name].id}": "on" for name in people}
    status, text, onward = await house.post("olga", "/calibration", form)
    assert status == 303, text
    return onward.rsplit("/", 1)[-1]


def answers(answer: str = "yes", **changes: str) -> dict[str, str]:
    given = {f"answer_{asked.id}": answer for asked in QUESTIONS}
    return given | {key.replace("__", "_"): value for key, value in changes.items()}


async def submit(
    house: House, session: str, who: str, name: str = "c1", answer: str = "yes", **changes: str
) -> tuple[int, str, str]:
    path = f"/calibration/{session}/conversations/{name}"
    return await house.post(who, path, answers(answer, **changes) | {"do": "submit"})


async def test_no_session_yet_says_what_one_is_for(house: House) -> None:
    _, text = await house.get("sam", "/calibration")
    assert "No session yet" in text
    assert 'href="/calibration/new"' in text
    assert 'href="/calibration"' in (await house.get("sam", "/conversations"))[1]
    assert 'href="/calibration"' not in (await house.get("ann", "/conversations"))[1]


async def test_the_form_offers_people_forms_and_days(house: House) -> None:
    _, text = await house.get("sam", "/calibration/new?conversation=c9")
    assert re.findall(r'name="person_[^>]*> <span>(\w+)', text) == ["Olga", "Sam"]
    assert "<span>Ann" not in text, "agents do not score"
    assert 'value="Calibration, November 2026"' in text
    assert 'value="2026-11-28"' in text, "due in a week"
    assert ">c9</textarea>" in text
    assert re.search(r"version \d+</option>", text)


async def test_a_session_is_made_and_seen_by_who_scores(house: House) -> None:
    await store_talk(house, "c1")
    made = await begin(house, "sam", "olga", due="2026-12-01")
    _, text = await house.get("sam", "/calibration")
    assert "For you to score" in text
    assert "1 conversation left" in text
    _, text = await house.get("sam", f"/calibration/{made}")
    assert f'href="/calibration/{made}/conversations/c1"' in text
    assert "1 Dec 2026, 23:59" in text
    assert "1: 1 by hand" in text
    assert re.search(r"Sam</th><td[^>]*>0 of 1", text)
    async with house.database.reading() as session:
        found = await calibration.get(session, made)
    assert set(found.people) == {house.people["sam"].id, house.people["olga"].id}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Give the session a title"),
        ({"conversations": ""}, "at least one conversation"),
        ({"conversations": "nothing"}, "nothing is not scored by service"),
        (
            {"conversations": "c1", "random": "5"},
            "5 conversations were to be drawn, and there are 0",
        ),
        ({"random": "many"}, "is not a whole number"),
        ({"even": "2"}, "2 conversations were to come from the review queue, and there are 0"),
        ({"risk": "1"}, "there are 0 drawn by risk"),
        ({"due": "2026-11-20"}, "has passed"),
        ({"due": "soon"}, "is not a day"),
        ({"random": "1", "from": "2026-11-09", "to": "2026-11-01"}, "end before they begin"),
        ({"scorecard": "../service"}, "no scorecard"),
        ({"person": ""}, "at least one person"),
    ],
)
async def test_what_is_wrong_is_told_and_what_was_typed_stays(
    house: House, changes: dict[str, str], message: str
) -> None:
    await store_talk(house, "c1")
    form = {"title": "My title", "scorecard": "service", "conversations": "c1", **changes}
    if "person" not in changes:
        form[f"person_{house.people['sam'].id}"] = "on"
    status, text, _ = await house.post("sam", "/calibration", form)
    assert status == 400
    assert message in text.replace("&#39;", "'")
    if form["title"]:
        assert 'value="My title"' in text
    if "person" not in changes:
        assert f'name="person_{house.people["sam"].id}" checked' in text
    async with house.database.reading() as session:
        assert await calibration.every(session) == ()


async def test_conversations_come_by_hand_by_address_and_at_random(house: House) -> None:
    for number in range(6):
        await store_talk(house, f"c{number}")
    made = await begin(
        house, "sam", conversations="c1\nhttp://localhost:8090/conversations/c2/ c1", random="3"
    )
    async with house.database.reading() as session:
        items = (await calibration.get(session, made)).items
    ways = [item.picked for item in items]
    assert [item.conversation for item in items[:2]] == ["c1", "c2"]
    assert ways == [Picked.HAND] * 2 + [Picked.RANDOM] * 3
    assert len({item.conversation for item in items}) == 5


async def test_the_sheet_shows_the_words_alone_and_asks_what_applies(house: House) -> None:
    await store_talk(house, "c1")
    made = await begin(house, "sam")
    status, text = await house.get("sam", f"/calibration/{made}/conversations/c1")
    assert status == 200
    assert "My lamp broke, my lamp &lt;b&gt;broke&lt;/b&gt;" in text
    assert 'name="answer_greeting"' in text
    assert 'name="answer_recording_notice"' not in text, "asked of calls alone"
    assert "<mark" not in text
    assert CANARY not in text
    assert not re.search(r"\b87\b", text)


async def test_a_draft_is_kept_for_its_author_alone(house: House) -> None:
    await store_talk(house, "c1")
    made = await begin(house, "sam", "olga")
    path = f"/calibration/{made}/conversations/c1"
    draft = {"answer_greeting": "no", "comment_greeting": WHISPER, "cited_greeting": "turn 99"}
    status, _, onward = await house.post("sam", path, draft | {"do": "draft"})
    assert (status, onward) == (303, f"{path}?kept=1")
    _, text = await house.get("sam", onward)
    assert re.search(r'name="answer_greeting" value="no" required checked', text)
    assert WHISPER in text
    assert "turn 99" in text, "what is not read yet is kept as it was typed"
    assert "The draft is kept" in text
    for page in (path, f"/calibration/{made}"):
        assert WHISPER not in (await house.get("olga", page))[1]
    assert "draft of" in (await house.get("sam", f"/calibration/{made}"))[1]


async def test_submitting_needs_every_answer_and_evidence_that_is_there(house: House) -> None:
    await store_talk(house, "c1")
    made = await begin(house, "sam")
    status, text, _ = await submit(house, made, "sam", answer_empathy="", comment_greeting="why")
    assert status == 400
    assert "1 of the questions has no answer yet" in text
    assert "Nothing is submitted yet" in text
    assert ">why</textarea>" in text
    status, text, _ = await submit(house, made, "sam", cited_greeting="my lamp", cited_empathy="9")
    assert status == 400
    assert "There is no turn 9; the last is 3." in text
    assert text.count('<p class="notice bad">') == 1
    status, _, _ = await submit(house, made, "sam", cited_greeting="1: good MORNING,  acme\n3")
    assert status == 303
    async with house.database.reading() as session:
        found = await calibration.get(session, made)
        (sheet,) = await blind.sheets(session, found)
    answer = sheet.answer("greeting")
    assert answer is not None
    assert answer.evidence == (
        Evidence("t0", TextSpan(0, 18)), Evidence("t2", TextSpan(0, 26)),
    )  # fmt: skip


async def test_submitted_is_locked(house: House) -> None:
    await store_talk(house, "c1")
    made = await begin(house, "sam", "olga")
    await submit(house, made, "sam", comment_greeting="first")
    status, text, _ = await submit(house, made, "sam", answer="no")
    assert status == 409
    assert "locked" in text
    _, text = await house.get("sam", f"/calibration/{made}/conversations/c1")
    assert "first" in text
    assert "they are locked" in text
    assert 'value="submit"' not in text


async def test_only_who_is_invited_scores(house: House) -> None:
    await store_talk(house, "c1")
    made = await begin(house, "sam")
    for path in (f"/calibration/{made}/conversations/c1", "/calibration/nothing/conversations/c1"):
        assert (await house.get("olga", path))[0] == 404
        assert (await house.post("olga", path, answers() | {"do": "submit"}))[0] == 404


def filled(path: str, named: dict[str, str]) -> str:
    """The path about c1; what a query of it may name, it names."""
    return re.sub(r"\{([a-z]+)\}", lambda part: named.get(part[1], "nothing"), path) + (
        "?question=greeting&conversation=c1"
    )


async def review(house: House, name: str) -> str:
    """A risk draws a conversation and Olga begins its review; its id."""
    drawn = Drawn("d1", name, "name:x", Way.RISK, 1.0, (Risk.FATAL,), START, START)
    async with house.database.writing() as session:
        await draws.add(session, [drawn])
    status, text, onward = await house.post("olga", f"/conversations/{name}/review")
    assert status == 303, text
    return onward.rsplit("/", 1)[-1]


async def coach(house: House, name: str) -> str:
    """Olga makes a coaching task of the greeting of a conversation; its id."""
    form = {
        "question": "greeting", "agent": house.people["ann"].id, "skill": "Greeting",
        "due": "2026-12-01", "note": CANARY,
    }  # fmt: skip
    status, text, onward = await house.post("olga", f"/conversations/{name}/coaching", form)
    assert status == 303, text
    return onward.rsplit("/", 1)[-1]


@pytest.mark.parametrize("as_json", [False, True])
async def test_no_route_tells_who_scores_how_machine_or_others_did(
    house: House, as_json: bool
) -> None:
    """Every page and JSON of the console, walked by somebody who has submitted one of two."""
    for name in ("c1", "c2"):
        await store_talk(house, name, verdict=Verdict.NO)
    task, reviewed = await coach(house, "c1"), await review(house, "c1")
    assert "/conversations/c1" in (await house.get("sam", "/reviews/queue"))[1]
    made = await begin(house, "sam", "olga", conversations="c1 c2")
    await submit(house, made, "olga", answer="no", comment_greeting=WHISPER)
    await submit(house, made, "sam")
    client = await house.visitor("sam")
    headers = {"Accept": "application/json"} if as_json else {}
    gets = [route for route in ROUTES if route.method == "GET"]
    assert len(gets) > 20
    named = {
        "conversation": "c1", "session": made, "question": "greeting", "task": task,
        "review": reviewed, "name": "service", "version": str(CARD.version),
    }  # fmt: skip
    for route in gets:
        path = filled(route.path, named)
        async with client.get(path, headers=headers, allow_redirects=False) as response:
            is_stream = response.content_type == "text/event-stream"  # one that never ends
            told = (
                (await response.content.readany()).decode() if is_stream else await response.text()
            )
        assert CANARY not in told, path
        assert WHISPER not in told, path
        assert not re.search(r"\b(?<!:)87\b", told) or "static" in path, path
        assert "<mark" not in told, path
    for path in (
        f"/coaching/{task}", "/conversations/c1/coaching?question=greeting",
        f"/reviews/{reviewed}", f"/reviews/{reviewed}/questions/greeting",
    ):  # fmt: skip
        assert (await house.get("sam", path))[0] == 409
    for path in ("/reviews", "/reviews/queue", "/reviews/queue?state=reviewed"):
        told = (await house.get("sam", path))[1]
        assert "/conversations/c1" not in told
        assert reviewed not in told
    status, told = await house.get("sam", "/conversations/c1")
    assert status == 200
    assert "You score this conversation blind" in told
    assert f'href="/calibration/{made}"' in told


async def test_the_list_tells_nothing_of_what_is_scored_blind(house: House) -> None:
    for name in ("c1", "c2"):
        await store_talk(house, name)
    await begin(house, "sam")
    _, text = await house.get("sam", "/conversations")
    rows = {
        name: row
        for name in ("c1", "c2")
        for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL)
        if f"/conversations/{name}" in row
    }
    assert "scored blind" in rows["c1"]
    assert "<strong>87</strong>" in rows["c2"]
    for result, shown in (("passed", True), ("failed", False)):
        _, text = await house.get("sam", f"/conversations?result={result}")
        assert "/conversations/c1" not in text, "a limit on the result would tell it"
        assert ("/conversations/c2" in text) is shown
    _, text = await house.get("olga", "/conversations")
    assert text.count("<strong>87</strong>") == 2, "who does not score in it sees all"


async def test_answers_are_refused_until_everybody_is_in(house: House) -> None:
    await store_talk(house, "c1")
    made = await begin(house, "sam", "olga")
    await submit(house, made, "sam", comment_greeting=WHISPER)
    for path in ("answers.csv", "figures.csv", "questions/greeting"):
        for who in ("sam", "olga"):
            status, text = await house.get(who, f"/calibration/{made}/{path}")
            assert status == 409
            assert WHISPER not in text
    status, _, _ = await submit(house, made, "olga", answer="no")
    assert status == 303
    for path in ("answers.csv", "questions/greeting"):
        status, text = await house.get("sam", f"/calibration/{made}/{path}")
        assert status == 200
        assert WHISPER in text


async def over(house: House) -> str:
    """Two conversations that Sam and Olga scored: they differ on the second's greeting."""
    for name in ("c1", "c2"):
        await store_talk(house, name)
    made = await begin(house, "sam", "olga", conversations="c1 c2")
    for name in ("c1", "c2"):
        await submit(house, made, "sam", name)
    await submit(house, made, "olga", "c1")
    await submit(
        house, made, "olga", "c2", answer_greeting="no",
        comment_greeting="=1+1 too short", cited_greeting="3: sorry",
    )  # fmt: skip
    return made


async def test_the_comparison_shows_figures_with_what_they_rest_on(house: House) -> None:
    made = await over(house)
    _, text = await house.get("sam", f"/calibration/{made}")
    assert "when everybody was in" in text
    table = text.split('id="machine"')[1].split("</table>")[0]
    row = next(
        r for r in re.findall(r"<tr>.*?</tr>", table, re.DOTALL) if "questions/greeting" in r
    )
    assert "50 %" in row, "the tie on c2 counts against the machine"
    assert "1 of 2" in row
    assert "undefined" in table, "everybody said yes to the other questions"
    assert "one and the same answer" in table
    people = text.split('id="people"')[1].split("</table>")[0]
    row = next(
        r for r in re.findall(r"<tr>.*?</tr>", people, re.DOTALL) if "questions/greeting" in r
    )
    assert "1 of 2 pairs" in row
    assert "What these figures are" in text
    async with house.database.reading() as session:
        actions = [line.action for line in await audit.rows_of(session, made)]
    assert actions[-2:] == ["calibration.closed", "calibration.compared"]


async def test_who_had_seen_the_score_counts_in_neither_table(house: House) -> None:
    for name in ("c1", "c2"):
        await store_talk(house, name)
    await house.get("olga", "/conversations/c2")
    house.clock.pass_seconds(1)
    made = await begin(house, "sam", "olga", conversations="c1 c2")
    for name in ("c1", "c2"):
        await submit(house, made, "sam", name)
    await submit(house, made, "olga", "c1")
    await submit(house, made, "olga", "c2", answer_greeting="no")
    _, text = await house.get("sam", f"/calibration/{made}")
    assert "Olga had read some" in text
    people = text.split('id="people"')[1].split("</table>")[0]
    (row,) = [
        r for r in re.findall(r"<tr>.*?</tr>", people, re.DOTALL) if "questions/greeting" in r
    ]
    assert re.search(r'"Differ"[^>]*>0 of 1<', row)
    assert re.search(r'"n"[^>]*>1<', row)


async def test_a_questions_page_shows_who_differs_with_quotes(house: House) -> None:
    made = await over(house)
    _, text = await house.get("sam", f"/calibration/{made}/questions/greeting")
    differ = text.split('id="differ"')[1].split('id="alike"')[0]
    assert 'id="c-c2"' in differ
    assert 'id="c-c1"' not in differ
    assert "=1+1 too short" in differ
    assert '<a href="/conversations/c2#turn-2">“sorry”</a>' in differ
    assert "“Good morning”" in differ, "the machine's own quote"
    assert CANARY in differ
    status, _ = await house.get("sam", f"/calibration/{made}/questions/nothing")
    assert status == 404


async def test_people_write_down_what_they_agree_on(house: House) -> None:
    made = await over(house)
    path = f"/calibration/{made}/questions/greeting"
    form = {"conversation": "c2", "answer": "no", "reason": " no <i>company</i> "}
    status, _, onward = await house.post("sam", path, form)
    assert (status, onward) == (303, f"{path}#c-c2")
    _, text = await house.get("olga", path)
    assert "Agreed: No." in text
    assert "no &lt;i&gt;company&lt;/i&gt;" in text
    for wrong in ({"reason": " "}, {"answer": "perhaps"}, {"conversation": "c9"}):
        assert (await house.post("sam", path, form | wrong))[0] == 400
    assert (await house.post("sam", path, form | {"reason": "x" * 1001}))[0] == 400
    async with house.database.reading() as session:
        (kept,) = await consensus.decided(session, made)
    assert kept.by == house.people["sam"].id


async def test_files_hold_every_answer_and_no_formula(house: House) -> None:
    made = await over(house)
    _, text = await house.get("sam", f"/calibration/{made}/answers.csv")
    lines = text.splitlines()
    assert lines[0].startswith("question,conversation,picked,machine,person,answer,had_seen")
    assert len(lines) == 1 + 2 * 2 * len(QUESTIONS)
    assert "greeting,c2,hand,yes,Olga,no,no,'=1+1 too short,," in lines
    _, text = await house.get("sam", f"/calibration/{made}/figures.csv")
    assert "greeting,machine and people,2,agreement,0.5," in text
    async with house.database.reading() as session:
        actions = [line.action for line in await audit.rows_of(session, made)]
    assert actions.count("calibration.exported") == 2


async def test_json_says_the_same(house: House) -> None:
    made = await over(house)
    client = await house.visitor("sam")
    headers = {"Accept": "application/json"}

    async def read(path: str) -> dict[str, object]:
        async with client.get(path, headers=headers) as response:
            assert response.content_type == "application/json"
            return dict(json.loads(await response.text()))

    listed = (await read("/calibration"))["sessions"][0]  # type: ignore[index] # JSON
    assert listed["submitted"] == {"Olga": 2, "Sam": 2}
    figures = (await read(f"/calibration/{made}"))["questions"]
    greeting = next(each for each in figures if each["question"] == "greeting")  # type: ignore[attr-defined] # JSON
    assert greeting["machine_and_people"]["agreement"]["part"] == 1
    assert greeting["people_differ"] == 1
    one = await read(f"/calibration/{made}/questions/greeting")
    assert len(one["conversations"]) == 2  # type: ignore[arg-type] # JSON
    gates = await read("/calibration/gates")
    card = gates["scorecards"][0]  # type: ignore[index] # JSON
    assert card["questions"][0]["submits_by_itself"] is False
    assert card["questions"][0]["told"].startswith("2 of 50 double-scored")


async def test_closing_early_and_deleting_a_mistake(house: House) -> None:
    await store_talk(house, "c1")
    made = await begin(house, "sam", "olga")
    assert "Delete…" in (await house.get("sam", f"/calibration/{made}"))[1]
    await submit(house, made, "sam")
    assert "Delete…" not in (await house.get("sam", f"/calibration/{made}"))[1]
    assert (await house.post("olga", f"/calibration/{made}/delete"))[0] == 409
    assert (await house.post("olga", f"/calibration/{made}/close"))[0] == 303
    assert (await house.post("olga", f"/calibration/{made}/close"))[0] == 409
    _, text = await house.get("sam", f"/calibration/{made}")
    assert "closed by Olga" in text
    assert (await submit(house, made, "olga"))[0] == 409
    await store_talk(house, "c2")
    other = await begin(house, "sam", conversations="c2")
    assert (await house.post("sam", f"/calibration/{other}/delete"))[2] == "/calibration"
    assert (await house.get("sam", f"/calibration/{other}"))[0] == 404


async def test_a_session_that_nobody_scored_says_so(house: House) -> None:
    await store_talk(house, "c1")
    made = await begin(house, "sam")
    await house.post("sam", f"/calibration/{made}/close")
    assert "nothing to compare" in (await house.get("sam", f"/calibration/{made}"))[1]


async def test_who_had_read_the_score_is_named_and_not_counted(house: House) -> None:
    await store_talk(house, "c1")
    await house.get("sam", "/conversations/c1")
    house.clock.pass_seconds(60)
    made = await begin(house, "sam", "olga")
    await submit(house, made, "sam")
    await submit(house, made, "olga", answer="no")
    _, text = await house.get("sam", f"/calibration/{made}")
    assert "Sam had read some of these conversations" in text
    async with house.database.reading() as session:
        found = await double_scores.of_questions(session, [QUESTIONS[0].digest])
    assert [each.by for each in found] == [house.people["olga"].id]


async def open_gate(house: House, question: str = "greeting", *, count: int = 60) -> None:
    """Enough double scores that agree."""
    (asked,) = [each for each in QUESTIONS if each.id == question]
    async with house.database.writing() as session:
        await double_scores.add(
            session,
            [
                DoubleScore(
                    asked.digest, asked.id, "service", 1, f"unit-{number}", Picked.RANDOM,
                    ("yes", "no")[number % 2], ("yes", "no")[number % 2], "sam", START,
                )
                for number in range(count)
            ],
        )  # fmt: skip


@pytest.mark.parametrize(("count", "state"), [(49, "suggestion"), (50, "submits by itself")])
async def test_the_score_card_says_what_submits_by_itself(
    house: House, count: int, state: str
) -> None:
    await store_talk(house, "c1")
    await open_gate(house, count=count)
    _, text = await house.get("sam", "/conversations/c1")
    finding = text.split('id="finding-greeting"')[1].split("</details>")[0]
    assert state in finding
    assert f"{count} of 50 double-scored; lower bound of kappa" in finding
    assert 'href="/calibration/gates#service-greeting"' in finding
    other = text.split('id="finding-empathy"')[1].split("</details>")[0]
    assert "suggestion" in other
    assert "0 of 50 double-scored" in other


async def test_the_page_of_gates_says_what_is_missing(house: House) -> None:
    await open_gate(house, count=38)
    _, text = await house.get("sam", "/calibration/gates")
    row = text.split('id="service-greeting"')[1].split("</tr>")[0]
    assert "38 of 50 double-scored; lower bound of kappa 0." in row
    assert "suggestion" in row
    assert "38 drawn at random" in row
    fatal = text.split('id="service-no_prohibited"')[1].split("</tr>")[0]
    assert "lower bound of recall cannot be told yet, 0.95 is needed" in fatal
    assert "73 noes at least" in text
    forms = re.findall(r'<form[^>]*action="([^"]*)"', text)
    assert forms == ["/sign-out"], "nothing here can be pressed to open it"


async def test_opening_and_closing_a_gate_leave_audit_rows(house: House) -> None:
    await open_gate(house, count=49)
    await store_talk(house, "c1")
    made = await begin(house, "sam")
    await submit(house, made, "sam")
    async with house.database.reading() as session:
        rows = await audit.rows_of(session, "service:greeting")
    assert [(row.actor, row.action) for row in rows] == [("parley", "gate.opened")]
    for number in range(2, 14):  # the machine says yes, a person no
        await store_talk(house, f"c{number}")
    names = " ".join(f"c{number}" for number in range(2, 14))
    made = await begin(house, "sam", conversations=names)
    for name in names.split():
        await submit(house, made, "sam", name, answer="no")
    async with house.database.reading() as session:
        rows = await audit.rows_of(session, "service:greeting")
    assert [row.action for row in rows] == ["gate.opened", "gate.closed"]


async def test_a_draft_is_not_tried_on_what_is_scored_blind(house: House) -> None:
    """The preview would answer the same questions about it."""
    await store_talk(house, "c1")
    await begin(house, "sam")
    form = {"text": read_card("service")[0], "conversation": "c1"}
    _, told, _ = await house.post("sam", "/scorecards/preview", form)
    assert "You score this conversation blind" in told
    assert "Did the agent greet" not in told
    _, told, _ = await house.post("olga", "/scorecards/preview", form)
    assert "Did the agent greet" in told

"""Coaching in the console: made from a finding, seen by whom it is for, ended by somebody else."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.coaching import TaskState
from core.evaluation import Evaluation, Finding, Verdict
from core.people import UserRole
from qa.cards import load_scorecard
from store import audit, coaching, conversations, evaluations, users
from store.coaching import TaskFilter
from store.tables import TurnRow
from tests.build import call
from tests.console.conftest import House, store_call

FORM = "/conversations/call-1/coaching"


async def values(house: House, **changes: str) -> dict[str, str]:
    return {
        "question": "empathy", "agent": house.people["ann"].id, "skill": "Empathy",
        "due": "2026-12-01", "note": "Say sorry before you ask.",
    } | changes  # fmt: skip


async def made(house: House, who: str = "sam", **changes: str) -> str:
    """Make a task by the form; its id."""
    status, _, location = await house.post(who, FORM, await values(house, **changes))
    assert status == 303
    return location.rpartition("/")[2]


async def state_of(house: House, task: str) -> TaskState:
    async with house.database.reading() as session:
        return (await coaching.get(session, task)).state


async def test_a_finding_leads_to_the_form_with_its_quotes(house: House, call_id: str) -> None:
    _, text = await house.get("sam", "/conversations/call-1")
    finding = text.split('id="finding-empathy"', 1)[1].split("</details>", 1)[0]
    assert f'href="{FORM}?question=empathy"' in finding
    status, text = await house.get("sam", f"{FORM}?question=empathy")
    assert status == 200
    assert "“sorry”" in text
    assert re.search(r'name="due"[^>]*value="2026-12-05"', text), "two weeks from the 21st"
    assert (await house.get("sam", f"{FORM}?question=nothing"))[0] == 404
    assert (await house.get("sam", "/conversations/none/coaching?question=empathy"))[0] == 404


async def test_the_agent_is_offered_first(house: House, call_id: str) -> None:
    """The call names Ann, and one user is called so."""
    _, text = await house.get("sam", f"{FORM}?question=empathy")
    assert f'<option value="{house.people["ann"].id}" selected>Ann</option>' in text
    async with house.database.writing() as session:
        await users.create(
            session, email="ann2@example.org", name="Ann", roles=frozenset({UserRole.AGENT})
        )
    _, text = await house.get("sam", f"{FORM}?question=empathy")
    assert "selected" not in text, "two people are called Ann"


async def test_a_task_goes_its_way(house: House, call_id: str) -> None:
    task = await made(house)
    _, text = await house.get("ann", f"/coaching/{task}")
    assert "Say sorry before you ask." in text
    assert "“sorry”" in text
    assert "I have read it" in text
    assert '"coaching": 1' in (await house.get("ann", "/waiting"))[1]

    status, text, _ = await house.post("sam", f"/coaching/{task}/done", {"outcome": "we talked"})
    assert (status, "not acknowledged" in text) == (409, True)
    assert (await house.post("ann", f"/coaching/{task}/acknowledge", {"answer": "I will"}))[
        0
    ] == 303
    assert await state_of(house, task) is TaskState.ACKNOWLEDGED
    assert "coaching" not in (await house.get("ann", "/waiting"))[1]

    status, text, _ = await house.post("sam", f"/coaching/{task}/done", {"outcome": " "})
    assert (status, 'role="alert"' in text) == (400, True)
    assert (await house.post("sam", f"/coaching/{task}/done", {"outcome": "we talked"}))[0] == 303
    assert await state_of(house, task) is TaskState.DONE
    _, text = await house.get("ann", f"/coaching/{task}")
    assert "we talked" in text
    assert "“I will”" in text

    assert (await house.post("sam", f"/coaching/{task}/reopen", {"due": "x"}))[0] == 400
    assert (await house.post("sam", f"/coaching/{task}/reopen", {"due": "2026-11-20"}))[0] == 400
    assert (await house.post("sam", f"/coaching/{task}/reopen", {"due": "2026-12-24"}))[0] == 303
    assert (await house.post("sam", f"/coaching/{task}/withdraw"))[0] == 303
    assert await state_of(house, task) is TaskState.WITHDRAWN
    async with house.database.reading() as session:
        steps = [row.action.removeprefix("coaching.") for row in await audit.rows_of(session, task)]
    assert steps.count("read") == 2, "the agent's reading and the supervisor's"
    assert [step for step in steps if step != "read"] == [
        "made", "acknowledged", "done", "reopened", "withdrawn",
    ]  # fmt: skip


async def test_the_day_is_over_at_midnight_where_the_company_is(house: House, call_id: str) -> None:
    task = await made(house, due="2026-11-21")
    async with house.database.reading() as session:
        due = (await coaching.get(session, task)).due_at
    assert due == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    _, text = await house.get("sam", f"/coaching/{task}")
    assert "21 Nov 2026" in text
    house.clock.pass_seconds(5 * 3600)
    _, text = await house.get("ann", "/coaching")
    assert 'class="late"' in text
    assert "overdue" in text


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"note": ""}, "what should change"),
        ({"note": "x" * 2001}, "2,001 characters"),
        ({"skill": " "}, "Name the skill"),
        ({"skill": "x" * 61}, "61 characters"),
        ({"due": ""}, "not a day"),
        ({"due": "2026-02-30"}, "not a day"),
        ({"due": "2026-11-20"}, "in the past"),
        ({"due": "9999-12-31"}, "not a day"),
        ({"agent": "sam"}, "no agent at work"),
    ],
)
async def test_a_form_that_lacks_something_says_what_and_keeps_the_rest(
    house: House, call_id: str, changes: dict[str, str], message: str
) -> None:
    if changes.get("agent") == "sam":
        changes = {"agent": house.people["sam"].id}
    status, text, _ = await house.post("sam", FORM, await values(house, **changes))
    assert status == 400
    alert = text.split('role="alert">', 1)[1].split("</p>", 1)[0]
    assert message in alert
    if "note" not in changes:
        assert "Say sorry before you ask.</textarea>" in text
    async with house.database.reading() as session:
        assert (await coaching.page(session, TaskFilter())).total == 0


async def test_an_agent_sees_their_own_alone(house: House, call_id: str) -> None:
    anns, bens = await made(house), await made(house, agent=house.people["ben"].id)
    _, text = await house.get("ann", "/coaching")
    assert (anns in text, bens in text) == (True, False)
    for path in (f"/coaching?agent={house.people['ben'].id}", "/coaching?state="):
        _, text = await house.get("ann", path)
        assert (anns in text, bens in text) == (True, False)
    assert (await house.get("ann", f"/coaching/{bens}"))[0] == 404
    assert (await house.post("ann", f"/coaching/{bens}/acknowledge"))[0] == 404
    _, text = await house.get("sam", "/coaching")
    assert (anns in text, bens in text) == (True, True)
    _, text = await house.get("sam", f"/coaching?agent={house.people['ben'].id}")
    assert (anns in text, bens in text) == (False, True)
    assert (await house.get("sam", "/coaching?state=wrong"))[0] == 400
    assert "No task is like that" in (await house.get("sam", "/coaching?state=done"))[1]
    assert (await house.post("sam", f"/coaching/{anns}/acknowledge"))[0] == 403


async def test_programs_read_and_write_the_same(house: House, call_id: str) -> None:
    status, text, _ = await house.post("sam", FORM, await values(house), script=True)
    made_task = json.loads(text)
    assert (status, made_task["state"]) == (201, "open")
    client = await house.visitor("ann")
    accept = {"Accept": "application/json"}
    async with client.get("/coaching", headers=accept) as response:
        listed = await response.json()
    assert [task["id"] for task in listed["tasks"]] == [made_task["id"]]
    assert "note" not in listed["tasks"][0]
    async with client.get(f"/coaching/{made_task['id']}", headers=accept) as response:
        task = await response.json()
    assert task["quotes"] == [{"turn": 2, "text": "sorry", "start": pytest.approx(8.6)}]
    assert task["note"] == "Say sorry before you ask."
    path = f"/coaching/{made_task['id']}/acknowledge"
    status, text, _ = await house.post("ann", path, script=True)
    assert json.loads(text)["state"] == "acknowledged"
    status, text, _ = await house.post("sam", FORM, await values(house, note=""), script=True)
    assert (status, json.loads(text)["error"]["code"]) == (400, "BadInput")


async def test_words_that_are_gone_are_said_to_be(house: House, call_id: str) -> None:
    task = await made(house)
    async with house.database.writing() as session:
        row = await session.get(TurnRow, ("call-1", "t2"))
        assert row is not None
        row.text = "I am"
    assert "no longer stand" in (await house.get("sam", f"/coaching/{task}"))[1]
    assert (await house.post("sam", "/conversations/call-1/delete"))[0] == 303
    _, text = await house.get("ann", f"/coaching/{task}")
    assert "has been deleted" in text
    assert "Say sorry" not in text
    assert "empathy" in text or "understanding" in text


async def test_pages_turn_with_their_filter(house: House) -> None:
    await store_call(house)
    for _ in range(51):
        await made(house)
    _, text = await house.get("sam", "/coaching?skill=Empathy&page=1")
    assert 'href="/coaching?skill=Empathy&amp;page=2"' in text
    _, text = await house.get("sam", "/coaching?skill=Empathy&page=2")
    assert "Page 2 of 2" in text
    assert text.count('class="whole"') == 1


async def test_who_has_no_task_is_told_what_the_page_is_for(house: House) -> None:
    assert "Nothing is here" in (await house.get("ann", "/coaching"))[1]
    assert "choose “Coach”" in (await house.get("sam", "/coaching"))[1]


def at_noon(day: int, month: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


async def store_answers(house: House, days: dict[tuple[int, int], str]) -> None:
    """Calls of Ann's, one a day, whose empathy was answered so."""
    for (month, day), verdict in days.items():
        at = at_noon(day, month)
        name = f"c-{month}-{day}"
        spoken = replace(call(("agent", "hello"), id=name), opened_at=at, closed_at=at, agent="Ann")
        finding = Finding("empathy", Verdict(verdict), 0.9, "heard")
        async with house.database.writing() as session:
            await conversations.add(session, spoken, now=at)
            version = load_scorecard("service").version
            made = Evaluation(
                f"e-{name}", name, "service", version, (finding,), at, 50.0, failed=False
            )
            await evaluations.save(session, made)


async def test_before_and_after_are_counted_and_compared(house: House, call_id: str) -> None:
    await store_answers(house, {(11, day): "no" for day in range(9, 21)})
    task = await made(house)
    _, text = await house.get("sam", f"/coaching/{task}")
    effect = text.split('id="effect"', 1)[1].split("</section>", 1)[0]
    assert "0 of 12; 24 Oct to 20 Nov 2026" in effect
    assert "counted from the day after it is done" in effect

    await house.post("ann", f"/coaching/{task}/acknowledge")
    await house.post("sam", f"/coaching/{task}/done", {"outcome": "we talked"})
    await store_answers(house, {(11, day): "yes" for day in range(22, 31)})
    house.clock.at = at_noon(2, 12)
    await sign_in_again(house)
    _, text = await house.get("ann", f"/coaching/{task}")
    effect = text.split('id="effect"', 1)[1].split("</section>", 1)[0]
    assert "9 of 9; 22 Nov to 1 Dec 2026" in effect
    assert "too few yet: 10 conversations on each side are needed" in effect

    await store_answers(house, {(12, 1): "yes"})
    _, text = await house.get("ann", f"/coaching/{task}")
    effect = text.split('id="effect"', 1)[1].split("</section>", 1)[0]
    assert "+100 points" in effect
    assert "does not say that the coaching made it" in effect
    for day in range(9, 21):
        await house.post("sam", f"/conversations/c-11-{day}/delete")
    client = await house.visitor("ann")
    async with client.get(f"/coaching/{task}", headers={"Accept": "application/json"}) as response:
        told = (await response.json())["effect"]
    assert (told["before"]["n"], told["after"]["n"], told["change"]) == (12, 10, 1.0)
    assert 0 < told["low"] < told["high"] <= 1


async def sign_in_again(house: House) -> None:
    """The clock has moved on, and sessions with it."""
    for name in ("sam", "ann"):
        async with house.database.writing() as session:
            token, csrf = await users.start_session(
                session, house.people[name].id, now=house.clock.at, hours=24
            )
        house.tokens[name], house.csrf[name] = token, csrf


async def test_a_conversation_shows_the_tasks_and_examples_made_from_it(
    house: House, call_id: str
) -> None:
    task = await made(house)
    example = {
        "title": "Sorry at once", "skill": "Empathy", "why": "Before all else.",
        "first": "1", "last": "2",
    }  # fmt: skip
    _, _, location = await house.post("sam", "/conversations/call-1/examples", example)
    _, text = await house.get("sam", "/conversations/call-1")
    section = text.split('id="coached"', 1)[1].split("</section>", 1)[0]
    assert f'href="/coaching/{task}"' in section
    assert f'href="{location}"' in section
    assert "not acknowledged yet" in section

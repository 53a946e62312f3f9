"""A conversation's page, and what a reviewer may do with it."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from console.conversation import EVENTS, UNTOLD
from core.conversation import EventKind, Role, Turn
from core.evaluation import Evidence, Finding, Verdict
from core.exchange import from_exchange, to_exchange
from core.handoff import Holder
from core.recording import ChannelLayout
from core.spans import TextSpan
from core.survey import SurveyInvitation, SurveyKind, SurveyResponse
from store import audit, conversations, evaluations, recordings, surveys
from tests.build import call, chat
from tests.console.conftest import LINES, START, House, evaluation_of, store_call, store_chat

PAGE = "/conversations/call-1"


async def actions(house: House, subject: str = "call-1") -> list[tuple[str, str]]:
    names = {user.id: name for name, user in house.people.items()}
    async with house.database.reading() as session:
        return [(names[row.actor], row.action) for row in await audit.rows_of(session, subject)]


async def test_the_page_shows_who_said_what_and_when(house: House, call_id: str) -> None:
    status, text = await house.get("sam", PAGE)
    assert status == 200
    assert text.count('class="turn agent"') == 2
    assert '<span class="speaker">Ann</span> <span class="at">0:00</span>' in text
    assert '<span class="speaker">Customer</span> <span class="at">0:04</span>' in text
    assert '<time datetime="2026-11-21T17:43:00+00:00"' in text
    assert "moonshine tiny-en" in text
    assert 'data-start="0.0" data-end="0.4"' in text
    assert await actions(house) == [("sam", "conversation.read")]


async def test_what_was_said_is_shown_as_text_and_never_runs(house: House, call_id: str) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
    spoken = replace(chat(("customer", hostile), id="evil"), agent=hostile, external_id=hostile)
    async with house.database.writing() as session:
        await conversations.add(session, spoken, now=START)
        invitation = SurveyInvitation("i", "evil", (SurveyKind.CSAT,), hostile, START)
        await surveys.invite(session, invitation)
        why = SurveyResponse("a", "i", SurveyKind.WHY, START, None, hostile)
        await surveys.respond(session, why)
        finding = Finding("greeting", Verdict.NO, 1, hostile, (Evidence("t0", TextSpan(2, 30)),))
        judged = replace(
            evaluation_of(spoken), findings=(finding,), variables={"company": hostile}, id="x"
        )
        await evaluations.save(session, judged)
    for path in ("/conversations/evil", "/conversations", "/conversations/evil/delete"):
        _, text = await house.get("sam", path)
        assert "alert(1)</script>" not in text
        assert "<img src=x" not in text
        assert "49" not in re.sub(r"[0-9a-zA-Z_-]{20,}", "", text)
    _, text = await house.get("sam", PAGE)
    assert "&lt;b&gt;broke&lt;/b&gt;" in text


async def test_each_finding_shows_verdict_confidence_reason_and_quotes(
    house: House, call_id: str
) -> None:
    _, text = await house.get("sam", PAGE)
    findings = dict(re.findall(r'id="finding-(\w+)"(.*?)</details>', text, re.DOTALL))
    assert set(findings) == {"greeting", "agent_name", "identity_check", "empathy"}
    greeting = findings["greeting"]
    assert "✓</span> Yes" in greeting
    assert "the greeting names the company." in greeting
    assert "92 % sure" in greeting
    assert "“Thank you for calling Acme”" in greeting
    assert 'href="#turn-0" data-finding="greeting" data-start="0.0"' in greeting
    assert "?</span> Unsure" in findings["agent_name"]
    assert "–</span> Does not apply" in findings["identity_check"]
    assert "✗</span> No" in findings["empathy"]
    assert text.count('<mark data-findings="greeting">') == 9  # five words and four gaps
    assert '<mark data-findings="agent_name">name</mark>' in text
    assert "✗ failed" in text


async def test_evidence_that_no_longer_stands_is_left_out(house: House, call_id: str) -> None:
    async with house.database.writing() as session:
        spoken = await conversations.get(session, call_id)
        gone = Finding(
            "greeting", Verdict.YES, 1, "x",
            (Evidence("t9", TextSpan(0, 1)), Evidence("t2", TextSpan(0, 999))),
        )  # fmt: skip
        await evaluations.save(session, replace(evaluation_of(spoken), findings=(gone,), id="y"))
    status, text = await house.get("sam", PAGE)
    assert status == 200
    assert 'class="quote"' not in text


async def test_mood_is_drawn_and_told(house: House, call_id: str) -> None:
    async with house.database.writing() as session:
        spoken = await conversations.get(session, call_id)
        judged = evaluation_of(spoken)
        trace = replace(judged.sentiment, turns=(("t0", -0.5), ("t1", 0.5)), shift=1.0, overall=0.0)
        await evaluations.save(session, replace(judged, sentiment=trace, id="z"))
    _, text = await house.get("sam", PAGE)
    drawing = text.split('<svg class="mood"', 1)[1].split("</svg>", 1)[0]
    points = re.findall(r'points="([^"]+)"', drawing)[0].split()
    assert points == ["6.0,45.0", "314.0,19.0"]
    assert 'aria-label="Sentiment by turn of the customer, from −0.50 to +0.50"' in drawing
    assert "vader-3.3.2" in text
    assert "</span> rising" in text


async def test_agents_open_their_own_alone(house: House, call_id: str) -> None:
    of_ann = await store_chat(house, "a", holder=Holder.PERSON, agent="ann")
    of_bot = await store_chat(house, "b", holder=Holder.BOT)
    for path in ("", "/turns", "/audio"):
        status, text = await house.get("ben", f"/conversations/{of_ann}{path}")
        assert (status, "Ann has this conversation" in text) == (409, True)
        refusals = [
            (await house.get("ann", f"/conversations/{one}{path}"))[1]
            for one in ("call-1", of_bot, "nothing")
        ]
        assert len(set(refusals)) == 1  # whether it exists is not told
        assert "no such conversation, or it is" in refusals[0]
    assert (await house.get("ann", f"/conversations/{of_ann}"))[0] == 200
    assert await actions(house) == []
    status, _, _ = await house.post(
        "ben", f"/conversations/{of_ann}/say", {"turn": "t", "text": "x"}
    )
    assert status == 409
    assert house.chat.told == []


async def test_an_agent_sees_no_reviewers_buttons(house: House) -> None:
    async with house.database.writing() as session:
        await conversations.add(session, chat(("customer", "hi"), id="own"), now=START)
        mine = Turn("mine", Role.AGENT, "hello", START)
        await conversations.append_turn(
            session, "own", mine, now=START, agent_id=house.people["ann"].id
        )
    _, text = await house.get("ann", "/conversations/own")
    assert "hello" in text
    for word in ("rescore", "swap", "delete", "export"):
        assert word not in text


async def test_export_gives_the_exchange_format_and_is_audited(house: House, call_id: str) -> None:
    client = await house.visitor("sam")
    async with client.get(f"{PAGE}/export.json") as response:
        assert response.headers["Content-Disposition"] == 'attachment; filename="call-1.json"'
        given = from_exchange(json.loads(await response.text()))
    async with house.database.reading() as session:
        kept = await conversations.get(session, call_id)
    assert to_exchange(given) == to_exchange(kept)
    assert await actions(house) == [("sam", "conversation.exported")]


async def test_swapping_roles_rescores_and_is_audited(house: House, call_id: str) -> None:
    assert (await house.post("sam", f"{PAGE}/swap"))[0] == 303
    async with house.database.reading() as session:
        spoken = await conversations.get(session, call_id)
        assert await evaluations.score_state(session, call_id) == ("due", None)
    assert [turn.role for turn in spoken.turns] == [Role.CUSTOMER, Role.AGENT, Role.CUSTOMER]
    assert await actions(house) == [("sam", "conversation.roles_swapped")]
    _, text = await house.get("sam", PAGE)
    assert "It is being scored" in text
    assert "/static/chat.js" in text


async def unnamed_call(house: House, layout: ChannelLayout = ChannelLayout.FIND) -> None:
    turns = tuple(replace(turn, role=Role.UNKNOWN) for turn in call(*LINES).turns)
    await store_call(house, turns=turns, layout=layout)


@pytest.mark.parametrize(
    "agent, wanted, layout",
    [
        ("channel 1", [Role.AGENT, Role.CUSTOMER, Role.AGENT], ChannelLayout.AGENT_CUSTOMER),
        ("channel 2", [Role.CUSTOMER, Role.AGENT, Role.CUSTOMER], ChannelLayout.CUSTOMER_AGENT),
    ],
)
async def test_a_person_says_who_is_the_agent_where_nobody_knew(
    house: House, agent: str, wanted: list[Role], layout: ChannelLayout
) -> None:
    await unnamed_call(house)
    _, text = await house.get("sam", PAGE)
    assert 'name="agent" value="channel 2"' in text
    assert (await house.post("sam", f"{PAGE}/roles", {"agent": agent}))[0] == 303
    async with house.database.reading() as session:
        told = await conversations.get(session, "call-1")
        assert await evaluations.score_state(session, "call-1") == ("due", None)
        recording = await recordings.get(session, "r-call-1")
    assert [turn.role for turn in told.turns] == wanted
    assert recording.layout is layout  # so it stays when the call is heard anew
    assert (told.events[-1].kind, told.events[-1].actor) == (EventKind.ROLES_TOLD, "Sam")
    assert ("sam", "conversation.roles_told") in await actions(house)
    _, text = await house.get("sam", PAGE)
    assert 'name="agent"' not in text
    assert "Said who is the agent" in text


async def test_on_one_channel_the_voices_are_told_and_the_layout_stays(house: House) -> None:
    await unnamed_call(house, ChannelLayout.MONO)
    assert (await house.post("sam", f"{PAGE}/roles", {"agent": "channel 2"}))[0] == 303
    async with house.database.reading() as session:
        assert (await recordings.get(session, "r-call-1")).layout is ChannelLayout.MONO


@pytest.mark.parametrize("agent", ["", "channel 3", "<b>"])
async def test_a_voice_that_is_not_there_is_nobody(house: House, agent: str) -> None:
    await unnamed_call(house)
    assert (await house.post("sam", f"{PAGE}/roles", {"agent": agent}))[0] == 400
    async with house.database.reading() as session:
        kept = await conversations.get(session, "call-1")
    assert {turn.role for turn in kept.turns} == {Role.UNKNOWN}


async def test_swapped_roles_stay_when_the_call_is_heard_anew(house: House, call_id: str) -> None:
    for layout in (ChannelLayout.CUSTOMER_AGENT, ChannelLayout.AGENT_CUSTOMER):
        await house.post("sam", f"{PAGE}/swap")
        async with house.database.reading() as session:
            assert (await recordings.get(session, "r-call-1")).layout is layout


@pytest.mark.parametrize(
    "scorecard, status, kept", [("", 303, None), ("service", 303, "service"), ("x", 400, None)]
)
async def test_a_score_is_asked_for_again(
    house: House, call_id: str, scorecard: str, status: int, kept: str | None
) -> None:
    got, _, _ = await house.post("sam", f"{PAGE}/rescore", {"scorecard": scorecard})
    assert got == status
    async with house.database.reading() as session:
        state, _ = await evaluations.score_state(session, call_id)
        assert await evaluations.scorecard_of(session, call_id) == kept
    assert state == ("due" if status == 303 else "scored")


async def test_the_question_before_deleting_names_what_people_made_of_it(
    house: House, call_id: str
) -> None:
    _, _, review = await house.post("sam", f"{PAGE}/review")
    await house.post("sam", f"{review}/questions/agent_name", {"answer": "unsure"})
    await house.post("sam", f"{review}/submit")
    for question in ("empathy", "greeting"):
        await house.post("ann", f"{review}/questions/{question}/dispute", {"reason": "no"})
    for title in ("One", "Two"):
        form = {"title": title, "skill": "Empathy", "why": "so", "first": "0", "last": "1"}
        _, _, example = await house.post("sam", f"{PAGE}/examples", form)
    await house.post("sam", f"{example}/publish", {"checked": "on"})
    _, text = await house.get("sam", f"{PAGE}/delete")
    listed = text.split("<ul>", 1)[1].split("</ul>", 1)[0]
    assert "1 review with what people answered and wrote, and 2 disputes" in listed
    assert "2 examples for agents, 1 of them published" in listed
    assert "2 alerts" in listed


async def test_deleting_asks_twice_and_leaves_nothing_but_the_audit(
    house: House, call_id: str
) -> None:
    path = house.files.folder / "r-call-1"
    status, text = await house.get("sam", f"{PAGE}/delete")
    assert status == 200
    assert "its 3 turns and 1 event, and" in text
    assert "1 score with all findings" in text
    assert "review" not in text.split("<ul>", 1)[1].split("</ul>", 1)[0], "there is none"
    assert "call-1.wav" in text
    assert path.exists()
    status, _, location = await house.post("sam", f"{PAGE}/delete")
    assert (status, location) == (303, "/conversations")
    assert not path.exists()
    async with house.database.reading() as session:
        assert await conversations.find(session, call_id) is None
        assert await recordings.find(session, "r-call-1") is None
    assert await actions(house) == [("sam", "conversation.deleted")]
    assert (await house.get("sam", PAGE))[0] == 404


@pytest.mark.parametrize("command", ["delete", "swap", "rescore", "roles"])
async def test_an_open_chat_is_not_deleted_swapped_or_scored(house: House, command: str) -> None:
    waiting = await store_chat(house)
    status, text, _ = await house.post("sam", f"/conversations/{waiting}/{command}")
    assert (status, "Close it first" in text) == (409, True)
    async with house.database.reading() as session:
        assert await evaluations.score_state(session, waiting) == ("none", None)
    assert await actions(house, waiting) == []


async def test_a_chat_has_no_roles_to_swap(house: House) -> None:
    written = chat(("customer", "hi"), ("agent", "hello"), id="written")
    async with house.database.writing() as session:
        await conversations.add(session, written, now=START)
    status, text, _ = await house.post("sam", "/conversations/written/swap")
    assert (status, "only a call" in text) == (400, True)
    async with house.database.reading() as session:
        kept = await conversations.get(session, "written")
    assert [turn.role for turn in kept.turns] == [Role.CUSTOMER, Role.AGENT]


async def test_survey_answers_are_shown_and_a_dismissal_is_no_score(
    house: House, call_id: str
) -> None:
    async with house.database.writing() as session:
        kinds = (SurveyKind.CSAT, SurveyKind.CES)
        await surveys.invite(session, SurveyInvitation("i", call_id, kinds, "order", START))
        for index, (kind, score, words, no) in enumerate([
            (SurveyKind.CSAT, 2, None, False), (SurveyKind.WHY, None, "too slow", False),
            (SurveyKind.CES, None, None, True),
        ]):  # fmt: skip
            answer = SurveyResponse(
                f"a{index}", "i", kind, START + timedelta(seconds=index), score, words, None, no
            )
            await surveys.respond(session, answer)
    _, text = await house.get("sam", PAGE)
    section = text.split('id="survey"', 1)[1].split("</section>", 1)[0]
    assert "<strong>2</strong>" in section
    assert "“too slow”" in section
    assert section.count("dismissed") == 1


async def test_a_silent_call_and_a_failed_score_say_so(house: House) -> None:
    await store_call(house, turns=())
    async with house.database.writing() as session:
        await evaluations.ask(session, "call-1")
        await evaluations.claim(session, "call-1", worker="w", now=START, seconds=1)
        await evaluations.fail(session, "call-1", worker="w", reason="no scorecard is called x")
    _, text = await house.get("sam", PAGE)
    assert "Nobody speaks in this recording" in text
    assert "no scorecard is called x" in text


def test_every_kind_of_event_has_words_or_is_told_by_the_turns() -> None:
    assert {kind for kind in EventKind if kind not in EVENTS} <= UNTOLD

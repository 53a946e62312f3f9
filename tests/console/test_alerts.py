"""The page of alerts: what is open, whose it is, by when; taking and closing."""

import re
from datetime import timedelta

import pytest

from core.alert import Alert, AlertKind, Citation, Cited
from core.survey import SurveyInvitation, SurveyKind, SurveyResponse
from store import alerts, audit, surveys
from tests.console.conftest import START, House, store_chat


async def store_detractor(
    house: House, *, hours: float = 24, id: str = "a1", chat: str = "chat-1"
) -> str:
    """A chat whose customer gave a CSAT of 2 in its first turn; the conversation's id."""
    conversation = await store_chat(house, chat)
    async with house.database.writing() as session:
        invitation = SurveyInvitation(
            f"i-{id}", conversation, (SurveyKind.CSAT, SurveyKind.CES), "order_status", START
        )
        await surveys.invite(session, invitation)
        response = SurveyResponse(f"r-{id}", f"i-{id}", SurveyKind.CSAT, START, score=2, turn="x0")
        await surveys.respond(session, response)
        await alerts.raise_alert(
            session,
            Alert(
                id, conversation, AlertKind.DETRACTOR,
                Citation(Cited.RESPONSE, response.id, "x0"), START, START + timedelta(hours=hours),
            ),
        )  # fmt: skip
    return conversation


def rows(text: str) -> list[str]:
    return re.findall(r'<tr id="alert-.*?</tr>', text, flags=re.DOTALL)


async def test_an_alert_says_what_by_when_and_whose_and_leads_to_the_turn(house: House) -> None:
    chat = await store_detractor(house)
    _, text = await house.get("sam", "/alerts")
    (row,) = rows(text)
    assert f'href="/conversations/{chat}#turn-0"' in row
    assert "CSAT 2 (1 to 5)" in row
    assert "in 24 h" in row
    assert "22 Nov 2026, 19:43" in row
    assert "Sam" in row, "the only supervisor"
    assert "not taken yet" in row
    assert 'class="late"' not in row


async def test_what_is_overdue_comes_first_and_is_marked(house: House) -> None:
    await store_detractor(house, hours=24, id="later", chat="one")
    await store_detractor(house, hours=1, id="sooner", chat="two")
    house.clock.pass_seconds(3 * 3600)
    _, text = await house.get("sam", "/alerts")
    first, second = rows(text)
    assert "overdue by 2 h" in first
    assert 'class="late"' in first
    assert 'class="late"' not in second
    assert '2 open, <strong class="bad-word">1 overdue</strong>' in text


async def test_nothing_open_says_so(house: House) -> None:
    _, text = await house.get("sam", "/alerts")
    assert "Nothing is open" in text
    assert "Closed lately" not in text


async def test_taking_and_closing_are_kept_and_audited(house: House) -> None:
    await store_detractor(house)
    status, _, onward = await house.post("olga", "/alerts/a1/take")
    assert (status, onward) == (303, "/alerts")
    await house.post("olga", "/alerts/a1/take")  # once more changes nothing
    _, text = await house.get("olga", "/alerts")
    assert "Olga" in rows(text)[0]
    assert "Take it" not in rows(text)[0]
    assert "Take it" in rows((await house.get("sam", "/alerts"))[1])[0]
    status, _, _ = await house.post("olga", "/alerts/a1/close", {"note": " Called <b>them</b> "})
    assert status == 303
    _, text = await house.get("sam", "/alerts")
    assert rows(text) == []
    assert "Called &lt;b&gt;them&lt;/b&gt;" in text
    async with house.database.reading() as session:
        kept = await alerts.get(session, "a1")
        noted = await audit.rows_of(session, "a1")
    assert (kept.closed_by, kept.note) == (house.people["olga"].id, "Called <b>them</b>")
    assert [row.action for row in noted] == ["alert.taken", "alert.closed"]
    assert all("them" not in str(row.detail) for row in noted), "the audit holds no words"


@pytest.mark.parametrize("note", ["", "   ", "x" * 1001])
async def test_a_note_is_asked_for_and_not_too_long(house: House, note: str) -> None:
    await store_detractor(house)
    status, text, _ = await house.post("sam", "/alerts/a1/close", {"note": note})
    assert status == 400
    assert 'role="alert"' in text or "1,000 are enough" in text
    async with house.database.reading() as session:
        assert (await alerts.get(session, "a1")).is_open


async def test_who_comes_second_is_told(house: House) -> None:
    await store_detractor(house)
    await house.post("sam", "/alerts/a1/close", {"note": "called"})
    for path, form in (("/alerts/a1/close", {"note": "me too"}), ("/alerts/a1/take", {})):
        status, text, _ = await house.post("olga", path, form)
        assert status == 409
        assert "closed by somebody already" in text
        assert "<h1>Somebody was first</h1>" in text
    assert (await house.post("sam", "/alerts/nothing/take"))[0] == 404


async def test_the_head_counts_open_alerts_for_who_sees_to_them(house: House) -> None:
    await store_detractor(house)
    assert '"alerts": 1' in (await house.get("sam", "/waiting"))[1]
    assert "alerts" not in (await house.get("ann", "/waiting"))[1]
    assert 'href="/alerts"' in (await house.get("sam", "/conversations"))[1]
    assert 'href="/alerts"' not in (await house.get("ann", "/conversations"))[1]


async def test_the_conversation_shows_what_was_asked_answered_and_raised(house: House) -> None:
    chat = await store_detractor(house)
    _, text = await house.get("sam", f"/conversations/{chat}")
    section = text.split('id="survey"', 1)[1].split("</section>", 1)[0]
    assert "about order status" in section
    assert re.search(r"<dt>CES</dt><dd[^>]*>not answered", section)
    raised = text.split('id="alerts-here"', 1)[1].split("</section>", 1)[0]
    assert 'href="/alerts#alert-a1"' in raised
    assert "in 24 h" in raised
    _, text = await house.get("ann", f"/conversations/{chat}")
    assert "A dissatisfied customer" in text
    assert 'href="/alerts#' not in text, "an agent cannot open that page"

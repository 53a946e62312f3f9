"""What an agent sees of a handoff: the packet with its turns, and call-backs to be rung."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from console.access import SESSION
from core.call_back import CallBack, CallBackState
from core.conversation import EventKind
from core.handoff import Holder
from language.packet import Known, make_packet, packet_out
from language.pipeline import Pipeline
from store import audit, call_backs, conversations, handoffs, presence
from store.identity import record_verification
from tests.browser import PHONE, OpenPage
from tests.console.conftest import START, House, store_chat

PICTURES = os.environ.get("PARLEY_PICTURES", "")


async def with_packet(house: House) -> str:
    """A chat that waits again, with the packet that channels would have made."""
    chat = await store_chat(house, holder=Holder.BOT)
    async with house.database.writing() as session:
        talk = await conversations.get(session, chat)
        packet = make_packet(talk, pipeline=Pipeline(), known=Known(reason="order_change"))
        handoff = await handoffs.get(session, chat)
        await handoffs.move(
            session, handoff, Holder.WAITING, now=START, reason="order_change",
            summary="Wants an order changed", packet=packet_out(packet),
        )  # fmt: skip
    return chat


async def promise(house: House, chat: str, *, minutes: int = 60) -> str:
    start = house.clock() + timedelta(minutes=minutes)
    made = CallBack(
        f"cb{minutes}", chat, START, CallBackState.OPEN, "+447700900123", "after four",
        start, start + timedelta(hours=1),
    )  # fmt: skip
    async with house.database.writing() as session:
        await call_backs.save(session, made)
    return made.id


async def test_the_packet_stands_above_the_chat_with_its_turns(house: House) -> None:
    chat = await with_packet(house)
    status, page = await house.get("ann", f"/conversations/{chat}")
    assert status == 200
    assert "<dt>Wants</dt>" in page
    assert 'class="cites" href="#turn-0"' in page
    assert "not verified" in page


async def test_a_call_back_is_listed_rung_once_and_noted(house: House) -> None:
    chat = await store_chat(house, holder=Holder.CLOSED)
    made = await promise(house, chat)
    status, page = await house.get("ann", "/conversations")
    assert f"/call-backs/{made}/done" in page
    assert "+447700900123" in page and "Maya" not in page
    async with house.database.reading() as session:
        assert "call_back.read" in [row.action for row in await audit.rows_of(session, chat)]
    status, page = await house.get("ann", f"/conversations/{chat}")
    assert (status, "+447700900123" in page) == (200, True)
    for _ in range(2):
        status, _, onward = await house.post("ann", f"/call-backs/{made}/done")
        assert (status, onward) == (303, "/conversations")
    assert (await house.get("ann", f"/conversations/{chat}"))[0] == 200, "who rang may read it"
    assert (await house.get("ben", f"/conversations/{chat}"))[0] == 404
    async with house.database.reading() as session:
        events = (await conversations.get(session, chat)).events
        assert await call_backs.open_ones(session) == ()
    assert [event.kind for event in events].count(EventKind.CALL_BACK_DONE) == 1
    status, _, _ = await house.post("sam", f"/call-backs/{made}/done")
    assert status == 409, "somebody else was first"
    assert (await house.post("ann", "/call-backs/none/done"))[0] == 404
    assert (await house.post("ann", f"/call-backs/{made}/tried"))[0] == 409


async def test_who_is_not_reached_is_still_to_be_rung(house: House) -> None:
    chat = await store_chat(house, holder=Holder.CLOSED)
    made = await promise(house, chat)
    async with house.database.writing() as session:
        await record_verification(session, chat, "HP-1", "x0", now=START, name="Maya Shah")
    house.clock.pass_seconds(60)
    status, _, onward = await house.post("ann", f"/call-backs/{made}/tried")
    assert (status, onward) == (303, "/conversations")
    _, page = await house.get("ben", "/conversations")
    row = page.split('class="to-ring"')[1].split("</ul>")[0]
    assert "+447700900123</strong> Maya Shah" in row
    assert "rung in vain" in row and "19:44" in row
    _, page = await house.get("ben", f"/conversations/{chat}")
    assert "The customer was rung and not reached, by Ann" in page
    assert page.count(f'formaction="/call-backs/{made}/tried"') == 1
    async with house.database.reading() as session:
        (waiting,) = await call_backs.open_ones(session)
        done = [row.action for row in await audit.rows_of(session, chat)]
    assert waiting.id == made and "call_back.tried" in done
    assert (await house.post("ben", "/call-backs/none/tried"))[0] == 404


async def test_who_has_the_console_open_is_at_work(house: House) -> None:
    async with house.database.reading() as session:
        assert not await presence.is_anybody_here(session, since=START - timedelta(minutes=5))
    assert (await house.get("ann", "/waiting"))[0] == 200
    async with house.database.reading() as session:
        assert await presence.is_anybody_here(session, since=START - timedelta(minutes=5))
        assert not await presence.is_anybody_here(session, since=START + timedelta(minutes=5))


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (PHONE, False), (1280, True)])
async def test_packet_and_call_backs_in_a_browser(
    house: House, chromium_page: OpenPage, tmp_path: Path, width: int, dark: bool
) -> None:
    chat = await with_packet(house)
    await promise(house, chat)
    await promise(house, chat, minutes=-180)
    page = await chromium_page(width, dark=dark)
    base = str(house.server.make_url("/"))
    await page.context.add_cookies([{"name": SESSION, "value": house.tokens["ann"], "url": base}])
    folder = Path(PICTURES) if PICTURES else tmp_path
    name = f"{width}{'d' if dark else ''}"
    await page.goto(f"{base}conversations")
    await expect(page.get_by_role("heading", name="Call-backs")).to_be_visible()
    await expect(page.get_by_text("overdue")).to_have_count(1)
    await page.screenshot(path=folder / f"call-backs-{name}.png")
    await page.goto(f"{base}conversations/{chat}")
    line = page.locator(".packet div", has_text="Wants")
    await line.locator(".cites").first.click()
    assert page.url.endswith("#turn-0")
    await page.evaluate("scrollTo(0, 0)")
    await page.screenshot(path=folder / f"packet-{name}.png")
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "nothing is wider than the page"

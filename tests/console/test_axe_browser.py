"""axe on conversations in all their states, all unfolded, light and dark, wide and narrow."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from core.conversation import Role, Turn
from core.handoff import Holder
from store import attachments, conversations, messaging, notes, outbox
from store.attachments import Content
from store.outbox import Delivery
from tests.axe import violations
from tests.browser import PHONE, OpenPage
from tests.build import png
from tests.console.conftest import START, House, store_chat
from tests.console.test_browser import opened, picture
from tests.console.test_reviews import submitted
from tests.console.test_telephone_chats import keep_file, store_message

pytestmark = pytest.mark.browser
Prepare = Callable[[House], Awaitable[str]]


async def whatsapp(house: House) -> str:
    """Ann holds it: a file kept, one refused, one coming; a picture; an answer that failed."""
    chat = await store_message(house)
    await keep_file(house, chat)
    async with house.database.writing() as session:
        await messaging.note_name(session, chat, "Maya")
        await outbox.set_state(
            session, chat, "t1", Delivery.FAILED, now=START, reason="Switched off."
        )
        shown = Turn("m2", Role.CUSTOMER, "[Picture]", START)
        await conversations.append_turn(session, chat, shown, now=START)
        content = Content("image/png", len(png(80, 60)), 80, 60)
        file = await attachments.add_kept(session, chat, "m2", content, now=START)
        user = house.people["ann"].id
        await notes.add(session, chat, user=user, text="Second time this month.", now=START)
    (house.settings.recordings / file).write_bytes(png(80, 60))
    return f"/conversations/{chat}"


async def held_by_ben(house: House) -> str:
    return f"/conversations/{await store_chat(house, holder=Holder.PERSON, agent='ben')}"


async def not_taken(house: House) -> str:
    return f"/conversations/{await store_chat(house)}"


async def closed(house: House) -> str:
    return f"/conversations/{await store_chat(house, holder=Holder.CLOSED)}"


STATES: dict[str, tuple[str, Prepare]] = {
    "whatsapp": ("ann", whatsapp),
    "held-by-another": ("ann", held_by_ben),
    "relieved": ("sam", held_by_ben),
    "not-taken": ("ann", not_taken),
    "closed": ("sam", closed),
}


async def unfold(page: Page) -> None:
    """Open everything that can be opened."""
    await page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")


async def check(page: Page, tmp_path: Path, name: str) -> None:
    await unfold(page)
    await picture(page, tmp_path, name)
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, PHONE])
@pytest.mark.parametrize("state", STATES)
async def test_a_conversation_in_every_state(
    house: House, chromium_page: OpenPage, tmp_path: Path, *, state: str, width: int, dark: bool
) -> None:
    who, prepare = STATES[state]
    path = await prepare(house)
    page = await opened(house, chromium_page, who, path, width, dark=dark)
    await expect(page.locator("main")).to_be_visible()
    await check(page, tmp_path, f"axe-{state}-{width}{'-dark' * dark}")


@pytest.mark.parametrize("dark", [False, True])
async def test_a_scored_call_and_its_review(
    house: House, call_id: str, chromium_page: OpenPage, tmp_path: Path, *, dark: bool
) -> None:
    path = await submitted(house)
    for name, where in (("call", f"/conversations/{call_id}"), ("review", path)):
        page = await opened(house, chromium_page, "sam", where, dark=dark)
        await check(page, tmp_path, f"axe-{name}{'-dark' * dark}")

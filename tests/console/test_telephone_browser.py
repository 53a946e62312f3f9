"""A WhatsApp conversation in a real browser: a failure comes by itself, and all fits on a phone."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from store import outbox
from store.outbox import Delivery
from tests.browser import PHONE, OpenPage
from tests.console.conftest import START, House
from tests.console.test_browser import opened, picture
from tests.console.test_telephone_chats import keep_file, store_message

pytestmark = pytest.mark.browser
WHY = "The customer's phone is switched off, or out of reach. (Twilio's error 30003)"


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (PHONE, False), (1280, True)])
async def test_how_a_message_fares_comes_by_itself(
    house: House, chromium_page: OpenPage, tmp_path: Path, width: int, dark: bool
) -> None:
    chat = await store_message(house)
    await keep_file(house, chat)
    page = await opened(house, chromium_page, "ann", f"/conversations/{chat}", width, dark=dark)
    delivery = page.locator('[data-turn="t1"] .delivery')
    await expect(delivery).to_have_text("on its way")
    async with house.database.writing() as session:
        await outbox.set_state(session, chat, "t1", Delivery.FAILED, now=START, reason=WHY)
    await expect(delivery).to_have_text(f"✗ not delivered: {WHY}")
    await expect(delivery).to_have_class("delivery failed")
    await expect(page.locator(".files a")).to_have_text("Picture (png, 1 KiB)")
    await expect(page.locator("#line-notice")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await delivery.scroll_into_view_if_needed()
    await picture(page, tmp_path, f"whatsapp-{width}-{'dark' if dark else 'light'}")


async def test_a_file_that_is_fetched_meanwhile_comes_by_itself(
    house: House, chromium_page: OpenPage
) -> None:
    chat = await store_message(house)
    page = await opened(house, chromium_page, "ann", f"/conversations/{chat}")
    await expect(page.locator(".files span")).to_have_count(3)
    await keep_file(house, chat)
    await expect(page.locator(".files a")).to_have_text("Picture (png, 1 KiB)")
    await expect(page.locator(".files span")).to_have_count(2)


async def test_a_file_is_downloaded_not_opened(
    house: House, chromium_page: OpenPage, tmp_path: Path
) -> None:
    chat = await store_message(house)
    await keep_file(house, chat)
    page = await opened(house, chromium_page, "ann", f"/conversations/{chat}")
    async with page.expect_download() as coming:
        await page.locator(".files a").click()
    got = await coming.value
    await got.save_as(tmp_path / "file")
    assert got.suggested_filename.endswith(".png")
    assert (tmp_path / "file").read_bytes().startswith(b"\x89PNG")
    assert "/conversations/" in page.url

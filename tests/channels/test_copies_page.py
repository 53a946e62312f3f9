"""Asking for a copy by e-mail in a real browser: by keyboard, in four languages, in the widget."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from channels.interface import interface_in, shipped_interfaces
from tests.axe import violations
from tests.browser import PHONE, OpenPage
from tests.channels.broken_line import breakable
from tests.channels.stage import Stage
from tests.channels.test_copies import TO, mailing, sender
from tests.channels.test_page import picture, watch
from tests.channels.test_widget_page import Site, frame_of, inside, launcher, write
from tests.mail_server import Box
from tests.servers import free_port

pytestmark = pytest.mark.browser


async def open_chat(stage: Stage, page: Page, query: str = "") -> None:
    """The chat page with an answer on it."""
    await page.goto(str(stage.chat.make_url("/")) + query)
    await page.locator("#words").fill("hello")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("bot: hello")).to_be_visible()


async def test_a_copy_is_asked_for_by_keyboard_and_its_end_is_told(
    tmp_path: Path, empty_database: Path, chromium_page: OpenPage
) -> None:
    box = Box()
    box.refusal = "451 later"
    async with mailing(tmp_path, empty_database, box) as stage:
        page = await chromium_page()
        complaints = watch(page)
        await open_chat(stage, page)
        opener = page.get_by_role("button", name="E-mail a copy")
        await opener.press("Enter")
        dialog = page.get_by_role("dialog", name="A copy by e-mail")
        field = dialog.get_by_label("Your e-mail address")
        await expect(field).to_be_focused()
        assert await violations(page) == []
        await page.keyboard.type("r.sample")
        await page.keyboard.press("Enter")
        await expect(dialog.get_by_role("alert")).to_contain_text("This is no e-mail address.")
        await expect(field).to_be_focused()
        await expect(field).to_have_attribute("aria-invalid", "true")
        await picture(page, "copy-wrong", tmp_path)
        assert await violations(page) == []
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
        await expect(opener).to_be_focused()

        await opener.press("Enter")
        await dialog.get_by_role("button", name="Cancel").click()
        await expect(dialog).to_be_hidden()

        await opener.press("Enter")
        await expect(dialog.get_by_role("alert")).to_have_count(0)
        await field.fill(TO)
        await page.keyboard.press("Enter")
        await expect(dialog).to_be_hidden()
        log = page.get_by_role("log")
        await expect(log.get_by_text("on its way to you by e-mail")).to_be_visible()
        await expect(log.get_by_text("We keep trying for a day.")).to_be_visible()
        await page.reload()
        await expect(log.get_by_text("We keep trying for a day.")).to_be_visible()
        box.refusal = ""
        now = stage.room.clock()
        stage.room.clock = lambda: now + timedelta(minutes=2)
        await sender(stage).send_due()
        await expect(log.get_by_text("The copy was sent to you by e-mail.")).to_be_visible()
        await picture(page, "copy-sent", tmp_path)
        assert box.recipients == [TO]
        assert await violations(page) == []
        assert [told for told in complaints if "400 (Bad Request)" not in told] == []


@pytest.mark.parametrize("language", sorted(shipped_interfaces()))
async def test_the_dialog_in_every_language_on_a_phone_in_the_dark(
    language: str, tmp_path: Path, empty_database: Path, chromium_page: OpenPage
) -> None:
    words = interface_in(language)
    box = Box()
    box.rejected = "550 nobody"
    async with mailing(tmp_path, empty_database, box) as stage:
        page = await chromium_page(PHONE, dark=True)
        await open_chat(stage, page, f"?language={language}")
        await page.get_by_role("button", name=words.page["mail"]).click()
        dialog = page.get_by_role("dialog", name=words.page["mail_title"])
        await dialog.get_by_label(words.page["mail_address"]).fill(TO)
        await picture(page, f"copy-{language}", tmp_path)
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE
        await dialog.get_by_role("button", name=words.page["mail_send"]).click()
        refused = page.get_by_role("log").get_by_text(words.script["mail_address"])
        await expect(refused).to_be_visible()
        assert await violations(page) == []


async def test_without_a_connection_it_says_so_and_the_same_button_tries_again(
    tmp_path: Path, empty_database: Path, chromium_page: OpenPage
) -> None:
    box, port = Box(), free_port()
    async with mailing(tmp_path, empty_database, box, sites=(f"http://localhost:{port}",)) as stage:
        assert stage.chat.port is not None
        async with breakable(stage.chat.port) as line:
            site = Site(stage, line, port)
            page = await chromium_page()
            async with site.open_shop() as address:
                await page.goto(address)
                await launcher(page).click()
                await write(page, "hello")
                chat = inside(page)
                await expect(chat.get_by_text("bot: hello")).to_be_visible()
                await chat.get_by_role("button", name="E-mail a copy").click()
                dialog = chat.get_by_role("dialog", name="A copy by e-mail")
                await dialog.get_by_label("Your e-mail address").fill(TO)
                assert await violations(await frame_of(page)) == []
                await picture(page, "copy-widget", tmp_path)
                await page.keyboard.press("Escape")
                await expect(dialog).to_be_hidden()
                await expect(chat.get_by_label("Your message")).to_be_visible()
                await chat.get_by_role("button", name="E-mail a copy").click()
                line.cut()
                send = dialog.get_by_role("button", name="Send the copy")
                await send.click()
                await expect(dialog.get_by_role("alert")).to_contain_text("try again in a moment")
                line.mend()
                await send.click()
                await expect(chat.get_by_text("The copy was sent to you")).to_be_visible()
    assert box.recipients == [TO]

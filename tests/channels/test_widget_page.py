"""The widget on a site of another origin, under a strict policy, in a real browser."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Frame, FrameLocator, Locator, Page, expect

from core.handoff import Holder
from examples.widget.serve import shop
from tests.axe import violations
from tests.browser import PHONE, OpenPage
from tests.channels.broken_line import Line, breakable
from tests.channels.stage import MENU, ORDER_ANSWER, Stage, staging
from tests.channels.test_page import picture, watch
from tests.servers import free_port

pytestmark = pytest.mark.browser


@dataclass
class Site:
    """A shop's page on another origin, and the chat behind a line that can break."""

    stage: Stage
    line: Line
    port: int

    @property
    def chat(self) -> str:
        return f"http://127.0.0.1:{self.line.port}"

    @asynccontextmanager
    async def open_shop(self, **attributes: str) -> AsyncIterator[str]:
        """The shop's address while it is served."""
        server = shop(self.chat, self.port, **attributes)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://localhost:{self.port}"
        finally:
            await asyncio.to_thread(server.shutdown)
            server.server_close()
            serving.join()


@asynccontextmanager
async def site_in(folder: Path, origins: tuple[str, ...] | None = None) -> AsyncIterator[Site]:
    """The chat, allowed on one site alone."""
    port = free_port()
    allowed = origins or (f"http://localhost:{port}",)
    async with staging(folder, widget_origins=allowed) as stage:
        assert stage.chat.port is not None
        async with breakable(stage.chat.port) as line:
            yield Site(stage, line, port)


@pytest.fixture
async def site(tmp_path: Path, empty_database: Path) -> AsyncIterator[Site]:
    (tmp_path / "parley.db").write_bytes(empty_database.read_bytes())
    async with site_in(tmp_path) as made:
        yield made


def inside(page: Page) -> FrameLocator:
    """The chat in its frame."""
    return page.frame_locator("parley-chat iframe")


def launcher(page: Page) -> Locator:
    return page.locator("parley-chat .launcher")


async def frame_of(page: Page) -> Frame:
    """The frame itself, for axe."""
    element = await page.locator("parley-chat iframe").element_handle()
    frame = await element.content_frame()
    assert frame is not None
    return frame


async def write(page: Page, text: str) -> None:
    await inside(page).get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")


async def customer_words(page: Page) -> list[str]:
    return await inside(page).locator("#turns .customer .words").all_inner_texts()


async def test_a_chat_on_another_site_by_keyboard_alone_to_the_survey(
    site: Site, chromium_page: OpenPage, tmp_path: Path
) -> None:
    site.stage.bot.answers["hello"] = MENU
    site.stage.bot.answers["where is my order?"] = ORDER_ANSWER
    page = await chromium_page()
    complaints = watch(page)
    async with site.open_shop() as address:
        await page.goto(address)
        await launcher(page).focus()
        await expect(launcher(page)).to_have_accessible_name("Open the chat")
        await picture(page, "widget-closed", tmp_path)
        assert await violations(page) == []
        await page.keyboard.press("Enter")
        chat = inside(page)
        await expect(chat.get_by_label("Your message")).to_be_focused()
        await expect(chat.get_by_text("Connected.")).to_be_visible()
        await expect(chat.get_by_role("button", name="Talk to a person")).to_be_visible()
        await picture(page, "widget-empty", tmp_path)

        await page.keyboard.type("hello")
        await page.keyboard.press("Enter")
        replies = chat.get_by_role("group", name="Quick replies")
        await expect(replies.get_by_role("button")).to_have_count(2)
        await expect(chat.get_by_text("✓ delivered")).to_be_visible()
        assert await violations(await frame_of(page)) == []
        await replies.get_by_role("button", name="Opening hours").press("Enter")
        await expect(chat.get_by_text("bot: ")).to_have_count(1)

        await page.reload()  # open as it was, and nothing is missing
        await expect(chat.get_by_text("What can I do for you?")).to_be_visible()
        assert await customer_words(page) == ["hello", "Opening hours"]
        await expect(chat.get_by_label("Your message")).not_to_be_focused()

        await write(page, "where is my order?")
        scale = chat.get_by_role("radiogroup", name="How was this for you?")
        await expect(scale.get_by_role("radio")).to_have_count(5)
        await picture(page, "widget-survey", tmp_path)
        assert await violations(await frame_of(page)) == []
        for _ in range(3):  # Skip, Send answer, the scale: its last, for none is chosen yet
            await page.keyboard.press("Shift+Tab")
        await expect(scale.get_by_role("radio", name="5 – very good")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(chat.get_by_role("alert")).to_have_text("Please choose one first.")
        await page.keyboard.press("ArrowLeft")
        await expect(scale.get_by_role("radio", name="4 – good")).to_be_checked()
        await page.keyboard.press("ArrowRight")
        await expect(scale.get_by_role("radio", name="5 – very good")).to_be_checked()
        await page.keyboard.press("Enter")
        await expect(chat.locator("#turns .customer .words").last).to_have_text("5 – very good")
        await expect(scale).to_have_count(0)
        conversation = site.stage.bot.asked[0]["conversation"]
        await site.stage.settle()
        assert [each.score for each in await site.stage.responses(conversation)] == [5]

        await page.keyboard.press("Escape")
        await expect(page.locator("parley-chat dialog")).to_be_hidden()
        await expect(launcher(page)).to_be_focused()
    assert complaints == []


async def test_a_line_cut_in_the_middle_loses_and_doubles_nothing(
    site: Site, chromium_page: OpenPage
) -> None:
    page = await chromium_page()
    async with site.open_shop() as address:
        await page.goto(address)
        await launcher(page).click()
        chat = inside(page)
        await expect(chat.get_by_text("Connected.")).to_be_visible()
        await write(page, "first")
        await expect(chat.get_by_text("bot: first")).to_be_visible()

        site.line.is_deaf = True  # it is stored, and neither the page nor the bot's words hear so
        await write(page, "second")
        await expect(chat.locator("#pending .words")).to_have_text(["second"])
        async with asyncio.timeout(10):
            while len(site.stage.bot.asked) < 2:
                await asyncio.sleep(0.02)
        site.line.cut()
        await expect(chat.get_by_text("Reconnecting…")).to_be_visible()
        await write(page, "third")
        await expect(chat.locator("#pending .words")).to_have_text(["second", "third"])
        site.line.mend()
        await expect(chat.get_by_text("bot: third")).to_be_visible(timeout=20_000)
        await expect(chat.locator("#pending .words")).to_have_count(0)

        site.line.cut()
        await expect(chat.get_by_text("Reconnecting…")).to_be_visible()
        await write(page, "fourth")
        await expect(chat.locator("#pending .words")).to_have_text(["fourth"])
        site.line.mend()
        await page.reload()  # before it was sent, perhaps
        await expect(chat.get_by_text("bot: fourth")).to_be_visible(timeout=20_000)
        words = await chat.locator("#turns .words").all_inner_texts()
    said = ["first", "second", "third", "fourth"]
    assert words == [line for text in said for line in (text, f"bot: {text}")]
    assert [asked["text"] for asked in site.stage.bot.asked] == said


async def test_waiting_on_a_phone_shows_the_place_and_news_while_closed(
    site: Site, chromium_page: OpenPage, tmp_path: Path
) -> None:
    async with site.stage.visitor() as other:
        first = (await other.say("agent"))["conversation"]
        await site.stage.settle()
        page = await chromium_page(PHONE, dark=True)
        complaints = watch(page)
        async with site.open_shop() as address:
            await page.goto(address)
            assert await violations(page) == []
            await page.get_by_role("button", name="Ask us something").click()
            chat = inside(page)
            await expect(page.locator("parley-chat dialog:modal")).to_have_count(1)
            await chat.get_by_role("button", name="Talk to a person").click()
            await expect(chat.get_by_text("You are number 2 in line.").first).to_be_visible()
            await picture(page, "widget-phone-dark", tmp_path)
            assert await violations(await frame_of(page)) == []
            assert await (await frame_of(page)).evaluate("innerWidth") == PHONE
            width = await (await frame_of(page)).evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE, "nothing is wider than the phone"

            await site.stage.command(first, "take", {"user": "ann", "name": "Ann"})
            await expect(chat.locator("#who")).to_contain_text("You are next in line.")
            mine = await _waiting(site.stage, but=first)
            await site.stage.command(mine, "take", {"user": "ann", "name": "Ann"})
            await expect(chat.get_by_text("You are talking with Ann.")).to_be_visible()

            await chat.get_by_role("button", name="Close the chat").click()
            await expect(launcher(page)).to_be_focused()
            said = {"user": "ann", "name": "Ann", "turn": "a1", "text": "Hello, I am Ann."}
            await site.stage.command(mine, "say", said)
            name = "Open the chat, New messages: 1"
            await expect(launcher(page)).to_have_accessible_name(name)
            await picture(page, "widget-phone-news", tmp_path)
            await launcher(page).click()
            await expect(chat.get_by_text("Hello, I am Ann.")).to_be_visible()
    assert complaints == []


async def _waiting(stage: Stage, *, but: str) -> str:
    """The conversation that waits for a person besides this one."""
    async with asyncio.timeout(10):
        while True:
            for one in stage.room.places:
                if one != but and (await stage.handoff(one)).holder is Holder.WAITING:
                    return one
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("is_dark", [False, True])
async def test_right_to_left_in_a_colour_of_the_site(
    site: Site, chromium_page: OpenPage, tmp_path: Path, is_dark: bool
) -> None:
    site.stage.bot.answers["Where is my order?"] = ORDER_ANSWER
    page = await chromium_page(900)
    complaints = watch(page)
    theme = "dark" if is_dark else "light"
    async with site.open_shop(language="ar", colour="#f2c14e", theme=theme) as address:
        await page.goto(address)
        await launcher(page).click()
        chat = inside(page)
        await expect(chat.locator("html")).to_have_attribute("dir", "rtl")
        await chat.get_by_role("button", name="Where is my order?").click()
        await expect(chat.get_by_role("radiogroup")).to_be_visible()
        await chat.get_by_role("radio", name="3 – fair").check()
        await picture(page, f"widget-rtl-{theme}", tmp_path)
        box, button = await page.locator("parley-chat dialog").bounding_box(), chat.locator("#send")
        sent, words = await button.bounding_box(), await chat.locator("#words").bounding_box()
        assert box and sent and words
        assert box["x"] < 100, "the end of a line is on the left"
        assert sent["x"] < words["x"]
        assert await violations(await frame_of(page)) == []
    assert complaints == []


async def test_a_copy_of_the_conversation_is_saved(site: Site, chromium_page: OpenPage) -> None:
    page = await chromium_page()
    async with site.open_shop() as address:
        await page.goto(address)
        await launcher(page).click()
        chat = inside(page)
        await expect(chat.get_by_role("button", name="Save a copy")).to_be_hidden()
        await write(page, "my card is 4111 1111 1111 1111")
        await expect(chat.get_by_text("I have not kept the card number")).to_be_visible()
        async with page.expect_download() as waiting:
            await chat.get_by_role("button", name="Save a copy").click()
        download = await waiting.value
        text = (await download.path()).read_text(encoding="utf-8-sig")
    assert download.suggested_filename.startswith("chat-20")
    assert text.startswith("Chat with Harbour & Pine\n\nYou · ")
    assert "my card is █" in text
    assert "4111" not in text
    assert "Assistant · " in text


async def test_a_site_that_is_not_named_gets_a_way_to_the_chat_page(
    tmp_path: Path, empty_database: Path, chromium_page: OpenPage
) -> None:
    (tmp_path / "parley.db").write_bytes(empty_database.read_bytes())
    page = await chromium_page()
    complaints = watch(page)
    async with (
        site_in(tmp_path, ("https://other.example",)) as site,
        site.open_shop() as address,
    ):
        await page.goto(address)
        await launcher(page).click()
        link = page.get_by_role("link", name="Open it in a window of its own")
        await expect(link).to_be_visible(timeout=15_000)
        await picture(page, "widget-refused", tmp_path)
        assert await violations(page) == []
        async with page.context.expect_page() as opened:
            await link.click()
        await expect((await opened.value).get_by_text("Connected.")).to_be_visible()
        await page.get_by_role("button", name="Close the chat").last.click()
        await expect(link).to_be_hidden()
    assert any("frame-ancestors" in complaint for complaint in complaints)

"""The page in a real browser: keyboard, reload, a lost connection, dark colours, a phone."""

import asyncio
import os
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, Route, expect

from channels.visitors import Doorkeeper
from channels.web import chat_app
from core.handoff import Holder
from tests.axe import violations
from tests.browser import PHONE, OpenPage
from tests.channels.stage import MENU, ORDER_ANSWER, Stage

pytestmark = pytest.mark.browser

WHILE_WAITING = ["Call me back", "Go on with the bot"]  # what who waits may do instead


async def write(page: Page, text: str) -> None:
    """Type into what has the focus, and send with Enter."""
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def said(page: Page) -> list[str]:
    """The words on the page, in order."""
    return await page.locator("#turns .words").all_inner_texts()


async def picture(page: Page, name: str, folder: Path) -> None:
    """A screenshot, in PARLEY_TEST_PICTURES when a person wants to look at it."""
    where = Path(os.environ.get("PARLEY_TEST_PICTURES", folder))
    await page.screenshot(path=where / f"{name}.png")


def watch(page: Page) -> list[str]:
    """Collects what the browser complains about: script errors and policy violations."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: complaints.append(line.text) if line.type == "error" else None,
    )
    return complaints


async def test_an_order_question_by_keyboard_to_the_end_of_the_survey(
    stage: Stage, chromium_page: OpenPage, tmp_path: Path
) -> None:
    stage.bot.answers["where is my order?"] = ORDER_ANSWER
    page = await chromium_page()
    complaints = watch(page)
    await page.goto(str(stage.chat.make_url("/")))
    await expect(page.get_by_text("This is a bot of Harbour & Pine")).to_be_visible()
    await expect(page.get_by_text("kept for 90 days")).to_be_visible()
    await expect(page.get_by_role("heading", name="How can we help?")).to_be_visible()
    await expect(page.get_by_text("Connected.")).to_be_visible()
    await expect(page.get_by_label("Your message")).to_be_focused()
    await picture(page, "empty", tmp_path)

    await write(page, "where is my order?")
    await expect(page.get_by_text("Order HP-10442 is on its way.")).to_be_visible()
    scale = page.get_by_role("radiogroup", name="How was this for you?")
    await expect(scale.get_by_role("radio")).to_have_count(5)
    await expect(page.get_by_role("button", name="Skip")).to_be_visible()
    await picture(page, "scale", tmp_path)

    await scale.get_by_role("radio", name="2 – poor").focus()
    await page.keyboard.press("ArrowRight")
    await expect(scale.get_by_role("radio", name="3 – fair")).to_be_checked()
    await page.keyboard.press("ArrowLeft")
    await expect(scale.get_by_role("radio", name="2 – poor")).to_be_checked()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("What was the main reason?")).to_be_visible()
    await expect(page.get_by_label("Your message")).to_be_focused()
    offer = page.get_by_role("group", name="Quick replies")
    await expect(offer.get_by_role("button")).to_have_count(3)
    await picture(page, "detractor", tmp_path)
    await write(page, "nobody told me the day")
    await expect(page.get_by_text("how far do you agree")).to_be_visible()
    await picture(page, "effort", tmp_path)
    await write(page, "pretty easy")
    await expect(page.get_by_text("Shall I put that down as 6 – agree?")).to_be_visible()
    await expect(offer.get_by_role("button")).to_have_count(2)
    await picture(page, "read-back", tmp_path)
    await page.get_by_role("button", name="Yes").click()
    await expect(page.get_by_text("Thank you, that helps us do better.")).to_be_visible()
    await expect(page.get_by_role("group")).to_have_count(0)
    shown = await said(page)

    await page.reload()
    await expect(page.get_by_text("Thank you, that helps us do better.")).to_be_visible()
    assert await said(page) == shown
    assert len(shown) == 12
    assert complaints == []


async def test_nothing_takes_words_before_the_page_can_send_them(
    stage: Stage, chromium_page: OpenPage, tmp_path: Path
) -> None:
    page = await chromium_page()
    has_come = asyncio.Event()

    async def late(route: Route) -> None:
        await has_come.wait()
        await route.continue_()

    await page.route("**/static/link.js", late)  # a module that the script waits for
    await page.goto(str(stage.chat.make_url("/")), wait_until="commit")
    field = page.get_by_label("Your message")
    await expect(field).to_be_disabled()
    for button in await page.get_by_role("button").all():
        await expect(button).to_be_disabled()
    assert await violations(page) == []
    await picture(page, "before", tmp_path)
    has_come.set()
    await field.fill("hello")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("bot: hello")).to_be_visible()
    await expect(page.locator(":disabled")).to_have_count(0)


async def test_a_page_without_https_sends_as_well(stage: Stage, chromium_page: OpenPage) -> None:
    page = await chromium_page()
    complaints = watch(page)
    await page.add_init_script("delete Crypto.prototype.randomUUID")  # as on plain http
    await page.goto(str(stage.chat.make_url("/")))
    await expect(page.get_by_text("Connected.")).to_be_visible()
    await write(page, "hello")
    await expect(page.get_by_text("bot: hello")).to_be_visible()
    await expect(page.get_by_label("Your message")).to_have_value("")
    assert complaints == []


async def test_what_is_written_while_the_server_is_away_comes_once(
    stage: Stage, chromium_page: OpenPage, tmp_path: Path
) -> None:
    server = TestServer(chat_app(stage.dialogue, Doorkeeper(b"k")))
    await server.start_server()
    port = server.port
    assert port is not None
    page = await chromium_page()
    await page.goto(str(server.make_url("/")))
    await expect(page.get_by_text("Connected.")).to_be_visible()
    await write(page, "first")
    await expect(page.get_by_text("bot: first")).to_be_visible()

    await server.close()
    await expect(page.get_by_text("Reconnecting…")).to_be_visible()
    await write(page, "second")
    await write(page, "third")
    await expect(page.locator("#pending .words")).to_have_text(["second", "third"])
    await picture(page, "away", tmp_path)

    back = TestServer(chat_app(stage.dialogue, Doorkeeper(b"k")), port=port)
    await back.start_server()
    await expect(page.get_by_text("bot: third")).to_be_visible(timeout=20_000)
    await expect(page.locator("#pending .words")).to_have_count(0)
    assert [text for text in await said(page) if not text.startswith("bot: ")] == [
        "first",
        "second",
        "third",
    ]
    assert [asked["text"] for asked in stage.bot.asked] == ["first", "second", "third"]
    await expect(page.get_by_text("Connected.")).to_be_visible()
    await back.close()


async def test_a_reload_while_the_server_is_away_loses_nothing(
    stage: Stage, chromium_page: OpenPage
) -> None:
    page = await chromium_page()
    await page.goto(str(stage.chat.make_url("/")))
    await expect(page.get_by_text("Connected.")).to_be_visible()
    await page.route_web_socket("**/chat", lambda socket: socket.close())
    await page.reload()
    await expect(page.get_by_text("Reconnecting…")).to_be_visible()
    await write(page, "kept")
    await page.unroute_all()
    other = await page.context.new_page()  # a second tab is the same visitor and sends it
    await other.goto(str(stage.chat.make_url("/")))
    await expect(other.get_by_text("bot: kept")).to_be_visible()
    assert [asked["text"] for asked in stage.bot.asked] == ["kept"]


async def test_a_person_takes_over_on_a_phone_in_the_dark(
    stage: Stage, chromium_page: OpenPage, tmp_path: Path
) -> None:
    stage.bot.answers["hello"] = MENU
    page = await chromium_page(PHONE, dark=True)
    complaints = watch(page)
    await page.goto(str(stage.chat.make_url("/")))
    await write(page, "hello")
    replies = page.get_by_role("group", name="Quick replies")
    await expect(replies.get_by_role("button")).to_have_count(2)
    await picture(page, "phone-menu", tmp_path)

    await page.get_by_role("button", name="Talk to a person").click()
    await expect(page.get_by_text("Waiting for a person.")).to_be_visible()
    await expect(replies.get_by_role("button")).to_have_text(WHILE_WAITING)
    await picture(page, "phone-waiting", tmp_path)
    conversation = next(iter({asked["conversation"] for asked in stage.bot.asked}))
    assert (await stage.handoff(conversation)).holder is Holder.WAITING

    ann = {"user": "ann", "name": "Ann"}
    await stage.command(conversation, "take", ann)
    await stage.command(
        conversation, "say", {**ann, "turn": "a1", "text": "<b>Hello</b>, I am Ann."}
    )
    await expect(page.get_by_text("Ann has joined.")).to_be_visible()
    await expect(replies).to_have_count(0)
    await expect(page.get_by_text("<b>Hello</b>, I am Ann.")).to_be_visible()
    await expect(page.get_by_text("You are talking with Ann.")).to_be_visible()
    await picture(page, "phone-dark", tmp_path)
    await stage.command(conversation, "return", {"user": "ann"})
    await expect(page.get_by_text("You are back with the assistant.")).to_be_visible()
    order = await page.locator("#turns li").all_inner_texts()
    joined = next(n for n, text in enumerate(order) if "Ann has joined" in text)
    spoke = next(n for n, text in enumerate(order) if "I am Ann." in text)
    assert joined < spoke
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE, "nothing is wider than the phone"
    assert complaints == []


async def test_a_text_too_long_is_counted_and_not_sent(
    stage: Stage, chromium_page: OpenPage, tmp_path: Path
) -> None:
    page = await chromium_page()
    await page.goto(str(stage.chat.make_url("/")))
    words = page.get_by_label("Your message")
    await words.fill("x" * 1_990)
    await expect(page.locator("#counter")).to_have_text("10 characters left")
    await words.fill("x" * 2_005)
    await expect(page.locator("#counter")).to_have_text("5 characters too many")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("5 characters too long")
    await expect(words).to_have_value("x" * 2_005)
    await picture(page, "too-long", tmp_path)
    await asyncio.sleep(0.2)
    assert stage.bot.asked == []


SLOTS = [
    *(f"{day} {month}, between {hours}" for day, month in
      (("Tuesday 24", "November"), ("Wednesday 25", "November"), ("Thursday 26", "November"))
      for hours in ("8 am and 12 noon", "12 noon and 4 pm")),
    "Later days", "None of these",
]  # fmt: skip


@pytest.mark.parametrize(("width", "is_dark"), [(1280, False), (PHONE, False), (PHONE, True)])
async def test_everything_that_is_shown_fits(
    stage: Stage, chromium_page: OpenPage, tmp_path: Path, width: int, is_dark: bool
) -> None:
    """Greeting, a long list of buttons, a masked card, waiting with a call-back, a return."""
    slots = [{"title": title, "payload": f'/give_details{{"choice": "{n}"}}'}
             for n, title in enumerate(SLOTS)]  # fmt: skip
    stage.bot.answers["hello"] = MENU
    stage.bot.answers["which days?"] = [{"text": "These are free:", "buttons": slots}]
    page = await chromium_page(width, dark=is_dark)
    complaints = watch(page)
    name = f"{width}{'-dark' if is_dark else ''}"
    await page.goto(str(stage.chat.make_url("/")))
    replies = page.get_by_role("group", name="Quick replies")
    await write(page, "hello")
    await expect(replies.get_by_role("button")).to_have_count(2)
    await picture(page, f"greeting-{name}", tmp_path)
    await write(page, "which days?")
    await expect(replies.get_by_role("button")).to_have_count(len(SLOTS))
    await expect(replies.get_by_role("button").last).to_be_in_viewport(ratio=1)
    await picture(page, f"slots-{name}", tmp_path)
    await write(page, "my card is 4111 1111 1111 1111")
    await expect(page.get_by_text("was taken out and not kept")).to_be_visible()
    await expect(page.get_by_text("I have not kept the card number")).to_be_visible()
    await picture(page, f"card-{name}", tmp_path)
    await write(page, "agent")
    await expect(replies.get_by_role("button")).to_have_text(WHILE_WAITING)
    await replies.get_by_role("button", name="Call me back").click()
    await expect(page.get_by_text("Which number may we ring?")).to_be_visible()
    await write(page, "07700 900123, tomorrow after four")
    await expect(replies.get_by_role("button")).to_have_count(3)
    await picture(page, f"call-back-{name}", tmp_path)
    conversation = stage.bot.asked[0]["conversation"]
    await stage.command(conversation, "take", {"user": "ann", "name": "Ann"})
    await expect(replies).to_have_count(0)
    await write(page, "are you there?")
    await expect(page.locator("#pending .words")).to_have_count(0)
    await stage.command(conversation, "return", {"user": "ann"})
    await expect(page.get_by_text("You are back with the assistant.")).to_be_visible()
    await expect(page.get_by_text("bot: are you there?")).to_be_visible()
    await picture(page, f"return-{name}", tmp_path)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


async def test_a_late_answer_stands_where_it_was_said(
    stage: Stage, chromium_page: OpenPage, tmp_path: Path
) -> None:
    """It is stored with the question, in the conversation before; on the page time counts."""
    stage.bot.answers["where is it"] = ORDER_ANSWER
    page = await chromium_page()
    complaints = watch(page)
    await page.goto(str(stage.chat.make_url("/")))
    await write(page, "where is it")
    await expect(page.get_by_text("How was this for you?")).to_be_visible()
    first = stage.bot.asked[0]["conversation"]
    await stage.command(first, "close", {"user": "ann"})
    await expect(page.get_by_text("This conversation has ended.")).to_be_visible()
    await write(page, "something else")
    await expect(page.get_by_text("bot: something else")).to_be_visible()
    await write(page, "5")
    await expect(page.get_by_text("It was easy to get this done")).to_be_visible()
    told = await said(page)
    assert told.index("bot: something else") < told.index("5") < len(told) - 1
    assert [given.score for given in await stage.responses(first)] == [5]
    await expect(page.get_by_text("You are talking with our assistant, a bot.")).to_be_visible()
    ease = page.get_by_role("radiogroup", name="It was easy to get this done")
    await ease.get_by_role("radio", name="7 – strongly agree").check()
    await page.get_by_role("button", name="Send answer").click()
    await expect(page.get_by_text("that helps us do better")).to_be_visible()
    await picture(page, "late-answer", tmp_path)
    await page.reload()
    await expect(page.get_by_text("bot: something else")).to_be_visible()
    assert complaints == []

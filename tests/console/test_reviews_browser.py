"""Reviews in a real browser: words are dragged over, or ticked where no script runs."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from console.access import SESSION
from core.draw import Risk, Way
from tests.browser import PHONE, OpenPage
from tests.console.conftest import House, store_call
from tests.console.test_queue import drawn
from tests.console.test_reviews import answer, as_json, begin, submitted

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PARLEY_PICTURES", "")
SIZES = [(1280, False), (PHONE, False), (1280, True)]


async def opened(
    house: House, open_page: OpenPage, who: str, path: str, width: int = 1280, *, dark: bool = False
) -> Page:
    page = await open_page(width, dark=dark)
    base = str(house.server.make_url("/"))
    await page.context.add_cookies([{"name": SESSION, "value": house.tokens[who], "url": base}])
    page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    await page.goto(str(house.server.make_url(path)))
    return page


async def test_evidence_is_picked_by_dragging_over_the_words(
    house: House, call_id: str, chromium_page: OpenPage
) -> None:
    review = await begin(house)
    page = await opened(house, chromium_page, "sam", f"{review}/questions/empathy")
    words = page.locator("#turn-1 .tick span")
    first, last = words.nth(3), words.nth(5)  # nobody calls me: "and nobody calls"
    start, end = await first.bounding_box(), await last.bounding_box()
    assert start is not None
    assert end is not None
    await page.mouse.move(start["x"] + 1, start["y"] + start["height"] / 2)
    await page.mouse.down()
    await page.mouse.move(end["x"] + end["width"] - 2, end["y"] + end["height"] / 2, steps=8)
    await page.mouse.up()
    picked = await page.locator("#turn-1 .tick.within span").all_inner_texts()
    assert picked == [await words.nth(n).inner_text() for n in (3, 4, 5)]
    await page.get_by_label("Yes", exact=True).check()
    await page.get_by_label("Why").fill("the customer says so")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#answer-empathy .quote").first).to_contain_text(" ".join(picked))


async def test_choosing_the_first_and_the_last_word_lights_what_lies_between(
    house: House, call_id: str, chromium_page: OpenPage
) -> None:
    review = await begin(house)
    page = await opened(house, chromium_page, "sam", f"{review}/questions/agent_name")
    turn = page.locator("#turn-1")
    await turn.locator(".tick").nth(1).click()
    await turn.locator(".tick").nth(4).click()
    await expect(turn.locator(".tick.within")).to_have_count(4)
    await turn.locator(".tick").nth(2).click()  # a third begins anew
    await expect(turn.locator(".tick.within")).to_have_count(1)


async def test_everything_works_by_keyboard_alone(
    house: House, call_id: str, chromium_page: OpenPage
) -> None:
    review = await begin(house)
    page = await opened(house, chromium_page, "sam", f"{review}/questions/agent_name")
    await page.locator('input[name="w.2.0.1"]').focus()
    await page.keyboard.press("Space")
    await expect(page.locator("#turn-2 .tick.within")).to_have_count(1)
    await page.get_by_label("Cannot tell").focus()
    await page.keyboard.press("Space")
    await page.get_by_role("button", name="Save").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#answer-agent_name .verdict")).to_contain_text("Unsure")


async def test_going_to_answer_keeps_what_was_written_to_the_agent(
    house: House, call_id: str, chromium_page: OpenPage
) -> None:
    review = await begin(house)
    page = await opened(house, chromium_page, "sam", review)
    await page.get_by_label("To the agent").fill("Mind the tone")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_role("alert")).to_contain_text("still unsure: agent name")
    await page.locator("#answer-agent_name").get_by_role("button", name="Answer").click()
    await page.get_by_label("Cannot tell").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_label("To the agent")).to_have_value("Mind the tone")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.locator("blockquote")).to_contain_text("Mind the tone")


async def test_evidence_is_picked_without_any_script(
    house: House, call_id: str, chromium_page: OpenPage
) -> None:
    review = await begin(house)
    page = await chromium_page(1280)
    context = await page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr] # a browser is there
    plain = await context.new_page()
    base = str(house.server.make_url("/"))
    await context.add_cookies([{"name": SESSION, "value": house.tokens["sam"], "url": base}])
    await plain.goto(str(house.server.make_url(f"{review}/questions/empathy")))
    for word in (0, 3):
        await plain.locator("#turn-1 .tick").nth(word).click()
    await plain.get_by_label("Yes", exact=True).check()
    await plain.get_by_label("Why").fill("heard it")
    await plain.get_by_role("button", name="Save").click()
    found = (await as_json(house, "sam", review))[1]
    (changed,) = [each for each in found["answers"] if each["correction"]]
    quotes = [each["quote"] for each in changed["answer"]["evidence"]]
    assert quotes[0].startswith("My lamp <b>broke</b> and")
    await context.close()


async def fill(house: House) -> dict[str, str]:
    """A house with something on every page; the pages by name."""
    await store_call(house, external_id="CRM-" + "7" * 40)
    for name in ("one", "two"):
        await store_call(house, name)
    await drawn(house, "one", Way.UNIFORM, chance=0.25)
    await drawn(house, "two", Way.RISK, *Risk)
    review = await submitted(house)
    await house.post(
        "ann", f"{review}/questions/empathy/dispute", {"reason": "I say sorry, and mean it. " * 8}
    )
    await drawn(house, "call-1", Way.UNIFORM, chance=0.25)
    draft = await begin(house, conversation="one")
    await answer(house, draft, "empathy", answer="yes", comment="she says sorry " * 9)
    dispute = (await as_json(house, "olga", "/disputes"))[1]["disputes"][0]["id"]
    return {
        "queue": "/reviews/queue", "reviews": "/reviews", "means": "/reviews/means",
        "draft": draft, "review": review, "correct": f"{draft}/questions/greeting",
        "disputes": "/disputes", "dispute": f"/disputes/{dispute}", "alerts": "/alerts",
    }  # fmt: skip


@pytest.mark.parametrize("width, dark", SIZES)
async def test_no_page_of_reviews_is_wider_than_its_window(
    house: House, chromium_page: OpenPage, tmp_path: Path, width: int, dark: bool
) -> None:
    pages = await fill(house)
    house.clock.pass_seconds(timedelta(minutes=5).total_seconds())
    kind = ("phone" if width == PHONE else "wide") + ("-dark" if dark else "")
    visits = [("olga", name, path) for name, path in pages.items()]
    visits += [("ann", "own", "/evaluations"), ("ann", "own-review", pages["review"])]
    for who, name, path in visits:
        page = await opened(house, chromium_page, who, path, width, dark=dark)
        room = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert room[0] <= room[1], path
        target = Path(PICTURES or tmp_path) / f"reviews-{name}-{kind}.png"
        await page.screenshot(path=target, full_page=True)
        assert target.stat().st_size > 5_000
        await page.close()

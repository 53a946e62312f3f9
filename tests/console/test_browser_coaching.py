"""Coaching and examples in a real browser: they fit, they work by keyboard, the snippet plays."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser import PHONE, OpenPage
from tests.console.conftest import House, store_call
from tests.console.test_browser import opened, picture
from tests.console.test_coaching import made as make_task
from tests.console.test_examples import published

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width, dark", [(1280, False), (PHONE, False), (1280, True)])
async def test_no_page_of_coaching_is_wider_than_its_window(
    house: House, chromium_page: OpenPage, tmp_path: Path, width: int, dark: bool
) -> None:
    await store_call(house)
    task, example = await make_task(house), await published(house)
    await make_task(house, due="2026-11-21", skill="Listening", agent=house.people["ben"].id)
    house.clock.pass_seconds(5 * 3600)
    kind = ("phone" if width == PHONE else "wide") + ("-dark" if dark else "")
    pages = {
        "tasks": "/coaching", "task": f"/coaching/{task}", "examples": "/examples",
        "example": example, "new-task": "/conversations/call-1/coaching?question=empathy",
        "new-example": "/conversations/call-1/examples?question=empathy",
    }  # fmt: skip
    for name, path in pages.items():
        page = await opened(house, chromium_page, "sam", path, width, dark=dark)
        await expect(page.locator("header .name")).to_have_text("Sam")
        room = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert room[0] <= room[1], path
        await picture(page, tmp_path, f"coaching-{name}-{kind}")
        await page.close()


async def test_a_task_is_made_acknowledged_and_done_with_the_mouse(
    house: House, call_id: str, chromium_page: OpenPage
) -> None:
    page = await opened(house, chromium_page, "sam", "/conversations/call-1")
    await page.locator("#finding-empathy summary").click()
    await page.locator("#finding-empathy").get_by_role("link", name="Coach").click()
    await expect(page.get_by_label("For")).to_have_value(house.people["ann"].id)
    await page.get_by_label("Skill").fill("Empathy")
    await page.get_by_label("What should change").fill("Say sorry before you ask.")
    await page.get_by_role("button", name="Make the task").click()
    await expect(page.locator("h1")).to_have_text("Empathy")
    path = page.url.partition(str(house.server.make_url("/")))[2]

    page = await opened(house, chromium_page, "ann", "/coaching")
    await expect(page.locator("#coaching")).to_have_text("1 new")
    await page.get_by_role("link", name="Empathy").click()
    await page.get_by_role("button", name="I have read it").click()
    await expect(page.get_by_role("button", name="I have read it")).to_have_count(0)

    page = await opened(house, chromium_page, "sam", f"/{path}")
    await page.get_by_label("What was done").fill("We listened to it together.")
    await page.get_by_role("button", name="It is done").click()
    await expect(page.locator(".steps-taken")).to_contain_text("We listened to it together.")


async def test_a_published_snippet_plays_from_its_first_second_to_its_last(
    house: House, call_id: str, chromium_page: OpenPage
) -> None:
    path = await published(house, start="4.9", end="8.9")
    page = await opened(house, chromium_page, "ben", path)
    player = page.locator("audio")
    for _ in range(100):
        if await player.evaluate("(one) => one.readyState") >= 1:
            break
        await page.wait_for_timeout(50)
    assert await player.evaluate("(one) => one.duration") == pytest.approx(4.0, abs=0.05)
    await player.evaluate("(one) => { one.playbackRate = 4; return one.play(); }")
    for _ in range(100):
        if await player.evaluate("(one) => one.ended"):
            break
        await page.wait_for_timeout(50)
    assert await player.evaluate("(one) => one.ended")
    assert await player.evaluate("(one) => one.error") is None

"""Calibration in a real browser: a blind sheet filled in, and pages that fit a phone."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser import PHONE, OpenPage
from tests.console.conftest import House
from tests.console.test_browser import opened, picture
from tests.console.test_calibration import QUESTIONS, begin, open_gate, over, store_talk

pytestmark = pytest.mark.browser


async def test_a_sheet_is_drafted_and_submitted(
    house: House, chromium_page: OpenPage, tmp_path: Path
) -> None:
    await store_talk(house, "c1")
    made = await begin(house, "sam", "olga")
    page = await opened(house, chromium_page, "sam", f"/calibration/{made}")
    await page.get_by_role("link", name="Conversation 1").click()
    greeting = page.locator("#question-greeting")
    await greeting.get_by_label("No", exact=True).check()
    await greeting.get_by_text("Evidence and comment").click()
    await greeting.get_by_label("Evidence", exact=True).fill("good morning")
    await page.get_by_role("button", name="Submit and lock").click()
    await expect(page).to_have_url(
        f"{house.server.make_url('/')}calibration/{made}/conversations/c1"
    )
    await page.get_by_role("button", name="Keep as a draft").click()
    await expect(page.get_by_text("The draft is kept.")).to_be_visible()
    await expect(page.locator("#question-greeting").get_by_label("No", exact=True)).to_be_checked()
    for asked in QUESTIONS[1:]:
        await page.locator(f"#question-{asked.id}").get_by_label("Cannot tell").check()
    await picture(page, tmp_path, "calibration-sheet")
    await page.get_by_role("button", name="Submit and lock").click()
    await expect(page.get_by_text("✓ submitted")).to_be_visible()
    await page.get_by_role("link", name="Conversation 1").click()
    await expect(page.get_by_role("button", name="Submit and lock")).to_have_count(0)
    assert await page.locator("fieldset:enabled").count() == 0


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (PHONE, False)])
async def test_pages_fit_and_need_no_script(
    house: House, chromium_page: OpenPage, tmp_path: Path, width: int, dark: bool
) -> None:
    made = await over(house)
    await store_talk(house, "c3")
    still = await begin(house, "sam", conversations="c3")
    await open_gate(house, "empathy")
    paths = {
        "list": "", "new": "/new", "gates": "/gates", "open": f"/{still}", "over": f"/{made}",
        "sheet": f"/{still}/conversations/c3", "question": f"/{made}/questions/greeting",
    }  # fmt: skip
    for name, path in paths.items():
        page = await opened(house, chromium_page, "sam", f"/calibration{path}", width, dark=dark)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
        await picture(page, tmp_path, f"calibration-{name}")
        await page.close()

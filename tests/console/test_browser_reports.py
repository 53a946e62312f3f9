"""Reports in a real browser: they fit every window, their drawings are named, numbers lead on."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from benchmarks.reports.filling import fill
from console.reports import TITLES
from tests.browser import PHONE, OpenPage
from tests.console.conftest import House
from tests.console.judged import CARD, store_talks
from tests.console.test_browser import opened, picture

pytestmark = pytest.mark.browser
DAYS = "from=2026-03-09&to=2026-05-31"


@pytest.mark.parametrize("width, dark", [(1280, False), (PHONE, False), (1280, True)])
async def test_no_report_is_wider_than_its_window(
    house: House, chromium_page: OpenPage, tmp_path: Path, width: int, dark: bool
) -> None:
    await fill(house.database, CARD, conversations=900)
    await store_talks(house)
    kind = ("phone" if width == PHONE else "wide") + ("-dark" if dark else "")
    page = await opened(house, chromium_page, "sam", "/reports", width, dark=dark)
    for name in TITLES:
        path = "/reports" if name == "overview" else f"/reports/{name}"
        days = "from=2026-11-02&to=2026-11-15" if name in ("disputes", "evaluators") else DAYS
        await page.goto(str(house.server.make_url(path)) + f"?{days}")
        await expect(page.locator("h1")).to_have_text(TITLES[name])
        room = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert room[0] <= room[1], path
        await picture(page, tmp_path, f"reports-{name}-{kind}")
    await page.goto(str(house.server.make_url("/reports/conversations")) + f"?{DAYS}&result=failed")
    await expect(page.locator("h1")).to_contain_text("conversations")
    await picture(page, tmp_path, f"reports-list-{kind}")


async def test_a_supervisor_goes_from_a_number_to_a_conversation(
    house: House, chromium_page: OpenPage
) -> None:
    await store_talks(house)
    page = await opened(house, chromium_page, "sam", "/reports?from=2026-11-02&to=2026-11-15")
    drawing = page.get_by_role("img", name=re.compile("Score from 2 Nov: .* to 9 Nov: "))
    await expect(drawing).to_be_visible()
    await page.get_by_role("link", name="Questions", exact=True).click()
    row = page.get_by_role("row", name=re.compile("greet the customer"))
    await row.get_by_role("link", name="lowest answer").click()
    await expect(page.locator("h1")).to_have_text("2 conversations")
    await page.locator("tbody a").first.click()
    await expect(page.locator("h1")).to_contain_text("Call, ")


async def test_a_filter_is_chosen_without_a_script_of_ours(
    house: House, chromium_page: OpenPage
) -> None:
    await store_talks(house)
    page = await opened(house, chromium_page, "sam", "/reports/weeks")
    await page.get_by_text("Choose days, form and whose conversations").click()
    await page.get_by_role("textbox", name="From").fill("2026-11-02")
    await page.get_by_role("textbox", name="To").fill("2026-11-15")
    await page.get_by_role("combobox", name="Queue").select_option("beds")
    await page.get_by_role("button", name="Show").click()
    await expect(page).to_have_url(re.compile("queue=beds"))
    await expect(page.locator("tbody tr")).to_have_count(2)
    await expect(page.locator("tbody tr").first).to_contain_text("no data")
    async with page.expect_download() as started:
        await page.get_by_role("link", name="Download as CSV").click()
    download = await started.value
    assert download.suggested_filename == "parley-weeks-2026-11-02-2026-11-15.csv"

"""Debian's own Chromium, headless, for tests marked `browser`.

A conftest.py takes the fixture in: `from tests.browser import chromium_page  # noqa: F401`.
"""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable
from typing import Protocol

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

HEIGHT = 800
PATIENCE_MS = 20_000  # what a page may take on a machine with much else to do
PHONE = 390  # CSS pixels, the width of most phones sold since 2020


class OpenPage(Protocol):
    """Opens an empty page of a fresh visitor; `page.context.new_page()` is their second tab."""

    def __call__(self, width: int = 1280, *, dark: bool = False) -> Awaitable[Page]:
        """A page `width` CSS pixels wide, in the light or the dark colours."""
        ...


# Playwright turns off that a frame's storage is divided by the site around it, as every browser
# has it; the last flag of a name counts, and these of its list are what a test can notice.
DIVIDED_STORAGE = "--disable-features=HttpsUpgrades,LensOverlay,MediaRouter,PaintHolding"


def flags() -> list[str]:
    """What Chromium needs in a container: no setuid sandbox for root, no /dev/shm, no GPU."""
    always = ["--disable-dev-shm-usage", "--disable-gpu", DIVIDED_STORAGE]
    return [*always, "--no-sandbox"] if os.geteuid() == 0 else always


@pytest_asyncio.fixture
async def chromium_page() -> AsyncIterator[OpenPage]:
    """Pages in one browser with a profile of its own, which is deleted afterwards."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium on the path: apt-get install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=flags())

        async def open_page(width: int = 1280, *, dark: bool = False) -> Page:
            context = await browser.new_context(
                viewport={"width": width, "height": HEIGHT},
                color_scheme="dark" if dark else "light",
                timezone_id="Europe/London",
                locale="en-GB",
            )
            page = await context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            return page

        yield open_page
        await browser.close()

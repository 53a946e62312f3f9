"""axe-core, run inside a page or a frame of a real browser; no network is asked."""

from importlib.resources import files
from typing import Any

from playwright.async_api import Frame, Page

# All of WCAG 2.2 A and AA that a machine can tell, and what axe's makers count as good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCRIPT = files("axe_playwright_python").joinpath("axe.min.js")


async def violations(page: Page | Frame, *, without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds wrong, a line each: the rule, and where; empty when all is well."""
    await page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = await page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: tags, iframes: false})).violations",
        TAGS,
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        if rule["id"] not in without
        for node in rule["nodes"]
    ]

"""The help pages: every article, its links, and nothing that an article's writer may not do."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from playwright.async_api import expect
from yarl import URL

from channels.help import INDEX, load_help, render
from core.errors import BadArticle
from core.settings import Settings
from language.articles import load_articles
from tests.browser import PHONE, OpenPage
from tests.channels.stage import Stage
from tests.channels.test_page import picture, watch

ARTICLE = """---
title: {title}
topic: Delivery
tags: [delivery]
questions:
  - do you deliver?
updated: 2026-10-05
{link}---

{body}
"""


def write_article(folder: Path, slug: str, *, title: str, body: str, link: str = "") -> None:
    text = ARTICLE.format(title=title, body=body, link=f"link: {link}\n" if link else "")
    (folder / f"{slug}.md").write_text(text, encoding="utf-8")


@pytest.fixture
async def browser(stage: Stage) -> AsyncIterator[ClientSession]:
    """Asks the chat's listener, like a browser that has never been here."""
    async with ClientSession(stage.chat.make_url("/")) as session:
        yield session


async def test_every_article_has_its_page_and_stands_in_the_list(browser: ClientSession) -> None:
    index = await (await browser.get("/help")).text()
    for article in load_articles():
        answer = await browser.get(f"/help/{article.slug}")
        page = await answer.text()
        assert answer.status == 200
        assert answer.content_type == "text/html"
        assert f'href="/help/{article.slug}"' in index
        assert page.count("<h1>") == 1
        assert page.count("<h2>") == len(article.sections) - 1
        assert f'datetime="{article.updated}"' in page


async def test_pages_carry_the_headers_of_the_public_edge_and_a_tag(browser: ClientSession) -> None:
    answer = await browser.get("/help/delivery-costs")
    assert "Set-Cookie" not in answer.headers
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    again = await browser.get(
        "/help/delivery-costs", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status == 304


@pytest.mark.parametrize(
    "slug", ["nothing", "README", "..%2fREADME", "%2e%2e%2fcore", "delivery-costs.md", "%00", "''"]
)
async def test_what_is_no_article_gets_the_list(browser: ClientSession, slug: str) -> None:
    answer = await browser.get(URL(f"/help/{slug}", encoded=True))
    assert answer.status == 404
    assert 'href="/help/delivery-costs"' in await answer.text()


@pytest.mark.parametrize(
    ("markdown", "shown", "never"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;", "<script"),
        ('<img src=x onerror="alert(1)">', "&lt;img", "<img"),
        ("[a](javascript:alert(1))", "javascript:alert(1)", "href"),
        ("[a](https://example.org)", 'href="https://example.org"', "<script"),
        ("*so* **it** is", "<em>so</em> <strong>it</strong>", "*"),
    ],
)
def test_markdown_is_rendered_and_html_is_not(markdown: str, shown: str, never: str) -> None:
    made = render(markdown)
    assert shown in made
    assert never not in made


def test_a_title_is_text_and_a_linked_article_stands_elsewhere(tmp_path: Path) -> None:
    write_article(tmp_path, "one", title="'<b>Beds</b>'", body="We do.")
    write_article(tmp_path, "two", title="Away", body="We do.", link="https://example.org/h")
    pages = load_help(Settings(knowledge=str(tmp_path)))
    assert set(pages) == {INDEX, "one"}
    index = pages[INDEX].body.decode()
    assert "&lt;b&gt;Beds" in index
    assert 'href="https://example.org/h"' in index
    assert "<b>Beds" not in pages["one"].body.decode()


def test_a_broken_article_stops_the_chat_and_is_named(tmp_path: Path) -> None:
    write_article(tmp_path, "one", title="Beds", body="We do.\n\n## Nothing\n\n## More\n\nYes.")
    with pytest.raises(BadArticle, match=r"one\.md:12: nothing stands under 'Nothing'"):
        load_help(Settings(knowledge=str(tmp_path)))


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (PHONE, True)])
async def test_an_article_is_read_on_any_screen(
    stage: Stage, chromium_page: OpenPage, tmp_path: Path, width: int, *, dark: bool
) -> None:
    page = await chromium_page(width, dark=dark)
    complaints = watch(page)
    await page.goto(str(stage.chat.make_url("/help")))
    await expect(page.get_by_role("heading", name="Help", exact=True)).to_be_visible()
    await picture(page, f"help-{width}", tmp_path)
    await page.get_by_role("link", name="Looking after oak").click()
    await expect(page.get_by_role("heading", name="Rings and scratches")).to_be_visible()
    await picture(page, f"article-{width}", tmp_path)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.get_by_role("link", name="Chat with us").click()
    await expect(page.get_by_text("Connected.")).to_be_visible()
    assert complaints == []


@pytest.mark.browser
async def test_a_link_in_an_answer_opens_beside_the_chat(
    stage: Stage, chromium_page: OpenPage
) -> None:
    text = "Oil it.\n\nLooking after oak: /help/care-oak. Not javascript:alert(1) or a/help/x"
    stage.bot.answers["oak?"] = [{"text": text, "buttons": [], "custom": None}]
    page = await chromium_page()
    complaints = watch(page)
    await page.goto(str(stage.chat.make_url("/")))
    await expect(page.get_by_text("Connected.")).to_be_visible()
    await page.keyboard.type("oak?")
    await page.keyboard.press("Enter")
    link = page.locator("#turns .words a")
    await expect(link).to_have_count(1)
    await expect(link).to_have_text("/help/care-oak")
    async with page.context.expect_page() as opened:
        await link.click()
    other = await opened.value
    await expect(other.get_by_role("heading", name="Looking after oak")).to_be_visible()
    await expect(page.get_by_label("Your message")).to_be_visible()
    assert complaints == []

"""The help pages: every article as a customer reads it, rendered once at start."""

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt

from channels.files import File, send
from core.settings import Settings
from language.articles import Article, load_articles

PAGES = Path(__file__).parent / "pages"
INDEX = ""  # no article has an empty slug

HELP: web.AppKey[dict[str, File]] = web.AppKey("help", dict[str, File])


def load_help(settings: Settings) -> dict[str, File]:
    """The list of articles, and a page for each that stands here, by slug.

    Raises:
        BadArticle: naming file and line.
    """
    pages = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)
    articles = load_articles(settings.knowledge)
    house = {"company": settings.company}
    index = pages.get_template("help.html").render(**house, groups=_by_topic(articles))
    template = pages.get_template("article.html")
    files = {
        one.slug: _html(template.render(**house, article=one, body=render(one.body)))
        for one in articles
        if one.link is None
    }
    return {**files, INDEX: _html(index)}


def render(markdown: str) -> str:
    """Markdown as HTML that is safe to send: HTML in it is shown as text, scripts are no links."""
    return str(MarkdownIt("commonmark", {"html": False}).render(markdown))


async def help_index(request: web.Request) -> web.Response:
    """All articles."""
    return send(request, request.app[HELP][INDEX])


async def help_article(request: web.Request) -> web.Response:
    """One article; for a slug that is none, the list of those there are."""
    pages = request.app[HELP]
    found = pages.get(request.match_info["slug"])
    if found is None:
        return web.Response(status=404, body=pages[INDEX].body, content_type="text/html")
    return send(request, found)


def _by_topic(articles: Sequence[Article]) -> list[tuple[str, list[Article]]]:
    """Topics in order, each with its articles."""
    groups: dict[str, list[Article]] = {}
    for one in articles:
        groups.setdefault(one.topic, []).append(one)
    return sorted(groups.items())


def _html(text: str) -> File:
    return File(text.encode(), "text/html")

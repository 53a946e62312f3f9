"""Help articles: Markdown files, each with its front matter, read into sections."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt

from core.errors import BadArticle
from core.yaml_node import Item, compose

SHIPPED = Path(__file__).parents[1] / "knowledge"  # the demo shop's, at the top of the checkout
KEYS = frozenset({"title", "topic", "tags", "questions", "updated", "link"})
LONGEST_TITLE = 80  # characters; it stands in a list and under an answer
MAX_BYTES = 100_000  # an article is a page or two; more is some other file
_FENCE = "---"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HEADING = re.compile(r"^## +(\S.*)$", re.M)
_LINK = re.compile(r"https?://\S+")
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, without Markdown's marks; the lead has no heading."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One matter. `questions` are some that it answers, in customers' words; `body` is Markdown.

    `link` is set when it stands on another website.
    """

    slug: str
    title: str
    topic: str
    tags: tuple[str, ...]
    questions: tuple[str, ...]
    updated: date
    body: str
    sections: tuple[Section, ...]
    link: str | None = None


def load_articles(named: str = "") -> tuple[Article, ...]:
    """The articles of the folder `named`, or the demo shop's, by title; `README.md` is none.

    Raises:
        BadArticle: naming file and line, or the folder that is not there.
    """
    folder = Path(named) if named else SHIPPED
    if not folder.is_dir():
        raise BadArticle(f"there is no folder of articles {folder}; PARLEY_KNOWLEDGE names it")
    files = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    articles = sorted((_load(path) for path in files), key=lambda article: article.title.casefold())
    for one, next_one in pairwise(articles):
        if one.title.casefold() == next_one.title.casefold():
            raise BadArticle(
                f"{folder / next_one.slug}.md:1: title: {one.slug}.md has the same, {one.title!r}"
            )
    return tuple(articles)


def parse_article(text: str, file: str, slug: str) -> Article:
    """The article written in `text`; `file` names it in errors.

    Raises:
        BadArticle: naming file and line.
    """
    if not _SLUG.fullmatch(slug):
        raise BadArticle(
            f"{file}:1: a file's name is its link: small letters, digits and hyphens, not {slug!r}"
        )
    head, body, line = _split(text, file)
    front = compose(head, file, error=BadArticle, what="front matter")
    front.check_keys(KEYS)
    return Article(
        slug=slug,
        title=_title(front),
        topic=front.text("topic"),
        tags=tuple(tag.value for tag in front.lines("tags")),
        questions=tuple(question.value.strip() for question in front.lines("questions")),
        updated=_updated(front),
        body=body.strip(),
        sections=tuple(_sections(body, file, line)),
        link=_link(front),
    )


def plain(markdown: str) -> str:
    """Markdown as a chat shows it: paragraphs and list items, one to a line, without marks."""
    blocks = [token for token in _MARKDOWN.parse(markdown) if token.type == "inline"]
    lines = [
        "".join(part.content or " " for part in block.children or () if part.nesting == 0)
        for block in blocks
    ]
    return "\n".join(" ".join(line.split()) for line in lines)


def _load(path: Path) -> Article:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadArticle(f"{path}:1: longer than {MAX_BYTES:,} bytes; split it")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadArticle(f"{path}:1: not UTF-8 text; save it so") from error
    except OSError as error:
        raise BadArticle(f"{path}:1: cannot be read: {error.strerror}") from error
    return parse_article(text, str(path), path.stem)


def _split(text: str, file: str) -> tuple[str, str, int]:
    """Front matter on its own lines of the file, the rest, and the line on which that begins."""
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != _FENCE:
        raise BadArticle(f"{file}:1: an article begins with a line {_FENCE} and its front matter")
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == _FENCE:
            return "\n" + "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise BadArticle(f"{file}:1: the front matter does not end with a line {_FENCE}")


def _title(front: Item) -> str:
    title = front.text("title")
    if len(title) > LONGEST_TITLE:
        raise front.wrong("title", f"longer than {LONGEST_TITLE} characters")
    return title


def _updated(front: Item) -> date:
    try:
        return date.fromisoformat(front.text("updated"))
    except ValueError as error:
        raise front.wrong("updated", "a day such as 2026-10-05 was expected") from error


def _link(front: Item) -> str | None:
    if front.child("link") is None:
        return None
    link = front.text("link")
    if not _LINK.fullmatch(link):
        raise front.wrong("link", f"an address such as https://example.org/help, not {link!r}")
    return link


def _sections(body: str, file: str, line: int) -> Iterator[Section]:
    """The lead, then what each heading heads."""
    headings = list(_HEADING.finditer(body))
    lead = plain(body[: headings[0].start()] if headings else body)
    if not lead:
        raise BadArticle(f"{file}:{line}: a sentence is missing above the first heading")
    yield Section("", lead)
    starts = [found.start() for found in headings]
    for found, end in zip(headings, [*starts[1:], len(body)], strict=False):
        text = plain(body[found.end() : end])
        if not text:
            at = line + body[: found.start()].count("\n")
            raise BadArticle(f"{file}:{at}: nothing stands under {found[1].strip()!r}")
        yield Section(plain(found[1]), text)

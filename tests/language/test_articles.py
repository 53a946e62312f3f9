"""Articles: what a well-made one says, and how each mistake in one is named."""

from pathlib import Path

import pytest
import yaml

from core.errors import BadArticle
from language.articles import SHIPPED, Section, load_articles, parse_article, plain

GOOD = """---
title: What delivery costs
topic: Delivery
tags: [delivery, postage]
questions:
  - what are your delivery charges?
updated: 2026-10-05
---

It depends on the **size**.

## Parcels

- £4.95 per order,
  however heavy.
- Free from [£75](https://example.org).

## Large

£45.
"""


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_an_article_is_read_into_sections_without_marks() -> None:
    article = parse_article(GOOD, "a.md", "delivery-costs")
    assert article.title == "What delivery costs"
    assert article.tags == ("delivery", "postage")
    assert article.questions == ("what are your delivery charges?",)
    assert article.link is None
    assert article.sections == (
        Section("", "It depends on the size."),
        Section("Parcels", "£4.95 per order, however heavy.\nFree from £75."),
        Section("Large", "£45."),
    )


def test_an_article_may_stand_elsewhere_and_have_no_headings() -> None:
    text = changed("topic:", "link: https://example.org/costs\ntopic:").split("## ")[0]
    article = parse_article(text, "a.md", "costs")
    assert article.link == "https://example.org/costs"
    assert article.sections == (Section("", "It depends on the size."),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.md:1: an article begins with a line ---"),
        ("# Title\n\nText.", "a.md:1: an article begins with a line ---"),
        ("---\ntitle: A\n", "a.md:1: the front matter does not end"),
        ("---\n---\nText.", "a.md:1: the file is empty"),
        (changed("title: What delivery costs\n", ""), "a.md:2: front matter: the key 'title'"),
        (changed("What delivery costs", '""'), "a.md:2: title: a text was expected"),
        (changed("What delivery costs", "x" * 81), "a.md:2: title: longer than 80"),
        (changed("topic: Delivery\n", ""), "the key 'topic' is missing"),
        (changed("[delivery, postage]", "delivery"), "a.md:4: tags: a list was expected"),
        (changed("[delivery, postage]", "[]"), "a.md:4: tags: a list was expected"),
        (changed("  - what are", "  - why: what are"), "a.md:6: questions[0]: a text was expected"),
        (changed("2026-10-05", "5 October"), "a.md:7: updated: a day such as"),
        (changed("2026-10-05", "2026-13-05"), "a.md:7: updated: a day such as"),
        (changed("updated:", "changed:"), "a.md:7: changed: unknown key"),
        (changed("topic:", "link: /elsewhere\ntopic:"), "a.md:3: link: an address such as"),
        (changed("topic:", "link: javascript:x\ntopic:"), "a.md:3: link: an address such as"),
        (changed("topic: Delivery", "topic: [Delivery"), "a.md:4: not YAML"),
        (changed("It depends on the **size**.\n", ""), "a.md:9: a sentence is missing above"),
        (changed("£45.\n", ""), "a.md:18: nothing stands under 'Large'"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(text: str, message: str) -> None:
    with pytest.raises(BadArticle) as caught:
        parse_article(text, "a.md", "a")
    assert message in str(caught.value)


@pytest.mark.parametrize("slug", ["Delivery", "a b", "a_b", "-a", "a--b", "ä", ""])
def test_a_file_is_named_like_a_link(slug: str) -> None:
    with pytest.raises(BadArticle, match="small letters, digits and hyphens"):
        parse_article(GOOD, "a.md", slug)


def test_a_folder_is_read_but_for_its_readme(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text(changed("What", "Why"), encoding="utf-8-sig")
    (tmp_path / "a.md").write_text(GOOD.replace("\n", "\r\n"), encoding="utf-8")
    (tmp_path / "README.md").write_text("Not an article.", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("Nor this.", encoding="utf-8")
    articles = load_articles(str(tmp_path))
    assert [article.slug for article in articles] == ["a", "b"]
    assert articles[0].sections == articles[1].sections


def test_two_articles_may_not_share_a_title(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.md").write_text(changed("What", "WHAT"), encoding="utf-8")
    with pytest.raises(BadArticle, match=r"b\.md:1: title: a\.md has the same"):
        load_articles(str(tmp_path))


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xff\xfe", "not UTF-8"), (b"x" * 100_001, "longer than 100,000 bytes")],
)
def test_a_file_that_is_no_article_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.md").write_bytes(content)
    with pytest.raises(BadArticle, match=message):
        load_articles(str(tmp_path))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadArticle, match="PARLEY_KNOWLEDGE"):
        load_articles(str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("one\ntwo", "one two"),
        ("one\n\ntwo", "one\ntwo"),
        ("a *b* `c` [d](https://e)", "a b c d"),
        ("<b>x</b>", "<b>x</b>"),
        ("line  \nbreak", "line break"),
        ("", ""),
    ],
)
def test_plain_text_has_no_marks(markdown: str, text: str) -> None:
    assert plain(markdown) == text


# The shop's own articles


def test_the_shop_has_enough_articles_of_a_readable_length() -> None:
    articles = load_articles()
    assert len(articles) >= 42
    for article in articles:
        words = sum(len(section.text.split()) for section in article.sections)
        assert 80 <= words <= 250, article.slug
        assert len(article.sections) >= 3, article.slug
        assert len(article.questions) >= 4, article.slug


def test_articles_agree_with_the_shop_about_hours_and_retention() -> None:
    text = {article.slug: " ".join(article.body.split()) for article in load_articles()}
    assert "Monday to Saturday from 9 am to 6 pm, Sunday from 10 am to 4 pm" in text["showrooms"]
    assert "Monday to Saturday 9 am to 6 pm and Sunday 10 am to 4 pm" in text["contact-us"]
    assert "kept for 90 days" in text["privacy"]
    for slug in ("delivery-slots", "returning-large-items"):
        assert "8 to 12" in text[slug] and "12 to 4" in text[slug]  # store/shop's windows


def test_rasa_learns_the_questions_of_every_article() -> None:
    file = SHIPPED.parent / "data" / "nlu" / "questions.yml"
    (intent,) = yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
    learnt = [line.removeprefix("- ") for line in intent["examples"].splitlines()]
    asked = [question for article in load_articles() for question in article.questions]
    assert intent["intent"] == "ask_article"
    assert learnt == asked, "run `parley knowledge sentences --to data/nlu/questions.yml`"
    assert len(set(learnt)) == len(learnt)

"""`parley knowledge`: the help articles, what they answered, and whether it helped."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from actions.knowledge import open_library
from core.errors import BadInput, NotFound
from core.intervals import share_interval
from core.knowledge import ArticleUse
from core.settings import Settings, load_settings
from language.articles import Article, load_articles
from store.database import open_database
from store.knowledge import article_uses, scores_of, unanswered

DAYS = 90  # as long as conversations are kept by default
INTENT = "ask_article"

app = typer.Typer(
    help="Help articles: list them with what they answered, ask them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Days = Annotated[int, typer.Option(min=1, help="How far back to count.")]


@app.command("list")
def show(*, days: Days = DAYS) -> None:
    """List the articles: how often each was the answer, and the share whom it helped."""
    settings = load_settings()
    articles = load_articles(settings.knowledge)
    uses, silent = asyncio.run(_counts(settings, days))
    used = {use.slug: use for use in uses}
    table = Table("article", "answered", "helped", "95 % interval", box=None)
    for article in articles:
        use = used.pop(article.slug, ArticleUse(article.slug, 0, 0, 0))
        table.add_row(article.slug, str(use.answered), *_share(use))
    for gone in used.values():
        table.add_row(f"{gone.slug} (no such article now)", str(gone.answered), *_share(gone))
    Console().print(table)
    answered = sum(use.answered for use in uses)
    typer.echo(f"{len(articles)} articles; in {days} days {answered} questions were answered.")
    typer.echo(f"{silent} found no article.")


@app.command()
def threshold(*, days: Days = DAYS) -> None:
    """Show whether likelier answers helped more: the threshold is right when the lowest help."""
    scores = asyncio.run(_scores(load_settings(), days))
    if not scores:
        raise NotFound(f"no question was answered out of an article in the last {days} days")
    table = Table("probability", "answered", "helped", "95 % interval", box=None)
    for tenth in range(10):
        own = [helpful for score, helpful in scores if min(int(score * 10), 9) == tenth]
        if own:
            use = ArticleUse("", len(own), own.count(True), own.count(False))
            table.add_row(
                f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}", str(len(own)), *_share(use)
            )
    Console().print(table)


@app.command(no_args_is_help=True)
def ask(question: Annotated[str, typer.Argument(metavar="QUESTION")]) -> None:
    """Say what the bot would answer, and the three articles nearest to the question."""
    library = open_library(load_settings())
    found = asyncio.run(library.nearest(question))
    least = library.index.model.threshold
    if found and found[0].score >= least:
        typer.echo(f"{found[0].text}\n{found[0].title}: {found[0].link}\n")
    else:
        typer.echo(f"No answer: none is as likely as {least:.2f}.\n")
    for one in found:
        typer.echo(f"{one.score:.2f}  {one.slug}  {one.heading}")


@app.command()
def sentences(
    *,
    to: Annotated[Path | None, typer.Option(help="The file, left as it is on an error.")] = None,
) -> None:
    """Write the articles' questions as Rasa's training data, for data/nlu/questions.yml."""
    lines = "".join(f"{line}\n" for line in _training(load_articles(load_settings().knowledge)))
    if to is None:
        typer.echo(lines, nl=False)
    else:
        try:
            to.write_text(lines, encoding="utf-8")
        except OSError as error:
            raise BadInput(f"{to} cannot be written: {error.strerror}") from error


async def _counts(settings: Settings, days: int) -> tuple[tuple[ArticleUse, ...], int]:
    since = datetime.now(UTC) - timedelta(days=days)
    database = await open_database(settings)
    try:
        async with database.reading() as session:
            uses = await article_uses(session, since=since)
            return uses, await unanswered(session, since=since)
    finally:
        await database.close()


async def _scores(settings: Settings, days: int) -> tuple[tuple[float, bool | None], ...]:
    database = await open_database(settings)
    try:
        async with database.reading() as session:
            return await scores_of(session, since=datetime.now(UTC) - timedelta(days=days))
    finally:
        await database.close()


def _share(use: ArticleUse) -> tuple[str, str]:
    """The share whom it helped of those who said, and its interval."""
    interval = share_interval(use.helpful, use.rated)
    if interval is None:
        return "no data", ""
    low, high = interval
    return f"{use.helpful} of {use.rated}", f"{low:.0%} to {high:.0%}"


def _training(articles: tuple[Article, ...]) -> Iterator[str]:
    yield "# Made by `parley knowledge sentences` from the questions that the articles name."
    yield 'version: "3.1"'
    yield "\nnlu:"
    yield f"  - intent: {INTENT}"
    yield "    examples: |"
    for article in articles:
        yield from (f"      - {question}" for question in article.questions)

"""`parley scorecards`: forms checked, kept as drafts, put in use, retired, written out."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from cli.storing import ACTOR, in_store
from core.errors import BadInput, NotFound
from core.settings import load_settings
from qa.card_csv import csv_to_yaml, to_csv
from qa.cards import list_scorecards, parse_scorecard, read_card
from qa.versions import check_follows, digest_of
from store import audit, scorecards
from store.scorecards import CardText, StoredCard

app = typer.Typer(
    help="Scorecards: checked, put in use, retired, written out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The scorecard's name.")]
Version = Annotated[int, typer.Argument(metavar="VERSION", help="Its version.", min=1)]
File = Annotated[str, typer.Argument(metavar="FILE", help="YAML, or CSV by its ending.")]


class Form(StrEnum):
    """How a scorecard is written out."""

    YAML = "yaml"
    CSV = "csv"


@app.callback()
def about() -> None:
    """Scorecards: checked, put in use, retired, written out."""


@app.command("list")
def show_all() -> None:
    """Every scorecard with its versions: state, title, how many conversations it scored."""
    stored = in_store(load_settings(), scorecards.every)
    for card in stored:
        typer.echo(_line(card.name, card.version, card.state, card.used, card.title))
    kept = {card.name for card in stored}
    for name in list_scorecards():
        if name not in kept:
            form = parse_scorecard(*read_card(name))
            typer.echo(_line(name, form.version, "shipped", 0, form.title))


def _line(name: str, version: int, state: str, used: int, title: str) -> str:
    return f"{name:<24} {version:>3}  {state:<8} {used:>7} scored  {title}"


@app.command()
def check(file: File) -> None:
    """Say what a form asks, or what is wrong with it by file, line and key; stores nothing."""
    card = parse_scorecard(*_read(file))
    typer.echo(
        f"{file}: well; {card.name}, version {card.version}, {len(card.questions)} questions"
    )
    for question in card.questions:
        typer.echo(f"  {question.id:<24} {question.rule:<12} {question.criticality}")


@app.command()
def add(
    file: File,
    *,
    use: Annotated[bool, typer.Option(help="Put it in use at once.")] = False,
) -> None:
    """Keep a form as a draft, in place of the draft of that version."""
    text, told_as = _read(file)
    card = parse_scorecard(text, told_as)
    told = CardText(card.name, card.version, card.title, text, digest_of(text))

    async def work(session: AsyncSession) -> None:
        await scorecards.draft(session, told, by=None, now=datetime.now(UTC))
        await _note(session, "scorecard.imported", card.name, card.version)
        if use:
            await _use(session, card.name, card.version)

    in_store(load_settings(), work)
    typer.echo(f"{card.name}, version {card.version}: {'in use' if use else 'draft'}")


@app.command()
def activate(name: Name, version: Version) -> None:
    """Score by this version from now on; the one before is retired."""
    in_store(load_settings(), lambda session: _use(session, name, version))
    typer.echo(f"{name}, version {version}: in use")


@app.command()
def retire(name: Name, version: Version) -> None:
    """Score nothing by it any more; what it scored keeps its meaning."""

    async def work(session: AsyncSession) -> None:
        if name == load_settings().scorecard:
            raise BadInput(f"{name} is what PARLEY_SCORECARD names; change that first")
        await scorecards.retire(session, name, version, now=datetime.now(UTC))
        await _note(session, "scorecard.retired", name, version)

    in_store(load_settings(), work)
    typer.echo(f"{name}, version {version}: retired")


@app.command()
def export(
    name: Name,
    version: Annotated[int, typer.Argument(metavar="[VERSION]", min=0)] = 0,
    *,
    form: Annotated[Form, typer.Option("--as", help="yaml or csv.")] = Form.YAML,
) -> None:
    """Write a scorecard to standard output; without a version, the one in use."""

    async def work(session: AsyncSession) -> StoredCard | None:
        if version:
            return await scorecards.find(session, name, version)
        return await scorecards.find_active(session, name)

    found = in_store(load_settings(), work)
    text = found.yaml if found else _shipped(name, version)
    card = parse_scorecard(text, f"{name}.yml")
    typer.echo(to_csv(card) if form is Form.CSV else text, nl=False)


def _shipped(name: str, version: int) -> str:
    if name in list_scorecards():
        text, file = read_card(name)
        if version in (0, parse_scorecard(text, file).version):
            return text
    raise NotFound(f"there is no scorecard {name}{f', version {version}' if version else ''}")


def _read(file: str) -> tuple[str, str]:
    """A form as YAML, and the name that its errors carry."""
    text, name = read_card(file)
    return (csv_to_yaml(text, name), name) if Path(file).suffix == ".csv" else (text, name)


async def _use(session: AsyncSession, name: str, version: int) -> None:
    stored = await scorecards.get(session, name, version)
    before = await scorecards.latest_used(session, name, before=version)
    if before is not None:
        check_follows(parse_scorecard(*stored.source), parse_scorecard(*before.source))
    await scorecards.activate(session, name, version, now=datetime.now(UTC))
    await _note(session, "scorecard.activated", name, version)


async def _note(session: AsyncSession, action: str, name: str, version: int) -> None:
    await audit.record(
        session, actor=ACTOR, action=action, subject=f"{name}:{version}", now=datetime.now(UTC)
    )

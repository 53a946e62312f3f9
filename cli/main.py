"""The `parley` command: its subcommands, and how errors reach the person who typed it."""

import importlib
import importlib.metadata
import os
import sys
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup

from cli.options import WRONG_INPUT
from core.errors import BadInput, NotFound, ParleyError
from language.instructions import widen_instructions

PRODUCT_THREADS = "OPENBLAS_NUM_THREADS"  # of NumPy; docs/benchmarks.md, "Speed"


class Place(NamedTuple):
    """Where a command lives; `needs_words` shows its help when it is typed alone."""

    module: str
    name: str
    needs_words: bool = False
    hidden: bool = False


COMMANDS = {
    "run": Place("cli.run", "start"),
    "stop": Place("cli.run", "stop"),
    "ingest": Place("cli.ingest", "ingest", needs_words=True),
    "score": Place("cli.score", "score", needs_words=True),
    "export": Place("cli.export", "export", needs_words=True),
    "measures": Place("cli.measures", "measures", needs_words=True),
    "packs": Place("cli.packs", "app"),
    "chat": Place("cli.chat", "chat"),
    "models": Place("cli.models", "app"),
    "scorecards": Place("cli.scorecards", "app"),
    "surveys": Place("cli.surveys", "app"),
    "knowledge": Place("cli.knowledge", "app"),
    "user": Place("cli.users", "app"),
    "calibration": Place("cli.calibration", "app"),
    "coaching": Place("cli.coaching", "app"),
    "reports": Place("cli.reports", "reports", needs_words=True),
    "agents": Place("cli.agents", "app"),
    "reviews": Place("cli.reviews", "app"),
    "doctor": Place("cli.doctor", "doctor"),
    "process": Place("cli.process", "process", needs_words=True, hidden=True),
}


class Commands(TyperGroup):
    """Imports a command when it is asked for: `parley stop` waits for no spaCy.

    Typer keeps its click to itself, so its contexts and commands have no public type.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the help page."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, imported now."""
        del ctx
        place = COMMANDS.get(cmd_name)
        return None if place is None else _made(cmd_name, place)


def _made(name: str, place: Place) -> Any:
    found: Any = getattr(importlib.import_module(place.module), place.name)
    if isinstance(found, typer.Typer):
        group = typer.main.get_command(found)
        group.name = name
        return group
    alone = _typer()
    alone.command(name, no_args_is_help=place.needs_words, hidden=place.hidden)(found)
    return typer.main.get_command(alone)


def _typer(**options: Any) -> typer.Typer:
    return typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, **options
    )


app = _typer(
    name="parley",
    cls=Commands,
    help="Parley: a contact-centre assistant that runs on your own machines.",
    no_args_is_help=True,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"parley {importlib.metadata.version('parley')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version."
        ),
    ] = False,
) -> None:
    """Options of every command."""
    del version


def main() -> None:
    """Run the command; an error of ours becomes one sentence and an exit status."""
    # Our products of numbers are small: a second thread only waits for them, and waits busily.
    # Read when NumPy is loaded, so it stands before any command; programs started inherit it.
    os.environ.setdefault(PRODUCT_THREADS, "1")
    widen_instructions()
    os.umask(0o077)  # what people said is this user's alone to read
    try:
        app()
    except (BadInput, NotFound) as error:
        _end(error, WRONG_INPUT)
    except ParleyError as error:
        _end(error, 1)
    except KeyboardInterrupt:
        sys.exit(130)


def _end(error: ParleyError, status: int) -> None:
    sys.stderr.write(f"parley: {error}\n")
    sys.exit(status)

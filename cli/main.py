"""The `parley` command: its subcommands, and how errors reach the person who typed it."""

import sys
from typing import Annotated

import typer

from cli import chat, doctor, export, ingest, models, process, run, score, users
from core.errors import BadInput, NotFound, ParleyError

WRONG_INPUT = 2  # exit status, as command lines use it; anything else that failed is 1

app = typer.Typer(
    name="parley",
    help="Parley: a contact-centre assistant that runs on your own machines.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("run")(run.start)
app.command("stop")(run.stop)
app.command("ingest", no_args_is_help=True)(ingest.ingest)
app.command("score", no_args_is_help=True)(score.score)
app.command("export", no_args_is_help=True)(export.export)
app.command("chat")(chat.chat)
app.add_typer(models.app, name="models")
app.add_typer(users.app, name="user")
app.command("doctor")(doctor.doctor)
app.command("process", hidden=True)(process.process)


@app.callback(invoke_without_command=True)
def _version(
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if version:
        typer.echo("parley 0.1.0")
        raise typer.Exit


def main() -> None:
    """Run the command; an error of ours becomes one sentence and an exit status."""
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

"""`parley models`: which weights are here, and fetching those that are not."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

from core.errors import ModelUnavailable
from core.settings import Settings, load_settings
from core.weights import PullReport
from language.encoder import FILES, NAME, find_folder
from language.weights import pull_encoder
from speech.choice import choose_engine, find_moonshine, find_whisper
from speech.voices.choice import choose_voices
from speech.voices.weights import pull_diarization
from speech.weights import pull_asr

app = typer.Typer(
    help="The weights of models: fetch them, list them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Kind(StrEnum):
    """What can be fetched."""

    ASR = "asr"
    ENCODER = "encoder"
    DIARIZATION = "diarization"
    ALL = "all"


PULLS = {
    Kind.ASR: (pull_asr,),
    Kind.ENCODER: (pull_encoder,),
    Kind.DIARIZATION: (pull_diarization,),
    Kind.ALL: (pull_encoder, pull_asr, pull_diarization),
}


@app.command()
def pull(
    kind: Annotated[
        Kind,
        typer.Argument(
            help="asr: speech to text; encoder: the bot's sentences; diarization: who speaks on "
            "one channel; all: everything."
        ),
    ] = Kind.ALL,
) -> None:
    """Fetch weights, check them, and keep them in the models folder; what is there stays."""
    settings = load_settings()
    say = Console(stderr=True)
    bar = Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), console=say)
    tasks: dict[str, TaskID] = {}

    def report(file: str, done: int, total: int) -> None:
        if file not in tasks:
            tasks[file] = bar.add_task(file, total=total)
        bar.update(tasks[file], completed=done, total=total)

    with bar:
        pulled = [fetch(settings, report) for fetch in PULLS[kind]]
    for each in pulled:
        _tell(each)
    if kind in (Kind.ASR, Kind.ALL):
        typer.echo(f"Recordings will be heard by {choose_engine(settings).label}.")


@app.command("list")
def show() -> None:
    """List the weights that are on this machine, and which recogniser they make."""
    settings = load_settings()
    encoder = find_folder(settings.models, settings.encoder_model)
    if all((encoder / name).is_file() for name in FILES):
        typer.echo(f"{NAME}: {encoder}")
    else:
        typer.echo("The bot cannot be trained: no encoder; run `parley models pull encoder`")
    for choice in (find_whisper(settings), find_moonshine(settings)):
        if choice is not None:
            typer.echo(f"{choice.label}: {choice.folder}")
    _show_voices(settings)
    try:
        typer.echo(f"Recordings will be heard by {choose_engine(settings).label}.")
    except ModelUnavailable as error:
        typer.echo(f"Recordings cannot be heard: {error}")
        raise typer.Exit(1) from error


def _show_voices(settings: Settings) -> None:
    """A machine without them hears mono calls all the same, so this is no failure."""
    try:
        choice = choose_voices(settings)
        typer.echo(f"{choice.label}: {choice.folder}")
    except ModelUnavailable as error:
        typer.echo(f"The voices of a mono call cannot be told apart: {error}")


def _tell(report: PullReport) -> None:
    for model in report.models:
        typer.echo(f"{model.name}: {model.source}")
    for sentence in report.missed:
        typer.echo(f"Not to be had: {sentence}", err=True)

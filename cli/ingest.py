"""`parley ingest`: recordings in, scored conversations out."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from cli.options import AsJson, ScorecardName, Variables, parse_variables
from core.recording import ChannelLayout
from core.settings import Settings, load_settings
from jobs.ingest import IngestRequest
from jobs.main import Outcome, ingest_files
from speech.choice import choose_engine

FAILED = "failed"
AGAIN = "its scorecard and variables stay; `parley score` with its id scores it anew"


def ingest(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files, or folders.")],
    *,
    channels: Annotated[
        ChannelLayout | None,
        typer.Option(help="Who is on which channel; PARLEY_CHANNELS when left out."),
    ] = None,
    agent: Annotated[str | None, typer.Option(help="The agent's name.")] = None,
    external_id: Annotated[
        str | None, typer.Option(help="The call's id in another system; findable by search.")
    ] = None,
    scorecard: ScorecardName = None,
    var: Variables = None,
    as_json: AsJson = False,
) -> None:
    """Transcribe and score recordings: WAV, MP3, FLAC, OGG, M4A, Opus."""
    settings = load_settings()
    say = Console(stderr=True, soft_wrap=True)
    say.print(f"Recogniser: {choose_engine(settings).label}", highlight=False)
    if channels is None:
        say.print(
            f"Channels of stereo calls: {settings.channels}, from PARLEY_CHANNELS; "
            "--channels says otherwise",
            highlight=False,
        )
    variables = parse_variables(var)
    requests = [
        IngestRequest(path, channels, agent, external_id, scorecard, variables) for path in files
    ]
    outcomes = asyncio.run(_with_bar(settings, requests, say))
    for outcome in outcomes:
        typer.echo(json.dumps(asdict(outcome)) if as_json else _sentence(settings, outcome))
    if any(outcome.status == FAILED for outcome in outcomes):
        raise typer.Exit(2)


async def _with_bar(
    settings: Settings, requests: list[IngestRequest], say: Console
) -> list[Outcome]:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=say,
    )
    tasks: dict[Path, TaskID] = {}

    def report(path: Path, stage: str, share: float) -> None:
        if path not in tasks:
            tasks[path] = bar.add_task(path.name, total=1.0)
        bar.update(tasks[path], description=f"{path.name}: {stage}", completed=share)

    with bar:
        return await ingest_files(settings, requests, report)


def _sentence(settings: Settings, outcome: Outcome) -> str:
    if outcome.error:
        return f"{outcome.file}: {outcome.status}: {outcome.error}"
    known = f", known already ({AGAIN})" if outcome.duplicate else ""
    page = f"http://127.0.0.1:{settings.console_port}/conversations/{outcome.conversation}"
    return f"{outcome.file}: {outcome.status}{known}, by {outcome.engine}; {page}"

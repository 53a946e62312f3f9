"""`parley ingest`: recordings in, scored conversations out."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
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

from cli.options import WRONG_INPUT, AsJson, ScorecardName, Variables, parse_variables
from cli.printing import remark_encoder, say_lines
from core.conversation import CallDirection
from core.errors import BadInput
from core.recording import ChannelLayout, Mute
from core.settings import Settings, load_settings
from core.spans import parse_spans
from jobs.ingest import IngestRequest, request_of
from jobs.main import Outcome, ingest_files
from speech.choice import choose_engine

FAILED = "failed"
AGAIN = "its scorecard and variables stay; `parley score` with its id scores it anew"

CHANGE = (
    "Who is the agent can be said on its page; for the rest delete it there and ingest it again."
)
STOPPED = "Stopped. The same command again goes on where this one was."
INTERRUPTED = 130  # as shells tell of Ctrl-C
ANEW = "heard anew: what was written down and scored of it before is replaced"


def ingest(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Files, folders, or addresses: https://, s3:// and the like."
        ),
    ],
    *,
    channels: Annotated[
        ChannelLayout | None,
        typer.Option(help="Who is on which channel; PARLEY_CHANNELS when left out."),
    ] = None,
    direction: Annotated[
        CallDirection | None,
        typer.Option(help="Who rang whom, which says who is on the first channel."),
    ] = None,
    agent: Annotated[str | None, typer.Option(help="The agent's name.")] = None,
    external_id: Annotated[
        str | None, typer.Option(help="The call's id in another system; findable by search.")
    ] = None,
    queue: Annotated[
        str | None, typer.Option(help="The line it waited in; scorecards may be for some alone.")
    ] = None,
    mute: Annotated[
        str | None,
        typer.Option(metavar="SPANS", help="Silence these before anything is heard: 12.5-18,40-44"),
    ] = None,
    mute_channel: Annotated[
        int | None, typer.Option(min=1, max=2, help="Silence them on this channel alone.")
    ] = None,
    opened_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="When the call began: 2026-11-30T14:05, in PARLEY_TIMEZONE."
        ),
    ] = None,
    scorecard: ScorecardName = None,
    var: Variables = None,
    as_json: AsJson = False,
) -> None:
    """Transcribe and score recordings: WAV, MP3, FLAC, OGG, M4A, Opus."""
    settings = load_settings()
    _check_one(files, external_id)
    layout = _layout(settings, channels, direction)
    mutes = _mutes(mute, mute_channel)
    began_at = _moment(settings, opened_at, now=datetime.now(UTC))
    like = IngestRequest(
        Path(), layout, agent, external_id, scorecard, parse_variables(var), mutes,
        queue=queue, direction=direction, opened_at=began_at,
    )  # fmt: skip
    requests = [request_of(file, like) for file in files]
    say = Console(stderr=True, soft_wrap=True)
    say.print(f"Recogniser: {choose_engine(settings).label}", highlight=False)
    remark_encoder(settings)
    if layout is None:
        say.print(
            f"Channels of stereo calls: {settings.channels}, from PARLEY_CHANNELS; "
            "--channels or --direction says otherwise",
            highlight=False,
        )
    outcomes = asyncio.run(_with_bar(settings, requests, say, as_json=as_json))
    failed = [outcome for outcome in outcomes if outcome.status == FAILED]
    if failed:
        raise typer.Exit(WRONG_INPUT if all(each.wrong_input for each in failed) else 1)


def _check_one(files: list[str], external_id: str | None) -> None:
    is_one = len(files) == 1 and not files[0].endswith("/") and not Path(files[0]).is_dir()
    if external_id is not None and not is_one:
        raise BadInput("--external-id is the id of one call; give one file with it")


def _layout(
    settings: Settings, channels: ChannelLayout | None, direction: CallDirection | None
) -> ChannelLayout | None:
    if direction is None:
        return channels
    if channels is not None:
        raise BadInput("--channels says who is where, and so does --direction; give one of them")
    return settings.layout_of(direction)


def _mutes(spans: str | None, channel: int | None) -> tuple[Mute, ...]:
    if spans is None:
        if channel is not None:
            raise BadInput("--mute-channel needs --mute with the seconds to silence")
        return ()
    number = None if channel is None else channel - 1
    return tuple(Mute(span, number) for span in parse_spans(spans))


def _moment(settings: Settings, text: str | None, *, now: datetime) -> datetime | None:
    """When the calls began; a time without a zone is one of the house."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(f"--opened-at: write {text[:40]!r} as 2026-11-30T14:05") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=settings.zone)
    if moment > now:
        raise BadInput(f"--opened-at: {text} is still to come")
    if moment < now - timedelta(days=settings.retention_days):
        raise BadInput(
            f"--opened-at: {text} is longer ago than the {settings.retention_days} days that "
            "PARLEY_RETENTION_DAYS keeps a call"
        )
    return moment


async def _with_bar(
    settings: Settings, requests: list[IngestRequest], say: Console, *, as_json: bool
) -> list[Outcome]:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=say,
        transient=True,
        redirect_stdout=False,  # results are for a pipe, the bar is for the terminal
    )
    tasks: dict[Path, TaskID] = {}

    def report(path: Path, stage: str, share: float) -> None:
        if path not in tasks:
            tasks[path] = bar.add_task(path.name, total=1.0)
        bar.update(tasks[path], description=f"{path.name}: {stage}", completed=share)

    def tell(outcome: Outcome) -> None:
        for path in list(tasks):
            bar.remove_task(tasks.pop(path))
        bar.stop()
        if as_json:
            typer.echo(json.dumps(asdict(outcome)))
        else:
            say_lines(_lines(settings, outcome))
        bar.start()

    try:
        with bar:
            return await ingest_files(settings, requests, report, tell=tell)
    except asyncio.CancelledError:  # Ctrl-C; what was begun is given back
        say.print(STOPPED, highlight=False)
        sys.stdout.flush()
        # A recogniser in the midst of a piece hears nothing for ten seconds and more, and its
        # thread would be waited for. What it writes counts only with the claim that is given back.
        os._exit(INTERRUPTED)


def _lines(settings: Settings, outcome: Outcome) -> Iterator[str]:
    yield _sentence(settings, outcome)
    yield from (f"  {note}" for note in outcome.notes)
    if outcome.ignored:
        yield f"  Ignored, as the call is known: {', '.join(outcome.ignored)}. {CHANGE}"


def _sentence(settings: Settings, outcome: Outcome) -> str:
    if outcome.error:
        return f"{outcome.file}: {outcome.status}: {outcome.error}"
    known = f", known already ({AGAIN})" if outcome.duplicate else ""
    if outcome.heard_again:
        known = f", known already and {ANEW}"
    page = f"http://127.0.0.1:{settings.console_port}/conversations/{outcome.conversation}"
    return f"{outcome.file}: {outcome.status}{known}, by {outcome.engine}; {page}"

"""`parley agents`: voices of agents, to be recognised in mono calls."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from cli.printing import shown
from cli.storing import ACTOR, in_store
from core.errors import BadInput
from core.settings import load_settings
from speech.voices.choice import choose_voices, load_voices
from speech.voices.enrolment import voice_of
from store import agent_voices

app = typer.Typer(
    help="Voices of agents, recognised in mono calls: enrol, list, forget.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="As it will stand in calls.")]


@app.command()
def enrol(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The agent alone, 10 s or more.")],
    *,
    consent: Annotated[
        bool, typer.Option("--consent", help="The agent has agreed that their voice is kept.")
    ] = False,
    channel: Annotated[
        int | None, typer.Option(min=1, max=2, help="The agent's channel of a stereo call.")
    ] = None,
) -> None:
    """Keep an agent's voice, as numbers; needs their consent."""
    if not name.strip():
        raise BadInput("an agent needs a name")
    if shown(name) != name:
        raise BadInput(f"the name {shown(name)} holds control characters")
    if not consent:
        raise BadInput(
            "a voice is biometric data and is kept only with the agent's consent; ask them, and "
            "say --consent when they have given it"
        )
    settings = load_settings()
    diarizer = load_voices(choose_voices(settings), threads=settings.asr_threads)
    vector = voice_of(file, diarizer, channel=channel, max_hours=settings.max_recording_hours)

    async def work(session: AsyncSession) -> None:
        await agent_voices.enrol(
            session,
            name=name,
            model=diarizer.describe(),
            vector=vector,
            actor=ACTOR,
            now=datetime.now(UTC),
        )

    in_store(settings, work)
    typer.echo(f"{name.strip()} will be recognised in mono calls from now on.")
    typer.echo(f"`parley agents forget {name.strip()!r}` deletes the voice again.")


@app.command("list")
def show() -> None:
    """List whose voices are kept, since when, and for which networks."""
    everyone = in_store(load_settings(), agent_voices.everyone)
    if not everyone:
        typer.echo("No voice is kept.")
    for each in everyone:
        typer.echo(f"{each.name}  since {each.consented_at:%Y-%m-%d}  {each.model}")


@app.command()
def forget(name: Name) -> None:
    """Delete an agent's voice for good."""

    async def work(session: AsyncSession) -> int:
        return await agent_voices.forget(session, name, actor=ACTOR, now=datetime.now(UTC))

    in_store(load_settings(), work)
    typer.echo(f"The voice of {name} is deleted.")

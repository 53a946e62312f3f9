"""`parley process NAME`: become one program of the Procfile."""

import asyncio
import os
import signal
from typing import Annotated

import typer

from channels import main as channels_main
from cli.programs import environment, programs
from console import main as console_main
from core.errors import BadInput
from core.settings import Settings, load_settings


def process(name: Annotated[str, typer.Argument(metavar="rasa|actions|web|worker")]) -> None:
    """Run one program in the foreground, for process runners other than ours."""
    settings = load_settings()
    if name == "web":
        channels_main.prepare_logs(settings)
        asyncio.run(_serve(settings))
        return
    program = next((each for each in programs(settings) if each.name == name), None)
    if program is None:
        known = ", ".join(each.name for each in programs(settings))
        raise BadInput(f"no program is called {name!r}; there are {known}")
    os.chdir(program.folder)
    os.execve(program.command[0], program.command, os.environ | environment(settings))  # noqa: S606 -- our own fixed command


async def _serve(settings: Settings) -> None:
    """The chat and the console, in one process, until told to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with channels_main.serving(settings), console_main.serving(settings):
        await stop.wait()

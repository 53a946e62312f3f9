"""`parley process NAME`: become one program of the Procfile."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from channels import main as channels_main
from cli.programs import Program, environment, programs
from console import main as console_main
from core.errors import BadInput
from core.settings import Settings, load_settings

KNOWN = ("rasa", "actions", "web", "worker")


def process(name: Annotated[str, typer.Argument(metavar="|".join(KNOWN))]) -> None:
    """Run one program in the foreground, for process runners other than ours.

    `rasa` may be several processes: they begin and end together.
    """
    settings = load_settings()
    if name == "web":
        channels_main.prepare_logs(settings)
        asyncio.run(_serve(settings))
        return
    wanted = [each for each in programs(settings) if each.name.partition("-")[0] == name]
    if not wanted:
        raise BadInput(f"no program is called {name!r}; there are {', '.join(KNOWN)}")
    around = os.environ | environment(settings)
    if len(wanted) > 1:
        raise typer.Exit(_run_together(wanted, around))
    (program,) = wanted
    os.chdir(program.folder)
    os.execve(program.command[0], program.command, around)  # noqa: S606 -- our own fixed command


def _run_together(wanted: Sequence[Program], around: Mapping[str, str]) -> int:
    """Run processes of one program until told to stop or one of them ends; its status."""
    running = [
        subprocess.Popen(each.command, cwd=each.folder, env=around)  # noqa: S603 -- our own fixed command
        for each in wanted
    ]
    children = {each.pid: each for each in running}

    def end(*_signal: object) -> None:
        for each in running:
            if each.returncode is None:
                each.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    pid, waited = os.wait()
    status = children[pid].returncode = os.waitstatus_to_exitcode(waited)
    end()
    for each in running:
        each.wait()
    return abs(status)


async def _serve(settings: Settings) -> None:
    """The chat and the console, in one process, until told to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with channels_main.serving(settings), console_main.serving(settings):
        await stop.wait()

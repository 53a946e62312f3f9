"""The worker program: one Celery worker per queue, the sweep and the watched folder.

Each Celery worker is a process group of its own, started again when it dies, ended with its
parent. Claims of a worker that is gone are given back at once, not after they expire.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from asyncio.subprocess import Process

from core.errors import ParleyError, Unavailable
from core.ids import new_id
from core.settings import load_settings
from jobs.app import QUICK, SPEECH, CeleryPost
from jobs.drawing import Drawing
from jobs.inbox import Inbox
from jobs.logs import speak
from jobs.place import Place, opened
from jobs.retention import Retention
from jobs.sweep import Sweep
from store import evaluations, recordings

LOG = logging.getLogger("parley.jobs")

QUEUES = (SPEECH, QUICK)
END_SECONDS = 6.0  # for a step to finish after SIGTERM; supervisor itself waits 10 s
RESTART_SECONDS = 2.0
OPENING_SECONDS = 2.0  # between two tries; a database starts in a few seconds


def main() -> int:
    """Start the workers, and keep them going until told to end; the exit status."""
    try:
        asyncio.run(work())
    except ParleyError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


async def work() -> None:
    """Work until SIGTERM or SIGINT; a database that does not answer yet is waited for.

    Raises:
        BadSettings: naming the setting.
        Unavailable: the database refuses us, which waiting does not mend.
    """
    settings = load_settings()
    speak(settings.log_level)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with contextlib.AsyncExitStack() as stack:
        while not ended.is_set():
            try:
                place = await stack.enter_async_context(opened(settings))
            except Unavailable as error:
                if not error.retryable:
                    raise
                LOG.warning("the worker begins when the database answers: %s", error)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), OPENING_SECONDS)
            else:
                await _until(ended, place)


async def _until(ended: asyncio.Event, place: Place) -> None:
    tasks = [
        *(asyncio.create_task(_employ(place, queue)) for queue in QUEUES),
        asyncio.create_task(Sweep(place, CeleryPost()).go_on()),
        asyncio.create_task(Inbox(place).go_on()),
        asyncio.create_task(Retention(place).go_on()),
        asyncio.create_task(Drawing(place.settings, place.database).go_on()),
    ]
    waiting = asyncio.create_task(ended.wait())
    done, _ = await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in [*tasks, waiting]:
        task.cancel()
    await asyncio.wait([*tasks, waiting])
    for task in done - {waiting}:
        task.result()  # a loop that never ends has ended: its error ends the program


async def _employ(place: Place, queue: str) -> None:
    """Keep one worker going; a cancelled task has ended it."""
    while True:
        node = f"{queue}-{new_id()}@{socket.gethostname()}"
        worker = await _start(queue, node)
        try:
            code = await worker.wait()
            LOG.error("the %s worker ended with %s; another one begins", queue, code)
            await _bury(place, worker, node, counted=True)
        except asyncio.CancelledError:
            await _end(worker)
            await _bury(place, worker, node, counted=False)
            raise
        await asyncio.sleep(RESTART_SECONDS)


async def _start(queue: str, node: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "jobs.queue",
        queue,
        node,
        str(os.getpid()),
        start_new_session=True,
        stdin=asyncio.subprocess.DEVNULL,
    )


async def _end(worker: Process) -> None:
    """Let it finish what it has for a moment."""
    with contextlib.suppress(ProcessLookupError):
        worker.terminate()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(worker.wait(), END_SECONDS)


async def _bury(place: Place, worker: Process, node: str, *, counted: bool) -> None:
    """End what is left of its processes, and give its claims back."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    await worker.wait()
    try:
        async with place.database.writing() as session:
            await recordings.release_all(session, f"{node}/", counted=counted)
            await evaluations.release_all(session, f"{node}/", counted=counted)
    except Unavailable as error:  # the claims expire by themselves
        LOG.warning("the claims of %s were not given back: %s", node, error)

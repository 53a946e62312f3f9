"""Bringing one recording to its end from the command line.

The same steps with the same claims as a worker's; when a worker was quicker, its row is watched.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

from core.recording import Recording, RecordingState
from jobs import steps
from jobs.place import Place
from jobs.running import Ending
from store import evaluations, recordings

Progress: TypeAlias = Callable[[str, float], None]  # stage, how much of it is done (0..1)

LOOK_SECONDS = 0.5  # between two looks at a row that another process works on
WAITING = "waiting for a worker"
_FINISHED = (RecordingState.SCORED, RecordingState.FAILED)


class Brought(NamedTuple):
    """A recording at its end, and how the last step of ours ended; None where there was none."""

    recording: Recording
    ending: Ending | None


async def run_to_end(place: Place, recording_id: str, progress: Progress) -> Brought:
    """Transcribe and score a recording, or wait until the worker that has it is done.

    Raises:
        NotFound: it was deleted meanwhile.
        Unavailable: the database does not answer.
    """
    ending = None
    while True:
        async with place.database.reading() as session:
            recording = await recordings.get(session, recording_id)
        if recording.state in _FINISHED:
            return Brought(recording, ending)
        ending = await _next_step(place, recording, progress)
        if ending in (Ending.ELSEWHERE, Ending.LOST, Ending.AGAIN):
            node = await _holder(place, recording)
            if node and steps.is_gone(node):
                await _free(place, node)
                continue
            progress(f"{WAITING}, {node}" if node else WAITING, 0.0)
            await asyncio.sleep(LOOK_SECONDS)


async def _holder(place: Place, recording: Recording) -> str | None:
    """The node whose worker has the next step, if one has it."""
    now = datetime.now(UTC)
    async with place.database.reading() as session:
        if recording.state is RecordingState.RECEIVED:
            worker = await recordings.holder(session, recording.id, now=now)
        else:
            talk = recording.conversation or recording.id
            worker = await evaluations.holder(session, talk, now=now)
    return worker.rpartition("/")[0] if worker else None


async def _free(place: Place, node: str) -> None:
    """Give back what a process had that was killed: nobody else would until the claim expires.

    The attempt stays counted, so that a recording that kills each of its workers is given up.
    """
    async with place.database.writing() as session:
        await recordings.release_all(session, f"{node}/")
        await evaluations.release_all(session, f"{node}/")


async def _next_step(place: Place, recording: Recording, progress: Progress) -> Ending:
    worker = steps.worker_name()
    if recording.state is RecordingState.RECEIVED:
        return await steps.transcribe(place, recording.id, worker=worker, report=progress)
    conversation = recording.conversation or recording.id
    return await steps.score(place, conversation, worker=worker, report=progress)

"""Bringing one recording to its end from the command line.

The same steps with the same claims as a worker's; when a worker was quicker, its row is watched.
"""

import asyncio
from collections.abc import Callable
from typing import TypeAlias

from core.recording import Recording, RecordingState
from jobs import steps
from jobs.place import Place
from jobs.running import Ending
from store import recordings

Progress: TypeAlias = Callable[[str, float], None]  # stage, how much of it is done (0..1)

LOOK_SECONDS = 0.5  # between two looks at a row that another process works on
WAITING = "waiting for a worker"
_FINISHED = (RecordingState.SCORED, RecordingState.FAILED)


async def run_to_end(place: Place, recording_id: str, progress: Progress) -> Recording:
    """Transcribe and score a recording, or wait until the worker that has it is done.

    Raises:
        NotFound: it was deleted meanwhile.
        Unavailable: the database does not answer.
    """
    while True:
        async with place.database.reading() as session:
            recording = await recordings.get(session, recording_id)
        if recording.state in _FINISHED:
            return recording
        ending = await _next_step(place, recording, progress)
        if ending in (Ending.ELSEWHERE, Ending.LOST, Ending.AGAIN):
            progress(WAITING, 0.0)
            await asyncio.sleep(LOOK_SECONDS)


async def _next_step(place: Place, recording: Recording, progress: Progress) -> Ending:
    worker = steps.worker_name()
    if recording.state is RecordingState.RECEIVED:
        return await steps.transcribe(place, recording.id, worker=worker, report=progress)
    conversation = recording.conversation or recording.id
    return await steps.score(place, conversation, worker=worker, report=progress)

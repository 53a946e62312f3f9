"""A recording on its way to a score: its page, its state for a script, try again, delete."""

import asyncio

from aiohttp import web

from console.context import Visit, see_other
from console.reading import note
from core.errors import Conflict, NotFound
from core.recording import Recording, RecordingState
from store import erasure, recordings

STEPS = {
    RecordingState.RECEIVED: "Received; it is written down next.",
    RecordingState.TRANSCRIBED: "Written down; it is being scored.",
    RecordingState.SCORED: "Done.",
    RecordingState.FAILED: "This recording could not be worked on.",
}


async def recording_page(visit: Visit) -> web.StreamResponse:
    """How far it has come."""
    recording = await _recording(visit)
    return visit.page(
        "recording.html",
        recording=recording,
        step=STEPS[recording.state],
        is_known=visit.request.query.get("known") == "yes",
    )


async def recording_state(visit: Visit) -> web.StreamResponse:
    """The same for the page's script."""
    recording = await _recording(visit)
    return visit.data(
        {
            "state": recording.state.value,
            "step": STEPS[recording.state],
            "error": recording.error,
            "conversation": recording.conversation,
        }
    )


async def retry(visit: Visit) -> web.StreamResponse:
    """Begin a failed recording again."""
    recording = await _recording(visit)
    async with visit.console.database.writing() as session:
        if not await recordings.retry(session, recording.id):
            raise Conflict(f"{recording.name} has not failed, so there is nothing to try again.")
        await note(session, visit, "recording.retried", recording.id)
    return see_other(f"/recordings/{recording.id}")


async def delete_recording_page(visit: Visit) -> web.StreamResponse:
    """Say what would be deleted, and ask again."""
    return visit.page("delete_recording.html", recording=await _alone(visit))


async def delete_recording(visit: Visit) -> web.StreamResponse:
    """Delete a recording that became no conversation, and its file."""
    recording = await _alone(visit)
    async with visit.console.database.writing() as session:
        await erasure.erase_recording(
            session, recording.id, actor=visit.user.id, now=visit.console.now()
        )
    await asyncio.to_thread(visit.console.files.delete, recording.id)
    return see_other("/conversations")


async def _recording(visit: Visit) -> Recording:
    async with visit.console.database.reading() as session:
        found = await recordings.find(session, visit.part("recording"))
    if found is None:
        raise NotFound("There is no such recording; it may have been deleted.")
    return found


async def _alone(visit: Visit) -> Recording:
    recording = await _recording(visit)
    if recording.conversation is not None:
        raise Conflict(
            "This recording became a conversation; delete it on the conversation's page."
        )
    return recording

"""The library of good examples: a few turns and their seconds, and of the call nothing else."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.coaching_out import example_out
from console.context import Visit, see_other
from console.reading import note_once
from console.sound_response import response_of
from core.conversation import Conversation, Role
from core.errors import BadInput, NotFound
from core.example import Example, heard_of, said_in
from core.recording import Recording
from core.spans import TimeSpan
from speech.audio import probe
from speech.snippets import cut
from store import conversations, examples, recordings, users
from store.shelf import Sound

SPEAKERS = {
    Role.AGENT: "Agent",
    Role.CUSTOMER: "Customer",
    Role.BOT: "Bot",
    Role.UNKNOWN: "Speaker",
}


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One turn of an example: who by role, never by name, and the words that are heard."""

    role: Role
    who: str
    text: str


async def examples_page(visit: Visit) -> web.StreamResponse:
    """The library by skill; agents see what is published."""
    skill = visit.request.query.get("skill", "").strip() or None
    async with visit.console.database.reading() as session:
        found = await examples.library(session, published_only=not visit.is_reviewer, skill=skill)
    if visit.wants_json:
        return visit.data({"examples": [example_out(one, lines=None) for one in found]})
    groups = [(name, list(ones)) for name, ones in groupby(found, key=lambda one: one.skill)]
    return visit.page("examples.html", groups=groups, skill=skill)


async def example_page(visit: Visit) -> web.StreamResponse:
    """One example; reading it is audited."""
    async with visit.console.database.reading() as session:
        example = await _get(session, visit)
        conversation = await conversations.get(session, example.conversation)
        recording = await _recording(session, conversation)
        everyone = await users.everyone(session)
    lines = lines_of(example, conversation)
    await note_once(visit, "example.read", example.id)
    if visit.wants_json:
        told = [(line.role.value, line.text) for line in lines]
        return visit.data(example_out(example, lines=told))
    return visit.page(
        "example.html",
        example=example,
        lines=lines,
        is_whole=bool(said_in(conversation, example.first, example.last)),
        has_sound=example.span is not None and recording is not None,
        until=_until(visit, conversation, recording),
        place=_place(example, conversation),
        names={user.id: user.name for user in everyone},
    )


async def example_audio(visit: Visit) -> web.StreamResponse:
    """The example's own seconds as a file, by ranges; one listen is audited once.

    Raises:
        NotFound: it is not this person's to hear, has no sound, or that is being silenced.
    """
    async with visit.console.database.reading() as session:
        example = await _get(session, visit)
        conversation = await conversations.get(session, example.conversation)
        recording = await _recording(session, conversation)
    if example.span is None or recording is None:
        raise NotFound("This example has no sound.")
    if not said_in(conversation, example.first, example.last):
        raise NotFound("The call was written down anew; this example is not played any more.")
    sound = await asyncio.to_thread(_snippet, visit, recording, example.span)
    await note_once(visit, "example.listened", example.id)
    return response_of(sound, "audio/wav")


async def publish(visit: Visit) -> web.StreamResponse:
    """Agents see it from now on, as who publishes it has said that no customer shows; audited."""
    if visit.form.get("checked") != "on":
        raise BadInput("Read and hear it first, and tick that no customer can be recognised by it.")
    async with visit.console.database.writing() as session:
        await examples.publish(
            session, visit.part("example"), actor=visit.user.id, now=visit.console.now()
        )
    return await _after(visit)


async def take_back(visit: Visit) -> web.StreamResponse:
    """Agents see it no longer; audited."""
    async with visit.console.database.writing() as session:
        await examples.take_back(
            session, visit.part("example"), actor=visit.user.id, now=visit.console.now()
        )
    return await _after(visit)


async def remove(visit: Visit) -> web.StreamResponse:
    """Delete an example with its sound; its conversation stays. Audited."""
    async with visit.console.database.writing() as session:
        example = await _get(session, visit)
        conversation = await conversations.get(session, example.conversation)
        recording = await _recording(session, conversation)
        await examples.remove(session, example.id, actor=visit.user.id, now=visit.console.now())
    if recording and example.span:
        await asyncio.to_thread(visit.console.files.forget_snippet, recording, example.span)
    return visit.data({"id": example.id}) if visit.wants_json else see_other("/examples")


def lines_of(example: Example, conversation: Conversation) -> tuple[SaidLine, ...]:
    """The example's turns as they are shown; none once the call was written down anew."""
    found = (
        SaidLine(turn.role, SPEAKERS[turn.role], heard_of(turn, example.span))
        for turn in said_in(conversation, example.first, example.last)
    )
    return tuple(line for line in found if line.text.strip())


def _snippet(visit: Visit, recording: Recording, span: TimeSpan) -> Sound:
    """Those seconds, cut out when they are asked for first."""
    files = visit.console.files
    found = files.snippet(recording, span)
    if found is None:
        with files.at_hand(recording) as heard, files.cutting(recording, span) as target:
            file = probe(heard, max_hours=visit.console.settings.max_recording_hours)
            cut(file, span, target)
        found = files.snippet(recording, span)
    if found is None:
        raise NotFound("The recording is not kept any more.")
    return found


async def _get(session: AsyncSession, visit: Visit) -> Example:
    return await examples.get(session, visit.part("example"), published_only=not visit.is_reviewer)


async def _recording(session: AsyncSession, conversation: Conversation) -> Recording | None:
    if conversation.recording is None:
        return None
    return await recordings.find(session, conversation.recording)


def _until(
    visit: Visit, conversation: Conversation, recording: Recording | None
) -> datetime | None:
    """When the conversation, and the example with it, is deleted by itself."""
    ended = conversation.closed_at or conversation.opened_at
    kept = ended and ended + timedelta(days=visit.console.settings.retention_days)
    if recording and recording.delete_after:
        return min(kept, recording.delete_after) if kept else recording.delete_after
    return kept


def _place(example: Example, conversation: Conversation) -> int | None:
    """Where its first turn stands, counted from 0."""
    ids = [turn.id for turn in conversation.turns]
    return ids.index(example.first) if example.first in ids else None


async def _after(visit: Visit) -> web.StreamResponse:
    example_id = visit.part("example")
    return (
        visit.data({"id": example_id}) if visit.wants_json else see_other(f"/examples/{example_id}")
    )

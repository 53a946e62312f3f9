"""Receiving recordings from the browser: streamed to disk, looked at, and known by their hash."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from aiohttp import BodyPartReader, web

from console import cards
from console.access import check_token
from console.context import Visit, see_other
from console.variables import defaults, lines_of, read_lines
from core.conversation import CallDirection
from core.errors import BadInput, Unavailable
from core.ids import new_id
from core.recording import ChannelLayout, Recording, RecordingState
from speech.audio import probe
from store import audit, recordings
from store.incoming import BLOCK, Draft

LAYOUTS: dict[str, str] = {
    ChannelLayout.AGENT_CUSTOMER: "stereo: agent first, then customer",
    ChannelLayout.CUSTOMER_AGENT: "stereo: customer first, then agent",
    ChannelLayout.FIND: "stereo: find the agent by what is said",
    CallDirection.INBOUND: "stereo: the customer rang (inbound)",
    CallDirection.OUTBOUND: "stereo: we rang (outbound)",
    ChannelLayout.MONO: "mono: both on one channel",
}
LONGEST_FIELD = 20_000  # bytes; the variables are the longest
LONGEST_NAME = 200  # characters of a file's, an agent's or an external name


@dataclass(frozen=True, slots=True)
class Received:
    """One file of an upload: its recording, and whether it was there before."""

    recording: Recording
    is_new: bool


async def upload_page(visit: Visit) -> web.StreamResponse:
    """The form."""
    settings = visit.console.settings
    async with visit.console.database.reading() as session:
        known = await cards.names(session)
    return visit.page(
        "upload.html",
        layouts=LAYOUTS,
        layout=settings.channels,
        scorecards=known,
        scorecard=settings.scorecard,
        variables=lines_of(defaults(settings)),
        most_mib=settings.max_upload_mib,
    )


async def check(visit: Visit) -> web.StreamResponse:
    """Whether the form's fields are right, asked once before its files are sent.

    What is wrong with the one that is typed freely comes with the field's name.
    """
    try:
        read_lines(visit.form.get("variables", ""))
    except BadInput as error:
        wrong = {"code": "BadInput", "message": str(error), "field": "variables"}
        return visit.data({"error": wrong}, status=400)
    async with visit.console.database.reading() as session:
        known = await cards.names(session)
    _recording_of(visit, visit.form, "", known)
    return visit.data({"is_right": True})


async def upload(visit: Visit) -> web.StreamResponse:
    """Take the form's fields, then its files, in the order the browser sends them."""
    token = visit.request.headers.get("X-CSRF-Token")
    if token is not None:
        check_token(visit, token)
    if not visit.request.content_type.startswith("multipart/"):
        raise BadInput("An upload is a form with a file in it.")
    fields: dict[str, str] = {}
    received: list[Received] = []
    async for part in await visit.request.multipart():
        if not isinstance(part, BodyPartReader):
            raise BadInput("A form inside a form is not read.")
        if part.filename is None:
            fields[part.name or ""] = await _field(part)
            continue
        if token is None:
            check_token(visit, fields.get("csrf", ""))
        if part.filename:
            received.append(await _receive(visit, part, fields))
    if not received:
        raise BadInput("Choose at least one recording.")
    return _answer(visit, received)


async def _field(part: BodyPartReader) -> str:
    value = bytearray()
    while chunk := await part.read_chunk():
        value += chunk
        if len(value) > LONGEST_FIELD:
            raise BadInput(f"The field {part.name} is too long.")
    return value.decode("utf-8", errors="replace").strip()


async def _receive(visit: Visit, part: BodyPartReader, fields: dict[str, str]) -> Received:
    name = (part.filename or "recording").replace("\\", "/").rsplit("/", 1)[-1][:LONGEST_NAME]
    async with visit.console.database.reading() as session:
        known = await cards.names(session)
    form = _recording_of(visit, fields, name, known)
    files = visit.console.files
    most = visit.console.settings.max_upload_mib * 2**20
    draft = await files.stream_in(_blocks(part), most_bytes=most)
    try:
        await _check_sound(visit, draft, name)
        return await _store(visit, draft, replace(form, sha256=draft.sha256))
    finally:
        files.drop(draft)


async def _blocks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while block := await part.read_chunk(BLOCK):
        yield block


async def _check_sound(visit: Visit, draft: Draft, name: str) -> None:
    """Refuse what is no sound now, in words that use the name the person knows."""
    if draft.size == 0:
        raise BadInput(f"{name} is empty (0 bytes); copy it again from where it was recorded.")
    hours = visit.console.settings.max_recording_hours
    try:
        await asyncio.to_thread(probe, draft.path, max_hours=hours)
    except BadInput as error:
        shown = str(error).replace(str(draft.path), name).replace(draft.path.name, name)
        raise BadInput(shown) from error


async def _store(visit: Visit, draft: Draft, recording: Recording) -> Received:
    """The row and the file, both or neither; the worker finds the row by itself."""
    files = visit.console.files
    is_new = False
    try:
        await asyncio.to_thread(files.keep, draft, recording.id)
        async with visit.console.database.writing() as session:
            stored, is_new = await recordings.receive(session, recording)
            if is_new:
                await audit.record(
                    session, actor=visit.user.id, action="recording.uploaded",
                    subject=stored.id, now=visit.console.now(),
                )  # fmt: skip
    except BaseException:  # cancelled as well: no sound may stay without its row
        is_new = False
        raise
    finally:
        if not is_new:
            with suppress(Unavailable):  # what cannot be deleted now is a day later
                await asyncio.to_thread(files.delete, recording.id)
    return Received(stored, is_new)


def _recording_of(
    visit: Visit, fields: Mapping[str, str], name: str, known: tuple[str, ...]
) -> Recording:
    """The recording that the form's fields describe; its hash is not known yet.

    Raises:
        BadInput: a field's value is none of those offered.
    """
    settings, now = visit.console.settings, visit.console.now()
    layout = fields.get("channels") or settings.channels.value
    scorecard = fields.get("scorecard") or None
    direction = CallDirection(layout) if layout in set(CallDirection) else None
    if layout not in LAYOUTS:
        raise BadInput(f"Channels: {layout[:40]!r} is not one of {', '.join(LAYOUTS)}.")
    if direction:
        layout = settings.layout_of(direction).value
    if scorecard is not None and scorecard not in known:
        raise BadInput(f"There is no scorecard {scorecard[:40]!r}.")
    return Recording(
        id=new_id(),
        sha256="0" * 64,
        name=name,
        state=RecordingState.RECEIVED,
        received_at=now,
        layout=ChannelLayout(layout),
        delete_after=now + timedelta(days=settings.retention_days),
        agent=fields.get("agent", "")[:LONGEST_NAME] or None,
        external_id=fields.get("external_id", "")[:LONGEST_NAME] or None,
        scorecard=scorecard,
        variables=read_lines(fields.get("variables", "")),
        queue=fields.get("queue", "")[:LONGEST_NAME] or None,
        direction=direction,
    )


def _answer(visit: Visit, received: list[Received]) -> web.Response:
    if visit.wants_json:
        return visit.data(
            {
                "files": [
                    {
                        "name": one.recording.name,
                        "is_new": one.is_new,
                        "url": f"/recordings/{one.recording.id}",
                    }
                    for one in received
                ]
            },
            status=201,
        )
    if len(received) > 1:
        return see_other("/conversations")
    known = "" if received[0].is_new else "?known=yes"
    return see_other(f"/recordings/{received[0].recording.id}{known}")

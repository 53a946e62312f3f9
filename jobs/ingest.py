"""Receiving a recording: checked, hashed, stored whole, and known again when it comes twice."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import CallDirection
from core.errors import BadInput, Unavailable
from core.ids import new_id
from core.recording import ChannelLayout, Mute, Recording, RecordingState, covers, ordered
from core.settings import Settings
from jobs.addresses import is_address, is_stored, name_of
from jobs.buckets import fetch_stored
from jobs.cards import read_named
from jobs.fetching import fetch_web
from jobs.place import Place
from qa.scoring import settle_variables
from speech.audio import probe
from speech.muting import check_mutes
from store import recordings
from store.incoming import Draft
from store.storage import shown_address

Made = TypeVar("Made")

LOCKED_PAUSE_SECONDS = 1.0  # SQLite has waited 10 s for the other writer before it gave up


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """A file, or a folder of files, and what is known about its calls.

    `address` is where to fetch it instead; `path` then holds no more than its name. `layout` None
    leaves it to the setting, `scorecard` None likewise. `mutes` is heard by nobody. `opened_at` is
    when the call began, None where that is not known.
    """

    path: Path
    layout: ChannelLayout | None = None
    agent: str | None = None
    external_id: str | None = None
    scorecard: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    mutes: tuple[Mute, ...] = ()
    address: str | None = None
    queue: str | None = None
    direction: CallDirection | None = None
    opened_at: datetime | None = None

    @property
    def label(self) -> str:
        """What people know it by, with nothing secret in it."""
        return shown_address(self.address) if self.address else shown(self.path)


def request_of(text: str, like: IngestRequest) -> IngestRequest:
    """A request for a path or an address as somebody typed it.

    Raises:
        BadInput: it is empty, or nothing is fetched from such an address.
    """
    if not text.strip():  # it would be the folder that one stands in
        raise BadInput("a file's name is empty; name a file, a folder or an address")
    if not is_address(text):
        return replace(like, path=Path(text))
    if is_stored(text) and "/" not in text.partition("://")[2]:
        shown_as = shown_address(text)
        raise BadInput(f"{shown_as} names no file; {shown_as}/ stands for all that are there")
    return replace(like, path=Path(name_of(text)), address=text)


async def checked(place: Place, request: IngestRequest) -> IngestRequest:
    """The request, its scorecard found and its variables complete; a path is made absolute.

    Raises:
        NotFound, BadScorecard, BadInput: before anything is stored.
    """
    settings = place.settings
    async with place.database.reading() as session:
        card = await read_named(session, request.scorecard or settings.scorecard)
    settle_variables(card, command=request.variables, house=settings.house_variables)
    return await asyncio.to_thread(_placed, request)


def _placed(request: IngestRequest) -> IngestRequest:
    if request.scorecard is None or not Path(request.scorecard).is_file():
        return request
    return replace(request, scorecard=str(Path(request.scorecard).resolve()))


async def receive_file(
    place: Place, request: IngestRequest, *, now: datetime
) -> tuple[Recording, bool]:
    """Store a file as a recording that is due; the same bytes give the known recording and False.

    A known recording that had failed is put back to its beginning, with what is known now; one of
    which more is to be silenced is heard anew, so that what was written down of it goes.

    Raises:
        BadAudio: it is no sound that can be heard; nothing is stored.
        BadInput: the scorecard or its variables are wrong; nothing is stored.
        Unavailable: the disk is full, the database or the host that it is fetched from does not
            answer; nothing is left behind.
    """
    request = await checked(place, request)
    draft = await _drafted(place, request)
    wanted = _recording(place.settings, request, draft, now)
    try:
        return await patiently(
            lambda: _receive(place, request, draft, wanted), place.settings.max_attempts
        )
    finally:
        place.files.drop(draft)  # it is kept under its own name, or nobody wants it


async def _drafted(place: Place, request: IngestRequest) -> Draft:
    """The bytes in a draft, known to be sound."""
    settings, files = place.settings, place.files
    if request.address is None:
        await asyncio.to_thread(_look_at, settings, request)
        return await asyncio.to_thread(files.copy_in, request.path)
    fetch = fetch_stored if is_stored(request.address) else fetch_web
    draft = await fetch(settings, files, request.address)
    try:
        await asyncio.to_thread(_look_at_draft, settings, request, draft)
    except BaseException:
        files.drop(draft)
        raise
    return draft


def _look_at(settings: Settings, request: IngestRequest) -> None:
    check_name(request.path)
    try:
        with request.path.open("rb"):
            pass
    except OSError as error:
        raise BadInput(f"{request.path} cannot be read: {error.strerror}") from error
    _probe(settings, request, request.path)


def _look_at_draft(settings: Settings, request: IngestRequest, draft: Draft) -> None:
    """The same of what was fetched, in words that name what people know."""
    try:
        _probe(settings, request, draft.path)
    except BadInput as error:
        words = str(error).replace(str(draft.path), request.label)
        raise BadInput(words.replace(draft.path.name, request.label)) from error


def _probe(settings: Settings, request: IngestRequest, path: Path) -> None:
    file = probe(path, max_hours=settings.max_recording_hours)
    check_mutes(file, request.mutes, max_hours=settings.max_recording_hours)


def check_name(path: Path) -> None:
    """A name that is no UTF-8 can neither be stored nor shown.

    Raises:
        BadInput: it is not.
    """
    if shown(path) != str(path):
        raise BadInput(f"the name {shown(path)} is not written in UTF-8; rename the file")


def shown(path: Path) -> str:
    """A path as it can be printed: bytes that are no UTF-8 as their codes."""
    return str(path).encode("utf-8", errors="backslashreplace").decode()


async def patiently(make: Callable[[], Awaitable[Made]], attempts: int) -> Made:
    """What `make` gives, tried again while the database is locked.

    Raises:
        Unavailable: it stayed so.
    """
    for _ in range(attempts - 1):
        try:
            return await make()
        except Unavailable as error:
            if not error.retryable:
                raise
            await asyncio.sleep(LOCKED_PAUSE_SECONDS)
    return await make()


async def _receive(
    place: Place, request: IngestRequest, draft: Draft, wanted: Recording
) -> tuple[Recording, bool]:
    """The row and its sound: the sound first, as storage may be far and a database locked."""
    async with place.database.reading() as session:
        known = await recordings.find_by_hash(session, wanted.sha256)
    name = known.id if known else wanted.id
    try:
        if known is None or _is_to_be_heard(known, wanted):
            await asyncio.to_thread(place.files.keep, draft, name)
        async with place.database.writing() as session:
            recording, is_new = await recordings.receive(session, wanted)
            if is_new and known is not None:
                raise Unavailable("it was deleted meanwhile; try again", retryable=True)
            if recording.state is RecordingState.FAILED:
                recording = await _again(session, recording, request)
            if _silences_more(recording, wanted):
                mutes = ordered([*recording.mutes, *wanted.mutes])
                await recordings.hear_again(session, recording.id, mutes)
                recording = await recordings.get(session, recording.id)
    except BaseException:  # cancelled as well: no sound may stay without its row
        if known is None:  # it may be there even if `keep` failed: the answer alone was lost
            await _forget(place, wanted)
        raise
    if known is None and not is_new:  # another program stored the same bytes a moment before
        await _forget(place, wanted)
    return recording, is_new


async def _forget(place: Place, recording: Recording) -> None:
    """Delete sound that has no row; what cannot be deleted now is a day later."""
    with suppress(Unavailable):
        await asyncio.to_thread(place.files.delete, recording.id)


def _is_to_be_heard(known: Recording, wanted: Recording) -> bool:
    """Whether a known recording's sound is needed (again), so that what is kept is made sure of."""
    is_waiting = known.state in (RecordingState.RECEIVED, RecordingState.FAILED)
    return is_waiting or _silences_more(known, wanted)


def _silences_more(known: Recording, wanted: Recording) -> bool:
    return not all(covers(known.mutes, mute) for mute in wanted.mutes)


def ignored(request: IngestRequest, recording: Recording) -> tuple[str, ...]:
    """What was told of a known recording and changes nothing: each option, and what stays."""
    told = [
        ("channels", _unlike(request.layout, recording.layout), recording.layout),
        ("direction", request.direction, recording.direction),
        ("queue", request.queue, recording.queue),
        ("opened-at", _minute(request.opened_at), _minute(recording.opened_at)),
        ("agent", request.agent, recording.agent),
        ("external-id", request.external_id, recording.external_id),
        ("scorecard", request.scorecard, recording.scorecard),
    ]
    told += [
        (f"var {name}", value, recording.variables.get(name))
        for name, value in request.variables.items()
    ]
    return tuple(
        f"--{name} {given} (stays {kept or 'untold'})"
        for name, given, kept in told
        if given is not None and given != kept
    )


def _unlike(wanted: ChannelLayout | None, kept: ChannelLayout | None) -> ChannelLayout | None:
    """A layout that speaks against the one that was heard; one channel has no sides."""
    is_open = wanted is ChannelLayout.FIND or kept in (None, ChannelLayout.MONO)
    return None if is_open else wanted


def _minute(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="minutes") if moment else None


def is_heard_again(recording: Recording) -> bool:
    """Whether what was written down of a recording goes: it was heard, and is due once more."""
    return recording.state is RecordingState.RECEIVED and recording.duration is not None


async def _again(session: AsyncSession, recording: Recording, request: IngestRequest) -> Recording:
    layout = request.layout or recording.layout
    await recordings.retry(
        session,
        recording.id,
        layout=layout.value if layout else None,
        agent=request.agent or recording.agent,
        external_id=request.external_id or recording.external_id,
        scorecard=request.scorecard or recording.scorecard,
        variables={**recording.variables, **request.variables},
        queue=request.queue or recording.queue,
        direction=request.direction or recording.direction,
        opened_at=request.opened_at or recording.opened_at,
    )
    return await recordings.get(session, recording.id)


def _recording(
    settings: Settings, request: IngestRequest, draft: Draft, now: datetime
) -> Recording:
    return Recording(
        id=new_id(),
        sha256=draft.sha256,
        name=request.path.name,
        state=RecordingState.RECEIVED,
        received_at=now,
        layout=request.layout,
        delete_after=now + timedelta(days=settings.retention_days),
        agent=request.agent,
        external_id=request.external_id,
        scorecard=request.scorecard,
        variables=dict(request.variables),
        mutes=ordered(request.mutes),
        queue=request.queue,
        direction=request.direction,
        opened_at=request.opened_at,
    )

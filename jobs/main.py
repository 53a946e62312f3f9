"""What the command line starts: files brought to their score in its own process."""

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from core.errors import BadInput, NotFound, ParleyError
from core.recording import Recording
from core.settings import Settings
from jobs.addresses import is_stored
from jobs.buckets import list_stored
from jobs.follow import run_to_end
from jobs.ingest import (
    IngestRequest,
    check_name,
    checked,
    ignored,
    is_heard_again,
    receive_file,
    request_of,
)
from jobs.place import Ears, Place, opened
from jobs.running import Ending
from store import conversations

Report: TypeAlias = Callable[[Path, str, float], None]  # file, stage, how much is done (0..1)

STORING = "storing"
SOUND_SUFFIXES = frozenset(
    f".{ending}"
    for ending in (
        *("wav", "w64", "mp3", "flac", "ogg", "oga", "opus", "m4a", "mp4", "3gp"),
        *("aac", "aif", "aiff", "aifc", "au", "mka", "webm"),
    )
)
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; the keys of `parley ingest --json`.

    `heard_again`: it was known, and what was written down of it before is replaced. `notes` are
    sentences about its sound, `ignored` is what was told of a known one and changed nothing.
    `wrong_input`: it failed by what was given, and not by what hears or keeps it.
    """

    file: str
    conversation: str | None
    recording: str | None
    duplicate: bool
    engine: str | None
    status: str
    error: str | None
    heard_again: bool = False
    notes: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    wrong_input: bool = False


async def ingest_files(
    settings: Settings,
    requests: Sequence[IngestRequest],
    report: Report,
    *,
    tell: Callable[[Outcome], None] = lambda _: None,
    ears: Ears | None = None,
) -> list[Outcome]:
    """Bring files, and the sound files of folders, to their score, one after another.

    What is wrong with one file is its outcome; the others go on. `tell` hears of each when it is
    done.

    Raises:
        NotFound, BadScorecard, BadInput: a scorecard or its variables; nothing was stored.
        Unavailable: no database answers.
    """
    outcomes: list[Outcome] = []
    async with opened(settings, ears) as place:
        for request in requests:
            await checked(place, request)
        for request in requests:
            for found in await _found(request):
                outcomes.append(await _ingest(place, found, report))
                tell(outcomes[-1])
    return outcomes


async def _found(request: IngestRequest) -> Iterable[IngestRequest | Outcome]:
    """What a path or an address stands for: itself, or the sound files of a folder."""
    if request.address is None:
        return _files(request)
    if not (is_stored(request.address) and request.address.endswith("/")):
        return (request,)
    try:
        names = await asyncio.to_thread(list_stored, request.address, SOUND_SUFFIXES)
    except ParleyError as error:
        return (_refused(request, error),)
    if not names:
        return (_refused(request, BadInput(f"{request.label} holds no sound files")),)
    return [request_of(name, request) for name in names]


async def _ingest(place: Place, found: IngestRequest | Outcome, report: Report) -> Outcome:
    if isinstance(found, Outcome):
        return found
    path = found.path
    try:
        check_name(path)  # before anybody prints it
        report(path, STORING, 0.0)
        recording, is_new = await receive_file(place, found, now=datetime.now(UTC))
        report(path, STORING, 1.0)
        again = not is_new and is_heard_again(recording)
        done, ending = await run_to_end(
            place, recording.id, lambda stage, share: report(path, stage, share)
        )
        outcome = await _outcome(place, found, done, duplicate=not is_new, heard_again=again)
        return replace(outcome, wrong_input=ending is Ending.FAILED)
    except ParleyError as error:
        return _refused(found, error)


async def _outcome(
    place: Place,
    request: IngestRequest,
    recording: Recording,
    *,
    duplicate: bool,
    heard_again: bool,
) -> Outcome:
    engine = None
    if recording.conversation:
        async with place.database.reading() as session:
            conversation = await conversations.find(session, recording.conversation)
        engine = conversation.engine if conversation else None
    return Outcome(
        file=request.label,
        conversation=recording.conversation,
        recording=recording.id,
        duplicate=duplicate,
        engine=engine,
        status=recording.state.value,
        error=recording.error,
        heard_again=heard_again,
        notes=recording.notes,
        ignored=ignored(request, recording) if duplicate else (),
    )


def _files(request: IngestRequest) -> Iterator[IngestRequest | Outcome]:
    """The file itself, or every sound file in a folder; an outcome for what cannot be looked at."""
    if not os.path.isdir(request.path):  # noqa: PTH112 -- Path.is_dir raises where it may not look
        yield request
        return
    errors: list[OSError] = []
    found = 0
    for folder, folders, names in os.walk(request.path, onerror=errors.append):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix.lower() in SOUND_SUFFIXES and not name.startswith("."):
                found += 1
                yield replace(request, path=path)
    for error in errors:
        place = Path(error.filename or request.path)
        yield _refused(
            replace(request, path=place),
            BadInput(f"the folder {place} cannot be read: {error.strerror}"),
        )
    if not found and not errors:
        yield _refused(request, BadInput(f"the folder {request.path} holds no sound files"))


def _refused(request: IngestRequest, error: ParleyError) -> Outcome:
    return Outcome(
        file=request.label,
        conversation=None,
        recording=None,
        duplicate=False,
        engine=None,
        status=FAILED,
        error=str(error),
        wrong_input=isinstance(error, BadInput | NotFound),
    )

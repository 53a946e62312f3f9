"""The bytes of recordings, of what is made of them (silenced copies, snippets), and of files that
customers send.
"""

import hashlib
import json
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from core.errors import BadInput, BadSettings, NotFound, Unavailable
from core.ids import check_id
from core.recording import Recording
from core.settings import Settings
from core.spans import TimeSpan
from store.incoming import Draft, Drafts
from store.object_shelf import ObjectShelf
from store.shelf import FolderShelf, Shelf, Sound
from store.storage import check_installed

OURS = re.compile(r"[0-9a-f]{30}\Z")  # what `new_id` gives; other files here are not ours
MUTED = ".muted-"  # between a recording's id and a digest of what is silenced in the copy
CUT = ".cut-"  # between a recording's id and a digest of a snippet's seconds and what is silenced
TRIAL = "parley-doctor-"  # what the name of a file begins with that is written to be deleted
FOLDER = "file"  # the scheme of a folder


class StoredFiles:
    """Recordings, and what customers send, each named by its id, on a shelf; drafts are written in
    a folder beside it.

    Its methods wait for a disk or for a server, so they are called beside the event loop.
    """

    def __init__(self, folder: Path, shelf: Shelf | None = None) -> None:
        """Without a shelf the folder is that as well."""
        self.folder = folder
        self._drafts = Drafts(folder)
        self._shelf = shelf or FolderShelf(folder)

    def heard(self, recording: Recording) -> Sound:
        """What people hear of a recording: its silenced copy when parts are muted.

        Raises:
            NotFound: it is not there, or not yet; never the sound itself in the copy's place.
        """
        found = self._shelf.find(_heard_name(recording))
        if found is None:
            raise _missing(recording)
        return found

    @contextmanager
    def at_hand(self, recording: Recording) -> Iterator[Path]:
        """The same as a file of this machine, for as long as the block lasts.

        Raises:
            NotFound: as `heard`.
        """
        name = _heard_name(recording)
        if self._shelf.find(name) is None:
            raise _missing(recording)
        with self._shelf.at_hand(name) as path:
            yield path

    def whole(self, file_id: str) -> Sound:
        """A file that is shown as it came: a picture, or what came with a message.

        Raises:
            NotFound: it is not there any more.
        """
        found = self._shelf.find(_name(file_id))
        if found is None:
            raise NotFound("The file is not kept any more.")
        return found

    @contextmanager
    def original(self, recording: Recording) -> Iterator[Path]:
        """The sound as it came, whatever is muted, as a file of this machine.

        Raises:
            NotFound: it is not there any more.
        """
        name = _name(recording.id)
        if self._shelf.find(name) is None:
            raise _gone(recording)
        with self._shelf.at_hand(name) as path:
            yield path

    @contextmanager
    def muting(self, recording: Recording) -> Iterator[Path]:
        """A name to write the silenced copy to; leaving the block without an error keeps it."""
        with self._drafts.writing() as path:
            yield path
            self._delete(self._copies(recording.id))  # they may hold what is now silenced
            self._shelf.put(_heard_name(recording), path)

    def snippet(self, recording: Recording, span: TimeSpan) -> Sound | None:
        """Some seconds of what is heard of a recording, when they were cut out before."""
        return self._shelf.find(_cut_name(recording, span))

    @contextmanager
    def cutting(self, recording: Recording, span: TimeSpan) -> Iterator[Path]:
        """A name to write those seconds to; leaving the block without an error keeps them."""
        with self._drafts.writing() as path:
            yield path
            self._shelf.put(_cut_name(recording, span), path)

    def forget_snippet(self, recording: Recording, span: TimeSpan) -> None:
        """Delete a snippet; the recording stays. Repeating it is harmless."""
        self._shelf.delete(_cut_name(recording, span))

    def copy_in(self, source: Path) -> Draft:
        """Copy a file in, hashing it on the way.

        Raises:
            BadInput: it cannot be read, or is no file.
            Unavailable: the disk is full; nothing is left behind.
        """
        return self._drafts.copy_in(source)

    async def stream_in(self, blocks: AsyncIterator[bytes], *, most_bytes: int) -> Draft:
        """Receive an upload, hashing it on the way; the event loop waits for no disk.

        Raises:
            BadInput: it is larger than `most_bytes`.
            Unavailable: the disk is full; nothing is left behind.
        """
        return await self._drafts.stream_in(blocks, most_bytes=most_bytes)

    def keep(self, draft: Draft, recording_id: str) -> None:
        """Keep a draft's bytes as a recording's; the draft stays until it is dropped.

        Raises:
            Unavailable: the disk is full, or the storage does not answer; nothing was kept.
        """
        self._shelf.put(_name(recording_id), draft.path)

    def drop(self, draft: Draft) -> None:
        """Throw a draft away."""
        self._drafts.drop(draft)

    def drop_stale(self, *, before: datetime) -> int:
        """Throw away drafts last written before that moment: what made them was killed."""
        return self._drafts.drop_stale(before=before)

    def delete(self, recording_id: str) -> None:
        """Delete a recording's bytes, silenced copies and snippets; repeating it is harmless.

        Raises:
            Unavailable: they cannot be deleted now; without their row, they are a day later.
        """
        name = _name(recording_id)
        try:
            self._delete([name, *self._copies(recording_id)])
        except Unavailable as error:
            raise Unavailable(
                f"the sound of {name} could not be deleted now, and is within a day, as nothing "
                f"else is left of it: {error}",
                retryable=True,
            ) from error

    def drop_unfinished(self, *, before: datetime) -> int:
        """Throw away what storage holds of uploads that were killed before that moment.

        Raises:
            Unavailable: it does not answer, or does not let us.
        """
        return self._shelf.drop_unfinished(before=before)

    def try_out(self) -> None:
        """Write, list, read and delete a file, so that no call is what finds out.

        Raises:
            Unavailable: one of these cannot be done.
        """
        name = f"{TRIAL}{secrets.token_hex(8)}"
        with self._drafts.writing() as path:
            path.write_bytes(name.encode())
            self._shelf.put(name, path)
        try:
            found = self._shelf.find(name)
            is_there = found is not None and name in self._shelf.names(TRIAL)
            if found is None or not is_there or found.read(0, found.size) != name.encode():
                raise Unavailable("a file that was just written cannot be found there again")
        finally:
            self._shelf.delete(name)

    def keeps_deleted(self) -> bool:
        """Whether what is deleted can still be got back where recordings are kept."""
        return self._shelf.keeps_deleted()

    def kept(self, *, before: datetime) -> tuple[str, ...]:
        """The ids of the recordings whose bytes were written before that moment."""
        ids = {_recording_in(name) for name in self._shelf.names(before=before)}
        return tuple(sorted(each for each in ids if OURS.match(each)))

    def _copies(self, recording_id: str) -> list[str]:
        """The names of everything that was made of a recording."""
        name = _name(recording_id)
        return [copy for kind in (MUTED, CUT) for copy in self._shelf.names(f"{name}{kind}")]

    def _delete(self, names: list[str]) -> None:
        for name in names:
            self._shelf.delete(name)


def open_files(settings: Settings) -> StoredFiles:
    """Where the settings keep recordings; nothing is connected to yet.

    Raises:
        BadSettings: the package that reaches such storage is not installed.
    """
    scheme, _, path = settings.recordings_url.partition("://")
    if not scheme:
        return StoredFiles(settings.recordings)
    if scheme == FOLDER:
        return StoredFiles(Path(path))
    try:
        check_installed(scheme)
    except BadInput as error:
        raise BadSettings(f"PARLEY_RECORDINGS_URL: {error}") from error
    shelf = ObjectShelf(settings.recordings_url, settings.recordings)
    return StoredFiles(settings.recordings, shelf)


def _name(recording_id: str) -> str:
    return check_id(recording_id, where="recording")


def _heard_name(recording: Recording) -> str:
    """Named by what is silenced, so that a copy with less silence is never taken for it."""
    name = _name(recording.id)
    return f"{name}{MUTED}{_digest(recording)}" if recording.mutes else name


def _cut_name(recording: Recording, span: TimeSpan) -> str:
    """Named by its seconds and by what is silenced."""
    return f"{_name(recording.id)}{CUT}{_digest(recording, span.start, span.end)}"


def _missing(recording: Recording) -> NotFound:
    if recording.mutes:
        return NotFound(f"recording {recording.id} is being silenced; try again in a minute")
    return _gone(recording)


def _gone(recording: Recording) -> NotFound:
    return NotFound(f"the sound of recording {recording.id} is not kept any more")


def _recording_in(name: str) -> str:
    """The recording's id in the name of its file, or of a copy."""
    return name.partition(MUTED)[0].partition(CUT)[0]


def _digest(recording: Recording, *more: float) -> str:
    told = [[m.span.start, m.span.end, m.channel] for m in recording.mutes]
    return hashlib.sha256(json.dumps([*told, *more]).encode()).hexdigest()[:16]

"""Where the bytes of recordings are kept: whole under their final name, or not at all."""

import asyncio
import hashlib
import json
import os
import re
import secrets
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from core.errors import BadInput, NotFound, Unavailable
from core.ids import check_id
from core.recording import Recording
from core.spans import TimeSpan

BLOCK = 1 << 20  # bytes read at a time
OURS = re.compile(r"[0-9a-f]{30}\Z")  # what `new_id` gives; other files here are not ours
MUTED = ".muted-"  # between a recording's id and a digest of what is silenced in the copy
CUT = ".cut-"  # the same, of a snippet of what is heard
DRAFT = ".draft-"  # what the name of an unfinished file begins with


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that was received whole but has no recording yet."""

    path: Path
    sha256: str
    size: int


class _Writing:
    """A draft that grows; nothing is buffered, so that closing it writes nothing."""

    def __init__(self, path: Path) -> None:
        self.size = 0
        self._path = path
        self._digest = hashlib.sha256()
        self._out = path.open("wb", buffering=0)
        self._lock = threading.Lock()  # an upload that is broken off leaves its thread running

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._out.close()

    def add(self, block: bytes) -> None:
        """Write and hash one block."""
        with self._lock:
            self._digest.update(block)
            rest = memoryview(block)
            while rest:
                rest = rest[self._out.write(rest) :]
            self.size += len(block)

    def finish(self) -> Draft:
        """See it safe on the disk."""
        with self._lock:
            os.fsync(self._out.fileno())
        return Draft(self._path, self._digest.hexdigest(), self.size)


class RecordingFiles:
    """A folder of recordings, each named by its recording's id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, recording_id: str) -> Path:
        """Where a recording's bytes are.

        Raises:
            NotFound: they are not there (any more).
        """
        path = self._place(recording_id)
        if not path.is_file():
            raise NotFound(f"the sound of recording {recording_id} is not kept any more")
        return path

    def heard(self, recording: Recording) -> Path:
        """What people and machines hear of a recording: its silenced copy when parts are muted.

        Raises:
            NotFound: it is not there, or not yet; never the sound itself in the copy's place.
        """
        if not recording.mutes:
            return self.path(recording.id)
        path = self._muted_place(recording)
        if not path.is_file():
            raise NotFound(f"recording {recording.id} is being silenced; try again in a minute")
        return path

    def muting(self, recording: Recording) -> AbstractContextManager[Path]:
        """A name to write the silenced copy to; leaving the block without an error keeps it."""
        return self._muting(self._muted_place(recording))

    def snippet(self, recording: Recording, span: TimeSpan) -> Path | None:
        """Some seconds of what is heard of a recording, when they were cut out before."""
        path = self._cut_place(recording, span)
        return path if path.is_file() else None

    def cutting(self, recording: Recording, span: TimeSpan) -> AbstractContextManager[Path]:
        """A name to write those seconds to; leaving the block without an error keeps them."""
        return self._cutting(self._cut_place(recording, span))

    def forget_snippet(self, recording: Recording, span: TimeSpan) -> None:
        """Delete a snippet; the recording stays. Repeating it is harmless."""
        self._cut_place(recording, span).unlink(missing_ok=True)

    def copy_in(self, source: Path) -> Draft:
        """Copy a file in, hashing it on the way.

        Raises:
            BadInput: it cannot be read, or is no file.
            Unavailable: the disk is full; nothing is left behind.
        """
        if not source.is_file():
            raise BadInput(f"{source} is not a file")
        try:
            handle = source.open("rb")
        except OSError as error:
            raise BadInput(f"{source} cannot be read: {error.strerror}") from error
        with handle, self._draft() as path, _Writing(path) as writing:
            while block := handle.read(BLOCK):
                writing.add(block)
            return writing.finish()

    async def stream_in(self, blocks: AsyncIterator[bytes], *, most_bytes: int) -> Draft:
        """Receive an upload, hashing it on the way; the event loop waits for no disk.

        Raises:
            BadInput: it is larger than `most_bytes`.
            Unavailable: the disk is full; nothing is left behind.
        """
        with self._draft() as path, _Writing(path) as writing:
            async for block in blocks:
                if writing.size + len(block) > most_bytes:
                    raise BadInput(f"the file is larger than {most_bytes // 2**20} MiB")
                await asyncio.to_thread(writing.add, block)
            return await asyncio.to_thread(writing.finish)

    def keep(self, draft: Draft, recording_id: str) -> Path:
        """Give a draft its final name; repeating it is harmless."""
        place = self._place(recording_id)
        draft.path.replace(place)
        return place

    def drop(self, draft: Draft) -> None:
        """Throw a draft away."""
        draft.path.unlink(missing_ok=True)

    def delete(self, recording_id: str) -> None:
        """Delete a recording's bytes, silenced copies and snippets; repeating it is harmless."""
        self._place(recording_id).unlink(missing_ok=True)
        for copy in self._copies(recording_id):
            copy.unlink(missing_ok=True)

    def drop_stale(self, *, before: datetime) -> int:
        """Throw away drafts last written before that moment: what made them was killed."""
        stale = [path for path in self._older(before) if path.name.startswith(DRAFT)]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def kept(self, *, before: datetime) -> tuple[str, ...]:
        """The ids of the recordings whose bytes were written before that moment."""
        names = {_recording_in(path.name) for path in self._older(before)}
        return tuple(sorted(name for name in names if OURS.match(name)))

    def free_bytes(self) -> int:
        """Room on the disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.folder).free

    def _older(self, before: datetime) -> Iterator[Path]:
        for path in self.folder.glob("*"):
            with suppress(FileNotFoundError):  # it got its final name meanwhile
                if path.is_file() and path.stat().st_mtime < before.timestamp():
                    yield path

    def _place(self, recording_id: str) -> Path:
        return self.folder / check_id(recording_id, where="recording")

    def _copies(self, recording_id: str) -> Iterator[Path]:
        """Everything that was made of a recording."""
        for kind in (MUTED, CUT):
            yield from self.folder.glob(f"{recording_id}{kind}*")

    def _muted_place(self, recording: Recording) -> Path:
        """Named by what is silenced, so that a copy with less silence is never taken for it."""
        return self.folder / f"{self._place(recording.id).name}{MUTED}{_digest(recording)}"

    def _cut_place(self, recording: Recording, span: TimeSpan) -> Path:
        """Named by its seconds and by what is silenced."""
        digest = _digest(recording, span.start, span.end)
        return self.folder / f"{self._place(recording.id).name}{CUT}{digest}"

    @contextmanager
    def _muting(self, place: Path) -> Iterator[Path]:
        with self._draft() as path:
            try:
                yield path
                for older in self._copies(_recording_in(place.name)):
                    older.unlink()  # it may hold what is now silenced
                path.replace(place)
            finally:
                path.unlink(missing_ok=True)

    @contextmanager
    def _cutting(self, place: Path) -> Iterator[Path]:
        with self._draft() as path:
            try:
                yield path
                path.replace(place)
            finally:
                path.unlink(missing_ok=True)

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        draft = self.folder / f"{DRAFT}{secrets.token_hex(8)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            yield draft
        except OSError as error:
            with suppress(OSError):  # the folder itself may be what is missing
                draft.unlink()
            raise Unavailable(
                f"the recording could not be stored: {error.strerror}; nothing was kept",
                retryable=True,
            ) from error
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _recording_in(name: str) -> str:
    """The recording's id in the name of its file, or of a copy."""
    return name.partition(MUTED)[0].partition(CUT)[0]


def _digest(recording: Recording, *more: float) -> str:
    told = [[m.span.start, m.span.end, m.channel] for m in recording.mutes]
    return hashlib.sha256(json.dumps([*told, *more]).encode()).hexdigest()[:16]

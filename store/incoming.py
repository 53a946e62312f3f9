"""Files on their way in: written whole under a name of their own, or not at all."""

import asyncio
import hashlib
import os
import secrets
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from core.errors import BadInput, Unavailable

BLOCK = 1 << 20  # bytes read at a time
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


class Drafts:
    """A folder of this machine, in which drafts are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

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
        with handle, self._unfinished() as path, _Writing(path) as writing:
            while block := handle.read(BLOCK):
                writing.add(block)
            return writing.finish()

    async def stream_in(self, blocks: AsyncIterator[bytes], *, most_bytes: int) -> Draft:
        """Receive an upload, hashing it on the way; the event loop waits for no disk.

        Raises:
            BadInput: it is larger than `most_bytes`.
            Unavailable: the disk is full; nothing is left behind.
        """
        with self._unfinished() as path, _Writing(path) as writing:
            async for block in blocks:
                if writing.size + len(block) > most_bytes:
                    raise BadInput(f"the file is larger than {most_bytes // 2**20} MiB")
                await asyncio.to_thread(writing.add, block)
            return await asyncio.to_thread(writing.finish)

    def drop(self, draft: Draft) -> None:
        """Throw a draft away."""
        draft.path.unlink(missing_ok=True)

    def drop_stale(self, *, before: datetime) -> int:
        """Throw away drafts last written before that moment: what made them was killed."""
        stale = [path for path in self.folder.glob(f"{DRAFT}*") if _is_older(path, before)]
        for path in stale:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return len(stale)

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """A name to write to, for as long as the block lasts.

        Raises:
            Unavailable: the disk is full, or the folder cannot be made.
        """
        with self._unfinished() as path:
            try:
                yield path
            finally:
                path.unlink(missing_ok=True)

    @contextmanager
    def _unfinished(self) -> Iterator[Path]:
        """A name for a new draft; an error in the block leaves nothing there."""
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
        except BaseException:  # cancelled as well: what is not whole does not stay
            draft.unlink(missing_ok=True)
            raise


def _is_older(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:  # it got its final name meanwhile
        return False

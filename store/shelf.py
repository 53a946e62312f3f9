"""Where recordings stand: named files, each whole or not there, in a folder of this machine."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from core.errors import NotFound, Unavailable
from store.incoming import DRAFT


class Sound(Protocol):
    """A file on a shelf, to be sent in parts."""

    @property
    def path(self) -> Path | None:
        """Where it lies when it lies on this machine."""

    @property
    def size(self) -> int:
        """Bytes."""

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to, not including, `end`."""


class Shelf(Protocol):
    """Named files. What cannot be reached now raises Unavailable."""

    def put(self, name: str, source: Path) -> None:
        """Keep a copy of a file under a name, in place of an earlier one; repeatable."""

    def find(self, name: str) -> Sound | None:
        """What is kept under a name, or None."""

    def at_hand(self, name: str) -> AbstractContextManager[Path]:
        """The file on this machine, for as long as the block lasts.

        Raises:
            NotFound: there is none of this name.
        """

    def delete(self, name: str) -> None:
        """Delete it; repeating it is harmless."""

    def names(self, prefix: str = "", *, before: datetime | None = None) -> tuple[str, ...]:
        """The names that begin so, of all files or of those written before a moment."""

    def drop_unfinished(self, *, before: datetime) -> int:
        """Throw away what was sent in part before that moment, and never ended; how many."""

    def keeps_deleted(self) -> bool:
        """Whether what is deleted can still be got back there."""


@dataclass(frozen=True, slots=True)
class FileSound:
    """A file of this machine."""

    path: Path

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to, not including, `end`."""
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read(end - start)


class FolderShelf:
    """A folder; other files in it, and drafts, are left alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, source: Path) -> None:
        """Keep a copy under a name: a second name of the same bytes where the disk knows those."""
        fresh = self._folder / f"{DRAFT}{secrets.token_hex(8)}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                os.link(source, fresh)
            except OSError:
                shutil.copyfile(source, fresh)
            fresh.replace(self._folder / name)
        except OSError as error:
            raise Unavailable(
                f"the recording could not be stored: {error.strerror}; nothing was kept",
                retryable=True,
            ) from error
        finally:
            with suppress(OSError):  # of two names of one file, `replace` leaves both
                fresh.unlink(missing_ok=True)

    def find(self, name: str) -> FileSound | None:
        """What is kept under a name, or None."""
        path = self._folder / name
        return FileSound(path) if path.is_file() else None

    def at_hand(self, name: str) -> AbstractContextManager[Path]:
        """The file itself."""
        path = self._folder / name
        if not path.is_file():
            raise NotFound(f"{name} is not kept (any more)")
        return nullcontext(path)

    def delete(self, name: str) -> None:
        """Delete it; repeating it is harmless."""
        try:
            (self._folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(f"{name} cannot be deleted: {error.strerror}") from error

    def names(self, prefix: str = "", *, before: datetime | None = None) -> tuple[str, ...]:
        """The names that begin so, in order."""
        return tuple(sorted(self._names(prefix, before)))

    def drop_unfinished(self, *, before: datetime) -> int:  # noqa: ARG002 - of the interface
        """None: what is unfinished here is a draft."""
        return 0

    def keeps_deleted(self) -> bool:
        """No."""
        return False

    def _names(self, prefix: str, before: datetime | None) -> Iterator[str]:
        for path in self._folder.glob(f"{prefix}*"):
            with suppress(FileNotFoundError):  # it was deleted meanwhile
                if not path.is_file() or path.name.startswith(DRAFT):
                    continue
                if before is None or path.stat().st_mtime < before.timestamp():
                    yield path.name

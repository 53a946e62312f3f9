"""Recordings in object storage (S3 and what answers like it, Google, Azure), through fsspec.

Every worker and the console reach the same files. What works on one needs it on its own disk, and
gets a copy for that long; what a browser asks for is read by ranges.
"""

import errno
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.errors import NotFound, Unavailable
from store.incoming import DRAFT
from store.storage import PIECE, S3, client, failures, shown_address

# What clients call the moment at which an object was written: s3fs, adlfs, gcsfs, memory.
WRITTEN = ("LastModified", "last_modified", "updated", "created", "mtime")


@dataclass(frozen=True, slots=True)
class ObjectSound:
    """An object, read by ranges."""

    address: str
    size: int
    path: None = None

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to, not including, `end`."""
        with _reaching(self.address) as system:
            try:
                found: bytes = system.cat_file(self.address, start=start, end=end)
            except FileNotFoundError as error:
                raise NotFound("the recording was deleted meanwhile") from error
        return found


class ObjectShelf:
    """A folder of a bucket, such as s3://house/recordings."""

    def __init__(self, address: str, drafts: Path) -> None:
        """Connect to nothing yet.

        Args:
            drafts: a folder of this machine, for copies while they are worked on.
        """
        self._root = address.rstrip("/")
        self._drafts = drafts
        self._is_s3 = address.partition("://")[0] in S3

    def put(self, name: str, source: Path) -> None:
        """Send a copy, a piece at a time; it is seen whole or not at all."""
        pieces = {"chunksize": PIECE} if self._is_s3 else {}
        with _reaching(self._root) as system:
            system.put_file(str(source), self._address(name), **pieces)

    def find(self, name: str) -> ObjectSound | None:
        """What is kept under a name, or None."""
        with _reaching(self._root) as system:
            try:
                found = system.info(self._address(name))
            except FileNotFoundError:
                return None
        is_file = found.get("type") == "file"
        return ObjectSound(self._address(name), int(found["size"])) if is_file else None

    @contextmanager
    def at_hand(self, name: str) -> Iterator[Path]:
        """A copy on this machine under the same name, gone afterwards."""
        folder = self._drafts / f"{DRAFT}{secrets.token_hex(8)}"
        try:
            with _reaching(self._root) as system:
                folder.mkdir(parents=True)
                try:
                    size = int(system.info(self._address(name))["size"])
                    system.get_file(self._address(name), str(folder / name))
                except FileNotFoundError as error:
                    raise NotFound(f"{name} is not kept (any more)") from error
                if (folder / name).stat().st_size != size:
                    raise OSError(errno.EIO, "an answer was cut off")
            yield folder / name
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def delete(self, name: str) -> None:
        """Delete it; repeating it is harmless. Older versions that a bucket keeps stay."""
        with _reaching(self._root) as system, suppress(FileNotFoundError):
            system.rm_file(self._address(name))

    def names(self, prefix: str = "", *, before: datetime | None = None) -> tuple[str, ...]:
        """The names that begin so, in order."""
        with _reaching(self._root) as system:
            try:
                found = system.find(self._root, detail=True, prefix=prefix)
            except FileNotFoundError:  # nothing was put there yet
                return ()
            folder = f"{str(system._strip_protocol(self._root)).rstrip('/')}/"
            named = {path.removeprefix(folder): info for path, info in found.items()}
            return tuple(
                name
                for name, info in sorted(named.items())
                if name.startswith(prefix)
                and "/" not in name  # another folder below it, which is not ours
                and (before is None or self._written(system, name, info) < before)
            )

    def drop_unfinished(self, *, before: datetime) -> int:
        """Throw away the parts of uploads that were broken off by a kill; only S3 keeps such."""
        if not self._is_s3:
            return 0
        with _reaching(self._root) as system:
            bucket, folder, _ = system.split_path(f"{self._root}/")
            found = system.call_s3("list_multipart_uploads", Bucket=bucket, Prefix=folder)
            stale = [each for each in found.get("Uploads", ()) if each["Initiated"] < before]
            for each in stale:
                system.abort_mpu(bucket, each["Key"], each["UploadId"])
        return len(stale)

    def keeps_deleted(self) -> bool:
        """Whether the bucket keeps older versions, so that what is deleted stays.

        S3 alone is asked, and one that does not let us ask is thought to keep none.
        """
        if not self._is_s3:
            return False
        with _reaching(self._root) as system:
            bucket, _, _ = system.split_path(self._root)
            try:
                told = system.call_s3("get_bucket_versioning", Bucket=bucket)
            except (PermissionError, NotImplementedError):
                return False
        return bool(told.get("Status") == "Enabled")

    def _written(self, system: Any, name: str, info: Mapping[str, Any]) -> datetime:
        told = next((info[key] for key in WRITTEN if isinstance(info.get(key), datetime)), None)
        written: datetime = told or system.modified(self._address(name))
        return written if written.tzinfo else written.replace(tzinfo=UTC)

    def _address(self, name: str) -> str:
        return f"{self._root}/{name}"


@contextmanager
def _reaching(address: str) -> Iterator[Any]:
    """The client; its failures are Unavailable, as nothing is wrong with the recording."""
    try:
        yield client(address.partition("://")[0])
    except failures() as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise Unavailable(
            f"{shown_address(address)}, where recordings are kept, cannot be used now ({why}); "
            "look at PARLEY_RECORDINGS_URL, its credentials, and the disk of PARLEY_VAR",
            retryable=True,
        ) from error

"""The watched folder: what is laid into `var/inbox` becomes a recording.

A file is taken when two looks in a row find it unchanged. It stays where it is until its
recording is scored, and is then deleted: the store has its bytes, and a copy here would outlive
the call's deletion. A file that failed is moved to `failed/`, with a `.txt` that says why.
Sub-folders, hidden files and files that are still being written are left alone.
"""

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from core.errors import BadInput, ParleyError
from core.recording import Recording, RecordingState
from jobs.place import Place
from store import recordings

LOG = logging.getLogger("parley.jobs")

LOOK_SECONDS = 2.0  # a copy over a network that pauses longer than this is taken too early
FAILED = "failed"  # the folder of what could not become a call
TEMPORARY = frozenset({".part", ".tmp", ".crdownload", ".filepart"})  # copiers' usual endings
Sight: TypeAlias = tuple[int, int]  # size in bytes, nanosecond of the last change


class Inbox:
    """What was seen at the last look, and which recordings are under way."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.folder = place.settings.inbox
        self._seen: dict[Path, Sight] = {}
        self._under_way: dict[Path, str] = {}
        self._complaints: set[str] = set()

    async def go_on(self) -> None:
        """Look every two seconds until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Take what has settled, put away what is finished."""
        for path in self._settled():
            try:
                await self._attend(path)
            except BadInput as error:
                self._put_away(path, str(error))
            except (ParleyError, OSError) as error:  # the disk is full, a scorecard is wrong
                self._complain(f"a file waits in {self.folder}: {error}")
            except Exception as error:  # one file must not keep the others from being heard
                LOG.exception("a file of the inbox failed")
                self._put_away(path, f"unexpected {type(error).__name__}; see the log")

    async def _attend(self, path: Path) -> None:
        recording = await self._recording(path)
        if recording.state is RecordingState.SCORED:
            self._delete(path)
        elif recording.state is RecordingState.FAILED:
            self._put_away(path, recording.error or "it failed")

    async def _recording(self, path: Path) -> Recording:
        known = self._under_way.get(path)
        if known is None:
            from jobs.ingest import IngestRequest, receive_file  # noqa: PLC0415 -- spaCy: 50 MB

            request = IngestRequest(path)
            recording, _ = await receive_file(self._place, request, now=datetime.now(UTC))
            self._under_way[path] = recording.id
            LOG.info("recording %s was received from the inbox", recording.id)
            return recording
        async with self._place.database.reading() as session:
            found = await recordings.find(session, known)
        if found is None:
            raise BadInput("its recording was deleted before it was finished")
        return found

    def _settled(self) -> list[Path]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            seen = dict(self._sights())
        except OSError as error:
            self._complain(f"{self.folder} cannot be read: {error.strerror}")
            return []
        settled = [path for path, sight in seen.items() if self._seen.get(path) == sight]
        self._seen = seen
        self._under_way = {path: known for path, known in self._under_way.items() if path in seen}
        return sorted(settled)

    def _sights(self) -> Iterator[tuple[Path, Sight]]:
        for path in self.folder.iterdir():
            if path.name.startswith(".") or path.suffix.lower() in TEMPORARY or not path.is_file():
                continue
            found = path.stat()
            yield path, (found.st_size, found.st_mtime_ns)

    def _put_away(self, path: Path, reason: str) -> None:
        try:
            target = _free_place(self.folder / FAILED, path.name)
            path.replace(target)
            target.with_name(f"{target.name}.txt").write_text(
                f"{reason}\n", encoding="utf-8", errors="backslashreplace"
            )
        except OSError as error:
            self._complain(f"a file in {self.folder} cannot be put away: {error.strerror}")
            return
        self._under_way.pop(path, None)

    def _delete(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            self._complain(f"a file in {self.folder} cannot be deleted: {error.strerror}")

    def _complain(self, sentence: str) -> None:
        """Say it once."""
        if sentence not in self._complaints:
            self._complaints.add(sentence)
            LOG.warning("%s", sentence)


def _free_place(folder: Path, name: str) -> Path:
    """A path in `folder` that nothing has yet: call.wav, call-2.wav, call-3.wav."""
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return target

"""Recordings: the same bytes once, claims that expire, and files that are whole or absent."""

import errno
import hashlib
import os
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import BadInput, NotFound, Unavailable
from core.recording import Mute, Recording, RecordingState, Segment, Transcript
from core.spans import TimeSpan
from store import erasure, recordings, transcripts
from store.database import Database
from store.files import StoredFiles

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECEIVED, TRANSCRIBED = RecordingState.RECEIVED, RecordingState.TRANSCRIBED


def recording(id: str = "r1", sha: str = "a") -> Recording:
    return Recording(id, sha * 64, "call.wav", RECEIVED, NOW, variables={"company": "Acme"})


async def test_the_same_bytes_are_one_recording(database: Database) -> None:
    async with database.writing() as session:
        assert await recordings.receive(session, recording()) == (recording(), True)
        assert await recordings.receive(session, recording("r2")) == (recording(), False)
        assert await recordings.find(session, "r2") is None


async def test_a_claim_is_one_workers_until_it_expires(database: Database) -> None:
    late = NOW + timedelta(seconds=61)
    async with database.writing() as session:
        await recordings.receive(session, recording())
        assert await recordings.claim(session, "r1", RECEIVED, worker="a", now=NOW, seconds=60)
        assert not await recordings.claim(session, "r1", RECEIVED, worker="b", now=NOW, seconds=60)
        assert await recordings.due(session, now=NOW) == []
        assert await recordings.due(session, now=late) == ["r1"]
        assert await recordings.claim(session, "r1", RECEIVED, worker="b", now=late, seconds=60)
        assert not await recordings.renew(session, "r1", worker="a", now=late, seconds=60)
        assert not await recordings.advance(session, "r1", TRANSCRIBED, worker="a")
        assert await recordings.advance(session, "r1", TRANSCRIBED, worker="b", duration=12.5)
        assert not await recordings.claim(session, "r1", RECEIVED, worker="b", now=late, seconds=9)
        stored = await recordings.get(session, "r1")
        assert (stored.state, stored.duration, stored.attempts) == (TRANSCRIBED, 12.5, 0)


async def test_a_failed_recording_says_why_and_can_be_retried(database: Database) -> None:
    async with database.writing() as session:
        await recordings.receive(session, recording())
        await recordings.claim(session, "r1", RECEIVED, worker="a", now=NOW, seconds=60)
        assert await recordings.fail(session, "r1", worker="a", reason="not sound")
        failed = (await recordings.open_list(session))[0]
        assert (failed.state, failed.error) == (RecordingState.FAILED, "not sound")
        assert await recordings.retry(session, "r1")
        assert not await recordings.retry(session, "r1")


async def test_a_recording_that_became_a_conversation_is_not_deleted_alone(
    database: Database,
) -> None:
    async with database.writing() as session:
        for name in ("r1", "r2"):
            await recordings.receive(session, recording(name, name[-1]))
        await recordings.set_conversation(session, "r2", "c1")
    async with database.writing() as session:
        await erasure.erase_recording(session, "r1", actor="u1", now=NOW)
        with pytest.raises(NotFound):
            await erasure.erase_recording(session, "r2", actor="u1", now=NOW)
    async with database.reading() as session:
        assert await recordings.find(session, "r1") is None
        assert await recordings.find(session, "r2") is not None


async def test_transcripts_come_back_as_they_went_in(database: Database) -> None:
    heard = Transcript(
        "r1", "moonshine", "tiny-en", "1", "en", (Segment(0, TimeSpan(0, 1.5), "hello"),)
    )
    async with database.writing() as session:
        await recordings.receive(session, recording())
        await transcripts.save(session, heard)
        await transcripts.save(session, heard)
        assert await transcripts.find(session, "r1") == heard


async def blocks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_files_are_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    files = StoredFiles(tmp_path / "kept")
    source = tmp_path / "call.wav"
    source.write_bytes(b"sound")
    draft = files.copy_in(source)
    streamed = await files.stream_in(blocks(b"so", b"und"), most_bytes=100)
    assert draft.sha256 == streamed.sha256
    files.drop(streamed)
    files.keep(draft, "r1")
    files.keep(draft, "r1")  # a second time, as when the database was locked
    files.drop(draft)
    assert (files.folder / "r1").read_bytes() == b"sound"
    assert [path.name for path in files.folder.iterdir()] == ["r1"]
    with pytest.raises(BadInput, match="larger than"):
        await files.stream_in(blocks(b"x" * 200), most_bytes=100)
    with pytest.raises(BadInput, match="is not a file"):
        files.copy_in(tmp_path)
    files.delete("r1")
    files.delete("r1")
    with pytest.raises(NotFound):
        files.heard(recording())
    with pytest.raises(BadInput):
        files.delete("../../etc/passwd")
    assert list(files.folder.iterdir()) == []


async def test_an_upload_is_written_beside_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload of 1 GiB on a slow disk must not keep the chats waiting."""
    threads: list[int] = []
    sync, digest = os.fsync, hashlib.sha256()

    def noted(descriptor: int) -> None:
        threads.append(threading.get_ident())
        sync(descriptor)

    class Digest:
        def update(self, block: bytes) -> None:
            threads.append(threading.get_ident())
            digest.update(block)

        def hexdigest(self) -> str:
            return digest.hexdigest()

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(hashlib, "sha256", Digest)
    draft = await StoredFiles(tmp_path).stream_in(blocks(b"so", b"und"), most_bytes=5)
    assert draft.path.read_bytes() == b"sound"
    assert len(threads) == 3  # two blocks and the disk
    assert threading.get_ident() not in threads


async def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    files = StoredFiles(tmp_path)

    async def full() -> AsyncIterator[bytes]:
        yield b"so"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Unavailable, match="No space left"):
        await files.stream_in(full(), most_bytes=100)
    assert list(tmp_path.iterdir()) == []


def test_a_snippet_is_of_what_is_silenced_now_and_goes_with_its_recording(tmp_path: Path) -> None:
    files, seconds = StoredFiles(tmp_path), TimeSpan(1.0, 2.0)
    name = "0" * 29 + "1"
    before = replace(recording(), id=name)
    (tmp_path / name).write_bytes(b"sound")
    assert files.snippet(before, seconds) is None
    with files.cutting(before, seconds) as target:
        target.write_bytes(b"a second")
    found = files.snippet(before, seconds)
    assert found is not None
    assert found.read(0, found.size) == b"a second"
    assert files.snippet(before, TimeSpan(1.0, 2.5)) is None
    assert files.kept(before=datetime.now(UTC) + timedelta(days=1)) == (name,)

    after = replace(before, mutes=(Mute(TimeSpan(1.2, 1.5)),))
    assert files.snippet(after, seconds) is None, "it holds what is silenced since"
    with files.muting(after) as target:
        target.write_bytes(b"silenced")
    assert found.path is not None
    assert not found.path.exists()
    with files.cutting(after, seconds) as target:
        target.write_bytes(b"less")
    with pytest.raises(RuntimeError), files.cutting(after, TimeSpan(3, 4)):
        raise RuntimeError("broken off")
    files.delete(name)
    assert list(tmp_path.iterdir()) == []


def test_a_snippet_is_forgotten_alone(tmp_path: Path) -> None:
    files, one = StoredFiles(tmp_path), TimeSpan(1.0, 2.0)
    for span in (one, TimeSpan(2.0, 3.0)):
        with files.cutting(recording(), span) as target:
            target.write_bytes(b"x")
    for _ in range(2):
        files.forget_snippet(recording(), one)
    assert files.snippet(recording(), one) is None
    assert len(list(tmp_path.iterdir())) == 1

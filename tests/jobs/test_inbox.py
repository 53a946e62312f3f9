"""The watched folder: settled files only, deleted when they are stored and scored, never lost."""

import errno
import logging
import os
from pathlib import Path

import pytest
from sqlalchemy import select

from jobs import steps
from jobs.inbox import Inbox
from jobs.place import Place
from jobs.running import Ending
from speech.audio import AudioFile, probe
from store.tables import RecordingRow
from tests.jobs.sound import call_file


@pytest.fixture
def inbox(place: Place) -> Inbox:
    made = Inbox(place)
    made.folder.mkdir(parents=True)
    return made


async def ids(place: Place) -> list[str]:
    async with place.database.reading() as session:
        return list(await session.scalars(select(RecordingRow.id)))


def files(inbox: Inbox) -> list[str]:
    return sorted(
        str(path.relative_to(inbox.folder)) for path in inbox.folder.rglob("*") if path.is_file()
    )


async def test_file_is_taken_when_it_has_settled(place: Place, inbox: Inbox) -> None:
    path = call_file(inbox.folder / "call.wav", seconds=0.5)
    await inbox.look()
    assert await ids(place) == []
    call_file(path, (0, 0.2, 1.8), seconds=2.0)  # it was still being written
    await inbox.look()
    assert await ids(place) == []
    await inbox.look()
    assert len(await ids(place)) == 1
    assert files(inbox) == ["call.wav"]


async def test_file_is_deleted_when_its_call_is_scored(place: Place, inbox: Inbox) -> None:
    call_file(inbox.folder / "call.wav", (0, 0.2, 1.8), seconds=2.0)
    for _ in range(3):
        await inbox.look()
    (recording,) = await ids(place)
    assert await steps.transcribe(place, recording, worker="w/1") is Ending.DONE
    await inbox.look()
    assert files(inbox) == ["call.wav"]
    assert await steps.score(place, recording, worker="w/2") is Ending.DONE
    await inbox.look()
    assert files(inbox) == []
    assert (place.files.folder / recording).is_file()


async def test_program_started_again_knows_the_file(place: Place, inbox: Inbox) -> None:
    call_file(inbox.folder / "call.wav", (0, 0.2, 1.8), seconds=2.0)
    for _ in range(2):
        await inbox.look()
    (recording,) = await ids(place)
    await steps.transcribe(place, recording, worker="w/1")
    await steps.score(place, recording, worker="w/1")
    again = Inbox(place)
    for _ in range(2):
        await again.look()
    assert files(again) == []
    assert await ids(place) == [recording]


async def test_refused_file_gets_its_reason(place: Place, inbox: Inbox) -> None:
    for _ in range(2):  # the same name twice: neither overwrites the other
        (inbox.folder / "call.wav").write_text("not sound")
        await inbox.look()
        await inbox.look()
    assert files(inbox) == [
        "failed/call-2.wav",
        "failed/call-2.wav.txt",
        "failed/call.wav",
        "failed/call.wav.txt",
    ]
    reason = (inbox.folder / "failed" / "call.wav.txt").read_text()
    assert "not sound that can be read" in reason
    assert await ids(place) == []


async def test_a_name_in_another_encoding_gets_its_reason(place: Place, inbox: Inbox) -> None:
    call_file(inbox.folder / "Caf\udce9.wav", seconds=0.5)  # Latin-1, as Python names it
    call_file(inbox.folder / "good.wav", (0, 0.2, 1.8), seconds=2.0)
    for _ in range(2):
        await inbox.look()
    assert files(inbox) == ["failed/Caf\udce9.wav", "failed/Caf\udce9.wav.txt", "good.wav"]
    reason = (inbox.folder / "failed" / "Caf\udce9.wav.txt").read_text()
    assert "Caf\\udce9.wav is not written in UTF-8" in reason
    assert len(await ids(place)) == 1


async def test_one_file_nobody_foresaw_does_not_stop_the_others(
    place: Place, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(path: Path, *, max_hours: float) -> AudioFile:
        if path.name == "bad.wav":
            raise RuntimeError("nobody foresaw this")
        return probe(path, max_hours=max_hours)

    monkeypatch.setattr("jobs.ingest.probe", fail)
    for name in ("bad.wav", "good.wav"):
        call_file(inbox.folder / name, (0, 0.2, 1.8), seconds=2.0)
    for _ in range(2):
        await inbox.look()
    assert files(inbox) == ["failed/bad.wav", "failed/bad.wav.txt", "good.wav"]
    reason = (inbox.folder / "failed" / "bad.wav.txt").read_text()
    assert "unexpected RuntimeError" in reason
    assert "a file of the inbox failed" in caplog.text
    assert len(await ids(place)) == 1


async def test_call_that_fails_later_gets_its_reason(place: Place, inbox: Inbox) -> None:
    call_file(inbox.folder / "call.wav", (0, 0.2, 1.8), seconds=2.0)
    for _ in range(2):
        await inbox.look()
    (recording,) = await ids(place)
    (place.files.folder / recording).write_text("damaged")
    assert await steps.transcribe(place, recording, worker="w/1") is Ending.FAILED
    await inbox.look()
    assert files(inbox) == ["failed/call.wav", "failed/call.wav.txt"]


async def test_hidden_temporary_and_deeper_files_are_left_alone(place: Place, inbox: Inbox) -> None:
    (inbox.folder / "anna").mkdir()
    left = [".hidden.wav", "anna/call.wav", "call.wav.part", "call.wav.tmp"]
    for name in left:
        call_file(inbox.folder / name, seconds=0.5)
    for _ in range(3):
        await inbox.look()
    assert files(inbox) == left
    assert await ids(place) == []


async def test_full_disk_keeps_the_file_and_says_so_once(
    place: Place, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    call_file(inbox.folder / "call.wav", (0, 0.2, 1.8), seconds=2.0)
    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING, "parley.jobs"):
        patch.setattr(os, "fsync", full)
        for _ in range(4):
            await inbox.look()
    assert [record.getMessage() for record in caplog.records] == [
        f"a file waits in {inbox.folder}: the recording could not be stored: "
        "No space left on device; nothing was kept"
    ]
    assert files(inbox) == ["call.wav"]
    await inbox.look()
    assert len(await ids(place)) == 1


async def test_inbox_that_cannot_be_made_is_told_once(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = Inbox(place)
    inbox.folder.parent.mkdir(parents=True, exist_ok=True)
    inbox.folder.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING, "parley.jobs"):
        for _ in range(3):
            await inbox.look()
    assert [record.getMessage() for record in caplog.records] == [
        f"{inbox.folder} cannot be read: File exists"
    ]

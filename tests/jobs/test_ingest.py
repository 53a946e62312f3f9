"""Receiving files: whole or not at all, each once, each with a clear word when it is refused."""

import asyncio
import errno
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.errors import BadAudio, BadInput, BadScorecard, NotFound, ParleyError, Unavailable
from core.recording import ChannelLayout, Recording, RecordingState
from core.settings import Settings
from jobs import steps
from jobs.follow import WAITING, run_to_end
from jobs.ingest import IngestRequest, checked, receive_file
from jobs.main import Outcome, ingest_files
from jobs.place import Ears, Place, opened
from jobs.running import Ending
from jobs.steps import is_gone, worker_name
from qa.versions import digest_of
from store import recordings, scorecards
from store.scorecards import CardText
from store.tables import ConversationRow, EvaluationRow, RecordingRow
from tests.jobs.parrot import Parrot
from tests.jobs.sound import call_file
from tests.qa.test_cards import GOOD

NOW = datetime.now(UTC)


async def rows(place: Place, table: type = RecordingRow) -> int:
    async with place.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


def kept(place: Place) -> list[str]:
    folder = place.files.folder
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def test_receive_keeps_the_bytes_and_what_is_known(place: Place, call: Path) -> None:
    request = IngestRequest(
        call,
        layout=ChannelLayout.CUSTOMER_AGENT,
        agent="Anna",
        external_id="crm-7",
        variables={"company": "Acme"},
    )
    recording, is_new = await receive_file(place, request, now=NOW)
    assert is_new
    assert recording.state is RecordingState.RECEIVED
    assert (place.files.folder / recording.id).read_bytes() == call.read_bytes()
    assert kept(place) == [recording.id]
    async with place.database.reading() as session:
        stored = await recordings.get(session, recording.id)
    assert stored == recording
    assert (stored.layout, stored.agent) == (ChannelLayout.CUSTOMER_AGENT, "Anna")
    assert stored.delete_after is not None
    assert (stored.delete_after - NOW).days == place.settings.retention_days


async def test_same_bytes_under_another_name_are_known(
    place: Place, recording: Recording, call: Path
) -> None:
    copy = call.with_name("copy.wav")
    copy.write_bytes(call.read_bytes())
    again, is_new = await receive_file(place, IngestRequest(copy, agent="Ben"), now=NOW)
    assert (again, is_new) == (recording, False)
    assert await rows(place) == 1
    assert kept(place) == [recording.id]


async def test_known_recording_that_failed_begins_again(
    place: Place, recording: Recording, call: Path
) -> None:
    (place.files.folder / recording.id).write_bytes(b"damaged on disk")
    assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.FAILED
    request = IngestRequest(call, agent="Ben", variables={"product": "lamp"})
    again, is_new = await receive_file(place, request, now=NOW)
    assert not is_new
    assert (again.id, again.state, again.error) == (recording.id, RecordingState.RECEIVED, None)
    assert (again.agent, again.external_id) == ("Ben", "crm-7")
    assert again.variables == {"company": "Harbour & Pine", "product": "lamp"}
    assert (place.files.folder / recording.id).read_bytes() == call.read_bytes()
    assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.DONE


def empty(path: Path) -> None:
    path.touch()


def text(path: Path) -> None:
    path.write_text("Dear Sir or Madam\n" * 100)


def three_channels(path: Path) -> None:
    call_file(path, channels=3, seconds=0.5)


def nothing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (empty, "is empty"),
        (text, "not sound that can be read"),
        (three_channels, "has 3 channels"),
        (nothing, "cannot be read: No such file"),
    ],
)
async def test_refused_file_leaves_nothing(
    place: Place, tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / "call.wav"
    make(path)
    with pytest.raises(BadInput, match=message):
        await receive_file(place, IngestRequest(path), now=NOW)
    assert await rows(place) == 0
    assert kept(place) == []


async def test_call_that_is_too_long_is_refused(place: Place, call: Path) -> None:
    short = place.settings.model_copy(update={"max_recording_hours": 5 / 3600})
    with pytest.raises(BadAudio, match="PARLEY_MAX_RECORDING_HOURS"):
        await receive_file(
            Place(short, place.database, place.files, place.ears), IngestRequest(call), now=NOW
        )
    assert kept(place) == []


@pytest.mark.parametrize(
    "wrong",
    [
        ("no-such-card", NotFound, "no scorecard is called no-such-card"),
        ("bad.yml", BadScorecard, "bad.yml:"),
    ],
)
async def test_wrong_scorecard_is_told_before_anything_is_stored(
    settings: Settings,
    call: Path,
    monkeypatch: pytest.MonkeyPatch,
    wrong: tuple[str, type[ParleyError], str],
) -> None:
    scorecard, error, message = wrong
    monkeypatch.chdir(call.parent)
    Path("bad.yml").write_text("name: bad\nwrong: 1\n")
    requests = [IngestRequest(call), IngestRequest(call, scorecard=scorecard)]
    with pytest.raises(error, match=message):
        await ingest_files(settings, requests, lambda *_: None)
    async with opened(settings) as place, place.database.reading() as session:
        assert not await recordings.known(session)


async def test_variable_without_a_value_is_told(place: Place, call: Path) -> None:
    with pytest.raises(BadInput, match="--var company="):
        await checked(place, IngestRequest(call, variables={"company": " "}))


async def test_scorecard_file_is_found_again_from_another_folder(
    place: Place, call: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Path(__file__).parents[2] / "qa" / "scorecards" / "service.yml"
    monkeypatch.chdir(tmp_path)
    Path("own.yml").write_bytes(own.read_bytes())
    request = await checked(place, IngestRequest(call, scorecard="own.yml"))
    assert request.scorecard == str(tmp_path / "own.yml")
    named = await checked(place, IngestRequest(call, scorecard="service"))
    assert named.scorecard == "service"


async def test_a_form_that_people_put_in_use_is_known_by_its_name(place: Place, call: Path) -> None:
    text = GOOD.replace('company: ""', "company: Acme")
    told = CardText("small", 1, "Small", text, digest_of(text))
    async with place.database.writing() as session:
        await scorecards.draft(session, told, by="sam", now=NOW)
        await scorecards.activate(session, "small", 1, now=NOW)
    named = await checked(place, IngestRequest(call, scorecard="small"))
    assert named.scorecard == "small"


async def test_full_disk_leaves_nothing(
    place: Place, call: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="No space left on device; nothing was kept"):
        await receive_file(place, IngestRequest(call), now=NOW)
    assert await rows(place) == 0
    assert kept(place) == []


@pytest.fixture
def lock(place: Place) -> Iterator[sqlite3.Connection]:
    """Another writer that holds the database."""
    other = sqlite3.connect(place.settings.var / "parley.db", check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's wait for another writer, cut short."""
    monkeypatch.setattr("store.database.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr("jobs.ingest.LOCKED_PAUSE_SECONDS", 0.2)


async def test_locked_database_is_asked_again(
    impatient: None, place: Place, call: Path, lock: sqlite3.Connection
) -> None:
    asyncio.get_running_loop().call_later(0.3, lock.rollback)
    recording, is_new = await receive_file(place, IngestRequest(call), now=NOW)
    assert is_new
    assert kept(place) == [recording.id]


async def test_database_that_stays_locked_leaves_nothing(
    impatient: None, place: Place, call: Path, lock: sqlite3.Connection
) -> None:
    with pytest.raises(Unavailable, match="locked"):
        await receive_file(place, IngestRequest(call), now=NOW)
    assert kept(place) == []


async def ingested(settings: Settings, *paths: Path, engine: Parrot | None = None) -> list[Outcome]:
    parrot = engine or Parrot()
    return await ingest_files(
        settings,
        [IngestRequest(path) for path in paths],
        lambda *_: None,
        ears=Ears(lambda: parrot),
    )


async def test_command_line_brings_a_folder_to_its_scores(settings: Settings, call: Path) -> None:
    call_file(call.with_name("second.WAV"), (1, 0.2, 1.5), seconds=2.0)
    call.with_name("notes.txt").write_text("not for us")
    call.with_name("bad.wav").write_text("text")
    said: list[tuple[str, str, float]] = []
    outcomes = await ingest_files(
        settings,
        [IngestRequest(call.parent)],
        lambda file, stage, done: said.append((file.name, stage, done)),
        ears=Ears(Parrot),
    )
    assert [(Path(each.file).name, each.status) for each in outcomes] == [
        ("bad.wav", "failed"),
        ("call.wav", "scored"),
        ("second.WAV", "scored"),
    ]
    assert "not sound" in (outcomes[0].error or "")
    assert said[0] == ("bad.wav", "storing", 0.0)
    assert ("call.wav", "transcribing", 1.0) in said
    assert said[-1] == ("second.WAV", "scoring", 1.0)


async def test_outcome_has_the_keys_of_json(settings: Settings, call: Path) -> None:
    (outcome,) = await ingested(settings, call)
    value: dict[str, Any] = json.loads(json.dumps(asdict(outcome)))
    assert list(value) == [
        "file", "conversation", "recording", "duplicate", "engine", "status", "error",
        "heard_again", "notes", "ignored", "wrong_input",
    ]  # fmt: skip
    assert value["file"] == str(call)
    assert value["conversation"]
    assert (value["duplicate"], value["engine"]) == (False, "parrot grey (1)")
    assert (value["status"], value["error"]) == ("scored", None)


async def test_outcome_says_what_is_known_about_the_sound(settings: Settings, call: Path) -> None:
    call.write_bytes(call.read_bytes()[: 44 + 64_000 * 4])
    (outcome,) = await ingested(settings, call)
    assert outcome.notes[0] == "The file is damaged: it breaks at 4.0 s."


async def test_second_time_is_a_duplicate_and_is_not_scored_again(
    settings: Settings, place: Place, call: Path
) -> None:
    parrot = Parrot()
    first, second = await ingested(settings, call, call, engine=parrot)
    assert (first.duplicate, second.duplicate) == (False, True)
    assert (first.recording, first.conversation) == (second.recording, second.conversation)
    assert parrot.asked == 2  # one piece per channel, once
    assert (await rows(place, ConversationRow), await rows(place, EvaluationRow)) == (1, 1)


async def test_what_is_told_of_a_known_call_and_ignored_is_named(
    settings: Settings, call: Path
) -> None:
    first = IngestRequest(call, ChannelLayout.AGENT_CUSTOMER, agent="Anna", queue="sofas")
    again = replace(
        first, layout=ChannelLayout.CUSTOMER_AGENT, agent="Ben", external_id="crm-8", opened_at=NOW,
        variables={"company": "Acme"},
    )  # fmt: skip
    for request, expected in (
        (replace(first, layout=ChannelLayout.FIND), ()),
        (
            again,
            (
                "--channels customer,agent (stays agent,customer)",
                f"--opened-at {NOW:%Y-%m-%dT%H:%M}+00:00 (stays untold)",
                "--agent Ben (stays Anna)",
                "--external-id crm-8 (stays untold)",
                "--var company Acme (stays untold)",
            ),
        ),
    ):
        _, second = await ingest_files(
            settings, [first, request], lambda *_: None, ears=Ears(Parrot)
        )
        assert second.ignored == expected


async def test_a_folder_stands_for_every_coding_that_is_read(
    settings: Settings, tmp_path: Path
) -> None:
    for name in ("a.aiff", "b.webm", "c.AIF", "d.aac", "e.txt"):
        (tmp_path / name).write_bytes(b"no sound")
    outcomes = await ingested(settings, tmp_path)
    assert [Path(one.file).name for one in outcomes] == ["a.aiff", "b.webm", "c.AIF", "d.aac"]


async def test_unreadable_folder_is_told_and_the_others_go_on(
    settings: Settings, call: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    scan = os.scandir

    def refuse(path: str) -> Any:  # root may read everything, so a mode would not do
        if Path(path) == locked:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(locked))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    refused, scored = await ingested(settings, locked, call)
    assert (refused.status, refused.recording) == ("failed", None)
    assert refused.error == f"the folder {locked} cannot be read: Permission denied"
    assert scored.status == "scored"


async def test_name_in_another_encoding_is_told(settings: Settings, call: Path) -> None:
    path = call.rename(call.with_name("Caf\udce9.wav"))  # Latin-1, as Python names it
    (outcome,) = await ingested(settings, path)
    assert (outcome.status, outcome.file) == ("failed", str(call.with_name("Caf\\udce9.wav")))
    assert outcome.error is not None and "rename the file" in outcome.error


async def test_whose_fault_it_is_is_told(settings: Settings, call: Path, tmp_path: Path) -> None:
    def down() -> None:
        raise Unavailable("the recogniser does not answer", retryable=False)

    (tmp_path / "text.wav").write_text("no sound " * 100)
    for path, engine, wrong_input in (
        (call, Parrot(down), False),
        (tmp_path / "text.wav", Parrot(), True),
        (tmp_path / "none.wav", Parrot(), True),
    ):
        (outcome,) = await ingested(settings, path, engine=engine)
        assert (outcome.status, outcome.wrong_input) == ("failed", wrong_input)
    settings.recordings.rename(tmp_path / "moved")
    settings.recordings.write_text("no folder")
    (outcome,) = await ingested(settings, call)
    assert (outcome.status, outcome.wrong_input) == ("failed", False)


async def test_folder_without_sound_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (outcome,) = await ingested(settings, tmp_path / "empty")
    assert "holds no sound files" in (outcome.error or "")


async def test_command_line_follows_the_worker_that_was_quicker(
    place: Place, recording: Recording
) -> None:
    now = datetime.now(UTC)
    async with place.database.writing() as session:
        assert await recordings.claim(
            session, recording.id, RecordingState.RECEIVED, worker="b/1", now=now, seconds=600
        )
    waited = asyncio.Event()

    def progress(stage: str, _done: float) -> None:
        if stage == f"{WAITING}, b":
            waited.set()

    following = asyncio.create_task(run_to_end(place, recording.id, progress))
    await waited.wait()
    assert not following.done()
    async with place.database.writing() as session:
        await recordings.release_all(session, "b/")
    assert (await following).recording.state is RecordingState.SCORED


async def test_what_a_killed_process_of_this_machine_had_is_taken_over_at_once(
    place: Place, recording: Recording
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    node = worker_name().rpartition("/")[0].removesuffix(str(os.getpid())) + str(gone.pid)
    now = datetime.now(UTC)
    async with place.database.writing() as session:
        assert await recordings.claim(
            session, recording.id, RecordingState.RECEIVED, worker=f"{node}/1", now=now, seconds=600
        )
    stages: list[str] = []
    done, _ = await run_to_end(place, recording.id, lambda stage, _: stages.append(stage))
    assert done.state is RecordingState.SCORED
    assert not any(stage.startswith(WAITING) for stage in stages)


def test_only_a_process_of_this_machine_can_be_seen_to_have_ended() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    own = worker_name().rpartition("/")[0]
    assert is_gone(own.removesuffix(str(os.getpid())) + str(gone.pid))
    assert not is_gone(own)
    assert not is_gone(f"other-{gone.pid}")
    assert not is_gone("speech@host")


async def test_each_outcome_is_told_when_it_is_there(settings: Settings, call: Path) -> None:
    second = call_file(call.with_name("second.wav"), (1, 0.2, 1.5), seconds=2.0)
    order: list[str] = []
    await ingest_files(
        settings,
        [IngestRequest(call), IngestRequest(second)],
        lambda path, stage, done: order.append(f"{path.name} {stage} {done}"),
        tell=lambda outcome: order.append(Path(outcome.file).name),
        ears=Ears(Parrot),
    )
    assert order.index("call.wav") < order.index("second.wav storing 0.0")
    assert order[-1] == "second.wav"

"""Recordings in a bucket: received, heard, silenced, deleted, and what may fail on the way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import Unavailable
from core.recording import Mute, Recording, RecordingState
from core.settings import Settings
from core.spans import TimeSpan
from jobs import steps
from jobs.ingest import IngestRequest, receive_file
from jobs.place import Place
from jobs.retention import Retention
from jobs.running import Ending
from store import erasure, recordings
from tests.bucket import Bucket, cut, lost, refusing
from tests.jobs.sound import call_file

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
FAULT = refusing("500 Internal Server Error", "InternalError")


@pytest.fixture
def settings(tmp_path: Path, bucket: Bucket) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
        var=tmp_path / "var",
        recordings_url=bucket.url,
        max_attempts=1,
    )


@pytest.fixture
async def recording(place: Place, call: Path) -> Recording:
    made, is_new = await receive_file(place, IngestRequest(call, agent="Anna"), now=NOW)
    assert is_new
    return made


async def rows(place: Place) -> set[str]:
    async with place.database.reading() as session:
        return set(await recordings.known(session))


def left_on_disk(place: Place) -> list[str]:
    """Nothing of a call may stay on the machine that worked on it."""
    folder = place.settings.recordings
    return [path.name for path in folder.iterdir()] if folder.exists() else []


async def test_a_call_is_kept_in_the_bucket_and_heard_from_there(
    place: Place, bucket: Bucket, recording: Recording, call: Path
) -> None:
    assert bucket.names() == [recording.id]
    assert bucket.read(recording.id) == call.read_bytes()
    assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.DONE
    assert await steps.score(place, recording.id, worker="w/1") is Ending.DONE
    assert left_on_disk(place) == []
    again, is_new = await receive_file(place, IngestRequest(call), now=NOW)
    assert (again.id, is_new) == (recording.id, False)
    assert bucket.names() == [recording.id]


async def test_the_silenced_copy_lies_beside_it_and_goes_with_it(
    place: Place, bucket: Bucket, call: Path
) -> None:
    request = IngestRequest(call, mutes=(Mute(TimeSpan(0.0, 3.1)),))
    recording, _ = await receive_file(place, request, now=NOW)
    assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.DONE
    whole, copy = bucket.names()
    assert (whole, copy.startswith(f"{recording.id}.muted-")) == (recording.id, True)
    assert bucket.read(whole) == call.read_bytes()
    sound = bucket.read(copy).partition(b"data")[2][4:]
    assert not any(sound[: 3 * 16_000 * 2 * 2]), "3 s of two channels, two bytes each"
    assert any(sound)
    assert left_on_disk(place) == []
    assert await Retention(place).look(NOW + 91 * DAY) == 1
    assert bucket.names() == []


@pytest.mark.parametrize("fault", [FAULT, cut, lost])
async def test_a_call_that_storage_does_not_take_is_not_received(
    place: Place, bucket: Bucket, call: Path, fault: object
) -> None:
    bucket.fail(fault, "PUT")  # type: ignore[arg-type]  # both are faults
    with pytest.raises(Unavailable, match="PARLEY_RECORDINGS_URL"):
        await receive_file(place, IngestRequest(call), now=NOW)
    assert await rows(place) == set()
    bucket.mend()
    assert (bucket.names(), left_on_disk(place)) == ([], [])
    _, is_new = await receive_file(place, IngestRequest(call), now=NOW)
    assert is_new


async def test_a_row_that_is_not_written_leaves_no_sound(
    place: Place, bucket: Bucket, call: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def locked(*_: object) -> tuple[Recording, bool]:
        raise Unavailable("the database is locked", retryable=False)

    with monkeypatch.context() as patch:
        patch.setattr(recordings, "receive", locked)
        with pytest.raises(Unavailable, match="locked"):
            await receive_file(place, IngestRequest(call), now=NOW)
        assert (bucket.names(), left_on_disk(place)) == ([], [])
        bucket.fail(FAULT, "DELETE")  # nor can it be deleted at once
        with pytest.raises(Unavailable, match="locked"):
            await receive_file(place, IngestRequest(call), now=NOW)
    bucket.mend()
    assert len(bucket.names()) == 1
    other = call_file(call.with_name("b.wav"), (1, 0.2, 2.0))
    kept, _ = await receive_file(place, IngestRequest(other), now=NOW)
    assert await Retention(place).tidy(NOW) == 0, "it may be on its way to a row"
    assert await Retention(place).tidy(NOW + 2 * DAY) == 1
    assert bucket.names() == [kept.id]


async def test_a_call_is_heard_when_storage_answers_again(
    place: Place, bucket: Bucket, recording: Recording
) -> None:
    bucket.fail(FAULT, "GET", "HEAD")
    two = replace(place, settings=place.settings.model_copy(update={"max_attempts": 3}))
    assert await steps.transcribe(two, recording.id, worker="w/1") is not Ending.DONE
    bucket.mend()
    async with place.database.reading() as session:
        waiting = await recordings.get(session, recording.id)
    assert waiting.state is RecordingState.RECEIVED
    assert left_on_disk(place) == []


async def test_sound_that_cannot_be_deleted_now_is_an_hour_later(
    place: Place, bucket: Bucket, recording: Recording, call: Path
) -> None:
    other = call_file(call.with_name("b.wav"), (1, 0.2, 2.0))
    kept, _ = await receive_file(place, IngestRequest(other), now=NOW + 60 * DAY)
    bucket.fail(FAULT, "DELETE")
    retention = Retention(place)
    assert await retention.look(NOW + 91 * DAY) == 1
    assert await rows(place) == {kept.id}
    assert recording.id in bucket.names()
    assert await retention.tidy(NOW + 91 * DAY) == 0
    bucket.mend()
    assert await retention.tidy(NOW + 91 * DAY) == 1
    assert bucket.names() == [kept.id]


async def test_erasing_says_what_stays_and_for_how_long(
    place: Place, bucket: Bucket, recording: Recording
) -> None:
    async with place.database.writing() as session:
        await erasure.erase_recording(session, recording.id, actor="test", now=NOW)
    bucket.fail(FAULT, "DELETE")
    with pytest.raises(Unavailable, match="within a day"):
        place.files.delete(recording.id)
    bucket.mend()
    place.files.delete(recording.id)
    assert bucket.names() == []

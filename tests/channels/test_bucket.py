"""What comes from outside goes where the settings keep recordings: pictures, and sound of calls."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.twilio import media
from core.call import CallRecording, CallRecordingState
from store import calls
from tests.bucket import Bucket, refusing
from tests.channels.phone.line import RECORDING, House, answering
from tests.channels.phone.test_people import answered, finish
from tests.channels.twilio.post import posting
from tests.channels.twilio.test_messages import PNG, pictured

FAULT = refusing("500 Internal Server Error", "InternalError")
SOUND = b"sound of a call"


@pytest.fixture
def var(tmp_path: Path, empty_database: Path) -> Path:
    shutil.copy(empty_database, tmp_path / "parley.db")
    return tmp_path


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pause between two tries is for storage, not for tests."""
    monkeypatch.setattr(media, "SOON_SECONDS", 0.0)


async def told(house: House) -> CallRecording:
    async with house.stage.room.database.reading() as session:
        found = await calls.find_recording(session, RECORDING)
    assert found is not None
    return found


async def test_a_picture_goes_into_the_bucket(var: Path, bucket: Bucket) -> None:
    async with posting(var, recordings_url=bucket.url) as post:
        post.twilio.files["a.png"] = ("image/png", PNG)
        await post.deliver(pictured(post, "a.png"))
        (one,) = await post.attachments()
    assert await asyncio.to_thread(bucket.read, one.id) == PNG
    assert list((var / "recordings").iterdir()) == []


async def test_a_picture_waits_for_storage_that_does_not_answer(var: Path, bucket: Bucket) -> None:
    bucket.fail(FAULT, "PUT")
    async with posting(var, recordings_url=bucket.url) as post:
        post.twilio.files["a.png"] = ("image/png", PNG)
        await post.deliver(pictured(post, "a.png"))
        (one,) = await post.attachments()
        assert one.keeping.value == "waiting"
        bucket.mend()
        assert await asyncio.to_thread(bucket.names) == []
        await post.messaging.media.fetch_waiting()
        (one,) = await post.attachments()
    assert (one.keeping.value, one.reason) == ("kept", None)
    assert await asyncio.to_thread(bucket.read, one.id) == PNG
    assert list((var / "recordings").iterdir()) == []


async def test_a_call_is_kept_in_the_bucket_when_it_answers_again(
    var: Path, bucket: Bucket
) -> None:
    bucket.fail(FAULT, "PUT")
    async with answering(var, recordings_url=bucket.url) as house:
        house.twilio.files[f"{RECORDING}.wav"] = ("audio/wav", SOUND)
        phone = await answered(house)
        await finish(house, phone)
        due = await told(house)
        assert due.state is CallRecordingState.DUE
        assert "cannot be used now" in (due.error or "")
        bucket.mend()
        assert await asyncio.to_thread(bucket.names) == []
        later = datetime.now(UTC) + timedelta(minutes=2)
        house.stage.room.clock = lambda: later
        await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
        await house.stage.settle()
        fetched = await told(house)
    assert (fetched.state, fetched.error) == (CallRecordingState.FETCHED, None)
    assert fetched.recording is not None
    assert await asyncio.to_thread(bucket.names) == [fetched.recording]
    assert await asyncio.to_thread(bucket.read, fetched.recording) == SOUND
    assert list((var / "recordings").iterdir()) == []

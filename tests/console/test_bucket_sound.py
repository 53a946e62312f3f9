"""A house whose recordings are in a bucket: the player, uploads, examples, deleting."""

import asyncio
import json
from pathlib import Path

import aiohttp
import pytest

from console.sound_response import BLOCK
from core.settings import Settings
from tests.bucket import Bucket, cut, lost, refusing, slow
from tests.console.conftest import House, store_call, write_tone
from tests.console.test_examples import published, sound
from tests.console.test_upload import kept, send, tone

AUDIO = "/conversations/call-1/audio"
FAULTS = {
    "500": refusing("500 Internal Server Error", "InternalError"),
    "403": refusing("403 Forbidden", "AccessDenied"),
    "slow": slow,
    "cut": cut,
    "lost": lost,
}


@pytest.fixture
def house_settings(tmp_path: Path, bucket: Bucket) -> Settings:
    return Settings(var=tmp_path, company="Acme", max_upload_mib=4, recordings_url=bucket.url)


@pytest.fixture
async def call_id(house: House, bucket: Bucket) -> str:
    """A scored call whose sound is in the bucket alone."""
    return await stored(house, bucket)


async def stored(house: House, bucket: Bucket, seconds: float = 9.0) -> str:
    call_id = await store_call(house)
    path = house.settings.recordings / f"r-{call_id}"
    write_tone(path, seconds)
    await asyncio.to_thread(bucket.client().put_file, str(path), f"{bucket.url}/r-{call_id}")
    path.unlink()
    return call_id


@pytest.mark.parametrize(
    "wanted, part",
    [
        (None, slice(None)),
        ("bytes=0-", slice(None)),
        ("bytes=44-143", slice(44, 144)),
        ("bytes=-100", slice(-100, None)),
        ("bytes=144000-999999", slice(144_000, None)),
        ("bytes=144044-", None),
        ("bytes=9-5", None),
        ("seconds=1-2", None),
    ],
)
async def test_a_browser_gets_the_range_it_asks_for(
    house: House, bucket: Bucket, call_id: str, wanted: str | None, part: slice | None
) -> None:
    whole = await asyncio.to_thread(bucket.read, "r-call-1")
    assert len(whole) == 144_044
    client = await house.visitor("sam")
    async with client.get(AUDIO, headers={"Range": wanted} if wanted else {}) as response:
        body = await response.read()
        assert response.headers["Accept-Ranges"] == "bytes"
        told = response.headers.get("Content-Range")
        if part is None:
            assert (response.status, told, body) == (416, "bytes */144044", b"")
            return
        assert response.headers["Content-Type"] == "audio/wav"
        assert body == whole[part]
        start, stop, _ = part.indices(len(whole))
        found = (206, f"bytes {start}-{stop - 1}/144044") if wanted else (200, None)
        assert (response.status, told) == found


async def test_a_long_call_is_sent_in_pieces(house: House, bucket: Bucket) -> None:
    await stored(house, bucket, 150.0)
    whole = await asyncio.to_thread(bucket.read, "r-call-1")
    assert len(whole) > 2 * BLOCK
    bucket.storage.seen.clear()
    client = await house.visitor("sam")
    async with client.get(AUDIO) as response:
        assert await response.read() == whole
    assert bucket.storage.seen.count("GET") == 1 + 3, "the first bytes, and three pieces"


@pytest.mark.parametrize("fault", ["403", "slow"])
async def test_storage_that_does_not_answer_is_told(
    house: House, bucket: Bucket, call_id: str, fault: str
) -> None:
    bucket.fail(FAULTS[fault], "GET", "HEAD")
    status, text = await house.get("sam", AUDIO)
    assert (status, "where recordings are kept, cannot be used now" in text) == (503, True)
    status, text = await house.get("sam", "/conversations/call-1")
    assert (status, "Thank you for calling Acme" in text) == (200, True)
    bucket.mend()
    status, body = await sound(house, "sam", "/conversations/call-1")
    assert (status, len(body)) == (200, 144_044)


@pytest.mark.parametrize("fault", ["500", "cut"])
async def test_storage_that_fails_on_the_way_is_no_whole_call(
    house: House, bucket: Bucket, fault: str
) -> None:
    await stored(house, bucket, 150.0)
    bucket.fail(FAULTS[fault], "GET", spared=2)
    client = await house.visitor("sam")
    async with client.get(AUDIO) as response:
        assert response.status == 200
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()


async def test_sound_that_is_gone_is_not_found(house: House, bucket: Bucket, call_id: str) -> None:
    await asyncio.to_thread(house.files.delete, "r-call-1")
    status, text = await house.get("sam", AUDIO)
    assert (status, "not kept any more" in text) == (404, True)


async def test_an_upload_goes_into_the_bucket(house: House, bucket: Bucket, tmp_path: Path) -> None:
    content = tone(tmp_path)
    status, _, _ = await send(house, ("a.wav", content))
    assert status == 201
    [one] = await kept(house)
    assert await asyncio.to_thread(bucket.read, one.id) == content
    status, text, _ = await send(house, ("b.wav", content))
    assert [file["is_new"] for file in json.loads(text)["files"]] == [False]
    assert await asyncio.to_thread(bucket.names) == [one.id]
    assert list(house.settings.recordings.iterdir()) == []


@pytest.mark.parametrize("fault", ["500", "lost"])
async def test_an_upload_that_storage_does_not_take_is_not_kept(
    house: House, bucket: Bucket, tmp_path: Path, fault: str
) -> None:
    bucket.fail(FAULTS[fault], "PUT", "POST")
    status, text, _ = await send(house, ("a.wav", tone(tmp_path)))
    assert (status, "cannot be used now" in text) == (503, True)
    bucket.mend()
    assert await kept(house) == []
    assert await asyncio.to_thread(bucket.names) == []
    assert list(house.settings.recordings.iterdir()) == []


async def test_an_example_is_cut_once_and_goes_with_its_call(
    house: House, bucket: Bucket, call_id: str
) -> None:
    path = await published(house)
    for _ in range(2):
        status, body = await sound(house, "ben", path)
        assert (status, body[:4]) == (200, b"RIFF")
    [whole, snippet] = await asyncio.to_thread(bucket.names)
    assert (whole, snippet.startswith("r-call-1.cut-")) == ("r-call-1", True)
    assert list(house.settings.recordings.iterdir()) == []
    status, _, _ = await house.post("sam", "/conversations/call-1/delete")
    assert status == 303
    assert await asyncio.to_thread(bucket.names) == []


async def test_deleting_says_when_the_sound_has_to_wait(
    house: House, bucket: Bucket, call_id: str
) -> None:
    bucket.fail(FAULTS["500"], "DELETE")
    status, text, _ = await house.post("sam", "/conversations/call-1/delete")
    assert (status, "could not be deleted now, and is within a day" in text) == (503, True)
    assert (await house.get("sam", "/conversations/call-1"))[0] == 404

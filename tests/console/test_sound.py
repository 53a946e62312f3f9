"""The recording's bytes: ranges, content types, one audit row per listen."""

import pytest

from console.sound import sniff
from store import audit
from tests.console.conftest import House, store_call

AUDIO = "/conversations/call-1/audio"


@pytest.mark.parametrize(
    "wanted, status, part",
    [
        (None, 200, slice(None)),
        ("bytes=0-", 206, slice(None)),
        ("bytes=44-143", 206, slice(44, 144)),
        ("bytes=-100", 206, slice(-100, None)),
        ("bytes=144044-", 416, slice(0, 0)),
    ],
)
async def test_a_browser_gets_the_range_it_asks_for(
    house: House, call_id: str, wanted: str | None, status: int, part: slice
) -> None:
    whole = (house.files.folder / "r-call-1").read_bytes()
    assert len(whole) == 144_044
    client = await house.visitor("sam")
    headers = {"Range": wanted} if wanted else {}
    async with client.get(AUDIO, headers=headers) as response:
        body = await response.read()
        assert response.status == status
        if status == 416:
            return
        assert response.headers["Content-Type"] == "audio/wav"
        assert response.headers["Accept-Ranges"] == "bytes"
        assert body == whole[part]


async def test_one_listen_is_one_audit_row(house: House, call_id: str) -> None:
    for who in ("sam", "sam", "olga", "sam", "later"):
        if who == "later":
            house.clock.pass_seconds(1801)
        client = await house.visitor("sam" if who == "later" else who)
        async with client.get(AUDIO, headers={"Range": "bytes=50-99"}) as response:
            assert len(await response.read()) == 50
    names = {user.id: name for name, user in house.people.items()}
    async with house.database.reading() as session:
        rows = await audit.rows_of(session, call_id)
    assert [(names[row.actor], row.action) for row in rows] == [
        (who, "conversation.listened") for who in ("sam", "olga", "sam")
    ]


async def test_sound_that_is_gone_is_not_found(house: House) -> None:
    await store_call(house)
    house.files.delete("r-call-1")
    status, text = await house.get("sam", AUDIO)
    assert (status, "not kept any more" in text) == (404, True)
    await store_call(house, "no-sound", recording=None)
    assert (await house.get("sam", "/conversations/no-sound/audio"))[0] == 404


@pytest.mark.parametrize(
    "head, kind",
    [
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\0\0\0\0AVI fmt ", "application/octet-stream"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"OggS\0", "audio/ogg"),
        (b"fLaC\0", "audio/flac"),
        (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        (b"\x1aE\xdf\xa3", "audio/webm"),
        (b"<html><script>", "application/octet-stream"),
        (b"\xff", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_content_type_is_read_from_the_bytes(head: bytes, kind: str) -> None:
    assert sniff(head) == kind

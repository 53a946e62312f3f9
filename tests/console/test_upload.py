"""Uploads: what is kept, what is refused, what was there already; a recording's own pages."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import FormData

from console.variables import defaults, lines_of, read_lines
from core.errors import BadInput, Unavailable
from core.recording import ChannelLayout, Recording, RecordingState
from core.settings import Settings
from store import audit, recordings
from store.files import StoredFiles
from tests.console.conftest import START, House, write_tone

GOOD = {
    "channels": "customer,agent", "scorecard": "service", "agent": " Ann ", "external_id": "CRM-7",
    "variables": "company=Acme & Sons\n\n product = lamp \n",
}  # fmt: skip


def tone(folder: Path, seconds: float = 1.0) -> bytes:
    path = folder / f"tone-{seconds}.wav"
    write_tone(path, seconds)
    return path.read_bytes()


async def send(
    house: House,
    *files: tuple[str, bytes],
    fields: Mapping[str, str] | None = None,
    script: bool = True,
) -> tuple[int, str, str]:
    client = await house.visitor("sam")
    form = FormData(quote_fields=False, default_to_multipart=True)
    form.add_field("csrf", house.csrf["sam"])
    for name, value in (fields or {}).items():
        form.add_field(name, value)
    for name, content in files:
        form.add_field("files", BytesIO(content), filename=name, content_type="audio/wav")
    headers = {"Accept": "application/json"} if script else {}
    async with client.post("/upload", data=form, headers=headers, allow_redirects=False) as given:
        return given.status, await given.text(), given.headers.get("Location", "")


async def kept(house: House) -> list[Recording]:
    async with house.database.reading() as session:
        return await recordings.open_list(session)


async def test_an_upload_is_kept_with_all_that_was_said_about_it(
    house: House, tmp_path: Path
) -> None:
    sound = tone(tmp_path)
    status, text, _ = await send(house, ("C:\\calls\\monday <1>.wav", sound), fields=GOOD)
    assert status == 201
    [file] = json.loads(text)["files"]
    assert (file["name"], file["is_new"]) == ("monday <1>.wav", True)
    [one] = await kept(house)
    assert file["url"] == f"/recordings/{one.id}"
    assert one.state is RecordingState.RECEIVED
    assert (one.name, one.agent, one.external_id) == ("monday <1>.wav", "Ann", "CRM-7")
    assert (one.layout, one.scorecard) == (ChannelLayout.CUSTOMER_AGENT, "service")
    assert one.variables == {"company": "Acme & Sons", "product": "lamp"}
    assert one.delete_after == START + timedelta(days=90)
    assert (house.files.folder / one.id).read_bytes() == sound
    async with house.database.reading() as session:
        rows = await audit.rows_of(session, one.id)
    assert [row.action for row in rows] == ["recording.uploaded"]


@pytest.mark.parametrize(
    ("channels", "layout"),
    [
        ("find", ChannelLayout.FIND),
        ("inbound", ChannelLayout.CUSTOMER_AGENT),
        ("outbound", ChannelLayout.FIND),
        ("mono", ChannelLayout.MONO),
        ("", ChannelLayout.AGENT_CUSTOMER),
        ("sideways", None),
    ],
)
async def test_channels_are_told_by_name_or_by_who_rang(
    house: House, tmp_path: Path, channels: str, layout: ChannelLayout | None
) -> None:
    _, text = await house.get("sam", "/upload")
    assert (f'value="{channels}"' in text.split('name="scorecard"')[0]) is (
        channels not in ("", "sideways")
    )
    status, _, _ = await send(house, ("a.wav", tone(tmp_path)), fields={"channels": channels})
    assert status == (201 if layout else 400)
    assert [one.layout for one in await kept(house)] == ([layout] if layout else [])


async def test_the_same_file_twice_is_recognised_and_linked(house: House, tmp_path: Path) -> None:
    sound = tone(tmp_path)
    _, first, _ = await send(house, ("a.wav", sound))
    status, second, _ = await send(house, ("b.wav", sound))
    assert status == 201
    [old], [again] = json.loads(first)["files"], json.loads(second)["files"]
    assert again == {**old, "is_new": False}
    assert len(await kept(house)) == 1
    assert len(list(house.settings.recordings.iterdir())) == 1
    _, _, location = await send(house, ("c.wav", sound), script=False)
    status, text = await house.get("sam", location)
    assert "was here already" in text


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        (GOOD, None, ""),
        ({}, None, ""),
        ({"variables": "company=Acme\nnonsense"}, "variables", "line 2: 'nonsense'"),
        ({"channels": "sideways"}, None, "'sideways' is not one of"),
        ({"scorecard": "none"}, None, "There is no scorecard 'none'"),
    ],
)
async def test_the_fields_are_checked_before_a_file_is_sent(
    house: House, fields: dict[str, str], field: str | None, message: str
) -> None:
    status, text, _ = await house.post("sam", "/upload/check", fields)
    found = json.loads(text)
    if not message:
        assert (status, found) == (200, {"is_right": True})
        return
    assert (status, found["error"].get("field")) == (400, field)
    assert message in found["error"]["message"]


async def test_a_plain_form_brings_several_files(house: House, tmp_path: Path) -> None:
    files = [(f"{n}.wav", tone(tmp_path, n)) for n in (1, 2)]
    status, _, location = await send(house, *files, script=False)
    assert (status, location) == (303, "/conversations")
    assert {one.name for one in await kept(house)} == {"1.wav", "2.wav"}


@pytest.mark.parametrize(
    "name, content, error",
    [
        ("empty.wav", b"", "empty.wav is empty (0 bytes)"),
        ("notes.wav", b"Dear Sam, these are my notes.\n" * 50, "notes.wav is not sound"),
        ("list.m3u8", b"#EXTM3U\nfile:///etc/passwd\n", "list.m3u8 is not sound"),
    ],
)
async def test_what_is_no_sound_is_refused_and_nothing_is_kept(
    house: House, name: str, content: bytes, error: str
) -> None:
    status, text, _ = await send(house, (name, content))
    assert status == 400
    assert error in json.loads(text)["error"]["message"]
    assert ".draft" not in text
    assert await kept(house) == []
    assert list(house.settings.recordings.iterdir()) == []


async def test_a_file_above_the_limit_is_refused(house: House, tmp_path: Path) -> None:
    status, text, _ = await send(house, ("long.wav", tone(tmp_path, 80)))
    assert (status, "larger than 1 MiB" in text) == (400, True)
    assert list(house.settings.recordings.iterdir()) == []


async def test_a_full_disk_is_told_and_keeps_nothing(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Path:
        raise Unavailable("the recording could not be stored: No space left on device")

    monkeypatch.setattr(StoredFiles, "keep", refuse)
    status, text, _ = await send(house, ("a.wav", tone(tmp_path)))
    assert (status, "No space left" in text) == (503, True)
    assert await kept(house) == []
    assert list(house.settings.recordings.iterdir()) == []


@pytest.mark.parametrize(
    "field, value, error",
    [
        ("channels", "left,right", "Channels"),
        ("scorecard", "../../etc/passwd", "no scorecard"),
        ("variables", "company", "line 1"),
        ("variables", "company=Acme\n=x", "line 2"),
        ("variables", "x" * 20_001, "too long"),
    ],
)
async def test_a_wrong_field_is_named(
    house: House, tmp_path: Path, field: str, value: str, error: str
) -> None:
    status, text, _ = await send(house, ("a.wav", tone(tmp_path)), fields={field: value})
    assert (status, error in text) == (400, True)
    assert await kept(house) == []


async def test_an_upload_without_a_file_is_refused(house: House) -> None:
    status, text, _ = await send(house)
    assert (status, "at least one recording" in text) == (400, True)


async def test_the_form_is_filled_from_the_settings(house: House) -> None:
    _, text = await house.get("sam", "/upload")
    assert 'value="agent,customer" selected' in text
    assert '<option value="">service, and others that are for it</option>' in text
    assert '<option value="service">service alone</option>' in text
    assert "company=Acme</textarea>" in text


@pytest.mark.parametrize(
    "text, found",
    [
        ("", {}), ("company=A=B", {"company": "A=B"}),
        ("a=1\n\nb = two words ", {"a": "1", "b": "two words"}),
        ("company=", None), ("=x", None), ("Company=x", None), ("a b=x", None), ("a", None),
    ],
)  # fmt: skip
def test_variables_are_lines(text: str, found: dict[str, str] | None) -> None:
    if found is None:
        with pytest.raises(BadInput, match="line 1"):
            read_lines(text)
        return
    assert read_lines(text) == found
    assert read_lines(lines_of(found)) == found


def test_the_settings_words_win_over_the_company() -> None:
    settings = Settings(company="Acme", scorecard_variables={"company": "Acme Ltd", "x": "y"})
    assert defaults(settings) == {"company": "Acme Ltd", "x": "y"}


@pytest.fixture
async def failed_recording(house: House) -> str:
    write_tone(house.settings.recordings / "bad", 1.0)
    made = Recording(
        "bad", "b" * 64, "bad.wav", RecordingState.FAILED, START,
        error="bad.wav has 3 channels", attempts=3,
    )  # fmt: skip
    async with house.database.writing() as session:
        await recordings.receive(session, made)
    return "bad"


async def test_a_recordings_page_follows_its_state(house: House, failed_recording: str) -> None:
    _, text = await house.get("sam", "/recordings/bad")
    assert "bad.wav has 3 channels" in text
    assert "data-poll" not in text
    _, state = await house.get("sam", "/recordings/bad/state")
    assert json.loads(state) == {
        "state": "failed", "step": "This recording could not be worked on.",
        "error": "bad.wav has 3 channels", "conversation": None,
    }  # fmt: skip
    status, _, location = await house.post("sam", "/recordings/bad/retry")
    assert (status, location) == (303, "/recordings/bad")
    _, text = await house.get("sam", "/recordings/bad")
    assert re.search(r'data-poll="/recordings/bad/state"', text)
    status, text, _ = await house.post("sam", "/recordings/bad/retry")
    assert (status, "has not failed" in text) == (409, True)


async def test_a_failed_recording_is_deleted_with_its_file(
    house: House, failed_recording: str
) -> None:
    status, text = await house.get("sam", "/recordings/bad/delete")
    assert (status, "bad.wav" in text) == (200, True)
    assert (await house.post("sam", "/recordings/bad/delete"))[0] == 303
    assert await kept(house) == []
    assert list(house.settings.recordings.iterdir()) == []
    assert (await house.get("sam", "/recordings/bad"))[0] == 404
    async with house.database.reading() as session:
        assert [row.action for row in await audit.rows_of(session, "bad")] == ["recording.deleted"]


async def test_a_recording_with_a_conversation_is_deleted_on_its_page(
    house: House, call_id: str
) -> None:
    assert (await house.post("sam", "/recordings/r-call-1/delete"))[0] == 409
    _, text = await house.get("sam", "/recordings/r-call-1")
    assert 'href="/conversations/call-1"' in text

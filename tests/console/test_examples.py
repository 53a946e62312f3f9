"""Good examples in the console: what agents see and hear of a call is the snippet alone."""

import io
import json
import wave
from dataclasses import replace

import pytest

from core.recording import Mute
from core.spans import TimeSpan
from store import audit, conversations, recordings
from tests.build import turn
from tests.console.conftest import House

FORM = "/conversations/call-1/examples"
VALUES = {
    "title": "Sorry at once", "skill": "Empathy", "why": "Before all else.",
    "first": "1", "last": "2", "start": "", "end": "",
}  # fmt: skip


async def made(house: House, **changes: str) -> str:
    """Keep an example by the form; its path."""
    status, text, location = await house.post("sam", FORM, VALUES | changes)
    assert status == 303, text
    return location


async def published(house: House, **changes: str) -> str:
    path = await made(house, **changes)
    assert (await house.post("sam", f"{path}/publish", {"checked": "on"}))[0] == 303
    return path


async def sound(house: House, who: str, path: str) -> tuple[int, bytes]:
    client = await house.visitor(who)
    async with client.get(f"{path}/audio") as response:
        return response.status, await response.read()


def seconds_of(body: bytes) -> float:
    with wave.open(io.BytesIO(body)) as file:
        return float(file.getnframes() / file.getframerate())


async def test_a_finding_offers_its_turns(house: House, call_id: str) -> None:
    _, text = await house.get("sam", "/conversations/call-1")
    finding = text.split('id="finding-greeting"', 1)[1].split("</details>", 1)[0]
    assert f'href="{FORM}?question=greeting"' in finding
    _, text = await house.get("sam", f"{FORM}?question=empathy")
    assert '<option value="1" selected>2 ' in text
    assert '<option value="2" selected>3 ' in text
    assert "&lt;b&gt;broke&lt;/b&gt;" in text
    assert (await house.get("sam", "/conversations/none/examples"))[0] == 404


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"title": " "}, "a title"),
        ({"skill": ""}, "Name the skill"),
        ({"why": ""}, "why this is good"),
        ({"first": "2", "last": "1"}, "in their order"),
        ({"first": "7"}, "first and a last turn"),
        ({"first": "-1"}, "first and a last turn"),
        ({"last": "x"}, "first and a last turn"),
        ({"start": "4", "end": ""}, "both seconds"),
        ({"start": "four", "end": "5"}, "both seconds"),
        ({"start": "nan", "end": "5"}, "finite seconds"),
        ({"start": "0", "end": "5"}, "from second 4"),
        ({"start": "6", "end": "5"}, "start"),
    ],
)
async def test_what_is_no_example_is_refused_and_kept_in_the_form(
    house: House, call_id: str, changes: dict[str, str], message: str
) -> None:
    status, text, _ = await house.post("sam", FORM, VALUES | changes)
    assert status == 400
    assert message in text.split('role="alert">', 1)[1].split("</p>", 1)[0]
    if "title" not in changes:
        assert 'value="Sorry at once"' in text
    assert "There is none yet" in (await house.get("sam", "/examples"))[1]


async def test_agents_see_it_once_it_is_published(house: House, call_id: str) -> None:
    path = await made(house)
    for page in (path, f"{path}/audio"):
        assert (await house.get("ann", page))[0] == 404
    assert "Sorry at once" not in (await house.get("ann", "/examples"))[1]
    assert "not published" in (await house.get("sam", "/examples"))[1]
    status, text, _ = await house.post("sam", f"{path}/publish")
    assert (status, "no customer can be recognised" in text) == (400, True)
    assert (await house.get("ann", path))[0] == 404

    assert (await house.post("sam", f"{path}/publish", {"checked": "on"}))[0] == 303
    assert "Sorry at once" in (await house.get("ann", "/examples"))[1]
    assert (await house.get("ben", path))[0] == 200
    assert (await sound(house, "ben", path))[0] == 200
    assert (await house.post("sam", f"{path}/take-back"))[0] == 303
    assert (await house.get("ben", path))[0] == 404
    assert (await sound(house, "ben", path))[0] == 404


async def test_agents_get_the_snippets_words_and_sound_and_no_more(
    house: House, call_id: str
) -> None:
    path = await published(house, start="4.9", end="8.9")
    _, text = await house.get("ben", path)
    assert "broke" in text
    assert "I am sorry" in text
    assert "My lamp" not in text, "it is said before the sound begins"
    assert "hear that" not in text, "and this after it ends"
    assert "Thank you for calling" not in text
    assert "call-1" not in text, "nothing leads to the call"
    assert ">Ann<" not in text.split("<main", 1)[1], "roles, no names"
    status, body = await sound(house, "ben", path)
    assert status == 200
    assert seconds_of(body) == pytest.approx(4.0, abs=0.001)
    assert (await house.get("ben", "/conversations/call-1"))[0] == 404
    assert (await house.get("ben", "/conversations/call-1/audio"))[0] == 404


async def test_a_player_gets_the_range_it_asks_for(house: House, call_id: str) -> None:
    path = await published(house)
    _, whole = await sound(house, "ben", path)
    client = await house.visitor("ben")
    async with client.get(f"{path}/audio", headers={"Range": "bytes=100-199"}) as response:
        assert response.status == 206
        assert response.headers["Content-Type"] == "audio/wav"
        assert await response.read() == whole[100:200]
    async with house.database.reading() as session:
        rows = await audit.rows_of(session, path.rpartition("/")[2])
    assert [row.action for row in rows] == [
        "example.made", "example.published", "example.listened"
    ], "one listen is one row"  # fmt: skip


async def test_what_is_silenced_later_is_not_played_as_it_was(house: House, call_id: str) -> None:
    path = await published(house)
    assert (await sound(house, "ben", path))[0] == 200
    mutes = (Mute(TimeSpan(4.5, 5.5)),)
    async with house.database.writing() as session:
        await recordings.hear_again(session, "r-call-1", mutes)
    status, body = await sound(house, "ben", path)
    assert (status, b"being silenced" in body) == (404, True)
    async with house.database.reading() as session:
        recording = await recordings.find(session, "r-call-1")
    assert recording is not None
    silent = (house.files.folder / "r-call-1").read_bytes()
    with house.files.muting(recording) as target:
        target.write_bytes(silent[:44] + bytes(len(silent) - 44))
    status, body = await sound(house, "ben", path)
    assert status == 200
    assert not any(body[100:]), "it is cut out of the silenced copy"


async def test_a_call_that_was_heard_anew_shows_nothing_wrong(house: House, call_id: str) -> None:
    path = await published(house)
    async with house.database.writing() as session:
        heard = await conversations.get(session, "call-1")
        anew = replace(heard, turns=(turn("agent", "other words", start=0, id="n0"),))
        await conversations.replace_turns(session, anew)
    _, text = await house.get("ben", path)
    assert "written down anew" in text
    assert "<audio" not in text
    assert (await sound(house, "ben", path))[0] == 404


async def test_erasing_the_call_removes_words_sound_and_example(house: House, call_id: str) -> None:
    path = await published(house)
    assert (await sound(house, "ben", path))[0] == 200
    assert len(list(house.settings.recordings.iterdir())) == 2
    assert (await house.post("sam", "/conversations/call-1/delete"))[0] == 303
    assert (await house.get("ben", path))[0] == 404
    assert (await sound(house, "ben", path))[0] == 404
    assert list(house.settings.recordings.iterdir()) == []


async def test_an_example_is_deleted_and_the_call_stays(house: House, call_id: str) -> None:
    path = await published(house)
    await sound(house, "ben", path)
    assert (await house.post("sam", f"{path}/delete"))[0] == 303
    assert (await house.get("sam", path))[0] == 404
    assert (await house.get("sam", "/conversations/call-1"))[0] == 200
    assert [one.name for one in house.settings.recordings.iterdir()] == ["r-call-1"]


async def test_programs_read_and_write_the_same(house: House, call_id: str) -> None:
    status, text, _ = await house.post("sam", FORM, VALUES, script=True)
    assert status == 201
    path = f"/examples/{json.loads(text)['id']}"
    status, text, _ = await house.post("sam", f"{path}/publish", {"checked": "on"}, script=True)
    assert (status, json.loads(text)["id"]) == (200, path.rpartition("/")[2])
    client = await house.visitor("ben")
    accept = {"Accept": "application/json"}
    async with client.get("/examples", headers=accept) as response:
        (one,) = (await response.json())["examples"]
    assert (one["title"], one["start"]) == ("Sorry at once", pytest.approx(4.1))
    async with client.get(path, headers=accept) as response:
        told = await response.json()
    assert [line["role"] for line in told["lines"]] == ["customer", "agent"]
    status, text, _ = await house.post("sam", FORM, VALUES | {"why": ""}, script=True)
    assert (status, json.loads(text)["error"]["code"]) == (400, "BadInput")


async def test_a_task_leads_to_examples_of_its_skill(house: House, call_id: str) -> None:
    path = await published(house)
    task = {
        "question": "empathy", "agent": house.people["ann"].id, "skill": "Empathy",
        "due": "2026-12-01", "note": "Say sorry first.",
    }  # fmt: skip
    _, _, location = await house.post("sam", "/conversations/call-1/coaching", task)
    assert f'href="{path}"' in (await house.get("ann", location))[1]
    await house.post("sam", f"{path}/take-back")
    assert f'href="{path}"' not in (await house.get("ann", location))[1]

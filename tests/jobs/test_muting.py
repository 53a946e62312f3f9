"""What is muted is heard by nobody: not by the recogniser, not by people, not a second time."""

import asyncio
import os
import wave
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from console.sound import sniff
from core.conversation import Event, EventKind
from core.errors import BadInput, NotFound
from core.recording import ChannelLayout, Mute, Recording, RecordingState, covers
from core.settings import Settings
from core.spans import TimeSpan
from jobs import steps
from jobs.ingest import IngestRequest, receive_file
from jobs.main import ingest_files
from jobs.place import Ears, Place
from jobs.retention import Retention
from jobs.running import Ending
from store import conversations, erasure, evaluations, recordings
from tests.jobs.parrot import Parrot
from tests.jobs.sound import call_file
from tests.speech.sounds import write

NOW = datetime.now(UTC)
FIRST = (Mute(TimeSpan(0.0, 3.1)),)  # all that the first channel says
SECOND = (Mute(TimeSpan(3.1, 5.9), 1),)


async def received(place: Place, call: Path, mutes: tuple[Mute, ...] = FIRST) -> Recording:
    return (await receive_file(place, IngestRequest(call, mutes=mutes), now=NOW))[0]


async def stored(place: Place, recording_id: str) -> Recording:
    async with place.database.reading() as session:
        return await recordings.get(session, recording_id)


async def done(place: Place, recording: Recording) -> Recording:
    assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.DONE
    recording = await stored(place, recording.id)
    assert await steps.score(place, recording.conversation or "", worker="w/1") is Ending.DONE
    return await stored(place, recording.id)


def heard(place: Place, recording: Recording) -> Path:
    """Where what may be heard of a recording lies."""
    path = place.files.heard(recording).path
    assert path is not None
    return path


def samples(path: Path) -> np.ndarray:
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2).T


async def test_muted_before_it_is_heard(place: Place, call: Path) -> None:
    recording = await done(place, await received(place, call))
    assert (place.files.folder / recording.id).read_bytes() == call.read_bytes()
    copy = samples(heard(place, recording))
    assert not copy[:, : round(3.1 * 16_000)].any()
    assert np.array_equal(copy[:, round(3.2 * 16_000) :], samples(call)[:, round(3.2 * 16_000) :])
    async with place.database.reading() as session:
        conversation = await conversations.get(session, recording.conversation or "")
    assert [turn.speech.speaker for turn in conversation.turns if turn.speech] == ["channel 2"]
    muted = [event for event in conversation.events if event.kind is EventKind.MUTED]
    assert [(event.span, event.note) for event in muted] == [(TimeSpan(0.0, 3.1), None)]
    assert conversation.measures is not None
    assert conversation.measures.dead_air == ()
    assert conversation.measures.excluded == (TimeSpan(0.0, 3.1),)


async def test_until_the_copy_is_made_nobody_hears_anything(place: Place, call: Path) -> None:
    recording = await received(place, call)
    with pytest.raises(NotFound, match="being silenced"):
        place.files.heard(recording)
    recording = await done(place, recording)
    more = replace(recording, mutes=(*recording.mutes, *SECOND))
    with pytest.raises(NotFound):  # a copy with less silence is not taken for it
        place.files.heard(more)


async def test_a_known_call_of_which_more_is_muted_is_heard_anew(place: Place, call: Path) -> None:
    recording, is_new = await receive_file(place, IngestRequest(call), now=NOW)
    assert is_new
    recording = await done(place, recording)
    async with place.database.reading() as session:
        before = await evaluations.latest(session, recording.conversation or "")
    assert before is not None
    for mutes, spoken in ((FIRST, {"channel 2"}), (SECOND, set())):
        again = await received(place, call, mutes)
        assert (again.id, again.state) == (recording.id, RecordingState.RECEIVED)
        recording = await done(place, again)
        async with place.database.reading() as session:
            conversation = await conversations.get(session, recording.conversation or "")
        assert {turn.speech.speaker for turn in conversation.turns if turn.speech} == spoken
    assert recording.mutes == (*FIRST, *SECOND)
    muted = [event for event in conversation.events if event.kind is EventKind.MUTED]
    assert [(event.span, event.note) for event in muted] == [
        (TimeSpan(0.0, 3.1), None),
        (TimeSpan(3.1, 5.9), "channel 2"),
    ]
    kept = sorted(path.name for path in place.files.folder.iterdir())
    assert kept == sorted([recording.id, heard(place, recording).name])


async def test_the_same_mutes_again_change_nothing(place: Place, call: Path) -> None:
    await done(place, await received(place, call))
    within = (Mute(TimeSpan(1.0, 2.0)), Mute(TimeSpan(0.5, 3.1), 1))
    for mutes in (FIRST, (), within):
        again = await received(place, call, mutes)
        assert (again.state, again.mutes) == (RecordingState.SCORED, FIRST)


@pytest.mark.parametrize(
    ("known", "wanted", "covered"),
    [
        ([(0, 5, None)], (1, 2, None), True),
        ([(0, 5, None)], (1, 2, 1), True),
        ([(0, 3, None), (3, 5, None)], (1, 4, None), True),
        ([(0, 3, 0), (0, 2, 1)], (0, 2, None), True),
        ([(0, 3, 0), (0, 2, 1)], (0, 3, None), False),
        ([(0, 3, 0)], (1, 2, 1), False),
        ([(0, 3, None), (3.5, 5, None)], (1, 4, None), False),
        ([(0, 5, None)], (4, 6, None), False),
        ([], (0, 1, 0), False),
    ],
)
def test_silence_is_more_only_where_seconds_are_not_silent_yet(
    known: list[tuple[float, float, int | None]],
    wanted: tuple[float, float, int | None],
    covered: bool,
) -> None:
    def made(start: float, end: float, channel: int | None) -> Mute:
        return Mute(TimeSpan(start, end), channel)

    assert covers([made(*one) for one in known], made(*wanted)) is covered


async def test_who_silences_more_is_told_that_the_call_is_heard_anew(
    place: Place, settings: Settings, call: Path
) -> None:
    await done(place, (await receive_file(place, IngestRequest(call), now=NOW))[0])
    requests = [IngestRequest(call, mutes=mutes) for mutes in (FIRST, FIRST)]
    outcomes = await ingest_files(settings, requests, lambda *_: None, ears=Ears(Parrot))
    assert [(one.duplicate, one.heard_again) for one in outcomes] == [(True, True), (True, False)]


@pytest.mark.parametrize(("start", "end"), [(100.0, 200.0), (5.0, 7.0)])
async def test_what_lies_behind_the_end_is_refused(
    place: Place, call: Path, start: float, end: float
) -> None:
    with pytest.raises(BadInput, match=r"the recording ends at 6\.0 s"):
        await received(place, call, (Mute(TimeSpan(start, end)),))
    assert not list(place.files.folder.glob("*"))
    await received(place, call, (Mute(TimeSpan(5.0, 6.1)),))


async def test_what_a_worker_hears_meanwhile_is_not_kept(place: Place, call: Path) -> None:
    recording, _ = await receive_file(place, IngestRequest(call), now=NOW)
    loop = asyncio.get_running_loop()

    def mute_now() -> None:
        place.ears.engine.before = lambda: None  # type: ignore[attr-defined] # a parrot's
        asyncio.run_coroutine_threadsafe(received(place, call), loop).result(30)

    place.ears.engine.before = mute_now  # type: ignore[attr-defined] # a parrot's
    assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.LOST
    recording = await done(place, await stored(place, recording.id))
    async with place.database.reading() as session:
        conversation = await conversations.get(session, recording.conversation or "")
    assert "anna" not in " ".join(turn.text for turn in conversation.turns)


async def test_a_channel_that_is_not_there_leaves_nothing(place: Place, tmp_path: Path) -> None:
    mono = call_file(tmp_path / "mono.wav", (0, 0.3, 2.0), channels=1)
    with pytest.raises(BadInput, match="no channel 2"):
        await received(place, mono, SECOND)
    assert not list(place.files.folder.glob("*"))


async def test_the_copy_goes_with_its_recording(place: Place, call: Path) -> None:
    recording = await done(place, await received(place, call))
    async with place.database.writing() as session:
        await erasure.erase_conversation(
            session, recording.conversation or "", actor="test", now=NOW
        )
    copy = heard(place, recording)
    old = (NOW - timedelta(days=3)).timestamp()
    for path in (copy, place.files.folder / recording.id):
        os.utime(path, (old, old))
    other = await received(place, call_file(call.with_name("b.wav"), (1, 0.2, 2.0)), ())
    await Retention(place).tidy(NOW)
    assert [path.name for path in place.files.folder.iterdir()] == [other.id]


async def test_notes_and_quality_are_kept_with_the_recording(place: Place, call: Path) -> None:
    recording = await done(place, await received(place, call))
    assert recording.notes == ("Nobody speaks on channel 1.",)
    assert recording.quality["codec"] == "pcm_s16le"
    channels = recording.quality["channels"]
    assert isinstance(channels, list) and len(channels) == 2
    assert isinstance(channels[1], dict)
    assert channels[1]["level_dbfs"] == pytest.approx(-20, abs=12)


async def test_a_copy_in_another_coding_is_said(place: Place, call: Path, tmp_path: Path) -> None:
    path = tmp_path / "call.mp3"
    sound = (samples(call) / 32768).astype(np.float32)
    write(path, sound, "libmp3lame")
    recording = await done(place, await received(place, path))
    assert recording.notes[-1] == "The silenced copy was encoded again, as mp3."
    assert sniff(heard(place, recording).read_bytes()[:12]) == "audio/mpeg"


async def test_the_agent_is_found_by_the_name_the_call_came_with(place: Place, call: Path) -> None:
    """The parrot's first channel greets with Harbour & Pine and offers help."""
    for company in ("Harbour & Pine", "Acme"):
        path = call_file(
            call.with_name(f"{company}.wav"), (0, 0.3, 3.0), (1, 3.2, 5.7 - len(company) / 50)
        )
        request = IngestRequest(path, layout=ChannelLayout.FIND, variables={"company": company})
        recording, _ = await receive_file(place, request, now=NOW)
        recording = await done(place, recording)
        assert recording.layout is ChannelLayout.AGENT_CUSTOMER
        greets = "greets with the company" in recording.notes[-1]
        assert greets is (company == "Harbour & Pine")


async def test_holds_of_a_call_heard_anew_are_no_dead_air(place: Place, tmp_path: Path) -> None:
    quiet = call_file(tmp_path / "quiet.wav", (0, 0.3, 2.0), (1, 9.0, 11.0), seconds=12.0)
    recording = await done(place, await received(place, quiet, ()))
    held = Event(EventKind.HELD, NOW, "Anna", span=TimeSpan(2.5, 9.0))
    dead = []
    async with place.database.writing() as session:
        before = await conversations.get(session, recording.conversation or "")
        await conversations.add_event(session, before.id, held)
        await recordings.hear_again(session, recording.id, ())
    after = await done(place, await stored(place, recording.id))
    async with place.database.reading() as session:
        again = await conversations.get(session, after.conversation or "")
    for conversation in (before, again):
        assert conversation.measures is not None
        dead.append(len(conversation.measures.dead_air))
    assert dead == [1, 0]
    assert held in again.events

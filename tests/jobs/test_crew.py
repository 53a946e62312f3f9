"""The real worker program with its real queue and recogniser, killed at every kind of moment."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.recording import Recording, RecordingState
from core.settings import Settings
from jobs.ingest import IngestRequest, receive_file
from jobs.place import Place, opened
from speech.choice import find_moonshine
from store import conversations, recordings
from store.tables import ConversationRow, EvaluationRow, RecordingRow, TranscriptRow
from tests.speech.sounds import after, beside, has_flite, say, silence, write

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds; the machine may be busy with other tests
FINISHED = (RecordingState.SCORED, RecordingState.FAILED)

pytestmark = [
    pytest.mark.services,
    pytest.mark.weights,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not has_flite(), reason="flite is not installed (Debian: apt install flite)"
    ),
    pytest.mark.skipif(
        find_moonshine(Settings(models=ROOT / "models")) is None,
        reason="Moonshine's weights are not in models/; run `parley models pull asr`",
    ),
]


class Crew:
    """`python -m jobs` for one folder, started, killed and ended by its pid."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.main: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        own = {
            "PARLEY_VAR": str(self.settings.var),
            "PARLEY_MODELS": str(ROOT / "models"),
            "PARLEY_ASR_ENGINE": "moonshine",
            "PARLEY_CLAIM_SECONDS": "5",
            "PARLEY_SWEEP_SECONDS": "2",
        }
        self.main = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "jobs", cwd=ROOT, env={**os.environ, **own}
        )

    def pids(self) -> dict[int, str]:
        """All processes of this folder's crew, and what they were started with."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"PARLEY_VAR={self.settings.var}".encode() in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        return found

    async def kill_main(self) -> None:
        assert self.main is not None
        self.main.kill()
        await self.main.wait()

    async def kill_all(self) -> None:
        """As when the machine loses its power."""
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.main is not None
        await self.main.wait()

    async def kill_speech(self) -> None:
        """The recogniser's processes only: the program goes on and starts another."""
        for pid, line in self.pids().items():
            if "jobs.queue speech" in line:
                os.kill(pid, signal.SIGKILL)

    async def end(self) -> float:
        """End it as supervisor does; the seconds it took."""
        assert self.main is not None
        begun = time.monotonic()
        self.main.terminate()
        await asyncio.wait_for(self.main.wait(), 30)
        return time.monotonic() - begun


@pytest.fixture
async def own_place(settings: Settings) -> AsyncIterator[Place]:
    """The database as the console sees it: rows are only written, nobody is told."""
    async with opened(settings) as place:
        yield place


@pytest.fixture
async def crew(settings: Settings) -> AsyncIterator[Crew]:
    made = Crew(settings)
    yield made
    if made.main is not None and made.main.returncode is None:
        await made.end()
    await made.kill_all()


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    limit = time.monotonic() + PATIENCE
    while not await is_so():
        assert time.monotonic() < limit, "it took too long"
        await asyncio.sleep(0.02)


def spoken(folder: Path, order: str) -> Path:
    agent = say("Thank you for calling Harbour and Pine. How can I help you today?", folder)
    customer = say(f"Hello. Where is my order? The number is {order}.", folder)
    call = beside(after(agent, silence(5)), after(silence(agent.shape[1] / 16_000 + 0.5), customer))
    return write(folder / f"{order.replace(' ', '-')}.wav", call)


async def upload(place: Place, path: Path) -> Recording:
    recording, is_new = await receive_file(place, IngestRequest(path), now=datetime.now(UTC))
    assert is_new
    return recording


async def row(place: Place, recording: Recording) -> RecordingRow:
    async with place.database.reading() as session:
        found = await session.get(RecordingRow, recording.id)
    assert found is not None
    return found


async def all_finished(place: Place) -> bool:
    async with place.database.reading() as session:
        states = list(await session.scalars(select(RecordingRow.state)))
    return all(RecordingState(state) in FINISHED for state in states)


async def counts(place: Place) -> list[int]:
    async with place.database.reading() as session:
        return [
            await session.scalar(select(func.count()).select_from(table)) or 0
            for table in (RecordingRow, TranscriptRow, ConversationRow, EvaluationRow)
        ]


async def test_killed_at_any_moment_every_recording_is_finished_once(
    own_place: Place, crew: Crew, tmp_path: Path
) -> None:
    place = own_place

    async def heard_now(recording: Recording) -> bool:
        found = await row(place, recording)
        return found.state == "received" and found.claimed_by is not None

    async def is_transcribed(recording: Recording) -> bool:
        return (await row(place, recording)).state != "received"

    kills: list[tuple[str, Callable[[Recording], Awaitable[bool]], Callable[[], Awaitable[None]]]]
    kills = [
        ("one two", heard_now, crew.kill_all),
        ("three four", heard_now, crew.kill_main),
        ("five six", is_transcribed, crew.kill_all),
        ("seven eight", heard_now, crew.kill_speech),
        ("nine ten", is_transcribed, crew.kill_main),
    ]
    for order, moment, kill in kills:
        if crew.main is None or crew.main.returncode is not None:
            await crew.start()
        recording = await upload(place, spoken(tmp_path, order))

        async def has_come(recording: Recording = recording) -> bool:
            return await moment(recording)  # noqa: B023 -- awaited before the next round

        await until(has_come)
        await kill()
    if crew.main is None or crew.main.returncode is not None:
        await crew.start()
    await until(lambda: all_finished(place))
    assert await counts(place) == [len(kills)] * 4
    async with place.database.reading() as session:
        for recording_id in list(await session.scalars(select(RecordingRow.id))):
            done = await recordings.get(session, recording_id)
            assert (done.state, done.error) == (RecordingState.SCORED, None)
            conversation = await conversations.get(session, recording_id)
            said = " ".join(turn.text.lower() for turn in conversation.turns)
            assert "for calling harbor" in said.replace("harbour", "harbor")
            assert "where is my order" in said


async def test_end_leaves_nothing_behind_and_the_next_goes_on_at_once(
    own_place: Place, crew: Crew, tmp_path: Path
) -> None:
    place = own_place
    await crew.start()
    recording = await upload(place, spoken(tmp_path, "one two"))

    async def is_claimed() -> bool:
        return (await row(place, recording)).claimed_by is not None

    await until(is_claimed)
    assert await crew.end() < 9.0  # supervisor would kill it after 10 s
    assert crew.pids() == {}
    assert (await row(place, recording)).claimed_by is None
    await crew.start()
    await until(lambda: all_finished(place))
    assert await counts(place) == [1] * 4


async def test_children_leave_with_their_parent(own_place: Place, crew: Crew) -> None:
    del own_place
    await crew.start()

    async def is_complete() -> bool:
        return sum("jobs.queue" in line for line in crew.pids().values()) == 4  # 2 with a fork each

    async def is_gone() -> bool:
        return not crew.pids()

    await until(is_complete)
    await crew.kill_main()
    await until(is_gone)


async def test_file_in_the_inbox_comes_to_its_score(
    own_place: Place, crew: Crew, tmp_path: Path
) -> None:
    place = own_place
    inbox = place.settings.inbox
    inbox.mkdir(parents=True)
    spoken(tmp_path, "one two").rename(inbox / "call.wav")
    (inbox / "letter.wav").write_text("Dear Sir or Madam")
    await crew.start()

    async def is_put_away() -> bool:
        taken = not (inbox / "call.wav").exists()
        return taken and (inbox / "failed" / "letter.wav.txt").exists()

    await until(is_put_away)
    assert await counts(place) == [1] * 4

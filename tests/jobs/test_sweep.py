"""News: once when a row is first due, again when it was lost, never piled up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from core.recording import Recording, RecordingState
from jobs import steps
from jobs.app import SCORE, TRANSCRIBE
from jobs.place import Place
from jobs.running import Ending
from jobs.sweep import Sweep
from store import recordings
from store.tables import RecordingRow

NOW = datetime.now(UTC)
MINUTE = timedelta(seconds=61)


class Postbox:
    """A broker whose messages are taken by hand."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.left = 0

    def send(self, task: str, subject: str) -> None:
        self.sent.append((task, subject))
        self.left += 1

    def waiting(self, task: str) -> int:
        assert task in (TRANSCRIBE, SCORE)
        return self.left


@pytest.fixture
def post() -> Postbox:
    return Postbox()


@pytest.fixture
def sweep(place: Place, post: Postbox) -> Sweep:
    return Sweep(place, post)


async def test_received_row_is_told_once(sweep: Sweep, post: Postbox, recording: Recording) -> None:
    assert await sweep.look(NOW) == 1
    assert await sweep.look(NOW + timedelta(seconds=2)) == 0
    assert post.sent == [(TRANSCRIBE, recording.id)]


async def test_transcribed_row_is_told_as_a_score(
    place: Place, sweep: Sweep, post: Postbox, recording: Recording
) -> None:
    assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.DONE
    assert await sweep.look(datetime.now(UTC)) == 1
    assert post.sent == [(SCORE, recording.id)]
    assert await steps.score(place, recording.id, worker="w/2") is Ending.DONE
    assert await sweep.look(datetime.now(UTC)) == 0


async def test_news_is_repeated_only_when_it_was_lost(
    sweep: Sweep, post: Postbox, recording: Recording
) -> None:
    await sweep.look(NOW)
    assert await sweep.look(NOW + MINUTE) == 0  # it still waits behind a long call
    post.left = 0
    assert await sweep.look(NOW + timedelta(seconds=50)) == 0
    assert await sweep.look(NOW + MINUTE) == 1
    assert await sweep.look(NOW + MINUTE + timedelta(seconds=2)) == 0


async def test_claimed_row_is_told_when_its_claim_expires(
    place: Place, sweep: Sweep, post: Postbox, recording: Recording
) -> None:
    async with place.database.writing() as session:
        assert await recordings.claim(
            session, recording.id, recording.state, worker="dead/1", now=NOW, seconds=5
        )
    assert await sweep.look(NOW + timedelta(seconds=4)) == 0
    assert await sweep.look(NOW + timedelta(seconds=6)) == 1
    assert post.sent == [(TRANSCRIBE, recording.id)]


async def test_failed_row_is_no_news(
    place: Place, sweep: Sweep, post: Postbox, recording: Recording
) -> None:
    async with place.database.writing() as session:
        await session.execute(update(RecordingRow).values(state="failed"))
    assert await sweep.look(NOW) == 0
    async with place.database.writing() as session:
        assert await recordings.retry(session, recording.id)
    assert await sweep.look(NOW) == 1


async def test_a_heap_of_due_rows_is_told_in_parts(
    place: Place, sweep: Sweep, post: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.sweep.MOST", 2)
    async with place.database.writing() as session:
        for number in range(5):
            moment = NOW - timedelta(hours=1) + timedelta(seconds=number)
            made = Recording(
                f"r{number}", f"{number}" * 64, "a.wav", RecordingState.RECEIVED, moment
            )
            await recordings.receive(session, made)
            if number == 0:  # heard, and waiting for its score: no news for the ears
                await session.execute(update(RecordingRow).values(state="transcribed"))
    assert await sweep.look(NOW) == 2
    assert await sweep.look(NOW) == 0
    async with place.database.writing() as session:
        for name in ("r1", "r2"):
            assert await recordings.claim(
                session, name, RecordingState.RECEIVED, worker="w/1", now=NOW, seconds=60
            )
    assert await sweep.look(NOW) == 2
    assert [subject for _, subject in post.sent] == ["r1", "r2", "r3", "r4"]

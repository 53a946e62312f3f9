"""What workers ask of the store: claims renewed, given back, broken off and taken from the dead."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.conversation import Conversation
from core.errors import Unavailable
from core.recording import ChannelLayout, Recording, RecordingState
from store import conversations, evaluations, recordings
from store.database import Database
from store.files import StoredFiles
from store.mapping import turn_row
from tests.build import call

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(seconds=61)
RECEIVED, TRANSCRIBED = RecordingState.RECEIVED, RecordingState.TRANSCRIBED


async def receive(database: Database, id: str = "r1") -> None:
    recording = Recording(id, id[-1] * 64, "call.wav", RECEIVED, NOW)
    async with database.writing() as session:
        await recordings.receive(session, recording)


async def due_score(database: Database, conversation: Conversation | None = None) -> None:
    made = conversation or call(("agent", "hello"), ("customer", "hi"))
    async with database.writing() as session:
        await conversations.add(session, made, now=NOW)
        await evaluations.ask(session, made.id)


async def test_attempt_that_was_broken_off_is_not_counted(database: Database) -> None:
    await receive(database)
    async with database.writing() as session:
        for counted, attempts in ((True, 1), (False, 1), (True, 2)):
            assert await recordings.claim(
                session, "r1", RECEIVED, worker="a/1", now=NOW, seconds=60
            )
            assert await recordings.release(session, "r1", worker="a/1", counted=counted)
            assert (await recordings.get(session, "r1")).attempts == attempts


async def test_claims_of_a_dead_worker_are_given_back_and_no_others(database: Database) -> None:
    for name in ("r1", "r2", "r3"):
        await receive(database, name)
    async with database.writing() as session:
        for name, worker in (("r1", "a_b/1"), ("r2", "a_b/2"), ("r3", "axb/1")):
            assert await recordings.claim(
                session, name, RECEIVED, worker=worker, now=NOW, seconds=60
            )
        assert await recordings.release_all(session, "a_b/", counted=False) == 2
        assert await recordings.due(session, now=NOW) == ["r1", "r2"]
        assert (await recordings.get(session, "r1")).attempts == 0
        assert (await recordings.get(session, "r3")).attempts == 1


async def test_settling_touches_a_transcribed_recording_only(database: Database) -> None:
    await receive(database)
    async with database.writing() as session:
        assert not await recordings.settle(session, "c1", RecordingState.SCORED)
        await recordings.claim(session, "r1", RECEIVED, worker="a/1", now=NOW, seconds=60)
        await recordings.advance(session, "r1", TRANSCRIBED, worker="a/1", conversation_id="c1")
        assert not await recordings.settle(session, "c2", RecordingState.SCORED)
        assert await recordings.settle(session, "c1", RecordingState.SCORED)
        assert not await recordings.settle(session, "c1", RecordingState.FAILED, error="late")
        settled = await recordings.get(session, "r1")
    assert (settled.state, settled.error) == (RecordingState.SCORED, None)


async def test_retry_may_tell_it_differently(database: Database) -> None:
    await receive(database)
    async with database.writing() as session:
        assert not await recordings.retry(session, "r1", agent="Ben")
        await recordings.claim(session, "r1", RECEIVED, worker="a/1", now=NOW, seconds=60)
        assert await recordings.fail(session, "r1", worker="a/1", reason="no model")
        assert await recordings.retry(session, "r1", agent="Ben", layout="customer,agent")
        again = await recordings.get(session, "r1")
    assert (again.state, again.error, again.attempts) == (RECEIVED, None, 0)
    assert (again.agent, again.layout) == ("Ben", ChannelLayout.CUSTOMER_AGENT)


async def test_score_claim_is_renewed_and_given_back(database: Database) -> None:
    await due_score(database)
    async with database.writing() as session:
        assert await evaluations.claim(session, "c1", worker="a/1", now=NOW, seconds=60)
        assert await evaluations.attempts(session, "c1") == 1
        assert not await evaluations.renew(session, "c1", worker="b/1", now=NOW, seconds=60)
        assert await evaluations.renew(session, "c1", worker="a/1", now=LATER, seconds=60)
        assert not await evaluations.claim(session, "c1", worker="b/1", now=LATER, seconds=60)
        pause = LATER + timedelta(seconds=5)
        assert await evaluations.release(session, "c1", worker="a/1", until=pause)
        assert not await evaluations.claim(session, "c1", worker="b/1", now=LATER, seconds=60)
        after = pause + timedelta(seconds=1)
        assert await evaluations.due(session, now=after) == ["c1"]
        assert await evaluations.claim(session, "c1", worker="b/1", now=after, seconds=60)
        assert await evaluations.attempts(session, "c1") == 2
        assert await evaluations.release_all(session, "b/", counted=False) == 1
        assert await evaluations.attempts(session, "c1") == 1


async def test_score_asked_for_anew_takes_the_claim_away(database: Database) -> None:
    await due_score(database)
    async with database.writing() as session:
        assert await evaluations.claim(session, "c1", worker="a/1", now=NOW, seconds=60)
        await evaluations.ask(session, "c1", "service")
        assert not await evaluations.finish(session, "c1", worker="a/1")
        assert await evaluations.claim(session, "c1", worker="b/1", now=NOW, seconds=60)
    async with database.writing() as session:
        await conversations.swap_roles(session, "c1", actor="u1", now=NOW)
    async with database.writing() as session:
        assert not await evaluations.finish(session, "c1", worker="b/1")
        assert await evaluations.due(session, now=NOW) == ["c1"]


async def test_call_heard_again_keeps_what_is_known_now(database: Database) -> None:
    await due_score(database)
    again = call(("customer", "good morning"))
    known = Conversation(
        id=again.id,
        channel=again.channel,
        turns=again.turns,
        agent="Ben",
        external_id="crm-8",
        engine="parrot",
        variables={"company": "Acme"},
    )
    async with database.writing() as session:
        await conversations.replace_turns(session, known)
    async with database.reading() as session:
        stored = await conversations.get(session, again.id)
    assert [turn.text for turn in stored.turns] == ["good morning"]
    assert (stored.agent, stored.external_id, stored.engine) == ("Ben", "crm-8", "parrot")
    assert stored.variables == {"company": "Acme"}


def test_stale_drafts_are_thrown_away_and_nothing_else(tmp_path: Path) -> None:
    files = StoredFiles(tmp_path / "recordings")
    assert files.drop_stale(before=NOW) == 0
    files.folder.mkdir()
    for name, age in ((".draft-old", 3600), (".draft-new", 0), ("01recording", 3600)):
        path = files.folder / name
        path.write_bytes(b"x")
        os.utime(path, (NOW.timestamp() - age,) * 2)
    assert files.drop_stale(before=NOW - timedelta(minutes=30)) == 1
    assert sorted(path.name for path in files.folder.iterdir()) == [".draft-new", "01recording"]


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "call.wav").write_bytes(b"x")
    files = StoredFiles(tmp_path / "file" / "recordings")
    with pytest.raises(Unavailable, match="could not be stored"):
        files.copy_in(tmp_path / "call.wav")


async def test_errors_of_statements_carry_no_words(database: Database) -> None:
    await due_score(database)
    with pytest.raises(Exception, match=r"(?i)unique") as caught:
        async with database.writing() as session:
            session.add_all(
                turn_row("c1", 0, turn) for turn in call(("customer", "my secret words")).turns
            )
    assert "my secret words" not in str(caught.value)

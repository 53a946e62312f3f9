"""Each step happens once, whoever tries, however often, and whatever breaks."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select, update

from core.conversation import Channel, Event, EventKind, Role, Turn
from core.errors import ModelUnavailable, Unavailable
from core.evaluation import Evaluation
from core.people import Address, AddressKind
from core.recording import ChannelLayout, Recording, RecordingState
from core.spans import TimeSpan
from jobs import steps
from jobs.claims import ClaimLost, HearingClaim, held
from jobs.ingest import IngestRequest, receive_file
from jobs.place import Ears, Place
from jobs.running import MOST_EXPIRED, Ending
from speech.voices.diarization import Source, Voices, VoiceSpan
from store import agent_voices, conversations, evaluations, recordings, transcripts
from store.tables import ConversationRow, EvaluationRow, RecordingRow, TurnRow
from tests.jobs.parrot import SAYS, Parrot
from tests.jobs.sound import call_file

NOW = datetime.now(UTC)


async def now_is(place: Place, recording: str) -> Recording:
    async with place.database.reading() as session:
        return await recordings.get(session, recording)


async def count(place: Place, table: type) -> int:
    async with place.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def evaluation_of(place: Place, conversation: str) -> Evaluation | None:
    async with place.database.reading() as session:
        return await evaluations.latest(session, conversation)


async def pause_is_over(place: Place) -> None:
    async with place.database.writing() as session:
        await session.execute(update(RecordingRow).values(claimed_until=None))
        await session.execute(update(ConversationRow).values(claimed_until=None))


async def heard(place: Place, recording: Recording) -> str:
    assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.DONE
    done = await now_is(place, recording.id)
    assert done.conversation is not None
    return done.conversation


async def test_recording_becomes_a_conversation_and_a_score(
    place: Place, recording: Recording
) -> None:
    stages: list[tuple[str, float]] = []
    ending = await steps.transcribe(
        place, recording.id, worker="w/1", report=lambda stage, done: stages.append((stage, done))
    )
    assert ending is Ending.DONE
    transcribed = await now_is(place, recording.id)
    assert transcribed.state is RecordingState.TRANSCRIBED
    assert transcribed.duration == pytest.approx(6.0, abs=0.01)
    assert transcribed.layout is ChannelLayout.AGENT_CUSTOMER
    assert stages[-1] == ("transcribing", 1.0)
    async with place.database.reading() as session:
        conversation = await conversations.get(session, recording.id)
        transcript = await transcripts.find(session, recording.id)
    assert transcript is not None
    assert (transcript.engine, transcript.model) == ("parrot", "grey")
    assert [(turn.role, turn.text) for turn in conversation.turns] == [
        (Role.AGENT, SAYS[0]),
        (Role.CUSTOMER, SAYS[1]),
    ]
    assert conversation.channel is Channel.VOICE
    assert (conversation.agent, conversation.external_id) == ("Anna", "crm-7")
    assert conversation.recording == recording.id
    assert conversation.engine == "parrot grey (1)"
    assert conversation.variables == {"company": "Harbour & Pine"}

    assert await steps.score(place, conversation.id, worker="w/2") is Ending.DONE
    assert (await now_is(place, recording.id)).state is RecordingState.SCORED
    evaluation = await evaluation_of(place, conversation.id)
    assert evaluation is not None
    assert evaluation.scorecard == "service"
    assert evaluation.variables["company"] == "Harbour & Pine"


async def test_a_files_hour_is_known_only_where_it_was_told(place: Place, call: Path) -> None:
    moment = NOW - timedelta(days=3)
    for opened_at in (None, moment):
        path = call_file(call, (0, 0.3, 3.0), seconds=6.0 if opened_at else 5.0)
        request = IngestRequest(path, opened_at=opened_at)
        made, _ = await receive_file(place, request, now=NOW)
        async with place.database.reading() as session:
            conversation = await conversations.get(session, await heard(place, made))
        assert conversation.opened_at == (opened_at or NOW)
        assert conversation.events == (Event(EventKind.OPENED, opened_at),)


async def test_a_recording_heard_again_takes_the_hour_it_was_told_then(
    place: Place, recording: Recording
) -> None:
    await heard(place, recording)
    moment = NOW - timedelta(days=3)
    async with place.database.writing() as session:
        found = await conversations.get(session, recording.id)
        events = (Event(EventKind.OPENED, moment),)
        told = replace(found, opened_at=moment, closed_at=NOW, events=events)
        await conversations.replace_turns(session, told)
    async with place.database.reading() as session:
        again = await conversations.get(session, recording.id)
    assert (again.opened_at, again.events) == (moment, events)


async def test_steps_repeated_change_nothing(place: Place, recording: Recording) -> None:
    conversation = await heard(place, recording)
    assert await steps.transcribe(place, recording.id, worker="w/2") is Ending.ELSEWHERE
    assert await steps.score(place, conversation, worker="w/3") is Ending.DONE
    first = await evaluation_of(place, conversation)
    assert await steps.transcribe(place, recording.id, worker="w/4") is Ending.ELSEWHERE
    assert await steps.score(place, conversation, worker="w/5") is Ending.ELSEWHERE
    assert await evaluation_of(place, conversation) == first
    assert (await count(place, ConversationRow), await count(place, TurnRow)) == (1, 2)
    assert await count(place, EvaluationRow) == 1


async def test_two_workers_at_once_do_a_step_once(
    place: Place, recording: Recording, parrot: Parrot
) -> None:
    endings = await asyncio.gather(
        *(steps.transcribe(place, recording.id, worker=f"w/{number}") for number in range(4))
    )
    assert sorted(endings) == [Ending.DONE, *[Ending.ELSEWHERE] * 3]
    assert parrot.asked == 2  # one piece per channel


async def test_claim_taken_over_writes_nothing(
    place: Place, recording: Recording, parrot: Parrot
) -> None:
    speaking, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        speaking.set()
        go_on.wait(10)

    parrot.before = wait
    slow = asyncio.create_task(steps.transcribe(place, recording.id, worker="slow/1"))
    await asyncio.to_thread(speaking.wait, 10)
    async with place.database.writing() as session:
        assert await recordings.release_all(session, "slow/") == 1
        assert await recordings.claim(
            session,
            recording.id,
            RecordingState.RECEIVED,
            worker="b/1",
            now=datetime.now(UTC),
            seconds=600,
        )
    go_on.set()
    assert await slow is Ending.LOST
    assert (await now_is(place, recording.id)).state is RecordingState.RECEIVED
    assert await count(place, ConversationRow) == 0
    async with place.database.reading() as session:
        assert await transcripts.find(session, recording.id) is None


async def test_claim_is_renewed_while_the_work_goes_on(place: Place, recording: Recording) -> None:
    claim = HearingClaim(recording.id, "w/1", seconds=0.6)
    async with place.database.writing() as session:
        assert await claim.take(session, now=datetime.now(UTC)) == 1
    async with held(place.database, claim) as hold:
        await asyncio.sleep(1.0)
        hold.check()
        async with place.database.reading() as session:
            assert await recordings.due(session, now=datetime.now(UTC)) == []
        async with place.database.writing() as session:
            await recordings.release_all(session, "w/")
        await asyncio.sleep(0.5)
        with pytest.raises(ClaimLost):
            hold.check()


async def test_roles_swapped_while_scoring_score_again(
    place: Place, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await heard(place, recording)
    async with place.database.writing() as session:
        claimed = await evaluations.claim(
            session, conversation, worker="w/1", now=datetime.now(UTC), seconds=60
        )
        assert claimed
    async with place.database.writing() as session:
        await conversations.swap_roles(session, conversation, actor="u1", now=NOW)
    async with place.database.writing() as session:
        assert not await evaluations.finish(session, conversation, worker="w/1")
    assert await steps.score(place, conversation, worker="w/2") is Ending.DONE
    async with place.database.reading() as session:
        made = await conversations.get(session, conversation)
    assert [turn.role for turn in made.turns] == [Role.CUSTOMER, Role.AGENT]


async def test_silent_call_is_a_conversation_without_turns(place: Place, tmp_path: Path) -> None:
    path = call_file(tmp_path / "silent.wav", seconds=2.0)
    recording, _ = await receive_file(place, IngestRequest(path), now=NOW)
    conversation = await heard(place, recording)
    assert await steps.score(place, conversation, worker="w/2") is Ending.DONE
    async with place.database.reading() as session:
        assert (await conversations.get(session, conversation)).turns == ()
    evaluation = await evaluation_of(place, conversation)
    assert evaluation is not None
    assert evaluation.score is None


async def test_mono_call_names_nobody(place: Place, tmp_path: Path) -> None:
    path = call_file(tmp_path / "mono.wav", (0, 0.3, 2.5), channels=1)
    recording, _ = await receive_file(place, IngestRequest(path), now=NOW)
    conversation = await heard(place, recording)
    assert (await now_is(place, recording.id)).layout is ChannelLayout.MONO
    async with place.database.reading() as session:
        turns = (await conversations.get(session, conversation)).turns
    assert {turn.role for turn in turns} == {Role.UNKNOWN}


class TwoVoices:
    """Tells a recording's halves apart."""

    def describe(self) -> str:
        return "made networks"

    def find_voices(
        self, sound: Source, duration: float, voiced: Sequence[TimeSpan], *, count: int
    ) -> Voices:
        half = duration / 2
        spans = (VoiceSpan(TimeSpan(0.0, half), 0), VoiceSpan(TimeSpan(half, duration), 1))
        return Voices(spans, np.eye(2, 3, dtype=np.float32))


async def test_an_enrolled_agent_is_recognised_in_a_mono_call(
    place: Place, parrot: Parrot, tmp_path: Path
) -> None:
    """The second voice is an agent's who was enrolled; the same agent's old networks do no harm."""
    async with place.database.writing() as session:
        for model, vector in (("made networks", (0.0, 1.0, 0.0)), ("others", (1.0, 0.0, 0.0))):
            await agent_voices.enrol(
                session, name="Sam", model=model, vector=vector, actor="cli", now=NOW
            )
    telling = replace(place, ears=Ears(lambda: parrot, TwoVoices))
    path = call_file(tmp_path / "mono.wav", (0, 0.3, 2.5), (0, 3.2, 5.7), channels=1)
    recording, _ = await receive_file(place, IngestRequest(path), now=NOW)
    conversation = await heard(telling, recording)
    async with place.database.reading() as session:
        made = await conversations.get(session, conversation)
    assert [turn.role for turn in made.turns] == [Role.CUSTOMER, Role.AGENT]
    assert [turn.author for turn in made.turns] == [None, "Sam"]
    assert made.agent == "Sam"


async def test_sound_that_cannot_be_heard_fails_at_once(place: Place, recording: Recording) -> None:
    (place.files.folder / recording.id).write_text("not sound")
    assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.FAILED
    failed = await now_is(place, recording.id)
    assert failed.state is RecordingState.FAILED
    assert "not sound that can be read" in (failed.error or "")
    assert await count(place, ConversationRow) == 0


async def test_missing_model_fails_with_the_command_that_mends_it(
    place: Place, recording: Recording
) -> None:
    def load() -> Parrot:
        raise ModelUnavailable("no model; run `parley models pull asr`")

    without = replace(place, ears=Ears(load))
    assert await steps.transcribe(without, recording.id, worker="w/1") is Ending.BROKEN
    assert "parley models pull asr" in ((await now_is(place, recording.id)).error or "")
    async with place.database.writing() as session:
        assert await recordings.retry(session, recording.id)
    await heard(place, recording)


async def test_what_may_pass_is_tried_again_up_to_the_limit(
    place: Place, recording: Recording, parrot: Parrot
) -> None:
    def fail() -> None:
        raise Unavailable("the engine's server is away", retryable=True)

    parrot.before = fail
    for attempt in (1, 2):
        assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.AGAIN
        assert (await now_is(place, recording.id)).attempts == attempt
        assert await steps.transcribe(place, recording.id, worker="w/2") is Ending.ELSEWHERE
        await pause_is_over(place)
    assert await steps.transcribe(place, recording.id, worker="w/1") is Ending.BROKEN
    error = (await now_is(place, recording.id)).error
    assert error == "the engine's server is away (tried 3 times)"


async def test_unforeseen_error_is_raised_and_counted(
    place: Place, recording: Recording, parrot: Parrot
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("the customer's words")

    parrot.before = fail
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await steps.transcribe(place, recording.id, worker="w/1")
        await pause_is_over(place)
    failed = await now_is(place, recording.id)
    assert failed.state is RecordingState.FAILED
    assert failed.error == "unexpected ZeroDivisionError (tried 3 times)"


async def test_work_broken_off_is_free_at_once_and_does_not_count(
    place: Place, recording: Recording, parrot: Parrot
) -> None:
    speaking, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        speaking.set()
        go_on.wait(10)

    parrot.before = wait
    task = asyncio.create_task(steps.transcribe(place, recording.id, worker="w/1"))
    await asyncio.to_thread(speaking.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    assert (await now_is(place, recording.id)).attempts == 0
    await heard(place, recording)


@pytest.mark.parametrize(
    ("ended", "ending"), [(MOST_EXPIRED - 1, Ending.DONE), (MOST_EXPIRED, Ending.BROKEN)]
)
async def test_recording_that_ends_each_worker_is_given_up(
    place: Place, recording: Recording, ended: int, ending: Ending
) -> None:
    async with place.database.writing() as session:
        await session.execute(
            update(RecordingRow).values(
                attempts=ended, claimed_by="dead/1", claimed_until=NOW - timedelta(seconds=1)
            )
        )
    assert await steps.transcribe(place, recording.id, worker="w/1") is ending


async def test_failed_recording_heard_again_stays_one_conversation(
    place: Place, recording: Recording
) -> None:
    conversation = await heard(place, recording)
    async with place.database.writing() as session:
        await evaluations.ask(session, conversation, "gone.yml")
    assert await steps.score(place, conversation, worker="w/1") is Ending.FAILED
    failed = await now_is(place, recording.id)
    assert failed.state is RecordingState.FAILED
    assert "gone.yml" in (failed.error or "")
    async with place.database.writing() as session:
        assert await recordings.retry(session, recording.id, scorecard="service")
    assert await heard(place, recording) == conversation
    assert await steps.score(place, conversation, worker="w/2") is Ending.DONE
    assert (await now_is(place, recording.id)).state is RecordingState.SCORED
    assert (await count(place, ConversationRow), await count(place, TurnRow)) == (1, 2)


async def test_later_score_that_fails_leaves_the_recording_scored(
    place: Place, recording: Recording
) -> None:
    conversation = await heard(place, recording)
    assert await steps.score(place, conversation, worker="w/1") is Ending.DONE
    async with place.database.writing() as session:
        await evaluations.ask(session, conversation, "gone.yml")
    assert await steps.score(place, conversation, worker="w/1") is Ending.FAILED
    assert (await now_is(place, recording.id)).state is RecordingState.SCORED
    assert await evaluation_of(place, conversation) is not None


async def test_closed_chat_is_scored(place: Place) -> None:
    async with place.database.writing() as session:
        chat = await conversations.open_chat(
            session, Channel.WEB, Address(AddressKind.WEB, "visitor-1"), now=NOW
        )
        turn = Turn("t0", Role.CUSTOMER, "where is my order", said_at=NOW)
        await conversations.append_turn(session, chat.id, turn, now=NOW)
        await evaluations.ask(session, chat.id)
    assert await steps.score(place, chat.id, worker="w/1") is Ending.DONE
    evaluation = await evaluation_of(place, chat.id)
    assert evaluation is not None
    assert evaluation.variables["company"] == place.settings.company


async def test_deleted_while_it_was_heard_stays_deleted(
    place: Place, recording: Recording, parrot: Parrot
) -> None:
    async with place.database.writing() as session:
        assert not await recordings.settle(session, "nothing", RecordingState.SCORED)
    speaking, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        speaking.set()
        go_on.wait(10)

    parrot.before = wait
    slow = asyncio.create_task(steps.transcribe(place, recording.id, worker="w/1"))
    await asyncio.to_thread(speaking.wait, 10)
    async with place.database.writing() as session:
        row = await session.get(RecordingRow, recording.id)
        await session.delete(row)
    go_on.set()
    assert await slow is Ending.LOST
    assert await count(place, ConversationRow) == 0


async def test_a_heart_that_stops_is_told(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    beaten = asyncio.Event()

    async def fail(*_: object, **__: object) -> bool:
        beaten.set()
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(recordings, "renew", fail)
    async with held(place.database, HearingClaim("r1", "w/1", seconds=0.03)):
        await beaten.wait()
        await asyncio.sleep(0.5)  # until its transaction is rolled back
    assert "the claim on recording r1 was not kept alive" in caplog.text

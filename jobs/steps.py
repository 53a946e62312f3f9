"""The steps: a received recording is heard, a conversation that is due is scored.

Each may be repeated at any moment: it begins with a claim, and all it writes is one transaction
that checks the claim.
"""

import asyncio
import functools
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from core.call import CallRecording
from core.conversation import Channel, Conversation, Event, EventKind, JsonValue
from core.evaluation import Evaluation
from core.ids import new_id
from core.people import AgentVoice
from core.recording import Mute, Recording, RecordingState
from core.scorecard import Scorecard
from core.spans import TimeSpan
from jobs.cards import cards_for
from jobs.claims import ClaimLost, HearingClaim, Hold, ScoreClaim
from jobs.gates import Gates, submit
from jobs.place import Place
from jobs.running import Ending, run
from jobs.spoken import began, with_spans, within_call
from language.encoder import find_folder
from language.pipeline import Pipeline
from language.sentiment import load_model
from qa.scoring import evaluate, settle_variables
from qa.vectors import Vectors, load_vectors
from speech.audio import probe
from speech.hearing import Heard
from speech.muting import mute
from store import (
    agent_voices,
    calls,
    conversations,
    evaluations,
    recordings,
    rescoring,
    transcripts,
)

Report: TypeAlias = Callable[[str, float], None]  # stage, how much of it is done (0..1)

SCORING = "scoring"
SILENT = frozenset({EventKind.HELD, EventKind.RECORDING_PAUSED})


def worker_name(node: str = "") -> str:
    """A name for one attempt: claims of one node can be given back when the node is gone."""
    return f"{node or f'{_own_machine()}{os.getpid()}'}/{new_id()}"


def is_gone(node: str) -> bool:
    """Whether a node was a process of this machine and of this name space that has ended."""
    pid = node.removeprefix(_own_machine())
    if pid == node or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)  # asks, and sends nothing
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # it lives, and is another user's
        return False
    return False


def _own_machine() -> str:
    """A prefix that containers of one host name do not share: they do not see each other."""
    try:
        space = f"{Path('/proc/self/ns/pid').stat().st_ino}-"
    except OSError:  # no Linux, so no such name spaces
        space = ""
    return f"{socket.gethostname()}-{space}"


async def transcribe(
    place: Place, recording_id: str, *, worker: str, report: Report | None = None
) -> Ending:
    """Received → transcribed: the transcript and the conversation that it is."""
    claim = HearingClaim(recording_id, worker, place.settings.claim_seconds)
    return await run(place, claim, functools.partial(_transcribe, place, claim, report or _quietly))


async def score(
    place: Place, conversation_id: str, *, worker: str, report: Report | None = None
) -> Ending:
    """Due → scored: the evaluation, and the recording it came from is finished."""
    claim = ScoreClaim(conversation_id, worker, place.settings.claim_seconds)
    return await run(place, claim, functools.partial(_score, place, claim, report or _quietly))


async def _transcribe(place: Place, claim: HearingClaim, report: Report, hold: Hold) -> None:
    async with place.database.reading() as session:
        recording = await recordings.get(session, claim.recording)
        told = await calls.recording_behind(session, recording.id)
        silent = await _silent(session, recording, told)
        known = await agent_voices.everyone(session)
    work = functools.partial(_hear, silent=silent, known=known)
    heard = await asyncio.to_thread(work, place, recording, hold, _on_loop(report))
    if told is not None and recording.opened_at is None:
        recording = replace(recording, opened_at=began(told))
    conversation = conversation_of(recording, heard, engine=place.ears.engine.describe().label)
    async with place.database.writing() as session:
        await _advance(session, claim, recording, heard, conversation)
        await transcripts.save(session, heard.transcript)
        await _store(session, conversation, told)
        await evaluations.ask(session, conversation.id, recording.scorecard)


async def _silent(
    session: AsyncSession, recording: Recording, told: CallRecording | None
) -> list[TimeSpan]:
    """Where silence is nobody's: mutes, and the holds and pauses of a call that is heard anew."""
    known = await conversations.find(session, recording.conversation or recording.id)
    events = known.events if known else ()
    if told is not None:
        events = with_spans(events, began(told))
    held = [event.span for event in events if event.kind in SILENT and event.span]
    return [*(mute.span for mute in recording.mutes), *held]


def _hear(
    place: Place,
    recording: Recording,
    hold: Hold,
    report: Report,
    *,
    silent: Sequence[TimeSpan],
    known: Sequence[AgentVoice],
) -> Heard:
    def progress(stage: str, done: float, total: float) -> None:
        hold.check()
        report(stage, min(1.0, done / total) if total else 1.0)

    note = _silence(place, recording)
    with place.files.at_hand(recording) as sound:
        heard = place.hear(
            sound,
            recording=recording.id,
            layout=recording.layout,
            excluded=silent,
            company=recording.variables.get("company", ""),
            progress=progress,
            known=known,
        )
    return replace(heard, notes=(*heard.notes, note)) if note else heard


def _silence(place: Place, recording: Recording) -> str:
    """Before anything of a recording is heard, silence what is muted; what to say about it."""
    if not recording.mutes:
        return ""
    with place.files.original(recording) as sound:
        file = probe(sound, max_hours=place.settings.max_recording_hours)
        with place.files.muting(recording) as target:
            return mute(file, recording.mutes, target).note


def conversation_of(recording: Recording, heard: Heard, *, engine: str) -> Conversation:
    """The conversation a recording is; its id follows from the recording's, so there is one.

    A file does not say when it was spoken. Unless somebody told, the conversation is listed at the
    moment at which it was received, and the event of its opening has no time.
    """
    opened_at = recording.opened_at or recording.received_at
    return Conversation(
        id=recording.conversation or recording.id,
        channel=Channel.VOICE,
        turns=heard.turns,
        events=(Event(EventKind.OPENED, recording.opened_at), *map(_muted, recording.mutes)),
        opened_at=opened_at,
        closed_at=opened_at + timedelta(seconds=heard.duration),
        language=heard.transcript.language,
        external_id=recording.external_id,
        agent=recording.agent or _recognised(heard),
        recording=recording.id,
        engine=engine,
        variables=recording.variables,
        measures=heard.measures,
        queue=recording.queue,
        direction=recording.direction,
    )


def _muted(mute: Mute) -> Event:
    note = None if mute.channel is None else f"channel {mute.channel + 1}"
    return Event(EventKind.MUTED, None, note=note, span=mute.span)


def quality_of(heard: Heard) -> dict[str, JsonValue]:
    """The quality note as plain values: the file's coding, and the figures of its channels."""
    channels: list[JsonValue] = [asdict(channel) for channel in heard.quality]
    return {
        "container": heard.file.container,
        "codec": heard.file.codec,
        "sample_rate_hz": heard.file.sample_rate_hz,
        "channels": channels,
    }


def _recognised(heard: Heard) -> str | None:
    """The agent whose enrolled voice was heard, when it was one."""
    names = {turn.author for turn in heard.turns if turn.author}
    return names.pop() if len(names) == 1 else None


async def _advance(
    session: AsyncSession,
    claim: HearingClaim,
    recording: Recording,
    heard: Heard,
    conversation: Conversation,
) -> None:
    is_ours = await recordings.advance(
        session,
        recording.id,
        RecordingState.TRANSCRIBED,
        worker=claim.worker,
        conversation_id=conversation.id,
        duration=heard.duration,
        sample_rate_hz=heard.file.sample_rate_hz,
        layout=heard.layout.value,
        incomplete_at=heard.incomplete_at,
        notes=list(heard.notes),
        quality=quality_of(heard),
    )
    if not is_ours:
        raise ClaimLost(f"the claim on recording {recording.id} was lost")


async def _store(
    session: AsyncSession, conversation: Conversation, told: CallRecording | None
) -> None:
    known = await conversations.find(session, conversation.id)
    if known is None:
        await conversations.add(session, conversation, now=datetime.now(UTC))
        return
    if told is not None and known.id == told.conversation:  # what was said before it stays
        await conversations.put_in(session, within_call(known, conversation, began(told)))
    else:  # a recording that had failed, or of which more is silenced, is heard again
        await conversations.replace_turns(session, conversation)
    await evaluations.forget(session, conversation.id)
    await rescoring.begin_again(session, conversation.id, now=datetime.now(UTC))


async def _score(place: Place, claim: ScoreClaim, report: Report, hold: Hold) -> None:
    report(SCORING, 0.0)
    async with place.database.reading() as session:
        conversation = await conversations.get(session, claim.conversation)
        scorecard = await evaluations.scorecard_of(session, claim.conversation)
    async with place.database.writing() as session:
        cards = await cards_for(session, place.settings, conversation, scorecard)
    made = [await asyncio.to_thread(_judge, place, conversation, card) for card in cards]
    judged = list(zip(made, cards, strict=True))
    async with place.database.reading() as session:
        sure = [each for each in judged if await _gates().submits(session, *each, conversation)]
    hold.check()
    async with place.database.writing() as session:
        if not await evaluations.finish(session, conversation.id, worker=claim.worker):
            raise ClaimLost(f"the claim on conversation {conversation.id} was lost")
        for evaluation, card in judged:
            await evaluations.save(session, evaluation)
            await rescoring.follow(session, evaluation, card)
        window = timedelta(days=place.settings.dispute_days)
        for each in sure:
            await submit(session, *each, window=window, now=datetime.now(UTC))
        await recordings.settle(session, conversation.id, RecordingState.SCORED)
    report(SCORING, 1.0)


def _judge(place: Place, conversation: Conversation, card: Scorecard) -> Evaluation:
    variables = settle_variables(
        card, conversation=conversation, house=place.settings.house_variables
    )
    encoder = find_folder(place.settings.models, place.settings.encoder_model)
    return evaluate(
        conversation,
        card,
        pipeline=_pipeline(),
        now=datetime.now(UTC),
        variables=variables,
        sentiment=load_model(encoder),
        vectors=_vectors(encoder),
    )


@functools.cache
def _pipeline() -> Pipeline:
    """One per process: it keeps the compiled phrases."""
    return Pipeline()


@functools.cache
def _vectors(folder: Path) -> Vectors | None:
    """One per process: it keeps what was encoded."""
    return load_vectors(folder)


@functools.cache
def _gates() -> Gates:
    """One per process: it keeps what it computed."""
    return Gates()


def _on_loop(report: Report) -> Report:
    """The same report, to be called from a thread."""
    loop = asyncio.get_running_loop()

    def forward(stage: str, done: float) -> None:
        loop.call_soon_threadsafe(report, stage, done)

    return forward


def _quietly(stage: str, done: float) -> None:
    """Report to nobody."""

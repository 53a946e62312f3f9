"""A recording that is part of a call which Parley answered: its turns go between the others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.call import CallRecording
from core.conversation import Conversation, Event, EventKind, Turn
from core.spans import TimeSpan


def began(told: CallRecording) -> datetime:
    """When its first second was; without that the latest moment at which it can have been."""
    return told.started_at or told.told_at - timedelta(seconds=told.duration or 0.0)


def within_call(call: Conversation, heard: Conversation, started_at: datetime) -> Conversation:
    """The call with what was heard in its recording, each turn where it was said.

    Turns that were put in before give way; who took the call, and what is known of it from the
    telephone, counts before what a recording tells.
    """
    written = [turn for turn in call.turns if turn.speech is None]
    turns = sorted([*written, *(_dated(turn, started_at) for turn in heard.turns)], key=_said_at)
    muted = tuple(event for event in heard.events if event.kind is EventKind.MUTED)
    others = [event for event in call.events if event.kind is not EventKind.MUTED]
    return replace(
        call,
        turns=tuple(turns),
        events=(*with_spans(others, started_at), *muted),
        recording=heard.recording,
        engine=heard.engine,
        language=heard.language or call.language,
        agent=call.agent or heard.agent,
        external_id=call.external_id or heard.external_id,
        queue=call.queue or heard.queue,
        direction=call.direction or heard.direction,
        measures=heard.measures,
    )


def with_spans(events: Sequence[Event], started_at: datetime) -> tuple[Event, ...]:
    """Pauses with their seconds in the recording; one that nobody ended lasts to its own moment."""
    found = list(events)
    for place, event in enumerate(found):
        if event.kind is not EventKind.RECORDING_PAUSED or event.at is None:
            continue
        after = [e.at for e in found[place + 1 :] if e.kind is EventKind.RECORDING_RESUMED and e.at]
        end = after[0] if after else event.at
        start_second = max(0.0, (event.at - started_at).total_seconds())
        end_second = max(start_second, (end - started_at).total_seconds())
        found[place] = replace(event, span=TimeSpan(start_second, end_second))
    return tuple(found)


def _dated(turn: Turn, started_at: datetime) -> Turn:
    start = turn.speech.span.start if turn.speech else 0.0
    return replace(turn, said_at=started_at + timedelta(seconds=start))


def _said_at(turn: Turn) -> datetime:
    if turn.said_at is None:
        raise AssertionError("a call's turns have their moments: each is stored as it is said")
    return turn.said_at

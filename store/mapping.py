"""Rows to core types and back."""

import json
from collections.abc import Iterable
from typing import Any

from core.conversation import (
    CallDirection,
    Channel,
    Conversation,
    Event,
    EventKind,
    Role,
    Speech,
    Timing,
    Turn,
    Word,
)
from core.spans import TimeSpan
from store.columns import AnyRow, table_of
from store.tables import ConversationRow, EventRow, TurnRow

# The columns that the functions below read, for statements without objects.
_C, _T, _E = (table_of(kind).c for kind in (ConversationRow, TurnRow, EventRow))
CONVERSATION = (
    *(_C.id, _C.channel, _C.opened_at, _C.closed_at, _C.language, _C.external_id, _C.agent),
    *(_C.customer, _C.recording_id, _C.engine, _C.previous_id, _C.variables, _C.labels),
    *(_C.queue, _C.direction),
)
TURN = (
    *(_T.id, _T.position, _T.role, _T.text, _T.said_at, _T.author, _T.replies_to),
    *(_T.start, _T.end, _T.speaker, _T.words),
)
EVENT = (_E.kind, _E.at, _E.actor, _E.note, _E.start, _E.end)


def conversation_of(
    row: ConversationRow | AnyRow, turns: Iterable[Turn], events: Iterable[Event]
) -> Conversation:
    """A whole conversation."""
    return Conversation(
        id=row.id,
        channel=Channel(row.channel),
        turns=tuple(turns),
        events=tuple(events),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        language=row.language,
        external_id=row.external_id,
        agent=row.agent,
        customer=row.customer,
        recording=row.recording_id,
        engine=row.engine,
        previous=row.previous_id,
        variables=row.variables,
        labels=row.labels,
        queue=row.queue,
        direction=CallDirection(row.direction) if row.direction else None,
    )


def turn_row(conversation_id: str, position: int, turn: Turn) -> TurnRow:
    """A row for `turn` at `position`, counted from 0."""
    return TurnRow(conversation_id=conversation_id, position=position, **turn_values(turn))


def turn_values(turn: Turn) -> dict[str, Any]:
    """The columns of that row but for its place: in which conversation, and where."""
    speech = turn.speech
    return {
        "id": turn.id,
        "role": turn.role.value,
        "text": turn.text,
        "said_at": turn.said_at,
        "author": turn.author,
        "replies_to": turn.replies_to,
        "start": speech.span.start if speech else None,
        "end": speech.span.end if speech else None,
        "speaker": speech.speaker if speech else None,
        "words": words_out(speech.words) if speech else None,
    }


def turn_of(row: TurnRow | AnyRow) -> Turn:
    """The turn of a row."""
    speech = None
    if row.start is not None and row.end is not None:
        speech = Speech(TimeSpan(row.start, row.end), row.speaker, words_in(row.words))
    return Turn(
        id=row.id,
        role=Role(row.role),
        text=row.text,
        said_at=row.said_at,
        speech=speech,
        author=row.author,
        replies_to=row.replies_to,
    )


def event_row(conversation_id: str, event: Event) -> EventRow:
    """A row for `event`."""
    return EventRow(**event_values(conversation_id, event))


def event_values(conversation_id: str, event: Event) -> dict[str, Any]:
    """The columns of that row."""
    return {
        "conversation_id": conversation_id,
        "kind": event.kind.value,
        "at": event.at,
        "actor": event.actor,
        "note": event.note,
        "start": event.span.start if event.span else None,
        "end": event.span.end if event.span else None,
    }


def event_of(row: EventRow | AnyRow) -> Event:
    """The event of a row."""
    span = None
    if row.start is not None and row.end is not None:
        span = TimeSpan(row.start, row.end)
    return Event(EventKind(row.kind), row.at, row.actor, row.note, span)


def words_out(words: tuple[Word, ...]) -> str:
    """Words as compact JSON: [text, start, end, probability, timing, and heard where it is set]."""
    rows = [
        [w.text, w.span.start, w.span.end, w.probability, w.timing.value]
        + ([] if w.heard is None else [w.heard])
        for w in words
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def words_in(packed: str | None) -> tuple[Word, ...]:
    """What `words_out` wrote."""
    rows: list[list[Any]] = json.loads(packed) if packed else []
    return tuple(
        Word(text, TimeSpan(start, end), probability, Timing(timing), *heard)
        for text, start, end, probability, timing, *heard in rows
    )

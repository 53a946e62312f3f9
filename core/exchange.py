"""The exchange format: one conversation as JSON, out and in again without loss.

Unknown keys are ignored; a wrong or missing one raises BadInput naming its path
(`turns[3].role`). docs/exchange-format.md shows the whole.
"""

from datetime import datetime

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
from core.exchange_measures import measures_in, measures_out
from core.exchange_reader import Json, Reader, WrongKey, located
from core.measures import CallMeasures


def to_exchange(conversation: Conversation) -> Json:
    """The conversation as plain JSON values; what is None or empty is left out."""
    return _present(
        {
            "id": conversation.id,
            "channel": conversation.channel.value,
            "opened_at": _moment_out(conversation.opened_at),
            "closed_at": _moment_out(conversation.closed_at),
            "language": conversation.language,
            "external_id": conversation.external_id,
            "agent": conversation.agent,
            "customer": conversation.customer,
            "recording": conversation.recording,
            "engine": conversation.engine,
            "previous": conversation.previous,
            "scorecard_variables": dict(conversation.variables),
            "labels": dict(conversation.labels),
            "queue": conversation.queue,
            "direction": conversation.direction.value if conversation.direction else None,
            "events": [_event_out(event) for event in conversation.events],
            "measures": measures_out(conversation.measures) if conversation.measures else None,
        }
    ) | {"turns": [_turn_out(turn) for turn in conversation.turns]}


def from_exchange(value: object) -> Conversation:
    """Read a conversation.

    Raises:
        BadInput: naming the path of the first wrong or missing key.
    """
    reader = Reader(value, "")
    conversation_id = reader.name("id")
    channel = reader.choice("channel", Channel)
    turns = _turns_in(reader.list("turns"), channel)
    opened_at, closed_at = reader.moment("opened_at"), reader.moment("closed_at")
    if opened_at and closed_at and closed_at < opened_at:
        raise WrongKey("closed_at: before opened_at")
    return located(
        "conversation",
        lambda: Conversation(
            id=conversation_id,
            channel=channel,
            turns=turns,
            events=tuple(_event_in(event) for event in reader.list("events", required=False)),
            opened_at=opened_at,
            closed_at=closed_at,
            language=reader.maybe_text("language"),
            external_id=reader.maybe_text("external_id"),
            agent=reader.maybe_text("agent"),
            customer=reader.maybe_text("customer"),
            recording=reader.maybe_text("recording"),
            engine=reader.maybe_text("engine"),
            previous=reader.maybe_text("previous"),
            variables=reader.texts("scorecard_variables"),
            labels=reader.mapping("labels"),
            measures=_measures_in(reader),
            queue=reader.maybe_text("queue"),
            direction=_direction_in(reader),
        ),
    )


def _turn_out(turn: Turn) -> Json:
    out = _present(
        {
            "id": turn.id,
            "said_at": _moment_out(turn.said_at),
            "author": turn.author,
            "replies_to": turn.replies_to,
        }
    ) | {"role": turn.role.value, "text": turn.text}
    if turn.speech:
        out |= {"start": turn.speech.span.start, "end": turn.speech.span.end}
        out |= _present(
            {
                "speaker": turn.speech.speaker,
                "words": [_word_out(word) for word in turn.speech.words],
            }
        )
    return out


def _word_out(word: Word) -> Json:
    return _present(
        {
            "text": word.text,
            "start": word.span.start,
            "end": word.span.end,
            "probability": word.probability,
            "timing": None if word.timing is Timing.HEARD else word.timing.value,
            "heard": word.heard,
        }
    )


def _event_out(event: Event) -> Json:
    return _present(
        {
            "kind": event.kind.value,
            "at": _moment_out(event.at),
            "actor": event.actor,
            "note": event.note,
            "start": event.span.start if event.span else None,
            "end": event.span.end if event.span else None,
        }
    )


def _turns_in(readers: tuple[Reader, ...], channel: Channel) -> tuple[Turn, ...]:
    given = [
        reader.name("id") if reader.value.get("id") is not None else None for reader in readers
    ]
    taken: set[str] = set()
    turns: list[Turn] = []
    latest = 0.0
    for index, reader in enumerate(readers):
        turn_id = given[index] or _free_id(index, {*given, *taken})
        if turn_id in taken:
            raise WrongKey(f"{reader.path}.id: {turn_id!r} is another turn's id")
        taken.add(turn_id)
        turn = _turn_in(reader, turn_id, channel)
        if turn.speech and turn.speech.span.start < latest:
            raise WrongKey(f"{reader.path}.start: before the start of the turn before it")
        latest = turn.speech.span.start if turn.speech else latest
        turns.append(turn)
    return tuple(turns)


def _free_id(index: int, taken: set[str | None]) -> str:
    made = f"t{index}"
    while made in taken:
        made += "_"
    return made


def _turn_in(reader: Reader, turn_id: str, channel: Channel) -> Turn:
    role, author = reader.choice("role", Role), reader.maybe_text("author")
    if author is not None and role is not Role.AGENT:
        raise WrongKey(f"{reader.path}.author: only an agent's turn has one, not the {role}'s")
    return located(
        reader.path,
        lambda: Turn(
            id=turn_id,
            role=role,
            text=reader.text("text", may_be_empty=True),
            said_at=reader.moment("said_at"),
            speech=_speech_in(reader, channel),
            author=author,
            replies_to=reader.maybe_text("replies_to"),
        ),
    )


def _speech_in(reader: Reader, channel: Channel) -> Speech | None:
    span = reader.span()
    readers = reader.list("words", required=False)
    words = tuple(_word_in(word) for word in readers)
    if span is None:
        if words:
            raise WrongKey(f"{reader.path}.start: words need the turn's start and end")
        return None
    if channel is not Channel.VOICE:
        raise WrongKey(f"{reader.path}.start: only a voice conversation has seconds, not {channel}")
    for before, word, place in zip(words, words[1:], readers[1:], strict=False):
        if word.span.start < before.span.start:
            raise WrongKey(f"{place.path}.start: before the start of the word before it")
    return Speech(span, reader.maybe_text("speaker"), words)


def _word_in(reader: Reader) -> Word:
    span, probability = reader.span(), reader.number("probability")
    if span is None:
        raise WrongKey(f"{reader.path}.start: missing")
    if probability is not None and not 0 <= probability <= 1:
        raise WrongKey(f"{reader.path}.probability: lies in 0..1, not {probability}")
    return located(
        reader.path,
        lambda: Word(
            reader.text("text"),
            span,
            probability,
            reader.choice("timing", Timing, default=Timing.HEARD),
            reader.maybe_text("heard"),
        ),
    )


def _measures_in(reader: Reader) -> CallMeasures | None:
    found = reader.maybe_object("measures")
    return None if found is None else measures_in(found)


def _direction_in(reader: Reader) -> CallDirection | None:
    is_given = reader.value.get("direction") is not None
    return reader.choice("direction", CallDirection) if is_given else None


def _event_in(reader: Reader) -> Event:
    return Event(
        kind=reader.choice("kind", EventKind),
        at=reader.moment("at"),
        actor=reader.maybe_text("actor"),
        note=reader.maybe_text("note"),
        span=reader.span(),
    )


def _present(values: Json) -> Json:
    return {key: value for key, value in values.items() if value not in (None, {}, [])}


def _moment_out(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

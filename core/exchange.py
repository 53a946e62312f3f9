"""The exchange format: one conversation as JSON, out and in again without loss.

Unknown keys are ignored; a wrong or missing one raises BadInput naming its path
(`turns[3].role`). docs/exchange-format.md shows the whole.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar, cast

from core.conversation import (
    Channel,
    Conversation,
    Event,
    EventKind,
    JsonValue,
    Role,
    Speech,
    Timing,
    Turn,
    Word,
)
from core.errors import BadInput
from core.spans import TimeSpan

Json: TypeAlias = dict[str, Any]  # what json.loads gives: its values are checked one by one here
Made = TypeVar("Made")
Choice = TypeVar("Choice", bound=StrEnum)
LONGEST_ID = 200  # ids of other systems hold paths and dates; longer ones are no ids


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
            "events": [_event_out(event) for event in conversation.events],
        }
    ) | {"turns": [_turn_out(turn) for turn in conversation.turns]}


def from_exchange(value: object) -> Conversation:
    """Read a conversation.

    Raises:
        BadInput: naming the path of the first wrong or missing key.
    """
    reader = _Reader(value, "")
    conversation_id = reader.name("id")
    channel = reader.choice("channel", Channel)
    turns = _turns_in(reader.list("turns"), channel)
    opened_at, closed_at = reader.moment("opened_at"), reader.moment("closed_at")
    if opened_at and closed_at and closed_at < opened_at:
        raise _WrongKey("closed_at: before opened_at")
    return _located(
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
        ),
    )


def _turn_out(turn: Turn) -> Json:
    out = _present(
        {
            "id": turn.id,
            "said_at": _moment_out(turn.said_at),
            "author": turn.author,
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


def _turns_in(readers: "tuple[_Reader, ...]", channel: Channel) -> tuple[Turn, ...]:
    given = [
        reader.name("id") if reader.value.get("id") is not None else None for reader in readers
    ]
    taken: set[str] = set()
    turns: list[Turn] = []
    latest = 0.0
    for index, reader in enumerate(readers):
        turn_id = given[index] or _free_id(index, {*given, *taken})
        if turn_id in taken:
            raise _WrongKey(f"{reader.path}.id: {turn_id!r} is another turn's id")
        taken.add(turn_id)
        turn = _turn_in(reader, turn_id, channel)
        if turn.speech and turn.speech.span.start < latest:
            raise _WrongKey(f"{reader.path}.start: before the start of the turn before it")
        latest = turn.speech.span.start if turn.speech else latest
        turns.append(turn)
    return tuple(turns)


def _free_id(index: int, taken: set[str | None]) -> str:
    made = f"t{index}"
    while made in taken:
        made += "_"
    return made


def _turn_in(reader: "_Reader", turn_id: str, channel: Channel) -> Turn:
    role, author = reader.choice("role", Role), reader.maybe_text("author")
    if author is not None and role is not Role.AGENT:
        raise _WrongKey(f"{reader.path}.author: only an agent's turn has one, not the {role}'s")
    return _located(
        reader.path,
        lambda: Turn(
            id=turn_id,
            role=role,
            text=reader.text("text", may_be_empty=True),
            said_at=reader.moment("said_at"),
            speech=_speech_in(reader, channel),
            author=author,
        ),
    )


def _speech_in(reader: "_Reader", channel: Channel) -> Speech | None:
    span = reader.span()
    readers = reader.list("words", required=False)
    words = tuple(_word_in(word) for word in readers)
    if span is None:
        if words:
            raise _WrongKey(f"{reader.path}.start: words need the turn's start and end")
        return None
    if channel is not Channel.VOICE:
        raise _WrongKey(
            f"{reader.path}.start: only a voice conversation has seconds, not {channel}"
        )
    for before, word, place in zip(words, words[1:], readers[1:], strict=False):
        if word.span.start < before.span.start:
            raise _WrongKey(f"{place.path}.start: before the start of the word before it")
    return Speech(span, reader.maybe_text("speaker"), words)


def _word_in(reader: "_Reader") -> Word:
    span, probability = reader.span(), reader.number("probability")
    if span is None:
        raise _WrongKey(f"{reader.path}.start: missing")
    if probability is not None and not 0 <= probability <= 1:
        raise _WrongKey(f"{reader.path}.probability: lies in 0..1, not {probability}")
    return _located(
        reader.path,
        lambda: Word(
            reader.text("text"),
            span,
            probability,
            reader.choice("timing", Timing, default=Timing.HEARD),
        ),
    )


def _event_in(reader: "_Reader") -> Event:
    return Event(
        kind=reader.choice("kind", EventKind),
        at=reader.moment("at"),
        actor=reader.maybe_text("actor"),
        note=reader.maybe_text("note"),
        span=reader.span(),
    )


class _WrongKey(BadInput):
    """A BadInput whose message begins with the path of the key."""


class _Reader:
    """A JSON object and the path it was found at."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise _WrongKey(f"{path or 'conversation'}: an object was expected")
        self.value = cast(Json, value)
        self.path = path

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def text(self, key: str, *, may_be_empty: bool = False) -> str:
        found = self.value.get(key)
        if found is None:
            raise _WrongKey(f"{self.at(key)}: missing")
        if not isinstance(found, str):
            raise _WrongKey(f"{self.at(key)}: text was expected, not {type(found).__name__}")
        if not found and not may_be_empty:
            raise _WrongKey(f"{self.at(key)}: empty")
        if any("\ud800" <= character <= "\udfff" for character in found):
            raise _WrongKey(f"{self.at(key)}: holds half a character (a lone surrogate)")
        return found

    def name(self, key: str) -> str:
        """An id of whoever wrote the file: any text of reasonable length, on one line."""
        found = self.text(key)
        if len(found) > LONGEST_ID or not found.isprintable():
            raise _WrongKey(f"{self.at(key)}: an id has up to {LONGEST_ID} printable characters")
        return found

    def maybe_text(self, key: str) -> str | None:
        return None if self.value.get(key) is None else self.text(key, may_be_empty=True)

    def number(self, key: str) -> float | None:
        found = self.value.get(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise _WrongKey(f"{self.at(key)}: a number was expected, not {type(found).__name__}")
        try:
            return float(found)
        except OverflowError as error:
            raise _WrongKey(f"{self.at(key)}: too large a number") from error

    def choice(self, key: str, kind: type[Choice], *, default: Choice | None = None) -> Choice:
        if default is not None and self.value.get(key) is None:
            return default
        found = self.text(key)
        try:
            return kind(found)
        except ValueError as error:
            known = ", ".join(kind)
            raise _WrongKey(f"{self.at(key)}: {found[:40]!r} is not one of {known}") from error

    def moment(self, key: str) -> datetime | None:
        found = self.maybe_text(key)
        if found is None:
            return None
        try:
            moment = datetime.fromisoformat(found)
        except ValueError as error:
            raise _WrongKey(f"{self.at(key)}: {found[:40]!r} is not an ISO 8601 time") from error
        if moment.tzinfo is None:
            raise _WrongKey(f"{self.at(key)}: {found!r} has no time zone; add Z or +00:00")
        return moment

    def span(self) -> TimeSpan | None:
        start, end = self.number("start"), self.number("end")
        if start is None and end is None:
            return None
        if start is None or end is None:
            missing = "start" if start is None else "end"
            raise _WrongKey(f"{self.at(missing)}: missing; start and end come together")
        return _located(self.at("start"), lambda: TimeSpan(start, end))

    def list(self, key: str, *, required: bool = True) -> "tuple[_Reader, ...]":
        found = self.value.get(key)
        if found is None and not required:
            return ()
        if found is None:
            raise _WrongKey(f"{self.at(key)}: missing")
        if not isinstance(found, list):
            raise _WrongKey(f"{self.at(key)}: a list was expected, not {type(found).__name__}")
        return tuple(_Reader(item, f"{self.at(key)}[{index}]") for index, item in enumerate(found))

    def mapping(self, key: str) -> Mapping[str, JsonValue]:
        found = self.value.get(key)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise _WrongKey(f"{self.at(key)}: an object was expected, not {type(found).__name__}")
        return cast(Mapping[str, JsonValue], found)

    def texts(self, key: str) -> Mapping[str, str]:
        found = self.mapping(key)
        for name, value in found.items():
            if not isinstance(value, str):
                raise _WrongKey(f"{self.at(key)}.{name}: text was expected")
        return cast(Mapping[str, str], found)


def _located(path: str, make: Callable[[], Made]) -> Made:
    """Run `make`; a BadInput of a core type gets `path` in front, a wrong key's has its own."""
    try:
        return make()
    except _WrongKey:
        raise
    except BadInput as error:
        raise _WrongKey(f"{path}: {error}") from error


def _present(values: Json) -> Json:
    return {key: value for key, value in values.items() if value not in (None, {}, [])}


def _moment_out(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
